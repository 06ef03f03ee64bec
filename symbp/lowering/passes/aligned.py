"""What is read beside arrays that loops go through is laid out in memory as these are, once.

Σₙₜ x[n, t, i] δ[n, t, j], where δ[:, t] lies together: so does x[:, t], in a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symbp.lowering.arrays import (
    Assign,
    Copy,
    MatMul,
    Name,
    Named,
    Temporary,
    Tensordot,
    Value,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.lying import by_time

LABEL = "aligned"


def aligned(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with copies in front of what else would be copied for each product."""
    along = by_time(statements)
    made = {s.target.of for s in statements}
    found: dict[Named, Name] = {}
    for statement in statements:
        for array in _beside(statement, along):
            if array.of not in made and len(array.axes) > 2:
                found.setdefault(array.of, array)
    copies = {of: Name(Temporary(LABEL, 0, of), axes=array.axes) for of, array in found.items()}
    first = [Assign(copies[of], Copy(array, axes=array.axes)) for of, array in found.items()]
    rest = [
        s.computing(renamed(s.value, copies)) if _is_product(s.value) else s for s in statements
    ]
    return (*first, *rest)


def _beside(statement: Assign, along: Collection[Named]) -> list[Name]:
    """The arrays that are multiplied with such an array, or into one."""
    if not _is_product(statement.value):
        return []
    names = [part for part in statement.value.parts if isinstance(part, Name)]
    known = any(each.of in along for each in (*names, statement.target))
    return [each for each in names if known and each.of not in along]


def _is_product(value: Value) -> bool:
    return isinstance(value, (Tensordot, MatMul))
