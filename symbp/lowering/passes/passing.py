"""What a loop reads only at the time at which it computes it is not kept for all times.

ō = empty;  for t: ō[:, t] = …; δ[:, t] = ō[:, t] …   ->   for t: ō = …; δ[:, t] = ō …
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from symbp.lowering.arrays import Assign, Empty, Loop, Name, Named, Slice, Value, names_in, walk


def passing(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, where such arrays are those of one time."""
    brief = _brief(statements)
    out: list[Assign] = []
    for statement in statements:
        target = statement.target
        if target.of in brief and isinstance(statement.value, Empty):
            continue
        value = _of_its_time(statement.value, brief)
        if target.of in brief:
            target = Name(target.of, axes=target.axes)
        out.append(statement.computing(value, target))
    return tuple(out)


def _brief(statements: Sequence[Assign]) -> set[Named]:
    """Arrays that one statement of a loop computes, and others of that loop read at its time."""
    room = {s.target.of for s in statements if isinstance(s.value, Empty)}
    filled = Counter(s.target.of for s in statements if not isinstance(s.value, Empty))
    found: dict[Named, Loop] = {
        s.target.of: s.loop
        for s in statements
        if s.loop is not None and isinstance(s.target, Slice) and not s.adds
    }
    kept = {of for of in found if of not in room or filled[of] != 1}
    for statement in statements:
        for of in found.keys() & names_in(statement.value):
            if statement.loop != found[of] or not _is_read_now(statement.value, of):
                kept.add(of)
    return found.keys() - kept


def _is_read_now(value: Value, of: Named) -> bool:
    """Whether all that is read of an array is what it is at this time."""
    likes = [part.like for part in walk(value) if isinstance(part, Empty)]
    if any(like is not None and like.of == of for like in likes):
        return False
    return all(
        type(part) is Slice
        for part in walk(value)
        if isinstance(part, (Name, Slice)) and part.of == of
    )


def _of_its_time(value: Value, brief: Collection[Named]) -> Value:
    if isinstance(value, Slice) and value.of in brief:
        return Name(value.of, axes=value.axes)
    return value.mapped(lambda part: _of_its_time(part, brief))
