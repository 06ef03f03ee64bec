"""A lesson: what a document says, in order and numbered, before it is spelled in any way.

The numbers are the ones that generated code cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from symbp.derivation.backprop import Section
from symbp.derivation.step import Step
from symbp.equations.axis import L, l
from symbp.equations.equation import Equation
from symbp.equations.program import Program

LONGEST_LISTING = 3
"""More layers of one kind in a row than this are told once, for a layer in general."""


@dataclass(frozen=True)
class Range:
    """The places that a line speaks of: ``first`` ≤ l ≤ ``last``, or < where ``strict``."""

    first: Expr
    last: Expr
    strict: bool = False

    def holds(self, place: int, last: int) -> bool:
        """Whether ``place`` lies in the range, where L is ``last``."""
        end = last if self.last == L else int(self.last)
        return int(self.first) <= place <= end - self.strict


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

    @property
    def lines(self) -> Iterator[Line]:
        return (line for chapter in self.chapters for line in chapter.lines)

    def cite(self, equation: Equation, last: Expr, prefix: str = "") -> tuple[int, str] | None:
        """The number of the line that says ``equation``, whose id there begins with ``prefix``.

        Where that line speaks of a layer in general, also for which one: ``(23, "l = 2")``.
        ``last`` is the place of the last layer. None where the lesson has no such line.
        """
        stem, _, place = equation.id.partition("@")
        for line in reversed(list(self.lines)):
            name, _, at = line.id.partition("@")
            if name != prefix + stem:
                continue
            if (line.lhs, line.rhs) == (equation.lhs, equation.rhs):
                return line.number, ""
            if not place:
                if prefix:
                    return line.number, f"L = {last}"
                continue
            if at == str(L) and place == str(last):
                return line.number, f"L = {place}"
            if at == str(l) and line.condition and line.condition.holds(int(place), int(last)):
                return line.number, f"l = {place}"
        return None


@dataclass
class Writer:
    """Numbers lines as they are written."""

    numbers: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def line(self, name: str, lhs: Expr, rhs: Expr, told: str, **more: Any) -> Line:
        """The next line; ``name`` is then cited by its number."""
        self.count += 1
        self.numbers[name] = self.count
        return Line(self.count, name, lhs, rhs, told, **more)

    def number(self, name: str, here: str) -> int | None:
        """The number of the line ``name``; that of its like at ``here`` where it has none."""
        return self.numbers.get(name) or self.numbers.get(f"{name.partition('@')[0]}@{here}")

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
        for top, at_l in zip(section.derivations, section.kind.derivations, strict=True):
            if top.id.startswith("update.") and not updates:
                continue
            for (derivation, step), (_, certified) in zip(top.walk(), at_l.walk(), strict=True):
                uses = tuple(n for u in step.uses if (n := self.number(u, str(section.place))))
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
    """Neighbouring layers of one kind, told together; ``section`` is the one that is told."""

    section: Section
    places: tuple[Expr, ...]

    @property
    def condition(self) -> Range | None:
        return Range(self.places[-1], self.places[0]) if len(self.places) > 1 else None


def runs(sections: Sequence[Section]) -> list[Run]:
    """``sections``, last layer first, with long rows of one kind told in general."""
    groups: list[list[Section]] = []
    for section in sections:
        if groups and groups[-1][0].kind is section.kind:
            groups[-1].append(section)
        else:
            groups.append([section])
    out = []
    for group in groups:
        if len(group) > LONGEST_LISTING:
            general = Section(l, group[0].kind, {})
            out.append(Run(general, tuple(s.place for s in group)))
        else:
            out += [Run(s, (s.place,)) for s in group]
    return out


def forward_of(run: Run) -> list[Equation]:
    """The forward equations of the layers of ``run``, in general."""
    around = run.section.kind.around
    return [e for e in around.program.equations if e.id.partition("@")[2] == str(l)]
