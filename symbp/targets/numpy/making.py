"""The lines that make the rooms of a step, each by all its names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symbp.lowering.passes.rooms import Room
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
        """The lines that make the rooms."""
        return [
            line for room, names in self.called.rooms.items() for line in self._room(room, names)
        ]

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
