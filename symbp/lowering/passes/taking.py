"""Which room a result takes: one that is free, or a new one.

Of layers that are alike the first decides for all. What a layer needs for itself alone is in one
room for all of them; what it leaves to others is in rooms of which each layer has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from symbp.lowering.arrays import Assign, Named
from symbp.lowering.passes.turns import Turns

Offer = tuple[tuple[str, ...], str, tuple[int, ...]]
"""What results may be put into a room: those of this shape, kind and order in memory."""


@dataclass(frozen=True)
class Room:
    """An array that results are put into: its shape, and what kind of numbers it holds.

    ``order`` has the axis that is the first in memory, the second, …; () where they are in order.
    ``layer`` is the number of the layer that it belongs to, of several that are alike.
    """

    number: int
    shape: tuple[str, ...]
    kind: str
    order: tuple[int, ...] = ()
    layer: int | None = None

    @property
    def offer(self) -> Offer:
        return self.shape, self.kind, self.order


@dataclass
class Taking:
    """Finds rooms for the results of ``statements``, one after the other.

    ``first`` is what each result is called first, ``last`` where that is read last; ``needs`` tells
    what is needed for the one at a place.
    """

    statements: Sequence[Assign]
    first: Mapping[Named, Named]
    last: Mapping[Named, int]
    needs: Callable[[int], Offer]
    turns: Sequence[Turns]
    made: int = 0
    _until: dict[Room, int] = field(default_factory=dict)
    """Where what is in a room is read last."""
    _planned: dict[int, Room] = field(default_factory=dict)
    """The rooms of later layers, by the places of their results."""
    _families: list[tuple[Turns, list[Room]]] = field(default_factory=list)
    """Rooms of which each layer has its own."""

    def alone(self, place: int) -> Room:
        """A room that nothing else was put into."""
        turns = self._around(place)
        return self._new(place, None if turns is None else turns.layer(place))

    def room(self, place: int, fitting: Sequence[Room], over: Collection[Room]) -> Room:
        """For the result at ``place`` a room: of those ``fitting``, or of those planned for it.

        ``over`` are the rooms of what is read last there.
        """
        turns = self._around(place)
        if turns is None:
            room = fitting[0] if fitting else self._new(place)
            self._take(room, place)
        elif place < turns.start + turns.length and self._is_alike(turns, place):
            room = self._alike(turns, place, fitting, over)
        elif place in self._planned:
            room = self._planned.pop(place)
        else:
            room = self._new(place)
        return room

    def _new(self, place: int, layer: int | None = None) -> Room:
        self.made += 1
        return Room(self.made, *self.needs(place), layer)

    def _around(self, place: int) -> Turns | None:
        """The layers that are alike of which one has the result at ``place``."""
        return next((each for each in self.turns if each.start <= place < each.stop), None)

    def _alike(
        self, turns: Turns, place: int, fitting: Sequence[Room], over: Collection[Room]
    ) -> Room:
        """The room of the first layer; those of the others are planned."""
        places = turns.like(place)
        if self._is_passing(turns, places):
            free = (room for room in fitting if room.layer is None)
            rooms = [next(free, None) or self._new(place)] * len(places)
        else:
            rooms = self._own(turns, places, over)
        for each, room in zip(places, rooms, strict=True):
            self._take(room, each)
            self._planned[each] = room
        return self._planned.pop(place)

    def _take(self, room: Room, place: int) -> None:
        self._until[room] = max(self._end(place), self._until.get(room, place))

    def _end(self, place: int) -> int:
        """Where the result at ``place`` is read last."""
        return self.last.get(self.statements[place].target.of, place)

    def _is_alike(self, turns: Turns, place: int) -> bool:
        """Whether all layers have a result of their own there."""
        names = [self.statements[each].target.of for each in turns.like(place)]
        return len(set(names)) == len(names) and all(self.first.get(of) == of for of in names)

    def _is_passing(self, turns: Turns, places: Sequence[int]) -> bool:
        """Whether each layer needs the result for itself alone, and in an array like the others."""
        lives = {self._end(place) - place for place in places}
        is_within = all(self._end(place) < turns.end(place) for place in places)
        return is_within and len(lives) == 1 and len(set(map(self.needs, places))) == 1

    def _own(self, turns: Turns, places: Sequence[int], over: Collection[Room]) -> list[Room]:
        """A room for each layer: those of earlier results, where these are read no more."""
        for others, family in self._families:
            order = turns.beside(others)
            if order is None:
                continue
            rooms = [family[turn] for turn in order]
            pairs = list(zip(places, rooms, strict=True))
            left = 1 if rooms[0] in over else 0
            if all(
                room.offer == self.needs(place) and self._until[room] < place + left
                for place, room in pairs
            ):
                return rooms
        pairs_ = zip(places, turns.layers, strict=True)
        rooms = [self._new(place, layer) for place, layer in pairs_]
        self._families.append((turns, rooms))
        return rooms
