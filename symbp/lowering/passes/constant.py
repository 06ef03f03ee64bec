"""What depends on sizes and constants alone is computed once, before all steps."""

from __future__ import annotations

from collections.abc import Sequence

from symbp.lowering.arrays import Assign, Empty, Named, Ones, Range, Scalar, names_in, walk
from symbp.lowering.passes.numbers import is_given, is_leaf


def parted(statements: Sequence[Assign]) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
    """The statements that are the same in every step, and the others."""
    once: list[Assign] = []
    rest: list[Assign] = []
    known: set[Named] = set()
    for statement in statements:
        if _is_constant(statement, known):
            once.append(statement)
            known.add(statement.target.of)
        else:
            rest.append(statement)
    return tuple(once), tuple(rest)


def _is_constant(statement: Assign, known: set[Named]) -> bool:
    value = statement.value
    if isinstance(value, Scalar):
        return True
    if statement.loop is not None or statement.adds or is_leaf(value) or not value.axes:
        return False
    if any(isinstance(part, Empty) for part in walk(value)):
        return False
    read = {of for of in names_in(value) if of not in known and not is_given(of)}
    made = any(isinstance(part, (Range, Ones)) for part in walk(value))
    return not read and (made or bool(known & names_in(value)))
