"""The function that a trainer calls at each step: loss and gradients, without new arrays."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symbp.lowering.arrays import (
    Assign,
    Cut,
    Element,
    Empty,
    Name,
    Named,
    Neighbours,
    Slice,
    Temporary,
    names_in,
)
from symbp.lowering.passes.rooms import Room
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.allocating import allocated
from symbp.targets.numpy.called import Called
from symbp.targets.numpy.inplace import FLOAT, InPlace
from symbp.targets.numpy.levels import Levels
from symbp.targets.numpy.looks import Looks
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.scheduled import Schedule
from symbp.targets.numpy.sources import source
from symbp.targets.numpy.spelling import DTYPE, Spelling
from symbp.targets.numpy.times import InStep, Times
from symbp.targets.numpy.views import Views
from symbp.targets.numpy.wrap import broken
from symbp.targets.styles import SWITCHES

VIEWS = "views"
"""The switch of what is decided here."""

WIDTH = statements.WIDTH - 4
"""Columns inside a function inside a function."""


@dataclass(frozen=True)
class Stepping:
    """A schedule as the lines of a function."""

    schedule: Schedule

    @property
    def passes(self) -> Passes:
        return self.schedule.passes

    @property
    def _rooms(self) -> dict[Named, Room]:
        return self.schedule.places

    @cached_property
    def _called(self) -> Called:
        return Called(self.schedule)

    @cached_property
    def looks(self) -> Looks:
        """The views that are there before all steps."""
        return Looks(self.schedule, self._called)

    @cached_property
    def _times(self) -> Times:
        return Times(self.schedule, self._called)

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.schedule)

    @cached_property
    def _views(self) -> Views:
        """The views that are made once: of what is in rooms, learnt, or the same in all steps."""
        there = {*self._rooms, *self.looks.found, *self.schedule.kept, *self.passes.params}
        there |= {*self.schedule.neighbours, *(s.target.of for s in self.schedule.once)}
        if VIEWS in self.schedule.without:
            there = set()
        return Views(frozenset(map(self._called, there)), self.passes.names.free)

    # ---- before all steps -----------------------------------------------------------------------

    def before(self) -> list[str]:
        """The lines that are run once: parameters, gradients, constants, and the rooms."""
        spelling = Spelling(self.passes.names)
        lines = [*self.passes.given(self.schedule.used), f"dtype = {DTYPE}"]
        lines += self.passes.from_grads()
        lines += [self._joint(of) for of in self.schedule.neighbours]
        for statement in self.schedule.once:
            text = spelling.text(statement.value)
            lines.append(f"{self.passes.names(statement.target.of)} = {text}")
        lines += [*self._times.zeros(), *self._levels.lines]
        lines += [line for room in self._called.rooms for line in self._made(room)]
        lines += [*self.looks.lines(), *self._times.lines()]
        return [*lines, *self._views.lines(statements.WIDTH)] if self.code else lines

    def _made(self, room: Room) -> list[str]:
        """The room by all its names."""
        names = self._called.rooms[room]
        text = self._empty(room)
        lines: list[str] = []
        if room in self.looks.borders:
            whole = self.looks.borders[room]
            lines += self._aliases(whole, self._empty(room, border=True))
            text = f"{whole[0]}[:, :-1]"
        return lines + self._aliases(names, text)

    def _aliases(self, names: Sequence[str], text: str) -> list[str]:
        """One array by several names."""
        lines: list[str] = []
        while names:
            taken = len(names)
            while taken > 1 and len(" = ".join([*names[:taken], text])) > statements.WIDTH:
                taken -= 1
            lines.append(" = ".join([*names[:taken], text]))
            text, names = names[0], names[taken:]
        return lines

    def _joint(self, of: Neighbours) -> str:
        """What lies one behind the other, as one array."""
        names = self.passes.names
        return f"{names(of)} = below({names(of.first)}, {names(of.last)})"

    def _empty(self, room: Room, *, border: bool = False) -> str:
        """A new array; what belongs to one time of a loop lies together, and so on."""
        shape = [*room.shape[:-1], _and_one(room.shape[-1])] if border else room.shape
        made = "ones" if border else "zeros" if room in self.looks.margins else "empty"
        return allocated(room, shape, made)

    # ---- each step ------------------------------------------------------------------------------

    @cached_property
    def code(self) -> list[str]:
        """The lines of a step."""
        by_equation = {line.equation: line for line in self.passes.whole.lines}
        spelling = InStep(self._called, times=self._times, views=self._views)
        exact = {t for t in self.passes.plan.inputs if t.labels is None}
        writer = InPlace(
            spelling,
            lambda of: of in exact or self._is_float(of),
            Matrices(spelling, self._order),
            self.looks.pieces,
            self._levels.names,
            self.looks.planes,
        )
        out = self.passes.drawing(self.schedule.used)
        said, loop, last = None, None, 0
        for statement in self.schedule.each:
            if statement.loop is not None and statement.loop != loop:
                out += self._times.heads(statement.loop, spelling)
            comments: list[str] = []
            if statement.equation is not None and statement.equation != said:
                comments = statements.comment(by_equation[statement.equation], WIDTH)
                said = statement.equation
            indent = "    " if statement.loop is not None else ""
            at = last if self._is_part(statement) else len(out)
            out[at:at] = [f"{indent}{line}" for line in comments]
            lines = self._line(statement, writer)
            last = len(out) if lines else last + len(comments)
            out += [f"{indent}{line}" for line in lines]
            loop = statement.loop
        return out

    def _line(self, statement: Assign, writer: InPlace) -> list[str]:
        of = statement.target.of
        if isinstance(statement.value, Empty) or of in self.looks:
            return []
        placed = (
            of in self._rooms or of in self.schedule.kept or isinstance(statement.target, Slice)
        )
        if placed and (self._is_there(statement) or self._is_part(statement)):
            return []
        text = writer.text(statement, writer.spelling.text(statement.target), placed=placed)
        return [line for each in text.splitlines() for line in broken(each, WIDTH)]

    def _order(self, of: Named) -> tuple[int, ...]:
        room = self._rooms.get(of)
        return room.order if room is not None else ()

    def _is_there(self, statement: Assign) -> bool:
        """Whether the result is an array by another name."""
        value = statement.value
        room = self._rooms.get(value.of) if isinstance(value, Name) else None
        return (
            room is not None
            and room == self._rooms.get(statement.target.of)
            and not (isinstance(statement.target, Slice))
        )

    def _is_part(self, statement: Assign) -> bool:
        """Whether the result is a part of neighbours, which are there."""
        value = statement.value
        whole = value.arg if isinstance(value, (Cut, Element)) else None
        return isinstance(whole, Name) and isinstance(whole.of, Neighbours)

    def _is_float(self, of: Named) -> bool:
        """Whether an array is of the precision of the parameters."""
        room = self._rooms.get(of)
        if room is not None:
            return room.kind == FLOAT
        if of in self.looks:
            read = names_in(self.looks.found[of].value) & self._rooms.keys()
            return all(self._is_float(each) for each in read)
        if of in self._seen:
            return self._is_float(self._seen[of])
        return (
            of in self._learnt
            or isinstance(of, Neighbours)
            or (isinstance(of, Temporary) and of.label == "ones")
        )

    @cached_property
    def _learnt(self) -> frozenset[Named]:
        """Parameters and their gradients."""
        return frozenset((*self.passes.params, *self.passes.gradients.values()))

    @cached_property
    def _seen(self) -> dict[Named, Named]:
        """The names of single times of arrays, and these."""
        return {s.target.of: s.value.of for s in self.schedule.each if isinstance(s.value, Slice)}

    @property
    def done(self) -> Collection[str]:
        """The SWITCHES that made a difference."""
        return self.schedule.done | ({VIEWS} if self.code and self._views.names else set())

    @property
    def helpers(self) -> dict[str, bool]:
        """Functions that are called once, and whether they are."""
        views = {"pieces": bool(self.looks.pieces), "earliest": bool(self.looks.planes)}
        return {**views, "below": bool(self.schedule.neighbours)}

    def size(self) -> str:
        """How many numbers the rooms hold: ``618 N + 20``."""
        open_: dict[str, int] = {}
        for room in self._called.rooms:
            sizes = [size for size in room.shape if not size.isdigit()]
            own = math.prod(int(size) for size in room.shape if size.isdigit())
            key = " ".join(sizes)
            open_[key] = open_.get(key, 0) + own
        terms = [f"{count} {key}".strip() for key, count in open_.items()]
        return " + ".join(terms) or "0"


def _and_one(size: str) -> str:
    return str(int(size) + 1) if size.isdigit() else f"{size} + 1"


def stepping(passes: Passes, without: Collection[str] = ()) -> dict[str, Any]:
    """What the template says of a step; where that is one of single samples, only its size."""
    if not passes.plan.batched:
        return {"size": "0"}
    step = Stepping(Schedule(passes, without))
    names = passes.names
    data = [names(t) for t in (*passes.plan.inputs, *passes.plan.targets)]
    args = [f"{name}: Array" for name in data]
    args += ["masks: Masks"] if passes.plan.drawn else []
    return {
        "head": layout.signature(
            "prepared",
            ["params: Params", "grads: Params", f"{passes.plan.count}: int"],
            "Callable[..., float]",
        ),
        "before": step.before(),
        "inner": layout.signature("both", args, "float"),
        "code": step.code,
        "helpers": [source(name) for name, used in step.helpers.items() if used],
        "size": step.size(),
        "done": [(name, told) for name, told in SWITCHES.items() if name in step.done],
        "without": [name for name in SWITCHES if name in without],
    }
