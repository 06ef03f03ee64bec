"""Outputs that lie in planes come of one product: of wider windows, with a kernel in each place.

u[k, p] = Σ_a w[a] x[2k + p + a]   ->   ŵ[m, p] = w[m − p],  u[k, p] = Σ_m ŵ[m, p] x[2k + m]

There is more to multiply and less to copy, and products with few rows are slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbp.equations.axis import Axis
from symbp.lowering.arrays import Assign, Window
from symbp.lowering.passes.directions import Missing
from symbp.lowering.passes.steps import Sizes, looks_through_windows, with_counted
from symbp.lowering.passes.widening import Narrow, Widening


def wide(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, where such products are one."""
    found = tuple(statements)
    if not looks_through_windows(found):
        return found
    for plane, taps, ratio in _pairs(found):
        known = with_counted(sizes, found)
        try:
            found = Widening(plane, taps, ratio, known, found).all()
        except (Missing, Narrow):
            continue
    return found


def _pairs(statements: Sequence[Assign]) -> Iterator[tuple[Axis, Axis, int]]:
    """The planes and the places in a kernel by which windows go on in the smallest steps."""
    for statement in statements:
        value = statement.value
        if isinstance(value, Window) and len(value.at.along) > 2:
            at = sorted(zip(value.at.steps, value.at.along, strict=True), key=lambda each: -each[0])
            (far, plane), (near, taps) = at[-2:]
            if far % near == 0:
                yield plane, taps, far // near
