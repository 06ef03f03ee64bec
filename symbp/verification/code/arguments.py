"""The arguments of a function: axes, shapes, by place or by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import Expr, Integer

from symbp.equations.axis import Size
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.values import Arr, Value

Rule = Callable[..., Value]


# -------------------------------------------------------------------- arguments


def axes_of(m: Any, value: Value) -> Sequence[int] | None:
    """The argument ``axis``: none, one or several."""
    if value is None:
        return None
    items = m.items(value) or [value]
    found = [m.whole(m.arr(item)) for item in items]
    if None in found:
        raise Unsupported("an axis that is computed")
    return found


def shape_of(m: Any, value: Value) -> list[Expr]:
    """The argument ``shape``: a number or several."""
    items = list(value) if isinstance(value, (tuple, list)) else [value]
    out = []
    for item in items:
        arr = m.arr(item)
        body = arr.body if isinstance(arr.body, Size) else m.numeric(arr)
        out.append(m.as_size(arr) if body is None else body)
    return out


def argument(
    args: Sequence[Value], kw: Mapping[str, Value], place: int, name: str, default: Value = None
) -> Value:
    if name in kw:
        return kw[name]
    return args[place] if len(args) > place else default


def flat(m: Any, arr: Arr) -> Arr:
    return m.on.reshaped(arr, [Integer(-1)]) if arr.rank != 1 else arr
