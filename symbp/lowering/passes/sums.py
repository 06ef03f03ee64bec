"""Sums over all axes but the last are products with ones, which are faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    Axes,
    MatMul,
    Name,
    Ones,
    Reduce,
    Temporary,
    Tensordot,
    Value,
)

LABEL = "ones"


def sums(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with ones in front of those that need them."""
    made: dict[object, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = statement.value
        if statement.loop is None and isinstance(value, Reduce) and _is_over_rows(value):
            along = value.arg.axes[:-1]
            axes = tuple(index.axis for index in along if index is not None)
            if axes not in made:
                made[axes] = Name(Temporary(LABEL, len(made) + 1), axes=along)
                out.append(replace(statement, target=made[axes], value=Ones(axes, axes=along)))
            value = _product(made[axes], value.arg, value.axes)
        out.append(replace(statement, value=value))
    return tuple(out)


def _is_over_rows(value: Reduce) -> bool:
    """Whether a name's entries are added up along all axes but the last."""
    axes = value.arg.axes
    whole = value.positions == tuple(range(len(axes) - 1)) and None not in axes
    return whole and (value.op, value.keep, isinstance(value.arg, Name)) == ("sum", False, True)


def _product(ones: Name, array: Value, axes: Axes) -> Value:
    if len(ones.axes) == 1:
        return MatMul((ones, array), axes=axes)
    meeting = tuple(range(len(ones.axes)))
    return Tensordot((ones, array), (meeting, meeting), axes=axes)
