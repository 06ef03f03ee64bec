"""Bringing values into one order of axes: transposing, and new axes for broadcasting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.equations.axis import Index
from symbp.lowering.arrays import Axes, Call, Expand, Reduce, Transpose, Value


def real(axes: Axes) -> tuple[Index, ...]:
    """The axes whose length is not 1."""
    return tuple(axis for axis in axes if axis is not None)


def ordered(value: Value, order: Sequence[Index]) -> Value:
    """``value`` with its axes in the order in which they stand in ``order``."""
    wanted = tuple(index for index in order if index in value.axes)
    if wanted == value.axes:
        return value
    positions = tuple(value.axes.index(index) for index in wanted)
    if isinstance(value, Transpose):  # of a transposed value: one step instead of two
        inner = tuple(value.order[p] for p in positions)
        if inner == tuple(range(len(inner))):
            return replace(value.arg, axes=wanted)
        return Transpose(value.arg, inner, axes=wanted)
    return Transpose(value, positions, axes=wanted)


def broadcast(value: Value, order: Sequence[Index]) -> Value:
    """``value`` so that NumPy's broadcasting lays it along ``order``."""
    value = ordered(value, order)
    if not value.axes or value.axes == tuple(order[-len(value.axes) :]):
        return value
    start = order.index(value.axes[0])
    axes: Axes = tuple(index if index in value.axes else None for index in order[start:])
    new = tuple(p for p, index in enumerate(axes) if index is None)
    if isinstance(value, Reduce) and value.op != "argmax" and value.positions == new:
        return replace(value, keep=True, axes=axes)
    return Expand(value, new, axes=axes)


def common_order(values: Sequence[Value], want: Sequence[Index]) -> tuple[Index, ...]:
    """The order of axes for entry-by-entry work: as wanted, or as the largest operand has it."""
    largest = sorted(values, key=lambda value: -len(real(value.axes)))
    found = dict.fromkeys(index for value in largest for index in real(value.axes))
    if set(found) <= set(want):
        return tuple(index for index in want if index in found)
    return tuple(found)


def entrywise(op: str, values: Sequence[Value], want: Sequence[Index] = ()) -> Value:
    """``op`` on values that are first laid along a common order."""
    order = common_order(values, want)
    return Call(tuple(broadcast(value, order) for value in values), op, axes=order)
