"""What a loop computes from arrays that are there before it is computed for all times at once.

for t: s = 1 − i[:, t]; …   ->   s = 1 − i;  for t: … s[:, t] …
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from symbp.equations.axis import Index
from symbp.lowering.arrays import Assign, Axes, Call, Loop, Name, Named, Slice, Value, names_in
from symbp.lowering.passes.numbers import is_number


def hoisted(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation; those in front of a loop have whole arrays."""
    out: list[Assign] = []
    for loop, group in groupby(statements, key=attrgetter("loop")):
        inside = list(group)
        out += inside if loop is None else _parted(inside, loop)
    return tuple(out)


def _parted(inside: list[Assign], loop: Loop) -> list[Assign]:
    own = {statement.target.of for statement in inside}
    whole: dict[Named, Slice] = {}
    before: list[Assign] = []
    rest: list[Assign] = []
    for statement in inside:
        value = _sliced(statement.value, whole)
        found = _whole(statement, value, loop.along, own - whole.keys())
        if found is None:
            rest.append(replace(statement, value=value))
            continue
        before.append(found)
        position = found.target.axes.index(loop.along)
        of = statement.target.of
        whole[of] = Slice(of, position, loop.along, axes=statement.target.axes)
    return [*before, *rest]


def _sliced(value: Value, whole: dict[Named, Slice]) -> Value:
    if isinstance(value, Name) and value.of in whole:
        return replace(whole[value.of], axes=value.axes)
    parts = tuple(_sliced(part, whole) for part in value.parts)
    return value.over(parts) if parts != value.parts else value


def _whole(statement: Assign, value: Value, time: Index, own: Collection[Named]) -> Assign | None:
    """The statement for all times; None if it has to wait for its time."""
    target = statement.target
    if not isinstance(value, Call) or not isinstance(target, Name) or statement.adds:
        return None
    arrays = [part for part in value.args if not is_number(part)]
    slices = [part for part in arrays if type(part) is Slice]
    if names_in(value) & set(own) or len(slices) != len(arrays) or not slices:
        return None
    if any(part.axes != target.axes for part in slices):
        return None
    axes = _with(target.axes, slices[0].position, time)
    if any(part.position != slices[0].position for part in slices):
        return None
    args = tuple(
        Name(part.of, axes=axes) if isinstance(part, Slice) else part for part in value.args
    )
    return replace(
        statement,
        target=replace(target, axes=axes),
        value=replace(value, args=args, axes=axes),
        loop=None,
    )


def _with(axes: Axes, position: int, time: Index) -> Axes:
    return (*axes[:position], time, *axes[position:])
