"""What may occur in a line that is read: tensors, functions, axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from sympy import Basic, Expr, KroneckerDelta, Symbol, preorder_traversal

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
    equated: tuple[frozenset[Axis], ...] = ()
    """Different axes along which positions are compared, as in z_k = Σ_i x_i [k = i + 4]."""

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
            tuple(dict.fromkeys(_equated(nodes))),
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
    return tuple(getattr(scope, each.name) for each in fields(scope))


def _equated(nodes: Iterable[Basic]) -> Iterator[frozenset[Axis]]:
    for node in nodes:
        if isinstance(node, KroneckerDelta):
            axes = frozenset(i.axis for i in node.args if isinstance(i, Index))
            if len(axes) > 1:
                yield axes


def _nodes(equations: Iterable[Equation | Expr]) -> Iterable[Basic]:
    for equation in equations:
        sides = (equation.lhs, equation.rhs) if isinstance(equation, Equation) else (equation,)
        for side in sides:
            yield from (node for node in preorder_traversal(side) if not isinstance(node, Index))
            yield from side.atoms(Index)
