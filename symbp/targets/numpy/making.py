"""The lines that make the rooms of a step, each by all its names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symbp.lowering.arrays import Assign, Name, Named
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy import statements
from symbp.targets.numpy.allocating import allocated
from symbp.targets.numpy.called import Called
from symbp.targets.numpy.looks import Looks


@dataclass(frozen=True)
class Making:
    """The rooms of a schedule, some of which have borders or margins."""

    called: Called
    looks: Looks

    def joint(self) -> list[str]:
        """The lines that make one array of what lies one behind the other."""
        names = self.called.schedule.passes.names
        return [
            f"{names(of)} = below({names(of.first)}, {names(of.last)})"
            for of in self.called.schedule.neighbours
        ]

    def rooms(self) -> list[str]:
        """The lines that make the rooms; then, layer by layer, those that belong to layers."""
        turns = self._turns
        by_layer = {name for turn in turns for name in map(self.called, map(_target, turn))}
        lines: list[str] = []
        made: set[str] = set()
        for room, names in self.called.rooms.items():
            if room.layer is None:
                others = [name for name in names if name not in by_layer]
                if len(others) < len(names):
                    others = list(dict.fromkeys([*others, self.called.number(room)]))
                lines += self._room(room, others)
            made |= {name for name in names if room.layer is None} - by_layer
        bases: dict[Room, str] = {}
        for turn in turns:
            lines += self._layer(turn, bases, made)
        for room, base in bases.items():
            others = [name for name in self.called.rooms[room] if name not in {*by_layer, base}]
            lines += _aliases(others, base)
        return lines

    @property
    def _turns(self) -> list[Sequence[Assign]]:
        """The statements of each layer that is like others."""
        schedule = self.called.schedule
        return [schedule.each[a:b] for turns in schedule.turns for a, b in turns.bounds]

    def _layer(self, turn: Sequence[Assign], bases: dict[Room, str], made: set[str]) -> list[str]:
        """The rooms that are made for a layer, and its names for others.

        ``bases`` are what the rooms of layers are called first; ``made`` are names that are there.
        """
        lines: list[str] = []
        places = self.called.schedule.places
        others: dict[str, list[str]] = {}
        named: set[str] = set()
        for statement in turn:
            of, value = statement.target.of, statement.value
            room, name = places.get(of), self.called(of)
            if room is None or name in named:
                continue
            named.add(name)
            if room.layer is not None and room not in bases:
                bases[room] = name
                lines += self._room(room, [name])
            elif name != (base := bases.get(room, self.called.number(room))):
                same = value.of if isinstance(value, Name) else None
                source = self.called(same) if places.get(same) == room else base
                others.setdefault(source if source in made | named else base, []).append(name)
        made |= named
        return [*lines, *(line for base, names in others.items() for line in _aliases(names, base))]

    def shape(self, room: Room) -> tuple[str, ...]:
        """The shape of a room, its border included."""
        *rest, last = room.shape
        return (*rest, _and_one(last)) if room in self.looks.borders else room.shape

    def _room(self, room: Room, names: Sequence[str]) -> list[str]:
        whole = self.looks.borders.get(room)
        if whole is not None:
            part = f"{whole[0]}[:, :-1]"
            return [
                *_aliases(whole, allocated(room, self.shape(room), "ones")),
                *_aliases(names, part),
            ]
        made = "zeros" if room in self.looks.margins else "empty"
        return _aliases(names, allocated(room, room.shape, made))


def _target(statement: Assign) -> Named:
    return statement.target.of


def _aliases(names: Sequence[str], text: str) -> list[str]:
    """One array by several names, as many in a line as fit."""
    lines: list[str] = []
    while names:
        taken = len(names)
        while taken > 1 and len(" = ".join([*names[:taken], text])) > statements.WIDTH:
            taken -= 1
        lines.append(" = ".join([*names[:taken], text]))
        text, names = names[0], names[taken:]
    return lines


def _and_one(size: str) -> str:
    return str(int(size) + 1) if size.isdigit() else f"{size} + 1"
