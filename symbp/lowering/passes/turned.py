"""What is only read with its axes in another order is written so.

a[n, i, o] = Σ…;  u[n, o, i] = a.transpose(0, 2, 1) + b   ->   a[n, o, i] = Σ…;  u = a + b
a = k @ q.T;  S = c · a.T                                 ->   a = q @ k.T;  S = c · a
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    Axes,
    MatMul,
    Name,
    Named,
    Overlay,
    Temporary,
    Tensordot,
    Transpose,
    Value,
)

WRITTEN = (Tensordot, Overlay)
"""What is written a part at a time, in whatever order."""


def turned(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation, with such results turned as they are read."""
    orders = _orders(statements)
    out: list[Assign] = []
    for statement in statements:
        value, target = _straight(statement.value, orders), statement.target
        if target.of in orders:
            order = orders[target.of]
            axes = tuple(target.axes[p] for p in order)
            value, target = _turned(value, order, axes), replace(target, axes=axes)
        out.append(statement.computing(value, target))
    return tuple(out)


def _orders(statements: Sequence[Assign]) -> dict[Named, tuple[int, ...]]:
    """The results that are read in one order only, and which."""
    found: dict[Named, set[tuple[int, ...]]] = {
        s.target.of: set()
        for s in statements
        if s.loop is None
        and isinstance(s.target.of, Temporary)
        and isinstance(s.value, (*WRITTEN, MatMul))
        and len(s.target.axes) > 2
    }
    products = {s.target.of for s in statements if isinstance(s.value, MatMul)}
    for statement in statements:
        for of, order in _read(statement.value):
            if of in found:
                found[of].add(order if statement.loop is None else ())
    known = {of: next(iter(orders)) for of, orders in found.items() if len(orders) == 1}
    return {
        of: order
        for of, order in known.items()
        if order and (of not in products or order == _last_two(len(order)))
    }


def _last_two(rank: int) -> tuple[int, ...]:
    """The order in which the last two axes have changed places."""
    return (*range(rank - 2), rank - 1, rank - 2)


def _turned(value: Value, order: tuple[int, ...], axes: Axes) -> Value:
    """What is written, or (a b)ᵀ = bᵀ aᵀ."""
    if not isinstance(value, MatMul):
        return Transpose(value, order, axes=axes)
    a, b = (_with_rows_as_columns(arg) for arg in value.args)
    return MatMul((b, a), axes=axes)


def _with_rows_as_columns(value: Value) -> Value:
    order = _last_two(len(value.axes))
    if isinstance(value, Transpose) and value.order == order:
        return value.arg
    return Transpose(value, order, axes=tuple(value.axes[p] for p in order))


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
    return value.mapped(lambda part: _straight(part, orders))
