"""A lesson: what a document says, in order and numbered, before it is spelled in any way.

The numbers are the ones that generated code cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from sympy import Expr

from symbp.derivation.backprop import Section
from symbp.derivation.layer import DEFINITION
from symbp.derivation.step import Step
from symbp.derivation.unroll import MARKS
from symbp.equations.axis import L, l
from symbp.equations.equation import Equation
from symbp.equations.nodes import written
from symbp.equations.program import Program
from symbp.equations.relocate import counted_from
from symbp.equations.tensor import is_entry, tensor_of

LONGEST_LISTING = 3
"""More layers of one kind than this are told once, for a layer in general."""


@dataclass(frozen=True)
class Range:
    """The places that a line speaks of: ``first`` ≤ l ≤ ``last``, or < where ``strict``.

    With a ``step``, only every so many of them.
    """

    first: Expr
    last: Expr
    strict: bool = False
    step: int = 1

    def holds(self, place: int, last: int) -> bool:
        """Whether ``place`` lies in the range, where L is ``last``."""
        end = last if self.last == L else int(self.last)
        within = int(self.first) <= place <= end - self.strict
        return within and (place - int(self.first)) % self.step == 0


@dataclass(frozen=True)
class Line:
    """A numbered equation ``lhs = rhs``.

    ``told`` names the words that say why, ``facts`` fill them; ``uses`` are the numbers of the
    lines it rests on. With ``continues`` the left side is that of the line before. ``step`` is the
    move, as it was made for this kind of layer, to be certified in ``program``.
    """

    number: int
    id: str
    lhs: Expr
    rhs: Expr
    told: str
    facts: Mapping[str, Expr] = field(default_factory=dict)
    uses: tuple[int, ...] = ()
    continues: bool = False
    condition: Range | None = None
    step: Step | None = None
    program: Program | None = None

    @property
    def place(self) -> Expr | None:
        """The layer that its left side belongs to; None for what belongs to none."""
        return tensor_of(self.lhs).place if is_entry(self.lhs) else None


@dataclass(frozen=True)
class Chapter:
    """A heading, words under it, and lines."""

    heading: str
    facts: Mapping[str, Expr] = field(default_factory=dict)
    text: str = ""
    lines: tuple[Line, ...] = ()
    condition: Range | None = None


@dataclass(frozen=True)
class Lesson:
    """Chapters, and under which number each equation stands."""

    chapters: tuple[Chapter, ...]
    kinds: Mapping[Expr, str] = field(default_factory=dict)
    """The places of layers -> what kinds they are; empty where all are fully connected."""

    @property
    def lines(self) -> Iterator[Line]:
        return (line for chapter in self.chapters for line in chapter.lines)

    @cached_property
    def _by_stem(self) -> dict[str, list[tuple[str, Line]]]:
        """The lines by what their ids begin with, each with its place; the last line first."""
        found: dict[str, list[tuple[str, Line]]] = {}
        for line in reversed(list(self.lines)):
            stem, _, place = line.id.partition("@")
            found.setdefault(stem, []).append((place, line))
        return found

    def cite(self, equation: Equation, last: Expr, prefix: str = "") -> tuple[int, str] | None:
        """The number of the line that says ``equation``, whose id there begins with ``prefix``.

        Where that line speaks of a layer in general, also for which one: ``(23, "l = 2")``.
        ``last`` is the place of the last layer. None where the lesson has no such line.
        """
        stem, _, place = equation.id.partition("@")
        for at, line in self._by_stem.get(prefix + stem, ()):
            if (line.lhs, line.rhs) == (equation.lhs, equation.rhs):
                return line.number, ""
            if not place:
                if prefix:
                    return line.number, f"L = {written(last)}"
                continue
            if at == written(L) and place == written(last):
                return line.number, f"L = {place}"
            if at == written(l) and line.condition and line.condition.holds(int(place), int(last)):
                return line.number, f"l = {place}"
        return None


GIVENS = "given_"
"""What the words of declared equations begin with."""

PLACE = re.compile(r"@(\d+)")
"""The number of a layer in an id."""

AGAIN = ("insert_whole", "restore_delta")
"""Moves whose line is left out where it says what an earlier one said."""


@dataclass
class Writer:
    """Numbers lines as they are written."""

    numbers: dict[tuple[str, Range | None], int] = field(default_factory=dict)
    rows: dict[str, dict[Range, int]] = field(default_factory=dict)
    """The lines about layers in general, by their ids and ranges."""
    count: int = 0

    def line(self, name: str, lhs: Expr, rhs: Expr, told: str, **more: Any) -> Line:
        """The next line; ``name`` is then cited by its number."""
        self.count += 1
        self.cited(name, more.get("condition"), self.count)
        return Line(self.count, name, lhs, rhs, told, **more)

    def cited(self, name: str, condition: Range | None, number: int) -> None:
        """``name`` is cited by ``number``."""
        self.numbers[name, condition] = self.numbers[name, None] = number
        if condition:
            self.rows.setdefault(name, {})[condition] = number

    def all_numbers(self, names: Iterable[str], run: Run) -> tuple[int, ...]:
        """The numbers of the lines that a line of ``run`` uses, in the order of ``names``."""
        renaming = [section.rename for section in run.instances] or [{}]
        here = written(run.section.place)
        found = (
            self.number(name, here, run.row, new.get(name)) for name in names for new in renaming
        )
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def number(
        self, name: str, here: str, row: Range | None = None, instance: str | None = None
    ) -> int | None:
        """The number of the line ``name``, which a line about the layer ``here`` uses.

        In a ``row`` of layers that are told in general, ``instance`` is what ``name`` is for one of
        them. Where the depth is left open, the like of ``name`` at ``here`` speaks for all layers.
        An equation is cited for the time after this one, too.
        """
        name = _unmarked(name)
        concrete = _unmarked(instance or name)
        found = [self.numbers.get((name, row)), self._alone(concrete), self._in_row(concrete)]
        if not PLACE.search(concrete):
            like = f"{name.partition('@')[0]}@{here}"
            found += [self.numbers.get((like, row)), self._alone(like)]
        return next((number for number in found if number is not None), None)

    def _alone(self, name: str) -> int | None:
        return self.numbers.get((name, None))

    def _in_row(self, name: str) -> int | None:
        """The number of the line about layers in general that ``name`` is an instance of."""
        for place in dict.fromkeys(map(int, PLACE.findall(name))):
            for row, number in self.rows.get(_in_general(name, place), {}).items():
                if row.holds(place, place):
                    return number
        return None

    def given(
        self, equations: Iterable[Equation], prefix: str, condition: Range | None = None
    ) -> list[Line]:
        """Equations that are declared, not derived."""
        return [
            self.line(prefix + e.id, e.lhs, e.rhs, _kind_of(prefix + e.id), condition=condition)
            for e in equations
        ]

    def derived(self, run: Run, *, updates: bool) -> list[Line]:
        """The lines of one layer's derivations, or of those of several layers."""
        section, condition = run.section, run.row
        out: list[Line] = []
        told: dict[tuple[Expr, Expr], int] = {}
        for top, at_l in zip(section.derivations, section.kind.derivations, strict=True):
            if top.id.startswith("update.") and not updates:
                continue
            for (derivation, step), (_, certified) in zip(top.walk(), at_l.walk(), strict=True):
                known = told.get((derivation.goal, step.after))
                if known is not None and step.move in AGAIN:
                    self.cited(derivation.id, condition, known)
                    continue
                told[derivation.goal, step.after] = self.count + 1
                if step.move == "define":
                    name = f"{DEFINITION}{derivation.id.removeprefix(DEFINITION)}"
                    self.cited(name, condition, self.count + 1)
                out.append(
                    self.line(
                        derivation.id,
                        derivation.goal,
                        step.after,
                        step.move,
                        facts=step.facts,
                        uses=self.all_numbers(step.uses, run),
                        continues=bool(out) and out[-1].id == derivation.id,
                        condition=condition,
                        step=certified,
                        program=section.kind.program,
                    )
                )
        return out


