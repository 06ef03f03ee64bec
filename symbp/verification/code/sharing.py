"""Which arrays have entries in common: who writes to one of them changes the others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Expr

from symbp.verification.code.values import (
    Arr,
    Builtin,
    Cell,
    Frame,
    Function,
    Instance,
    Open,
    Part,
    Super,
    Unknown,
    Value,
    Yielded,
    Zip,
)


def reached(*values: Value) -> Iterator[Part]:
    """The arrays that who is given ``values`` can write to: members of containers among them."""
    seen: set[int] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Part):
            yield value
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Cell):
            yield Part(value, changes=value.changes)
        else:
            waiting += _inside(value)


def _inside(value: Value) -> Iterable[Value]:
    match value:
        case Arr() | Unknown() | Yielded():
            return value.of
        case Open():
            own = () if value.cell is None else (value.cell,)
            return (*own, *value.items.values(), *value.of, value.owner)
        case list() | tuple():
            return value
        case dict():
            return value.values()
        case Instance():
            return value.items.values()
        case Zip():
            return value.parts
        case Builtin() | Super():
            return (value.self,)
        case Function():
            return (value.self, *_around(value))
    return ()


def _around(function: Function) -> Iterator[Value]:
    """What a function reads that is not its own: arrays of whom it is defined by."""
    for name in {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}:
        frame: Frame | None = function.outer
        while frame is not None and name not in frame.names:
            frame = frame.outer
        if frame is not None:
            yield frame.names[name]


def sharing(parts: Iterable[Part]) -> set[Cell]:
    """All arrays that have an entry in one of ``parts``."""
    found: set[Cell] = set()
    for part in parts:
        _below(part, found)
        _above(part, found)
    return found


def _below(part: Part, found: set[Cell]) -> None:
    """The array itself, and its views, but for those of other places."""
    found.add(part.cell)
    for view in tuple(part.cell.views):
        own = [p for p in view.of if p.cell is part.cell]
        if view not in found and not all(_apart(p, part) for p in own):
            _below(Part(view), found)


def _above(part: Part, found: set[Cell]) -> None:
    for base in part.cell.of:
        _below(base, found)
        _above(base, found)


def _apart(one: Part, other: Part) -> bool:
    """Whether two parts of an array surely have no entry in common."""
    if one.places is None or other.places is None:
        return False
    return any(_are_apart(a, b) for a, b in zip(one.places, other.places, strict=False))


def _are_apart(one: Any, other: Any) -> bool:
    (first, after), (start, stop) = _ends(one), _ends(other)
    return _is_before(after, start) or _is_before(stop, first)


def _ends(place: Any) -> tuple[Expr | None, Expr | None]:
    """Where a place along an axis begins, and where it ends; None for what nobody says."""
    if isinstance(place, Arr) and not place.rank:
        return place.body, place.body + 1
    if isinstance(place, slice) and place.step is None:
        return tuple(None if e is None else e.body for e in (place.start, place.stop))  # type: ignore[return-value]
    return None, None


def _is_before(stop: Expr | None, start: Expr | None) -> bool:
    """Whether what ends at ``stop`` ends before ``start``; places from behind are any."""
    if stop is None or start is None:
        return False
    if not (stop.is_Integer and start.is_Integer):
        return stop == start
    return bool(0 <= stop <= start)
