"""Where the largest entry stands along an axis is found by comparisons with that entry.

[p = arg max_q z_q]   ->   z_p = max_q z_q, and no earlier entry is
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    Call,
    Expand,
    First,
    Name,
    Named,
    Range,
    Reduce,
    Temporary,
    Value,
)
from symbp.lowering.passes.steps import Sizes

LABEL = "top"

MOST = 4
"""Up to so many entries, comparing them one after the other is fast."""


def first(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, with maxima in place of positions of maxima."""
    made = {s.target.of: s.value for s in statements if s.loop is None}
    out: list[Assign] = []
    for count, statement in enumerate(statements):
        found = _chosen(statement.value, made, sizes) if statement.loop is None else None
        if found is not None:
            whole, at, many = found
            axes = (*whole.axes[:at], *whole.axes[at + 1 :])
            top = Name(Temporary(LABEL, count), axes=axes)
            out.append(replace(statement, target=top, value=Reduce(whole, "max", (at,), axes=axes)))
            value = First((whole, top), (at,), (many,), axes=statement.value.axes)
            out.append(statement.computing(value))
        else:
            out.append(statement)
    return tuple(out)


def _chosen(
    value: Value, made: Mapping[Named, Value], sizes: Sizes
) -> tuple[Value, int, int] | None:
    """The array, the axis along which its largest entry is chosen, and of how many."""
    if not isinstance(value, Call) or value.op != "equal":
        return None
    place, counted = value.args
    if not (isinstance(place, Expand) and isinstance(place.arg, Name) and len(place.new) == 1):
        return None
    (at,), largest = place.new, made.get(place.arg.of)
    if not isinstance(largest, Reduce) or (largest.op, largest.positions) != ("argmax", (at,)):
        return None
    behind = len(value.axes) - 1 - at
    if isinstance(counted, Expand) and counted.new == tuple(range(1, behind + 1)):
        counted, behind = counted.arg, 0
    index = largest.arg.axes[at]
    counts = isinstance(counted, Name) and isinstance(made.get(counted.of), Range)
    many = sizes.get(index.axis, MOST + 1) if index is not None else MOST + 1
    fits = counts and many <= MOST and not behind and not largest.keep
    return (largest.arg, at, many) if fits else None
