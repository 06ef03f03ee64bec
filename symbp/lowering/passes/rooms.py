"""Where results are put: rooms, which are used again when what is in them is read no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from symbp.lowering.arrays import Assign, Name, Named, Value, names_in, walk
from symbp.lowering.passes.taking import Offer, Room, Taking
from symbp.lowering.passes.turns import Turns


class Writes(Enum):
    """How an operation leaves its result."""

    NEW = "in an array of its own, or that of something else"
    THERE = "in a part of an array, or added to one, which has its room already"
    APART = "in a room that none of its arguments is in"
    ALONE = "in a room where nothing else is ever put"
    OVER = "in any room, that of an argument as well"
    SAME = "nowhere: it is what it is made of, by another name"


@dataclass(frozen=True)
class Manner:
    """What a target says of an operation; ``kind`` is that of the numbers it makes."""

    writes: Writes
    kind: str = ""


def rooms(
    statements: Sequence[Assign],
    manner: Callable[[Assign], Manner],
    shape: Callable[[Value], tuple[str, ...]],
    placed: Collection[Named] = (),
    *,
    given: Mapping[Named, Room] = MappingProxyType({}),
    wanted: Mapping[Named, Room] = MappingProxyType({}),
    orders: Mapping[Named, tuple[int, ...]] = MappingProxyType({}),
    again: bool = True,
    turns: Sequence[Turns] = (),
) -> dict[Named, Room]:
    """The room of each result; none for those that are ``placed`` or make arrays of their own.

    What is ``given`` has a room that may be used for results when it is read no more. Of several
    that fit, a result gets that which is ``wanted`` for it. ``orders`` are those in memory
    that are not the order of the axes. ``again`` False gives each result a room of its own. In
    ``turns`` each layer does what the first has done, in the same rooms or in its own.
    """
    manners = [manner(statement) for statement in statements]
    first = _first_names(statements, manners, {*placed, *given})
    last = _last_uses(statements, manners, first)
    ordered = {first[of]: order for of, order in orders.items() if of in first}
    found: dict[Named, Room] = dict(given)
    free: defaultdict[Offer, list[Room]] = defaultdict(list)
    alone: set[Room] = set()

    def needs(position: int) -> Offer:
        target = statements[position].target
        return shape(target), manners[position].kind, ordered.get(target.of, ())

    taking = Taking(statements, first, last, needs, turns if again else ())
    for position, (statement, how) in enumerate(zip(statements, manners, strict=True)):
        of = statement.target.of
        read = dict.fromkeys(first.get(each, each) for each in _names(statement.value))
        ending = [found[each] for each in read if each in found and last[each] == position]
        ending = [room for room in ending if room not in alone]
        if of in first and first[of] != of:
            found[of] = found[first[of]]
        elif of in first and of not in found:
            needed = needs(position)
            over = ending if how.writes is Writes.OVER else []
            fitting = [*(room for room in over if room.offer == needed), *free[needed]]
            if not again or how.writes is Writes.ALONE:
                room = taking.alone(position)
            elif wanted.get(of) in fitting:
                room = wanted[of]
            else:
                room = taking.room(position, fitting, over)
            free[needed] = [each for each in free[needed] if each is not room]
            found[of] = room
            if how.writes is Writes.ALONE:
                alone.add(room)
            elif of not in last:
                free[needed].append(room)
        for room in ending:
            if room is not found.get(of):
                free[room.offer].append(room)
    return found


def wanting(
    statements: Sequence[Assign],
    manner: Callable[[Assign], Manner],
    placed: Collection[Named] = (),
) -> int:
    """How many rooms there are where each result has one of its own."""
    manners = [manner(statement) for statement in statements]
    return len(set(_first_names(statements, manners, placed).values()))


def _names(value: Value) -> list[Named]:
    """The names in a value in the order in which they stand there."""
    return [part.of for part in walk(value) if isinstance(part, Name)]


def _first_names(
    statements: Sequence[Assign], manners: Sequence[Manner], placed: Collection[Named]
) -> dict[Named, Named]:
    """What each result that needs a room is called first: itself, or what it only repeats."""
    found: dict[Named, Named] = {}
    for statement, how in zip(statements, manners, strict=True):
        of, writes = statement.target.of, how.writes
        if writes not in (Writes.NEW, Writes.THERE) and of not in placed:
            source = getattr(statement.value, "of", None) if writes is Writes.SAME else None
            found.setdefault(of, found.get(source, of))
    return found


def _last_uses(
    statements: Sequence[Assign], manners: Sequence[Manner], first: Mapping[Named, Named]
) -> dict[Named, int]:
    """The position at which each array is read for the last time, under any of its names.

    A loop reads until it ends what was there before; what it computes at one time is read at that
    time. What may only look at another array keeps that.
    """
    ends = _ends(statements)
    local = {s.target.of for s in statements if s.loop is not None and isinstance(s.target, Name)}
    last: dict[Named, int] = {}
    for position in reversed(range(len(statements))):
        statement = statements[position]
        looks = manners[position].writes is Writes.NEW
        until = max(position, last.get(statement.target.of, position)) if looks else position
        for of in names_in(statement.value):
            name = first.get(of, of)
            end = until if of in local else max(until, ends[position])
            last[name] = max(end, last.get(name, end))
    return last


def _ends(statements: Sequence[Assign]) -> list[int]:
    """For each statement the position of the last one in its loop, or its own."""
    ends = list(range(len(statements)))
    for position in reversed(range(len(statements) - 1)):
        loop = statements[position].loop
        if loop is not None and loop == statements[position + 1].loop:
            ends[position] = ends[position + 1]
    return ends
