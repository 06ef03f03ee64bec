"""Where axes stand among those of a value."""

from __future__ import annotations

from dataclasses import replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import Axes, Tensordot, Transpose, Value


class Missing(Exception):
    """An axis is not there, or it is there twice."""


def position(axes: Axes, axis: Axis) -> int | None:
    """The position of an axis; None where there is none, or several."""
    found = [p for p, index in enumerate(axes) if index is not None and index.axis == axis]
    return found[0] if len(found) == 1 else None


def order(axes: Axes, wanted: Axes) -> tuple[int, ...]:
    """Where each of the ``wanted`` axes stands. Raises Missing."""
    found = [position(axes, index.axis) if index is not None else None for index in wanted]
    known = tuple(p for p in found if p is not None)
    if len(known) < len(found):
        raise Missing
    return known


def turned(value: Value, wanted: Axes, axes: Axes) -> Value:
    """With its axes in the order of those ``wanted``, which are called ``axes``."""
    places = order(value.axes, wanted)
    if list(places) == sorted(places):
        return replace(value, axes=axes)
    return Transpose(value, places, axes=axes)


def product(value: Tensordot) -> Tensordot:
    """With the axes that a product has: what is left of one, then of the other."""
    left = (
        index
        for arg, met in zip(value.args, value.meeting, strict=True)
        for p, index in enumerate(arg.axes)
        if p not in met
    )
    return replace(value, axes=tuple(left))
