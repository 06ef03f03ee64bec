"""The function that a trainer calls at each step: loss and gradients, without new arrays."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.lowering.arrays import (
    Assign,
    Call,
    Cut,
    Element,
    Empty,
    Name,
    Named,
    Neighbours,
    Part,
    Slice,
    Temporary,
    names_in,
    walk,
)
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.called import Called
from symbp.targets.numpy.drawing import Drawing
from symbp.targets.numpy.folding import Folding
from symbp.targets.numpy.inplace import FLOAT, WRITING, InPlace
from symbp.targets.numpy.levels import Levels
from symbp.targets.numpy.looks import Looks
from symbp.targets.numpy.making import Making
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.numbered import Reading
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.scheduled import Schedule
from symbp.targets.numpy.sources import source
from symbp.targets.numpy.spelling import DTYPE, Spelling
from symbp.targets.numpy.statements import Group, Said
from symbp.targets.numpy.tables import Tables
from symbp.targets.numpy.taken import Taken
from symbp.targets.numpy.times import InStep, Times
from symbp.targets.numpy.views import Views
from symbp.targets.plan import Line
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

    @property
    def _making(self) -> Making:
        return Making(self._called, self.looks)

    @cached_property
    def _times(self) -> Times:
        return Times(self.schedule, self._called, self.looks)

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.schedule)

    @cached_property
    def _drawing(self) -> Drawing:
        return Drawing(self.passes)

    @cached_property
    def _views(self) -> Views:
        """The views that are made once: of what is in rooms, learnt, or the same in all steps."""
        there = {*self._rooms, *self.looks.found, *self.schedule.kept, *self.passes.params}
        there |= {*self.schedule.neighbours, *(s.target.of for s in self.schedule.once)}
        if VIEWS in self.schedule.without:
            there = set()
        names = {*map(self._called, there), *(self._drawing.names if there else ())}
        return Views(frozenset(names), self.passes.names.free)

    # ---- before all steps -----------------------------------------------------------------------

    @cached_property
    def before(self) -> list[str]:
        """The lines that are run once: parameters, gradients, constants, and the rooms."""
        passes, folding = self.passes, self._made
        tables = Tables(passes.names, self.stems)
        given = tables.all([*passes.params, *passes.gradients.values()])
        stems = (*folding.filled(self.stems), *self._step.filled(self.stems))
        filled = dict.fromkeys(map(passes.names.together, stems))
        return [
            *passes.given(self.schedule.used, tables),
            f"dtype = {DTYPE}",
            *passes.from_grads(tables),
            *layout.emptied([name for name in filled if name not in given], statements.WIDTH),
            *folding.lines(self.stems),
        ]

    @cached_property
    def _made(self) -> Folding:
        """What is made once."""
        spelling = Spelling(self.passes.names)
        lines = self._making.joint()
        for statement in self.schedule.once:
            text = spelling.text(statement.value)
            lines.append(f"{self.passes.names(statement.target.of)} = {text}")
        lines += [*self._times.zeros(), *self._levels.lines]
        lines += [*self._drawing.made(), *self._making.rooms()]
        lines += [*self.looks.lines(), *self._times.lines()]
        if self._step.groups and self.schedule.turns:
            lines += self._views.each(self.passes.names.numbered())
        elif self._step.groups:
            lines += self._views.lines(statements.WIDTH)
        return self._folding(map(_assigned, lines))

    @cached_property
    def stems(self) -> frozenset[str]:
        """What is left of the names of arrays that are found by the number of their layer."""
        return self._step.stems | self._made.stems

    def _folding(self, groups: Iterable[Group]) -> Folding:
        """The statements, those of layers that are alike in loops."""
        numbered = self.passes.names.numbered() if self.schedule.turns else {}
        return Folding(tuple(groups), self.passes.names, Reading(numbered, frozenset()))

    # ---- each step ------------------------------------------------------------------------------

    @cached_property
    def code(self) -> list[str]:
        """The lines of a step."""
        return self._step.lines(self.stems, WIDTH)

    @cached_property
    def _step(self) -> Folding:
        """What is done at each step."""
        spelling = InStep(self._called, times=self._times, views=self._views)
        exact = {t for t in self.passes.plan.inputs if t.labels is None}
        writer = InPlace(
            spelling,
            lambda of: of in exact or self._is_float(of),
            Matrices(spelling, self._order, self._shares),
            self.passes.plan.sizes,
            self.looks.pieces,
            self._levels.names,
            self.looks.planes,
        )
        groups = [Group((Said((), "", "", line),)) for line in self._drawing.lines()]
        pairs = zip(self.schedule.each, self._told, strict=True)
        for loop, several in groupby(pairs, key=lambda pair: pair[0].loop):
            said = self._said(several, writer)
            if loop is None:
                groups += [Group((each,)) for each in said]
            else:
                groups.append(Group(tuple(said), "\n".join(self._times.heads(loop, spelling))))
        return self._folding(groups)

    def _said(
        self, several: Iterable[tuple[Assign, tuple[Line, ...]]], writer: InPlace
    ) -> list[Said]:
        """Statements in code, each under the lines that it is the first to follow."""
        out: list[Said] = []
        above: tuple[Line, ...] = ()
        for statement, told in several:
            above += told
            text = self._text(statement, writer)
            if text:
                out.append(Said(above, self._called(statement.target.of), "", text))
            elif self._is_part(statement) and out:
                out[-1] = replace(out[-1], told=(*out[-1].told, *above))
            else:
                continue
            above = ()
        return [*out, Said(above, "", "", "")] if above else out

    @property
    def _told(self) -> Iterator[tuple[Line, ...]]:
        """For each statement the lines that it is the first to follow."""
        by_equation = {line.equation: line for line in self.passes.whole.lines}
        places = {equation: place for place, equation in enumerate(by_equation)}
        said: list[Equation] = []
        for statement in self.schedule.each:
            told = [*statement.through, *([statement.equation] if statement.equation else [])]
            new = sorted(set(told) - set(said), key=places.__getitem__)
            yield tuple(by_equation[equation] for equation in new)
            said = told or said

    def _text(self, statement: Assign, writer: InPlace) -> str:
        """A statement in code; nothing where its result is there."""
        of = statement.target.of
        if isinstance(statement.value, Empty) or statement is self.looks.found.get(of):
            return ""
        placed = (
            of in self._rooms or of in self.schedule.kept or isinstance(statement.target, Slice)
        )
        if placed and (self._is_there(statement) or self._is_part(statement)):
            return ""
        return writer.text(statement, writer.spelling.text(statement.target), placed=placed)

    def _order(self, of: Named) -> tuple[int, ...]:
        room, look = self._rooms.get(of), self.looks.found.get(of)
        if look is not None and isinstance(look.value, Part):
            return self._order(getattr(look.value.arg, "of", None))
        return room.order if room is not None else ()

    @cached_property
    def _shares(self) -> frozenset[Named]:
        """What is a part of another array, and what that is at single times."""
        looks = self.looks.found
        parts = {of for of, look in looks.items() if isinstance(look.value, Part)}
        return frozenset(parts | {of for of, array in self._seen.items() if array in parts})

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

    @cached_property
    def done(self) -> Collection[str]:
        """The SWITCHES that made a difference."""
        return self.schedule.done | ({VIEWS} if self._step.groups and self._views.names else set())

    @property
    def helpers(self) -> dict[str, bool]:
        """Functions that nothing else calls, and whether they are called."""
        parts = (part for s in self.schedule.each for part in walk(s.value))
        called = {part.op for part in parts if isinstance(part, Call)}
        return {
            "pieces": bool(self.looks.pieces),
            "earliest": bool(self.looks.planes),
            "below": bool(self.schedule.neighbours),
            "write_erf": "erf" in called,
            "write_erfc": bool(called & WRITING.keys()),
            "in_parts": bool(called & WRITING.keys()),
        }

    @cached_property
    def taken(self) -> Taken:
        """What all the arrays take that are made before all steps."""
        rooms = {room: self._making.shape(room) for room in self._called.rooms}
        constant = [*self._times.nothing, *self._levels.shapes]
        return Taken(self.schedule, rooms, constant, list(self._drawing.arrays()))


def _assigned(line: str) -> Group:
    """A line of code, which gives an array a name, or several."""
    target, sign, value = line.rpartition(" = ")
    return Group((Said((), target, sign.strip(), value),))


def stepping(passes: Passes, without: Collection[str] = ()) -> dict[str, Any]:
    """What the template says of a step; where that is one of single samples, nothing."""
    if not passes.plan.batched:
        return {"peak": None}
    step = Stepping(Schedule(passes, without))
    names = passes.names
    states = [tensor for tensor, _ in passes.plan.states]
    data = [names(t) for t in (*passes.plan.inputs, *passes.plan.targets)]
    args = [f"{name}: Array" for name in data]
    args += ["rng: np.random.Generator"] if passes.plan.drawn else []
    return {
        "head": layout.signature(
            "prepared",
            ["params: Params", "grads: Params", f"{passes.plan.count}: int"],
            "Callable[..., float]",
        ),
        "before": step.before,
        "has_tables": bool(step.stems),
        "inner": layout.signature("both", args, "float"),
        "code": step.code,
        "helpers": [source(name) for name, used in step.helpers.items() if used],
        "numbers": step.taken.numbers,
        "others": step.taken.others,
        "peak": step.taken.peak(_count(passes, passes.gradients), _count(passes, states)),
        "done": [(name, told) for name, told in SWITCHES.items() if name in step.done],
        "without": [name for name in SWITCHES if name in without],
    }


def _count(passes: Passes, tensors: Iterable[Tensor]) -> int:
    """How many numbers these have together."""
    return sum(math.prod(passes.shapes.numbers(tensor)) for tensor in tensors)
