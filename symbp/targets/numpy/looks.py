"""Views of rooms that are there before all steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import prod

from symbp.equations.tensor import Tensor
from symbp.lowering.alike import defined
from symbp.lowering.arrays import (
    Assign,
    Bordered,
    Copy,
    First,
    Name,
    Named,
    Part,
    Reshape,
    Temporary,
    Value,
    Window,
    walk,
)
from symbp.lowering.passes.steps import leads_outside
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy.called import Called
from symbp.targets.numpy.inplace import slots
from symbp.targets.numpy.overlapping import Overlapping, overlapping
from symbp.targets.numpy.scheduled import Schedule
from symbp.targets.numpy.spelling import Spelling

LETTERS = "ijkl"


@dataclass(frozen=True)
class Looks:
    """Other ways to look at the rooms of a schedule."""

    schedule: Schedule
    called: Called

    def __contains__(self, of: Named) -> bool:
        return of in self.found

    def lines(self) -> list[str]:
        """The statements that make them, a line each."""
        spelling = Spelling(self.called)
        lines: list[str] = []
        for statement in self.found.values():
            if not isinstance(statement.value, Bordered):
                target, value = statement.target, statement.value
                lines.append(f"{spelling.text(target)} = {spelling.text(value)}")
        for of, name in self.pieces.items():
            statement, found = self._overlapping[of]
            lines.append(f"{name} = {found.text(spelling.text(statement.target), spelling)}")
        return lines + [self._in_planes(of) for of in self.planes]

    @cached_property
    def planes(self) -> dict[Named, str]:
        """What is true at the first of several entries, and what all of these are called."""
        names = (Temporary("planes", k) for k in count(1))
        return {of: self.schedule.passes.names(next(names)) for of in self._chosen}

    @cached_property
    def _chosen(self) -> dict[Named, First]:
        values = {s.target.of: s.value for s in self.schedule.each}
        return {
            of: value
            for of, value in values.items()
            if isinstance(value, First) and prod(value.counts) > 1 and of in self.schedule.places
        }

    def _in_planes(self, of: Named) -> str:
        value = self._chosen[of]
        letters = LETTERS[: len(value.counts)]
        counts = ", ".join(map(str, value.counts))
        each = f"{self.called(of)}[{slots(value.positions, letters)}]"
        places = f"range({counts})" if len(letters) == 1 else f"np.ndindex({counts})"
        return f"{self.planes[of]} = [{each} for {', '.join(letters)} in {places}]"

    @cached_property
    def found(self) -> dict[Named, Assign]:
        """The results that are views of rooms."""
        rooms = self.schedule.places
        found: dict[Named, Assign] = {}
        for statement in self.schedule.each:
            value, of = statement.value, statement.target.of
            parts = [part for part in walk(value) if isinstance(part, Name)]
            known = all(part.of in rooms or part.of in found for part in parts)
            if known and of not in rooms and self._is_view(value):
                found[of] = statement
        return found

    def _is_view(self, value: Value) -> bool:
        if isinstance(value, Bordered):
            return True
        if isinstance(value, Window):
            inside = not leads_outside(value, self.schedule.sizes)
            return inside and (isinstance(value.arg, Name) or self._is_view(value.arg))
        if isinstance(value, Part):
            return True
        return isinstance(value, Reshape) and len(value.arg.axes) < len(value.axes)

    @cached_property
    def borders(self) -> dict[Room, list[str]]:
        """What the rooms with a border are called as a whole: those are made first."""
        found: dict[Room, list[str]] = {}
        for of, statement in self.found.items():
            value = statement.value
            if isinstance(value, Bordered) and isinstance(value.arg, Name):
                room = self.schedule.places[value.arg.of]
                found.setdefault(room, []).append(self.schedule.passes.names(of))
        return found

    @cached_property
    def margins(self) -> frozenset[Room]:
        """The rooms of what is put together, with zeros where nothing is."""
        made = ((of, statement.value) for of, (statement, _) in self._overlapping.items())
        return frozenset(self.schedule.places[of] for of, value in made if isinstance(value, Copy))

    @cached_property
    def pieces(self) -> dict[Named, str]:
        """What is put together of pieces, and how these are called."""
        made = self._overlapping.items()
        owners = (self._owner(statement) for _, (statement, _) in made)
        names = (Temporary("pieces", k, owner) for k, owner in enumerate(owners, 1))
        return {of: self.schedule.passes.names(next(names)) for of, _ in made}

    def _owner(self, statement: Assign) -> Tensor | None:
        """What arrays are called after that are made for it, where layers are alike."""
        if not self.schedule.turns or statement.equation is None:
            return None
        return defined(statement.equation)

    @cached_property
    def _overlapping(self) -> dict[Named, tuple[Assign, Overlapping]]:
        rooms = self.schedule.places
        found: dict[Named, tuple[Assign, Overlapping]] = {}
        there = {*rooms, *self.found, *self.schedule.passes.params}
        for statement in self.schedule.each:
            known = overlapping(statement.value)
            of = statement.target.of
            placed = of in rooms or of in self.schedule.kept
            if known is not None and placed and known.source.of in there:
                found[of] = (statement, known)
        return found
