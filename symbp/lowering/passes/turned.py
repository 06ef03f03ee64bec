"""Beside windows, what is only read with its axes in another order is written so.

a[n, i, o] = Σ…;  u[n, o, i] = a.transpose(0, 2, 1) + b   ->   a[n, o, i] = Σ…;  u = a + b
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    Name,
    Named,
    Overlay,
    Temporary,
    Tensordot,
    Transpose,
    Value,
)
from symbp.lowering.passes.steps import looks_through_windows

WRITTEN = (Tensordot, Overlay)
"""What is written a part at a time, in whatever order."""


def turned(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation, with such results turned as they are read."""
    if not looks_through_windows(statements):
        return tuple(statements)
    orders = _orders(statements)
    out: list[Assign] = []
    for statement in statements:
        value, target = _straight(statement.value, orders), statement.target
        if target.of in orders:
            order = orders[target.of]
            axes = tuple(target.axes[p] for p in order)
            value, target = Transpose(value, order, axes=axes), replace(target, axes=axes)
        out.append(replace(statement, value=value, target=target))
    return tuple(out)


def _orders(statements: Sequence[Assign]) -> dict[Named, tuple[int, ...]]:
    """The results that are read in one order only, and which."""
    found: dict[Named, set[tuple[int, ...]]] = {
        s.target.of: set()
        for s in statements
        if s.loop is None
        and isinstance(s.target.of, Temporary)
        and isinstance(s.value, WRITTEN)
        and len(s.target.axes) > 2
    }
    for statement in statements:
        for of, order in _read(statement.value):
            if of in found:
                found[of].add(order if statement.loop is None else ())
    known = {of: next(iter(orders)) for of, orders in found.items() if len(orders) == 1}
    return {of: order for of, order in known.items() if order}


def _read(value: Value) -> Iterator[tuple[Named, tuple[int, ...]]]:
    """The names in a value, and in which order of their axes they are read: () in their own."""
    if isinstance(value, Transpose) and isinstance(value.arg, Name):
        yield value.arg.of, value.order
    elif isinstance(value, Name):
        yield value.of, ()
    else:
        for part in value.parts:
            yield from _read(part)


def _straight(value: Value, orders: dict[Named, tuple[int, ...]]) -> Value:
    if isinstance(value, Transpose) and isinstance(value.arg, Name) and value.arg.of in orders:
        return replace(value.arg, axes=value.axes)
    parts = tuple(_straight(part, orders) for part in value.parts)
    return value.over(parts) if parts != value.parts else value
