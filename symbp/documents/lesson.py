"""A lesson: what a document says, in order and numbered, before it is spelled in any way.

The numbers are the ones that generated code cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from sympy import Expr

from symbp.derivation.backprop import Section
from symbp.derivation.step import Step
from symbp.derivation.unroll import MARKS
from symbp.equations.axis import L, l
from symbp.equations.equation import Equation
from symbp.equations.nodes import written
from symbp.equations.program import Program
from symbp.equations.relocate import counted_from

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


AGAIN = ("insert_whole", "restore_delta")
"""Moves whose line is left out where it says what an earlier one said."""


@dataclass
class Writer:
    """Numbers lines as they are written."""

    numbers: dict[tuple[str, Range | None], int] = field(default_factory=dict)
    count: int = 0

    def line(self, name: str, lhs: Expr, rhs: Expr, told: str, **more: Any) -> Line:
        """The next line; ``name`` is then cited by its number."""
        self.count += 1
        self.numbers[name, more.get("condition")] = self.numbers[name, None] = self.count
        return Line(self.count, name, lhs, rhs, told, **more)

    def number(self, name: str, here: str, condition: Range | None = None) -> int | None:
        """The number of the line ``name``; that of its like at ``here`` where it has none.

        An equation is cited for the time after this one, too.
        """
        for mark in MARKS:
            name = name.removeprefix(mark)
        like = f"{name.partition('@')[0]}@{here}"
        asked = ((name, condition), (like, condition), (name, None), (like, None))
        return next((n for key in asked if (n := self.numbers.get(key)) is not None), None)

    def given(
        self, equations: Iterable[Equation], prefix: str, condition: Range | None = None
    ) -> list[Line]:
        """Equations that are declared, not derived."""
        return [
            self.line(prefix + e.id, e.lhs, e.rhs, _kind_of(prefix + e.id), condition=condition)
            for e in equations
        ]

    def derived(self, section: Section, condition: Range | None, *, updates: bool) -> list[Line]:
        """The lines of one layer's derivations."""
        out: list[Line] = []
        told: dict[tuple[Expr, Expr], int] = {}
        for top, at_l in zip(section.derivations, section.kind.derivations, strict=True):
            if top.id.startswith("update.") and not updates:
                continue
            for (derivation, step), (_, certified) in zip(top.walk(), at_l.walk(), strict=True):
                known = told.get((derivation.goal, step.after))
                if known is not None and step.move in AGAIN:
                    self.numbers[derivation.id, condition] = known
                    self.numbers[derivation.id, None] = known
                    continue
                told[derivation.goal, step.after] = self.count + 1
                here = written(section.place)
                uses = tuple(n for u in step.uses if (n := self.number(u, here, condition)))
                out.append(
                    self.line(
                        derivation.id,
                        derivation.goal,
                        step.after,
                        step.move,
                        facts=step.facts,
                        uses=uses,
                        continues=bool(out) and out[-1].id == derivation.id,
                        condition=condition,
                        step=certified,
                        program=section.kind.program,
                    )
                )
        return out


def _kind_of(name: str) -> str:
    """The words for a declared equation, from its id: ``u@3`` is told as ``given_u``."""
    return f"given_{name.partition('@')[0]}"


@dataclass(frozen=True)
class Run:
    """Layers of one kind, told together; ``section`` is a stage of the one that is told.

    ``places`` are theirs, last first.
    """

    section: Section
    places: tuple[Expr, ...]

    @property
    def condition(self) -> Range | None:
        return range_of(self.places)


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
        if range_of(places) is None:
            out += [Run(s, (s.place,)) for s in stages]
        elif stages[0].place == places[0]:
            out += [Run(Section(l, s.kind, {}), tuple(places)) for s in stages]
    return out + [Run(s, (s.place,)) for s in sections if s.is_shared]


def range_of(places: Sequence[Expr]) -> Range | None:
    """The range of ``places``, last first; None unless they are many and evenly spaced."""
    gaps = {one - other for one, other in pairwise(places)}
    if len(places) <= LONGEST_LISTING or len(gaps) != 1:
        return None
    return Range(places[-1], places[0], step=int(gaps.pop()))


def forward_of(told: Sequence[Run], program: Program) -> Iterator[tuple[Equation, Range | None]]:
    """The forward equations in order; those of layers in general once, with their range."""
    general = {str(place): run for run in told if run.condition for place in run.places}
    for equation in program.equations:
        stem, _, place = equation.id.partition("@")
        if not place:
            continue
        run = general.get(place)
        if run is None:
            yield equation, None
        elif place == str(run.places[-1]):
            atoms = counted_from(run.places[-1], equation.lhs, equation.rhs)
            sides = (side.xreplace(atoms) for side in (equation.lhs, equation.rhs))
            yield Equation(f"{stem}@{l}", *sides), run.condition
