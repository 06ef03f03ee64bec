"""Arrays of one number, for NumPy is slow to find the greater of a number and another.

    np.maximum(u, zero, out=z)   ->   level_1 = np.zeros(…);  np.maximum(u, level_1, out=z)

Where the axes behind the first, as they lie in memory, are a long run, one such run is enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import S

from symbp.lowering.arrays import Assign, Call, Const, Name, Named, Scalar, Temporary
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy.allocating import allocated
from symbp.targets.numpy.scheduled import Schedule

LABEL = "level"

LEVELLED = ("maximum", "minimum")

LONG, USUAL = 1024, 32
"""So many numbers make a long run of memory; so many samples there are at least, usually."""


@dataclass(frozen=True)
class Levels:
    """The arrays that the results of a schedule are held against."""

    schedule: Schedule

    @property
    def names(self) -> dict[Named, str]:
        """By results: the array that each is held against."""
        return {of: name for name, (ends, *_) in self._made.items() for of in ends}

    @property
    def shapes(self) -> list[tuple[str, ...]]:
        """The shapes of these arrays."""
        return [shape for *_, shape in self._made.values()]

    @property
    def lines(self) -> list[str]:
        """The lines that make the arrays."""
        lines = []
        for name, (_, number, room, shape) in self._made.items():
            if number.value == Scalar(Const(S.Zero)):
                lines.append(f"{name} = {allocated(room, shape, 'zeros')}")
            else:
                lines.append(f"{name} = {allocated(room, shape, 'empty')}")
                lines.append(f"{name}.fill({self.schedule.passes.names(number.target.of)})")
        return lines

    @cached_property
    def _made(self) -> dict[str, tuple[list[Named], Assign, Room, tuple[str, ...]]]:
        numbers = {s.target.of: s for s in self.schedule.once if isinstance(s.value, Scalar)}
        alike: dict[tuple[Named, Room], list[Named]] = {}
        for statement in self.schedule.each:
            value, room = statement.value, self.schedule.places.get(statement.target.of)
            if not isinstance(value, Call) or value.op not in LEVELLED or statement.loop:
                continue
            level = value.args[1]
            if room is not None and isinstance(level, Name) and level.of in numbers:
                key = level.of, replace(room, number=0, layer=None)
                alike.setdefault(key, []).append(statement.target.of)
        names = self.schedule.passes.names
        return {
            names(Temporary(LABEL, count)): (ends, numbers[of], room, _run(room))
            for count, ((of, room), ends) in enumerate(alike.items(), 1)
        }


def _run(room: Room) -> tuple[str, ...]:
    """The shape of one run, or of the whole room where runs are short."""
    first, *rest = room.order or range(len(room.shape))
    count = math.prod(int(room.shape[p]) if room.shape[p].isdigit() else USUAL for p in rest)
    if count < LONG:
        return room.shape
    return tuple("1" if p == first else size for p, size in enumerate(room.shape))
