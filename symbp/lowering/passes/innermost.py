"""How arrays lie in memory where windows are looked through: the samples innermost.

What windows see are then runs of memory, as long as there are samples. Axes along which something
is the largest come in front of positions: what is compared are whole arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Counted,
    First,
    Name,
    Named,
    Overlay,
    Reduce,
    Reshape,
    Tensordot,
    Transpose,
    Value,
    walk,
)
from symbp.lowering.passes.steps import Sizes, looks_through_windows
from symbp.lowering.passes.sums import is_ones


def innermost(statements: Sequence[Assign], sizes: Sizes) -> dict[Named, tuple[int, ...]]:
    """The arrays that do not lie in the order of their axes, and which comes first, second, …"""
    if not looks_through_windows(statements):
        return {}
    planes = _planes(statements)
    ahead = _ahead(statements, sizes)
    found = {
        s.target.of: _order(s.target.axes, ahead.get(s.target.of, ()), planes)
        for s in statements
        if _has_samples(s.target, sizes) and len(s.target.axes) > 2
    }
    found |= _kernels(statements, sizes)
    for statement in statements:
        value = statement.value
        if isinstance(value, Reshape):
            ends = [end for end in (statement.target, value.arg) if isinstance(end, Name)]
            found |= {n.of: (1, 0) for n in ends if len(n.axes) == 2 and _has_samples(n, sizes)}
    return found


def _has_samples(array: Value, sizes: Sizes) -> bool:
    """Whether the first axis is that of the samples."""
    first = array.axes[0] if array.axes else None
    return isinstance(array, Name) and first is not None and first.axis not in sizes


def _planes(statements: Sequence[Assign]) -> set[Axis]:
    """The axes along which something is the largest, or that lie between overlaid steps."""
    found: set[Index | None] = set()
    landed = {part.along for s in statements for part in walk(s.value) if isinstance(part, Overlay)}
    for statement in statements:
        if any(isinstance(part, Overlay) for part in walk(statement.value)):
            axes = (i for i in statement.target.axes if i is not None and i.axis not in landed)
            found |= {index for index in axes if isinstance(index.axis, Counted)}
    for value in (s.value for s in statements):
        if isinstance(value, Reduce) and value.op == "max":
            found |= {value.arg.axes[p] for p in value.positions}
        elif isinstance(value, First):
            found |= {value.args[0].axes[p] for p in value.positions}
    return {index.axis for index in found if index is not None}


def _ahead(statements: Sequence[Assign], sizes: Sizes) -> dict[Named, tuple[int, ...]]:
    """The axes that come first for the sake of products.

    With arrays that have no samples they are summed over, in sums over samples they are left.
    """
    found: dict[Named, tuple[int, ...]] = {}
    summed: dict[Named, tuple[int, ...]] = {}
    for statement in statements:
        value: Value = statement.value
        order: tuple[int, ...] = ()
        if isinstance(value, Transpose):
            order, value = value.order, value.arg
        if not isinstance(value, Tensordot) or any(map(is_ones, value.args)):
            continue
        for one, other in ((0, 1), (1, 0)):
            array, weights = value.args[one], value.args[other]
            if not _has_samples(array, sizes) or not isinstance(array, Name):
                continue
            if _has_samples(weights, sizes):
                met = value.meeting[one]
                summed[array.of] = tuple(p for p in range(len(array.axes)) if p not in met)
                continue
            pairs = zip(value.meeting[other], value.meeting[one], strict=True)
            found.setdefault(array.of, tuple(own for _, own in sorted(pairs)))
            count = len(weights.axes) - len(value.meeting[other])
            rank = len(statement.target.axes)
            rest = range(count) if other == 0 else range(rank - count, rank)
            found[statement.target.of] = tuple(order.index(p) if order else p for p in rest)
    return summed | found


def _kernels(statements: Sequence[Assign], sizes: Sizes) -> dict[Named, tuple[int, ...]]:
    """The arrays without samples that are multiplied: what is summed over lies together."""
    made = {s.target.of for s in statements if len(s.target.axes) > 2}
    found: dict[Named, tuple[int, ...]] = {}
    for value in (s.value.arg if isinstance(s.value, Transpose) else s.value for s in statements):
        if not isinstance(value, Tensordot):
            continue
        for array, met in zip(value.args, value.meeting, strict=True):
            if isinstance(array, Name) and array.of in made and not _has_samples(array, sizes):
                left = (p for p in range(len(array.axes)) if p not in met)
                found.setdefault(array.of, (*left, *sorted(met)))
    return found


def _order(axes: Axes, ahead: Sequence[int], planes: Collection[Axis]) -> tuple[int, ...]:
    rest = [p for p in range(1, len(axes)) if p not in ahead]
    apart = [p for p in rest if (index := axes[p]) is not None and index.axis in planes]
    if apart and len(apart) < len(rest):
        at = max(0, rest.index(apart[0]) - 1)
        others = [p for p in rest if p not in apart]
        rest = [*others[:at], *apart, *others[at:]]
    return (*ahead, *rest, 0)
