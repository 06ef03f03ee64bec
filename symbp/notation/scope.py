"""What may occur in a line that is read: tensors, functions, axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr, Symbol, preorder_traversal

from symbp.equations.axis import Axis, AxisSymbol, Index
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, TensorSymbol


@dataclass(frozen=True)
class Scope:
    """The things that have names, each once, in the order of their first use."""

    tensors: tuple[Tensor, ...] = ()
    functions: tuple[FunctionSymbol, ...] = ()
    axes: tuple[Axis, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    functionals: tuple[Functional, ...] = ()

    @staticmethod
    def of(*equations: Equation | Expr) -> Scope:
        """Everything that occurs in ``equations``."""
        nodes = list(dict.fromkeys(_nodes(equations)))
        tensors = [node.tensor for node in nodes if isinstance(node, TensorSymbol)]
        axes = [node.axis for node in nodes if isinstance(node, AxisSymbol)]
        axes += [axis for tensor in tensors for axis in (*tensor.axes, tensor.labels) if axis]
        named = (TensorSymbol, AxisSymbol, FunctionSymbol)
        return Scope(
            tuple(dict.fromkeys(tensors)),
            tuple(node for node in nodes if isinstance(node, FunctionSymbol)),
            tuple(dict.fromkeys(axes)),
            tuple(n for n in nodes if isinstance(n, Symbol) and not isinstance(n, named)),
            tuple(node for node in nodes if isinstance(node, Functional)),
        )

    def joined(self, other: Scope) -> Scope:
        """Everything of both."""
        return Scope(
            *(
                tuple(dict.fromkeys((*one, *more)))
                for one, more in zip(_all(self), _all(other), strict=True)
            )
        )


def _all(scope: Scope) -> tuple[tuple[Any, ...], ...]:
    return scope.tensors, scope.functions, scope.axes, scope.symbols, scope.functionals


def _nodes(equations: Iterable[Equation | Expr]) -> Iterable[Basic]:
    for equation in equations:
        sides = (equation.lhs, equation.rhs) if isinstance(equation, Equation) else (equation,)
        for side in sides:
            yield from (node for node in preorder_traversal(side) if not isinstance(node, Index))
            yield from side.atoms(Index)
