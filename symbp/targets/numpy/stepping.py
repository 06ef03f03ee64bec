"""The function that a trainer calls at each step: loss and gradients, without new arrays."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from symbp.equations.tensor import Tensor
from symbp.lowering.arrays import (
    Assign,
    Copy,
    Empty,
    Loop,
    Name,
    Named,
    Neighbour,
    Reshape,
    Slice,
    Temporary,
    Value,
    Window,
    names_in,
    walk,
)
from symbp.lowering.passes.rooms import Room
from symbp.lowering.passes.steps import leads_outside
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.allocating import allocated
from symbp.targets.numpy.inplace import FLOAT, InPlace
from symbp.targets.numpy.levels import Levels
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.overlapping import Overlapping, overlapping
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.scheduled import Schedule, arrays
from symbp.targets.numpy.sources import source
from symbp.targets.numpy.spelling import DTYPE, Spelling
from symbp.targets.numpy.wrap import broken
from symbp.targets.numpy.wrap import statement as broken_statement
from symbp.targets.styles import SWITCHES

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

    # ---- names ----------------------------------------------------------------------------------

    @cached_property
    def _tenants(self) -> dict[Room, list[Tensor]]:
        """The tensors that come to be in each room."""
        found: dict[Room, list[Tensor]] = {room: [] for room in self._rooms.values()}
        for of, room in self._rooms.items():
            if not isinstance(of, Temporary):
                found[room].append(of)
        return found

    @cached_property
    def _called(self) -> dict[Named, str]:
        """What the results without names are called: as the room is where they lead to that."""
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
                    found[each] = self.passes.names(of) if same else self._number(self._rooms[each])
                pending = []
        return found | {each: self._number(self._rooms[each]) for each in pending}

    def _number(self, room: Room) -> str:
        """The name of a room by itself: they are counted as they are needed."""
        number = self._numbers.setdefault(room, len(self._numbers) + 1)
        return self.passes.names(Temporary("room", number))

    @cached_property
    def _numbers(self) -> dict[Room, int]:
        return {}

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """The names that results without names go by."""
        return frozenset(self._called.values())

    def _name(self, named: Named) -> str:
        return self._called.get(named) or self.passes.names(named)

    # ---- code -----------------------------------------------------------------------------------

    def before(self) -> list[str]:
        """The lines that are run once: parameters, gradients, constants, and the rooms."""
        spelling = Spelling(self.passes.names)
        lines = [*self.passes.given(self.schedule.used), f"dtype = {DTYPE}"]
        lines += self._grads()
        for statement in self.schedule.once:
            text = spelling.text(statement.value)
            lines.append(f"{self.passes.names(statement.target.of)} = {text}")
        for shape, name in self.nothing.items():
            lines.append(f"{name} = np.zeros({layout.tuple_text(shape)}, dtype)")
        lines += self._levels.lines
        lines += [line for room in self._tenants for line in self._made(room)]
        lines += [line for s in self._looks.values() for line in self._look(s)]
        lines += [line for of in self._pieces for line in self._in_pieces(of)]
        return lines + list(dict.fromkeys(self._views(of) for of in self.times))

    # ---- other ways to look at rooms ------------------------------------------------------------

    @cached_property
    def _looks(self) -> dict[Named, Assign]:
        """The results that are views of rooms: those are there before all steps."""
        found: dict[Named, Assign] = {}
        for statement in self.schedule.each:
            value, of = statement.value, statement.target.of
            parts = [part for part in walk(value) if isinstance(part, Name)]
            known = all(part.of in self._rooms or part.of in found for part in parts)
            if known and of not in self._rooms and self._is_view(value):
                found[of] = statement
        return found

    def _is_view(self, value: Value) -> bool:
        if isinstance(value, Window):
            inside = not leads_outside(value, self.schedule.sizes)
            return inside and (isinstance(value.arg, Name) or self._is_view(value.arg))
        return isinstance(value, Reshape) and len(value.arg.axes) < len(value.axes)

    def _look(self, statement: Assign) -> list[str]:
        spelling = Spelling(self._name)
        return statements.spelled(statement, spelling, statements.WIDTH)

    @cached_property
    def _pieces(self) -> dict[Named, str]:
        """What is put together of pieces, and how these are called."""
        names = (Temporary("pieces", k) for k in count(1))
        return {of: self.passes.names(next(names)) for of in self._overlapping}

    @cached_property
    def _overlapping(self) -> dict[Named, tuple[Assign, Overlapping]]:
        found: dict[Named, tuple[Assign, Overlapping]] = {}
        for statement in self.schedule.each:
            known = overlapping(statement.value)
            of = statement.target.of
            there = self._rooms.keys() | self._looks.keys() | self._learnt
            placed = of in self._rooms or of in self.schedule.kept
            if known is not None and placed and known.source.of in there:
                found[of] = (statement, known)
        return found

    def _in_pieces(self, of: Named) -> list[str]:
        """The views are there before all steps, too."""
        statement, found = self._overlapping[of]
        spelling = Spelling(self._name)
        text = found.text(spelling.text(statement.target), spelling)
        return broken_statement(f"{self._pieces[of]} =", text, statements.WIDTH)

    def _grads(self) -> list[str]:
        names, found = self.passes.names, self.passes.gradients
        keys = [f'grads["{names(tensor)}"]' for tensor in found]
        own = [names(of) for of in found.values()]
        whole = f"{', '.join(own)} = {', '.join(keys)}"
        if len(own) == 1 or len(whole) <= statements.WIDTH:
            return [whole]
        learnt = "LEARNT" if self.passes.plan.states else "SHAPES"
        return layout.unpacked(own, f"(grads[name] for name in {learnt})", statements.WIDTH)

    def _made(self, room: Room) -> list[str]:
        """The room by all its names."""
        names = [self.passes.names(tensor) for tensor in self._tenants[room]]
        if self._spoken and self._number(room) in self._spoken:
            names.append(self._number(room))
        text = self._empty(room)
        lines: list[str] = []
        while names:
            taken = len(names)
            while taken > 1 and len(" = ".join([*names[:taken], text])) > statements.WIDTH:
                taken -= 1
            lines.append(" = ".join([*names[:taken], text]))
            text, names = names[0], names[taken:]
        return lines

    def _empty(self, room: Room) -> str:
        return allocated(room, room.shape, "zeros" if room in self._margins else "empty")

    @cached_property
    def _margins(self) -> frozenset[Room]:
        """The rooms of what is put together, with zeros where nothing is."""
        made = ((of, self._overlapping[of][0].value) for of in self._pieces)
        return frozenset(self._rooms[of] for of, value in made if isinstance(value, Copy))

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.schedule)

    @cached_property
    def nothing(self) -> dict[tuple[str, ...], str]:
        parts = (part for s in self.schedule.each for part in walk(s.value))
        shapes = dict.fromkeys(self.schedule.shape(p) for p in parts if isinstance(p, Neighbour))
        names = (self.passes.names(Temporary("zeros", k)) for k in range(1, len(shapes) + 1))
        return dict(zip(shapes, names, strict=True))

    @cached_property
    def times(self) -> dict[Named, Slice]:
        """The arrays of rooms that loops go through."""
        slices = (part for part in arrays(self.schedule.each) if isinstance(part, Slice))
        return {part.of: part for part in slices if part.of in self._rooms}

    def _views(self, of: Named) -> str:
        """A list of what an array is at each time: that is made once, and not at each time."""
        array, at = self._name(of), self.times[of]
        array = f"np.moveaxis({array}, {at.position}, 0)" if at.position else array
        return f"{self.at(of)} = list({array})"

    def at(self, of: Named) -> str:
        """The name of that list."""
        return self.passes.names(Temporary("at", 0, self._own(of)))

    def now(self, of: Named) -> str:
        """What the array is called at the time of a loop."""
        return self.passes.names(Temporary("now", 0, self._own(of)))

    def _own(self, of: Named) -> Named:
        """Itself, or its room where it is called so."""
        room = self._rooms[of]
        is_room = self._name(of) == self._number(room)
        return Temporary("room", self._numbers[room]) if is_room else of

    def _heads(self, loop: Loop, spelling: Spelling) -> list[str]:
        """The head of a loop, and what its arrays are at its time."""
        inside = [s for s in self.schedule.each if s.loop == loop]
        read = dict.fromkeys(
            p.of for p in arrays(inside) if type(p) is Slice and p.of in self.times
        )
        time = self.passes.names(loop.along)
        names = dict.fromkeys((self.now(of), self.at(of)) for of in read)
        return [spelling.head(loop), *(f"    {now} = {at}[{time}]" for now, at in names)]

    def code(self) -> list[str]:
        """The lines of a step."""
        by_equation = {line.equation: line for line in self.passes.whole.lines}
        spelling = InStep(self._name, step=self)
        exact = {t for t in self.passes.plan.inputs if t.labels is None}
        writer = InPlace(
            spelling,
            lambda of: of in exact or self._is_float(of),
            Matrices(spelling, self._order),
            self._pieces,
            self._levels.names,
        )
        out = self.passes.drawing(self.schedule.used)
        said, loop = None, None
        for statement in self.schedule.each:
            if statement.loop is not None and statement.loop != loop:
                out += self._heads(statement.loop, spelling)
            lines: list[str] = []
            if statement.equation is not None and statement.equation != said:
                lines += statements.comment(by_equation[statement.equation], WIDTH)
                said = statement.equation
            lines += self._line(statement, writer)
            indent = "    " if statement.loop is not None else ""
            out += [f"{indent}{line}" for line in lines]
            loop = statement.loop
        return out

    def _line(self, statement: Assign, writer: InPlace) -> list[str]:
        of = statement.target.of
        if isinstance(statement.value, Empty) or of in self._looks:
            return []
        placed = (
            of in self._rooms or of in self.schedule.kept or isinstance(statement.target, Slice)
        )
        if placed and self._is_there(statement):
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

    def _is_float(self, of: Named) -> bool:
        """Whether an array is of the precision of the parameters."""
        room = self._rooms.get(of)
        if room is not None:
            return room.kind == FLOAT
        if of in self._looks:
            return all(
                self._is_float(of_) for of_ in names_in(self._looks[of].value) if of_ in self._rooms
            )
        if of in self._seen:
            return self._is_float(self._seen[of])
        return of in self._learnt or (isinstance(of, Temporary) and of.label == "ones")

    @cached_property
    def _learnt(self) -> frozenset[Named]:
        """Parameters and their gradients."""
        return frozenset((*self.passes.params, *self.passes.gradients.values()))

    @cached_property
    def _seen(self) -> dict[Named, Named]:
        """The names of single times of arrays, and these."""
        return {s.target.of: s.value.of for s in self.schedule.each if isinstance(s.value, Slice)}

    def size(self) -> str:
        """How many numbers the rooms hold: ``618 N + 20``."""
        open_: dict[str, int] = {}
        for room in self._tenants:
            sizes = [size for size in room.shape if not size.isdigit()]
            own = math.prod(int(size) for size in room.shape if size.isdigit())
            key = " ".join(sizes)
            open_[key] = open_.get(key, 0) + own
        terms = [f"{count} {key}".strip() for key, count in open_.items()]
        return " + ".join(terms) or "0"


@dataclass(frozen=True)
class InStep(Spelling):
    """Spells what arrays are at single times by names that they have got."""

    step: Stepping = field(kw_only=True)

    def _slice(self, value: Slice) -> str:
        return self.step.now(value.of) if value.of in self.step.times else super()._slice(value)

    def _at(self, value: Slice, time: str) -> str:
        if value.of in self.step.times:
            return f"{self.step.at(value.of)}[{time}]"
        return super()._at(value, time)

    def _nothing(self, value: Neighbour) -> str:
        return self.step.nothing[self.step.schedule.shape(value)]


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
        "code": step.code(),
        "helpers": [source("pieces")] if step._pieces else [],
        "size": step.size(),
        "done": [(name, told) for name, told in SWITCHES.items() if name not in without],
    }
