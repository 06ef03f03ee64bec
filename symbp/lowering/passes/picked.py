"""One entry of each row is taken from where it stands in memory: that needs no new array.

z[n, t[n]]   ->   places = t + start, where start[n] = n · units;  z.reshape(-1)[places]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    At,
    Call,
    Expand,
    Name,
    Places,
    Range,
    Take,
    Temporary,
    Value,
)

START, PLACE = "start", "place"


def picked(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, those that take entries in three parts, the first of which is constant."""
    out: list[Assign] = []
    count = 0
    for statement in statements:
        value = statement.value
        if statement.loop is None and isinstance(value, Take) and _is_in_order(value):
            array, labels = value.args
            count += 1
            start = Name(Temporary(START, count), axes=value.axes)
            place = Name(Temporary(PLACE, count), axes=value.axes)
            out.append(replace(statement, target=start, value=_starts(array, value)))
            out.append(
                replace(statement, target=place, value=Places((labels, start), axes=value.axes))
            )
            value = At((array, place), axes=value.axes)
        out.append(replace(statement, value=value))
    return tuple(out)


def _is_in_order(value: Take) -> bool:
    """Whether the array has the axes of the labels, then that which they choose from."""
    array, labels = value.args
    return isinstance(array, Name) and len(array.axes) == len(labels.axes) + 1


def _starts(array: Value, value: Take) -> Value:
    """Where the entries of each row begin."""
    axes = [index.axis for index in array.axes if index is not None]
    whole: Value | None = None
    for position, axis in enumerate(value.along):
        own: Value = Range(axis, axes=(value.axes[position],))
        behind = len(value.along) - position - 1
        if behind:
            new = tuple(range(1, behind + 1))
            own = Expand(own, new, axes=(value.axes[position], *(None,) * behind))
        own = Call((own, *map(_size, axes[position + 1 :])), "mul", axes=own.axes)
        whole = own if whole is None else Call((whole, own), "add", axes=value.axes)
    assert whole is not None
    return whole


def _size(axis: Axis) -> Name:
    return Name(axis.size)
