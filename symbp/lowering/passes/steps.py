"""Where windows and what is overlaid lead, with sizes in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from symbp.equations.axis import Axis
from symbp.lowering.arrays import Assign, Counted, First, Overlay, Steps, Window, walk

Sizes = Mapping[Axis, int]
"""The sizes that are known: all but the number of samples."""


def looks_through_windows(statements: Sequence[Assign]) -> bool:
    """Whether arrays are seen in windows, and there are no loops through them."""
    parts = (part for s in statements for part in walk(s.value))
    windowed = any(isinstance(part, (Window, Overlay, First)) for part in parts)
    return windowed and all(s.loop is None for s in statements)


def is_dense(at: Steps, whole: Axis, sizes: Sizes) -> bool:
    """Whether each place along ``whole`` is met once, in order: 6i + 2j + k, with 3 j and 2 k."""
    counts = [sizes.get(axis) for axis in at.along]
    if at.start or None in counts or len(counts) < 2:
        return False
    known = [count or 0 for count in counts]
    steps = tuple(prod(known[p + 1 :]) for p in range(len(known)))
    return steps == at.steps and prod(known) == sizes.get(whole)


def leads_outside(value: Window, sizes: Sizes) -> bool:
    """Whether a window sees what lies outside of its array."""
    axis = value.arg.axes[value.position]
    at, size = value.at, sizes.get(axis.axis) if axis is not None else None
    reaches = [step * (sizes[a] - 1) for a, step in zip(at.along, at.steps, strict=True)]
    least, most = (sum(choice(0, reach) for reach in reaches) for choice in (min, max))
    return at.start + least < 0 or size is None or at.start + most >= size


def inside(value: Window, sizes: Sizes) -> tuple[int, int] | None:
    """From where to where what is read entry after entry is not outside of its array.

    None where it is read otherwise, or is a view.
    """
    at, index = value.at, value.arg.axes[value.position]
    if at.steps != (1,) or index is None or not {index.axis, *at.along} <= sizes.keys():
        return None
    if not leads_outside(value, sizes):
        return None
    return max(0, -at.start), min(sizes[at.along[0]], sizes[index.axis] - at.start)


def with_counted(sizes: Sizes, statements: Sequence[Assign]) -> Sizes:
    """The sizes, and those of axes that no equation has."""
    axes = {index.axis for s in statements for index in s.target.axes if index is not None}
    found: dict[Axis, int] = {a: a.count for a in axes if isinstance(a, Counted)}
    return {**sizes, **found} if found else sizes
