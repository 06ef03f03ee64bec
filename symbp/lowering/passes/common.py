"""What is computed twice is computed once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from symbp.lowering.arrays import Assign, Empty, Loop, Name, Named, Temporary, Value, names_in
from symbp.lowering.passes.numbers import is_leaf


def common(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation, without those that repeat an earlier one.

    What a loop computes is that of its own time, and known in that loop only.
    """
    growing = {s.target.of for s in statements if s.adds}
    known: dict[tuple[Loop | None, Value], Name] = {}
    instead: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = renamed(statement.value, instead)
        target = statement.target
        if _is_pure(statement, growing) and not is_leaf(value) and isinstance(target, Name):
            before = known.get((None, value))
            found = before or known.setdefault((statement.loop, value), target)
            if found is not target and isinstance(target.of, Temporary):
                instead[target.of] = found
                continue
            value = value if found is target else replace(found, axes=value.axes)
        out.append(statement.computing(value))
    return tuple(out)


def _is_pure(statement: Assign, growing: Collection[Named]) -> bool:
    """Whether the target is what the value says, for good; room for a loop is filled later."""
    if statement.adds or isinstance(statement.value, Empty):
        return False
    return statement.loop is None or not names_in(statement.value) & set(growing)


def renamed(value: Value, instead: Mapping[Named, Value]) -> Value:
    """``value`` with other names, or views, in it."""
    if instead.keys().isdisjoint(value.names):
        return value
    if isinstance(value, Name) and value.of in instead:
        return replace(instead[value.of], axes=value.axes)
    return value.mapped(lambda part: renamed(part, instead))
