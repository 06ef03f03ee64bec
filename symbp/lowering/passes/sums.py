"""The sum over the rows of a matrix is a product with ones, which is faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.lowering.arrays import Assign, MatMul, Name, Ones, Reduce, Temporary
from symbp.lowering.passes.numbers import is_leaf

LABEL = "ones"


def sums(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with vectors of ones in front of those that need them."""
    made: dict[object, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = statement.value
        rows = value.arg.axes[0] if isinstance(value, Reduce) and value.arg.axes else None
        if _adds_rows(statement) and rows is not None:
            assert isinstance(value, Reduce)
            if rows.axis not in made:
                ones = Name(Temporary(LABEL, len(made) + 1), axes=(rows,))
                made[rows.axis] = ones
                out.append(replace(statement, target=ones, value=Ones((rows.axis,), axes=(rows,))))
            value = MatMul((made[rows.axis], value.arg), axes=value.axes)
        out.append(replace(statement, value=value))
    return tuple(out)


def _adds_rows(statement: Assign) -> bool:
    value = statement.value
    return (
        statement.loop is None
        and isinstance(value, Reduce)
        and (value.op, value.positions, value.keep) == ("sum", (0,), False)
        and len(value.arg.axes) == 2
        and is_leaf(value.arg)
    )
