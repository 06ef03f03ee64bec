"""The derivatives of one number by all that it is computed from, at a point.

They are carried back through the program once, equation by equation: forward mode, as in
``evaluation.py``, would need a pass for every entry. Both differentiate numbers, not formulas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import numpy as np
from sympy import Add, Expr, Indexed, Mul, Piecewise, Sum, true

from symbp.equations.arrays import Array, Named, scalar, together
from symbp.equations.axis import Index
from symbp.equations.calculus import ArgLargest, Functional, Largest, Partial
from symbp.equations.equation import Equation
from symbp.equations.evaluation import CONSTANT, Evaluator, sloping
from symbp.equations.landings import landing
from symbp.equations.tensor import Tensor, TensorSymbol, indices_of, tensor_of
from symbp.equations.values import bound_by, scatter
from symbp.equations.wellformed import free_indices


def adjoints(
    at: Evaluator,
    equations: Iterable[Equation],
    seeds: Mapping[Tensor, Array],
    held: Collection[tuple[Tensor, Tensor]] = (),
) -> dict[Tensor, Array]:
    """What ``seeds``, derivatives by some tensors, make by those that these are computed from.

    ``held`` are pairs of a computed tensor and one that it reads, as if that were a constant.

    Raises ``NotImplementedError`` where a derivative is not known, ``ArithmeticError`` where there
    is none at this point.
    """
    carrying = _Carrying(at, dict(seeds))
    for equation in reversed(list(equations)):
        tensor = tensor_of(equation.lhs)
        if tensor in carrying.found:
            own = tuple(i for i in indices_of(equation.lhs) if isinstance(i, Index))
            carrying.held = {source for user, source in held if user == tensor}
            carrying.back(equation.rhs, Named(carrying.found[tensor], own), own)
    return carrying.found


@lru_cache(maxsize=2**14)
def _free(expr: Expr) -> frozenset[Index]:
    return frozenset(free_indices(expr))


class _Carrying:
    """``found`` holds the derivatives by tensors, as far as they are known by now."""

    def __init__(self, at: Evaluator, found: dict[Tensor, Array]) -> None:
        self.at, self.found = at, found
        self.held: set[Tensor] = set()

    def back(self, expr: Expr, bar: Named, scope: tuple[Index, ...]) -> None:
        """Carry ``bar``, the derivative by ``expr`` at each position of ``scope``, to entries."""
        if isinstance(expr, CONSTANT):
            return
        on = self.at.arithmetic
        own = tuple(i for i in scope if i in _free(expr))
        if len(own) < len(scope):
            bar = on.summed(bar, [i for i in scope if i not in own])
        match expr:
            case TensorSymbol() | Indexed():
                self._arrive(expr, on.full(bar, own))
            case Add():
                for part in expr.args:
                    self.back(part, bar, own)
            case Mul():
                self._through_product(expr, bar, own)
            case Sum():
                self._through_sum(expr, on.full(bar, own), own)
            case Piecewise():
                self._through_pieces(expr, bar, own)
            case Largest():
                at_most = together(
                    np.equal,
                    self.at.position(expr.index),
                    self.at.position(ArgLargest(expr.body, expr.index)),
                )
                chosen = on.chosen(at_most, bar, scalar(on.zero))
                self.back(expr.body, chosen, (*own, expr.index))
            case Functional() | Partial():
                raise NotImplementedError(f"no slope of {type(expr).__name__}")
            case _:
                argument, slope = sloping(expr)
                self.back(argument, on.multiplied([bar, self.at.value(slope)]), own)

    def _through_sum(self, expr: Sum, bar: Named, own: tuple[Index, ...]) -> None:
        found = landing(expr)
        if found is None:
            self.back(expr.function, bar, (*own, *bound_by(expr)))
            return
        landed = tuple(k for k, _ in found.places)
        outer = tuple(i for i in own if i not in landed)
        array = self.at.arithmetic.full(bar, (*landed, *outer)).array
        where = [self.at.position(place) for _, place in found.places]
        taken = self.at.arithmetic.gathered(array, where, outer)
        self.back(found.body, taken, tuple(dict.fromkeys((*outer, *found.bound, *taken.indices))))

    def _through_product(self, expr: Mul, bar: Named, own: tuple[Index, ...]) -> None:
        for k, factor in enumerate(expr.args):
            if not isinstance(factor, CONSTANT):
                rest = [self.at.value(a) for a in (*expr.args[:k], *expr.args[k + 1 :])]
                self.back(factor, self.at.arithmetic.multiplied([bar, *rest]), own)

    def _through_pieces(self, expr: Piecewise, bar: Named, own: tuple[Index, ...]) -> None:
        on = self.at.arithmetic
        zero, left = scalar(on.zero), bar
        for branch, condition in expr.args:
            if condition == true:
                self.back(branch, left, own)
                return
            holds = self.at.condition(condition)
            self.back(branch, on.chosen(holds, left, zero), own)
            left = on.chosen(holds, zero, left)

    def _arrive(self, entry: Expr, bar: Named) -> None:
        """Add ``bar`` to the derivative by the tensor of ``entry``; outside of it there is none."""
        tensor, on = tensor_of(entry), self.at.arithmetic
        if tensor in self.held:
            return
        shape = tuple(self.at.sizes[axis] for axis in tensor.axes)
        slots = [self.at.position(i).along(bar.indices) for i in indices_of(entry)]
        if tensor not in self.found:
            self.found[tensor] = np.full(shape, on.zero, dtype=object)
        total = self.found[tensor].copy()
        if slots:
            scatter(total, slots, bar.array)
        else:
            total = total + bar.array
        self.found[tensor] = on.reduced(total)
