"""Sums over all axes but the last are products with ones, which are faster; so are those of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Element,
    MatMul,
    Name,
    Ones,
    Reduce,
    Temporary,
    Tensordot,
    Value,
)
from symbp.lowering.passes.steps import Sizes

LABEL = "ones"


def sums(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, with ones in front of those that need them."""
    writer = _Writer(sizes)
    for statement in statements:
        writer.add(statement)
    return tuple(writer.out)


@dataclass(frozen=True)
class _Writer:
    sizes: Sizes
    out: list[Assign] = field(default_factory=list)
    ones: dict[tuple[Axis, ...], Name] = field(default_factory=dict)

    def add(self, statement: Assign) -> None:
        if statement.loop is None:
            value = self._written(statement.value, statement)
            statement = replace(statement, value=value)
        self.out.append(statement)

    def _written(self, value: Value, owner: Assign) -> Value:
        """The value with products for sums."""
        if isinstance(value, Reduce) and (value.op, value.keep) == ("sum", False):
            return self._summed(value, owner)
        parts = tuple(self._written(part, owner) for part in value.parts)
        return value.over(parts) if parts != value.parts else value

    def _summed(self, value: Reduce, owner: Assign) -> Value:
        """The entries of a name added up along all axes but the last; in a row, along this, too."""
        array, rank = value.arg, len(value.arg.axes)
        if not isinstance(array, Name) or value.positions != tuple(range(len(value.positions))):
            return value
        left = rank - len(value.positions)
        if None in array.axes[: max(1, rank - 1)]:
            return value
        if left == 1 and rank > 1:
            return self._product(array, rank - 1, value.axes, owner)
        if left == 0 and rank == 1:
            return self._product(array, 1, (), owner)
        if left == 0 and rank == 2 and self._is_one(array):
            return Element(self._product(array, 1, array.axes[1:], owner), 0, 0)
        return value

    def _is_one(self, array: Value) -> bool:
        last = array.axes[-1]
        return last is None or self.sizes.get(last.axis) == 1

    def _product(self, array: Value, count: int, axes: Axes, owner: Assign) -> Value:
        along = array.axes[:count]
        ones = self._ones(along, owner)
        if count == 1:
            return MatMul((ones, array), axes=axes)
        meeting = tuple(range(count))
        return Tensordot((ones, array), (meeting, meeting), axes=axes)

    def _ones(self, along: Axes, owner: Assign) -> Name:
        axes = tuple(index.axis for index in along if index is not None)
        if axes not in self.ones:
            name = Name(Temporary(LABEL, len(self.ones) + 1), axes=along)
            self.out.append(replace(owner, target=name, value=Ones(axes, axes=along)))
            self.ones[axes] = name
        return self.ones[axes]
