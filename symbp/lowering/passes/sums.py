"""Sums over all axes but the last are products with ones, which are faster.

So are those over all but the second beside windows, where samples lie innermost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    MatMul,
    Name,
    Ones,
    Reduce,
    Temporary,
    Tensordot,
    Value,
)
from symbp.lowering.passes.steps import looks_through_windows

LABEL = "ones"


def sums(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with ones in front of those that need them."""
    made: dict[object, Name] = {}
    left = (-1, 1) if looks_through_windows(statements) else (-1,)
    out: list[Assign] = []
    for statement in statements:
        value = statement.value
        if statement.loop is None and isinstance(value, Reduce) and _is_over_rows(value, left):
            along = tuple(value.arg.axes[p] for p in value.positions)
            axes = tuple(index.axis for index in along if index is not None)
            if axes not in made:
                made[axes] = Name(Temporary(LABEL, len(made) + 1), axes=along)
                out.append(replace(statement, target=made[axes], value=Ones(axes, axes=along)))
            value = _product(made[axes], value)
        out.append(replace(statement, value=value))
    return tuple(out)


def is_ones(value: Value) -> bool:
    """Whether a value is one of these: it lies in memory in any order of its axes."""
    if not isinstance(value, Name) or not isinstance(value.of, Temporary):
        return False
    return value.of.label == LABEL


def _is_over_rows(value: Reduce, left: Sequence[int]) -> bool:
    """Whether a name's entries are added up along all axes but one of those that may be left."""
    rank = len(value.arg.axes)
    every = (tuple(p for p in range(rank) if p != at % rank) for at in left if rank > 1)
    whole = value.positions in every and 0 in value.positions and None not in value.arg.axes
    return whole and (value.op, value.keep, isinstance(value.arg, Name)) == ("sum", False, True)


def _product(ones: Name, value: Reduce) -> Value:
    if len(ones.axes) == 1:
        return MatMul((ones, value.arg), axes=value.axes)
    meeting = tuple(range(len(ones.axes)))
    return Tensordot((ones, value.arg), (meeting, value.positions), axes=value.axes)
