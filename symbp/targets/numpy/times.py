"""The arrays that loops go through: what they are at each time is looked up, not made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from symbp.lowering.arrays import Loop, MatMul, Named, Neighbour, Slice, Temporary, Value, walk
from symbp.targets.numpy import layout
from symbp.targets.numpy.called import Called
from symbp.targets.numpy.looks import Looks
from symbp.targets.numpy.scheduled import Schedule, arrays
from symbp.targets.numpy.spelling import ATOM, Spelling
from symbp.targets.numpy.views import Views


@dataclass(frozen=True)
class Times:
    """The times of the arrays of a schedule."""

    schedule: Schedule
    called: Called
    looks: Looks

    def __contains__(self, of: Named) -> bool:
        return of in self.found

    @cached_property
    def found(self) -> dict[Named, Slice]:
        """The arrays of rooms, and views of these, that loops go through."""
        slices = (part for part in arrays(self.schedule.each) if isinstance(part, Slice))
        there = self.schedule.places.keys() | self.looks.found.keys()
        return {part.of: part for part in slices if part.of in there}

    @cached_property
    def nothing(self) -> dict[tuple[str, ...], str]:
        """What arrays are where there is no time: by their shapes."""
        parts = (part for s in self.schedule.each for part in walk(s.value))
        shapes = dict.fromkeys(self.schedule.shape(p) for p in parts if isinstance(p, Neighbour))
        numbers = range(1, len(shapes) + 1)
        names = (self.schedule.passes.names(Temporary("zeros", k)) for k in numbers)
        return dict(zip(shapes, names, strict=True))

    def zeros(self) -> list[str]:
        """The lines that make that."""
        return [
            f"{name} = np.zeros({layout.tuple_text(shape)}, dtype)"
            for shape, name in self.nothing.items()
        ]

    def lines(self) -> list[str]:
        """The lines that make lists of what arrays are at each time."""
        return list(dict.fromkeys(self._views(of) for of in self.found))

    def _views(self, of: Named) -> str:
        array, at = self.called(of), self.found[of]
        array = f"np.moveaxis({array}, {at.position}, 0)" if at.position else array
        return f"{self.at(of)} = list({array})"

    def at(self, of: Named) -> str:
        """The name of that list."""
        return self.schedule.passes.names(Temporary("at", 0, self.called.own(of)))

    def now(self, of: Named) -> str:
        """What the array is called at the time of a loop."""
        return self.schedule.passes.names(Temporary("now", 0, self.called.own(of)))

    def heads(self, loop: Loop, spelling: Spelling) -> list[str]:
        """The head of a loop, and what its arrays are at its time."""
        inside = [s for s in self.schedule.each if s.loop == loop]
        read = dict.fromkeys(p.of for p in arrays(inside) if type(p) is Slice and p.of in self)
        time = self.schedule.passes.names(loop.along)
        names = dict.fromkeys((self.now(of), self.at(of)) for of in read)
        return [spelling.head(loop), *(f"    {now} = {at}[{time}]" for now, at in names)]


@dataclass(frozen=True)
class InStep(Spelling):
    """Spells what arrays are at single times by names that they have got."""

    times: Times = field(kw_only=True)
    views: Views = field(kw_only=True)

    def transposed(self, array: str, order: Sequence[int]) -> str:
        """As a view that is there, where that is one of a matrix."""
        is_matrix = list(order) == [1, 0]
        return self.views.turned(array) if is_matrix else super().transposed(array, order)

    def _spelled(self, value: Value) -> tuple[str, int]:
        if isinstance(value, MatMul) and all(len(arg.axes) < 3 for arg in value.args):
            a, b = (self.text(arg, ATOM) for arg in value.args)
            return f"{a}.dot({b})", ATOM
        return super()._spelled(value)

    def _factor(self, value: Value, above: int) -> str:
        return self.text(value, above)

    def _slice(self, value: Slice) -> str:
        return self.times.now(value.of) if value.of in self.times else super()._slice(value)

    def _at(self, value: Slice, time: str) -> str:
        if value.of in self.times:
            return f"{self.times.at(value.of)}[{time}]"
        return super()._at(value, time)

    def _nothing(self, value: Neighbour) -> str:
        return self.times.nothing[self.times.schedule.shape(value)]
