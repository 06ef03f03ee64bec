"""Sums over rows are products with ones, which are faster; so are those over any axes of several.

Σₙ δ[n, j]   ->   ones @ δ;      Σ_s p[n, h, t, s]   ->   p · ones
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Element,
    Expand,
    MatMul,
    Name,
    Named,
    Ones,
    Reduce,
    Temporary,
    Tensordot,
    Value,
    long_axes,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.steps import Sizes, looks_through_windows

LABEL, TOTAL = "ones", "total"


def sums(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, with ones in front of those that need them."""
    return _Sums(looks_through_windows(statements), sizes).over(statements)


def is_ones(value: Value) -> bool:
    """Whether a value is one of these: it lies in memory in any order of its axes."""
    if not isinstance(value, Name) or not isinstance(value.of, Temporary):
        return False
    return value.of.label == LABEL


@dataclass
class _Sums:
    windowed: bool
    sizes: Sizes
    made: dict[tuple[Axis | int, ...], Name] = field(default_factory=dict)
    out: list[Assign] = field(default_factory=list)

    def over(self, statements: Sequence[Assign]) -> tuple[Assign, ...]:
        instead: dict[Named, Value] = {}
        for count, statement in enumerate(statements):
            value = renamed(statement.value, instead)
            if isinstance(value, Ones) and isinstance(statement.target.of, Temporary):
                instead[statement.target.of] = self._ones(value.axes, statement)
                continue
            if isinstance(value, Reduce) and statement.loop is None and self._is_product(value):
                total = self._product(statement, value)
                if value.keep:
                    name = Name(Temporary(TOTAL, count), axes=total.axes)
                    self.out.append(replace(statement, target=name, value=total))
                    total = Expand(name, value.positions, axes=value.axes)
                    if isinstance(statement.target.of, Temporary):
                        instead[statement.target.of] = total
                        continue
                value = total
            if statement.loop is None and not value.axes:
                value = self._with_totals(value, statement)
            self.out.append(statement.computing(value))
        return tuple(self.out)

    def _with_totals(self, value: Value, statement: Assign) -> Value:
        """A number, with products for sums over rows in it."""
        if isinstance(value, Reduce) and value.op == "sum" and isinstance(value.arg, Name):
            return self._total(value, statement)
        return value.mapped(lambda part: self._with_totals(part, statement))

    def _total(self, value: Reduce, statement: Assign) -> Value:
        array = value.arg
        first, *rest = array.axes
        if first is None or value.keep or len(value.positions) < len(array.axes):
            return value
        if not rest:
            return MatMul((self._ones((first,), statement), array))
        if len(rest) > 1 or (rest[0] is not None and self.sizes.get(rest[0].axis) != 1):
            return value
        return Element(MatMul((self._ones((first,), statement), array), axes=(rest[0],)), 0, 0)

    def _is_product(self, value: Reduce) -> bool:
        """Whether that is a product of matrices, however the array will lie in memory."""
        rank = len(value.arg.axes)
        if value.op != "sum" or not isinstance(value.arg, Name) or None in value.arg.axes:
            return False
        if value.positions == tuple(range(rank - 1)):
            return not value.keep
        if self.windowed:  # samples lie innermost, and what follows them comes first
            return rank > 2 and not value.keep and value.positions == (0, *range(2, rank))
        return rank > 2 and len(value.positions) < rank

    def _product(self, statement: Assign, value: Reduce) -> Value:
        array, met = value.arg, value.positions
        rest: Axes = tuple(index for p, index in enumerate(array.axes) if p not in met)
        along: Axes = tuple(array.axes[p] for p in met)
        ones = self._ones(along, statement)
        if len(array.axes) == 2:
            return MatMul((ones, array), axes=rest)
        own = tuple(range(len(met)))
        if met == own:
            return Tensordot((ones, array), (own, met), axes=rest)
        return Tensordot((array, ones), (met, own), axes=rest)

    def _ones(self, along: Axes, statement: Assign) -> Name:
        axes = long_axes(along)
        sizes = tuple(self.sizes.get(axis, axis) for axis in axes)
        if sizes not in self.made:
            made = Name(Temporary(LABEL, len(self.made) + 1), axes=along)
            self.out.append(replace(statement, target=made, value=Ones(axes, axes=along)))
            self.made[sizes] = made
        return replace(self.made[sizes], axes=along)
