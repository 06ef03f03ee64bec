"""What is read beside arrays that loops go through is laid out in memory as these are, once.

Σₙₜ x[n, t, i] δ[n, t, j], where δ[:, t] lies together: so does x[:, t], in a copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symbp.lowering.arrays import (
    Assign,
    MatMul,
    Name,
    Named,
    Slice,
    Temporary,
    Tensordot,
    Value,
    Window,
    walk,
)
from symbp.lowering.passes.common import renamed

LABEL = "aligned"


def slices(statements: Sequence[Assign]) -> dict[Named, int]:
    """The arrays of which single times are read or written, and along which axis."""
    parts = (part for s in statements for part in (s.target, *walk(s.value)))
    return {part.of: part.position for part in parts if isinstance(part, Slice)}


def aligned(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with copies in front of what else would be copied for each product."""
    along = slices(statements)
    made = {s.target.of for s in statements}
    found: dict[Named, tuple[Name, int]] = {}
    for statement in statements:
        for array, axis in _beside(statement, along):
            if array.of not in made and len(array.axes) > 2:
                found.setdefault(array.of, (array, axis))
    copies = {
        of: Name(Temporary(LABEL, axis, of), axes=array.axes) for of, (array, axis) in found.items()
    }
    first = [Assign(copies[of], array) for of, (array, _) in found.items()]
    rest = [
        replace(s, value=renamed(s.value, copies)) if _is_product(s.value) else s
        for s in statements
    ]
    return (*first, *rest)


def outermost(statements: Sequence[Assign]) -> dict[Named, int]:
    """The arrays that are laid out along another axis than their first one."""
    found = slices(statements)
    for statement in statements:
        of, value = statement.target.of, statement.value
        if isinstance(of, Temporary) and of.label == LABEL:
            found[of] = of.number
        elif isinstance(of, Temporary) and isinstance(value, (Window, MatMul)):
            source = value.parts[0]
            if isinstance(source, Name) and len(source.axes) == len(value.axes):
                found |= {of: found[source.of]} if source.of in found else {}
    return found


def _beside(statement: Assign, along: Mapping[Named, int]) -> list[tuple[Name, int]]:
    """The arrays that are multiplied with such an array, or into one, and how that lies."""
    if not _is_product(statement.value):
        return []
    names = [part for part in statement.value.parts if isinstance(part, Name)]
    known = [along[each.of] for each in (*names, statement.target) if each.of in along]
    return [(each, known[0]) for each in names if known and each.of not in along]


def _is_product(value: Value) -> bool:
    return isinstance(value, (Tensordot, MatMul))