def _in_general(name: str, here: int) -> str:
    """An id with its places counted from ``here``, which is l."""
    return PLACE.sub(lambda at: f"@{written(l + int(at[1]) - here)}", name)


def _unmarked(name: str) -> str:
    """The id of an equation of another time, as of its own."""
    for mark in MARKS:
        name = name.removeprefix(mark).replace(f"{DEFINITION}{mark}", DEFINITION)
    return name


def _kind_of(name: str) -> str:
    """The words for a declared equation, from its id: ``u@3`` is told as ``given_u``."""
    return f"{GIVENS}{name.partition('@')[0]}"


@dataclass(frozen=True)
class Run:
    """A stage of a layer, or of the layers of a ``row``, told together.

    ``instances`` are the stage in the last of them and in the first.
    """

    section: Section
    row: Range | None = None
    instances: tuple[Section, ...] = ()

    @property
    def begins(self) -> Expr:
        """The layer that is told first; the last one of a row."""
        return self.instances[0].place if self.instances else self.section.place


def runs(sections: Sequence[Section]) -> list[Run]:
    """``sections``, last layer first; of many layers of one kind one is told in general."""
    layers: dict[Expr, list[Section]] = {}
    for section in sections:
        if not section.is_shared:
            layers.setdefault(section.place, []).append(section)
    alike: dict[tuple[int, ...], list[Expr]] = {}
    for place, stages in layers.items():
        alike.setdefault(tuple(id(s.kind) for s in stages), []).append(place)
    out: list[Run] = []
    for stages in layers.values():
        places = alike[tuple(id(s.kind) for s in stages)]
        row = range_of(places)
        if row is None:
            out += map(Run, stages)
        elif stages[0].place == places[0]:
            ends = zip(stages, layers[places[-1]], strict=True)
            out += [Run(Section(l, both[0].kind, {}), row, both) for both in ends]
    return out + [Run(s) for s in sections if s.is_shared]


def range_of(places: Sequence[Expr]) -> Range | None:
    """The range of ``places``, last first; None unless they are many and evenly spaced."""
    gaps = {one - other for one, other in pairwise(places)}
    if len(places) <= LONGEST_LISTING or len(gaps) != 1:
        return None
    return Range(places[-1], places[0], step=int(gaps.pop()))


def forward_of(told: Sequence[Run], program: Program) -> Iterator[tuple[Equation, Range | None]]:
    """The forward equations in order; those of layers in general once, with their range."""
    rows = {run.row for run in told if run.row}
    for equation in program.equations:
        stem, _, place = equation.id.partition("@")
        if not place:
            continue
        row = next((row for row in rows if row.holds(int(place), int(place))), None)
        if row is None:
            yield equation, None
        elif place == written(row.first):
            atoms = counted_from(row.first, equation.lhs, equation.rhs)
            sides = (side.xreplace(atoms) for side in (equation.lhs, equation.rhs))
            yield Equation(f"{stem}@{l}", *sides), row
