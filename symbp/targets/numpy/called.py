"""What arrays of a step are called: results without names by the rooms that they are in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from symbp.equations.tensor import Tensor
from symbp.lowering.alike import defined
from symbp.lowering.arrays import Named, Temporary
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy.scheduled import Schedule


@dataclass(frozen=True)
class Called:
    """The names in a schedule."""

    schedule: Schedule

    def __call__(self, named: Named) -> str:
        if isinstance(named, Temporary) and named.of in self._rooms:
            named = replace(named, of=self.own(named.of))
        return self._called.get(named) or self.schedule.passes.names(named)

    @property
    def _rooms(self) -> dict[Named, Room]:
        return self.schedule.places

    @cached_property
    def _called(self) -> dict[Named, str]:
        """What the results without names are called: as the room is where they lead to that."""
        names = self.schedule.passes.names
        found: dict[Named, str] = {}
        pending: list[Named] = []
        for statement in self.schedule.each:
            of = statement.target.of
            if isinstance(of, Temporary) and of in self._rooms:
                pending.append(of)
            elif of in self._rooms or of in self.schedule.kept:
                room = self._rooms.get(of)
                for each in pending:
                    same = room is not None and self._rooms[each] == room
                    found[each] = names(of) if same else self.number(self._rooms[each])
                pending = []
        return found | {each: self.number(self._rooms[each]) for each in pending}

    def number(self, room: Room) -> str:
        """The name of a room by itself: they are counted as they are needed, or have a layer's."""
        return self.schedule.passes.names(self._by_itself(room))

    def _by_itself(self, room: Room) -> Temporary:
        if room.layer is not None and room in self._owners:
            return Temporary("room", room.number, self._owners[room])
        return Temporary("room", self._numbers.setdefault(room, len(self._numbers) + 1))

    @cached_property
    def _owners(self) -> dict[Room, Tensor]:
        """What the rooms are called after that belong to layers: what is put there first."""
        found: dict[Room, Tensor] = {}
        for of, room in self._rooms.items():
            if isinstance(of, Tensor):
                found.setdefault(room, of)
        for statement in self.schedule.each:
            there = self._rooms.get(statement.target.of)
            if there is not None and there not in found and statement.equation is not None:
                found[there] = defined(statement.equation)
        return found

    @cached_property
    def _numbers(self) -> dict[Room, int]:
        return {}

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """The names that results without names go by."""
        return frozenset(self._called.values())

    @cached_property
    def rooms(self) -> dict[Room, list[str]]:
        """Each room by all its names."""
        found: dict[Room, list[str]] = {room: [] for room in self._rooms.values()}
        for of, room in self._rooms.items():
            if isinstance(of, Tensor):
                found[room].append(self.schedule.passes.names(of))
        for room, names in found.items():
            if self._spoken and self.number(room) in self._spoken:
                names.append(self.number(room))
        return found

    def own(self, of: Named) -> Named:
        """Itself, or its room where it is called so."""
        room = self._rooms.get(of)
        is_room = room is not None and self(of) == self.number(room)
        return self._by_itself(room) if room and is_room else of
