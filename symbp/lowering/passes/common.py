"""What is computed twice is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbp.lowering.arrays import Assign, Empty, Name, Named, Temporary, Value
from symbp.lowering.passes.numbers import is_leaf


def common(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation, without those that repeat an earlier one."""
    known: dict[Value, Name] = {}
    instead: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = renamed(statement.value, instead)
        target = statement.target
        if _is_pure(statement) and not is_leaf(value):
            assert isinstance(target, Name)
            found = known.setdefault(value, target)
            if found is not target and isinstance(target.of, Temporary):
                instead[target.of] = found
                continue
            value = value if found is target else replace(found, axes=value.axes)
        out.append(replace(statement, value=value))
    return tuple(out)


def _is_pure(statement: Assign) -> bool:
    """Whether the target is what the value says, for good; room for a loop is filled later."""
    apart = statement.loop is None and not statement.adds
    return apart and not isinstance(statement.value, Empty)


def renamed(value: Value, instead: dict[Named, Name]) -> Value:
    """``value`` with other names in it."""
    if isinstance(value, Name) and value.of in instead:
        return replace(instead[value.of], axes=value.axes)
    parts = tuple(renamed(part, instead) for part in value.parts)
    return value.over(parts) if parts != value.parts else value
