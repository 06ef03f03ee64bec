"""What an earlier loop has computed of the same time is kept for all times, where it took long.

for t: h[:, t] = o tanh(c[:, t]);    for t: δ[:, t] = h̄ tanh(c[:, t])   ->
for t: a[:, t] = tanh(c[:, t]); …    for t: δ[:, t] = h̄ a[:, t]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symbp.lowering.arrays import Assign, Call, Empty, Loop, Name, Named, Slice, Temporary, Value
from symbp.lowering.passes.common import renamed

LABEL = "kept"

SLOW = frozenset(("exp", "log", "expm1", "log1p", "tanh", "sin", "cos", "softplus"))
"""Operations that take longer than to read their result."""

Key = tuple[str, Named, int]
"""An operation on an array at a time: what it is, of which array, along which of its axes."""


def again(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with such results in arrays that are there before the first of the loops."""
    twice = _twice(statements)
    made: set[Key] = set()
    instead: dict[Named, Value] = {}
    out: list[Assign] = []
    for statement in statements:
        key, target = _key(statement), statement.target
        value = renamed(statement.value, instead)
        if key is not None and key in twice:
            own = _at_its_time(statement, twice[key])
            instead[target.of] = own
            if key in made:
                continue
            made.add(key)
            target = own
        out.append(statement.computing(value, target))
    return tuple(_with_rooms(out, set(twice.values())))


def _twice(statements: Sequence[Assign]) -> dict[Key, Temporary]:
    """What several loops compute, and a name for it."""
    loops: dict[Key, set[Loop | None]] = {}
    for place, statement in enumerate(statements):
        key = _key(statement)
        if key is not None and all(s.target.of != key[1] for s in statements[place:]):
            loops.setdefault(key, set()).add(statement.loop)
    several = [key for key, found in loops.items() if len(found) > 1]
    return {key: Temporary(LABEL, count) for count, key in enumerate(several, 1)}


def _key(statement: Assign) -> Key | None:
    value, target = statement.value, statement.target
    own = isinstance(target, Name) and isinstance(target.of, Temporary)
    if statement.loop is None or not own or not isinstance(value, Call) or value.op not in SLOW:
        return None
    source = value.args[0]
    return (value.op, source.of, source.position) if type(source) is Slice else None


def _at_its_time(statement: Assign, of: Temporary) -> Slice:
    (source,) = statement.value.parts
    assert isinstance(source, Slice)
    return replace(source, of=of, axes=statement.target.axes)


def _with_rooms(statements: Sequence[Assign], made: set[Temporary]) -> Iterator[Assign]:
    """The statements, with room for what is ``made`` before the loops that fill it."""
    loop: Loop | None = None
    for place, statement in enumerate(statements):
        if statement.loop is not None and statement.loop != loop:
            for each in (s for s in statements[place:] if s.loop == statement.loop):
                if each.target.of in made and isinstance(each.target, Slice):
                    yield _room(each)
        loop = statement.loop
        yield statement


def _room(statement: Assign) -> Assign:
    (source,), target = statement.value.parts, statement.target
    assert isinstance(source, Slice)
    before, behind = target.axes[: source.position], target.axes[source.position :]
    axes = (*before, source.along, *behind)
    room = Empty(None, source.of, axes=axes)
    return Assign(Name(target.of, axes=axes), room)
