"""What the rows and the columns of a matrix run along, and which of them go together."""

from __future__ import annotations

from symbp.equations.axis import Axis
from symbp.equations.relocate import axis_at
from symbp.notation.places import Places

Axes = tuple[Axis | None, Axis | None]
"""Of rows and of columns; None where there is only one."""

SCALAR: Axes = (None, None)


def is_vector(axes: Axes) -> bool:
    """Whether it is one column or one row."""
    return axes.count(None) == 1


def is_full(axes: Axes) -> bool:
    """Whether it is neither a column, nor a row, nor a scalar."""
    return None not in axes


class Agreement:
    """Takes axes of one line to be the same where they can be.

    ``either_way`` lets a row stand where a column is meant, as where samples are rows.
    """

    def __init__(self, places: Places, *, either_way: bool) -> None:
        self._places = places
        self._either_way = either_way

    def same(self, one: Axis, other: Axis) -> bool:
        return self._places.same_axis(one, other)

    def alike(self, one: Axes, other: Axes) -> bool:
        """Whether two matrices have the same rows and columns."""
        if is_vector(one) and is_vector(other) and self._either_way:
            mine, theirs = (next(a for a in axes if a) for axes in (one, other))
            return self.same(mine, theirs)
        pairs = list(zip(one, other, strict=True))
        if any((a is None) != (b is None) for a, b in pairs):
            return False
        return all(a is None or b is None or self.same(a, b) for a, b in pairs)

    def repeats(self, vector: Axes, full: Axes) -> bool:
        """Whether a vector is repeated along the other axis of a matrix."""
        (mine,) = (axis for axis in vector if axis is not None)
        return mine in full or any(axis is not None and self.same(mine, axis) for axis in full)

    def chain(self, one: Axes, other: Axes) -> bool:
        """Whether two factors follow each other in a product of matrices."""
        inner, outer = one[1], other[0]
        if inner is None or outer is None:
            return inner is outer
        return self.same(inner, outer)

    def keys(self, axes: Axes) -> tuple[str, ...]:
        """The axes by their keys, 1 for none; a place that is not known is left out."""
        found = self._places.found()
        moved = (axis and axis_at(axis, found) for axis in axes)
        return tuple(
            "1" if axis is None else axis.name if "?" in axis.key else axis.key for axis in moved
        )
