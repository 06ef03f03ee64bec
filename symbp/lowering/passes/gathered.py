"""Windows that are multiplied are copied once, and what is overlaid is added up at once.

u = w · windows(windows(x)),  ∂E/∂w = δ · windows(windows(x))   ->   rows = a copy of these windows
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from symbp.equations.tensor import PARAMETERS, Tensor
from symbp.lowering.arrays import (
    Assign,
    Copy,
    Einsum,
    MatMul,
    Name,
    Named,
    Overlay,
    Reshape,
    Temporary,
    Tensordot,
    Transpose,
    Value,
    Window,
    walk,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.steps import Sizes, leads_outside, looks_through_windows

LABEL, INPUT = "rows", "inner"

PRODUCTS = (Tensordot, MatMul, Einsum)


def gathered(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, with copies behind windows that need them."""
    if not looks_through_windows(statements):
        return tuple(statements)
    used = Counter(name.of for s in statements for name in _names(s.value))
    multiplied = {
        n.of for s in statements if isinstance(s.value, PRODUCTS) for n in _names(s.value)
    }
    seen = {n.of for s in statements if not isinstance(s.value, Window) for n in _names(s.value)}
    made: dict[Named, Value] = {}
    instead: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value, target = statement.value, statement.target
        if isinstance(value, Transpose) and isinstance(value.arg, Overlay):
            value = replace(value, arg=_joined(value.arg, made, used))
        elif isinstance(value, (Window, Overlay)):
            value = made[target.of] = _joined(value, made, used)
        else:
            value = renamed(value, instead)
        out.append(statement.computing(value))
        if not _is_view(value) or not isinstance(target.of, Temporary):
            continue
        outside = _sees_outside(value, sizes) and target.of in seen
        if outside or target.of in multiplied:
            copy = Name(Temporary(LABEL, len(instead) + 1), axes=target.axes)
            copied = Copy(value if outside else target, axes=value.axes)
            out.append(replace(statement, target=copy, value=copied))
            instead[target.of] = copy
    return _inside(out)


def _joined(value: Window | Overlay, made: Mapping[Named, Value], used: Counter[Named]) -> Value:
    """Windows of windows, and what is overlaid twice, as one value."""
    if not isinstance(value.arg, Name):
        return value
    before, once = made.get(value.arg.of), used[value.arg.of] == 1
    if isinstance(before, type(value)) and (once or isinstance(value, Window)):
        return replace(value, arg=before)
    return value


def _is_view(value: Value) -> bool:
    """Whether a value is another way to look at an array, in which rows do not lie together."""
    return isinstance(value, Window) or (
        isinstance(value, Reshape) and len(value.arg.axes) < len(value.axes)
    )


def _names(value: Value) -> list[Name]:
    return [part for part in walk(value) if isinstance(part, Name)]


def _sees_outside(value: Value, sizes: Sizes) -> bool:
    return isinstance(value, Window) and (
        leads_outside(value, sizes) or _sees_outside(value.arg, sizes)
    )


def _inside(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """With copies of what comes from outside, so that it lies in memory as all else does."""
    made = {s.target.of for s in statements}
    copies: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = statement.value
        for name in _names(value) if _looks(value) else ():
            if name.of not in made and name.of not in copies and _is_read(name):
                copies[name.of] = Name(Temporary(INPUT, 0, name.of), axes=name.axes)
                out.append(Assign(copies[name.of], name, statement.equation))
        out.append(statement.computing(renamed(value, copies) if _looks(value) else value))
    return tuple(out)


def _looks(value: Value) -> bool:
    """Whether a value is faster where samples lie side by side."""
    return _is_view(value) or isinstance(value, (Copy, Tensordot))


def _is_read(name: Name) -> bool:
    """Whether a name is that of samples with several axes."""
    return isinstance(name.of, Tensor) and name.of.role not in PARAMETERS and len(name.axes) > 2
