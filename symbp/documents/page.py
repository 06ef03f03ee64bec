"""A page: a lesson spelled in one notation, one language and one format, ready to be laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from symbp.derivation.names import STEP as MOVED
from symbp.derivation.names import tangent_of
from symbp.documents.glossary import stem
from symbp.documents.lesson import GIVENS, Chapter, Lesson, Line, Range
from symbp.documents.speaker import Speaker
from symbp.documents.symbols import STEP, Symbols
from symbp.documents.telling import told
from symbp.equations.axis import Axis
from symbp.equations.tensor import (
    Role,
    Tensor,
    is_entry,
    tensor_of,
)
from symbp.notation import formula as tree
from symbp.notation import unicode

GIVEN = ("u", "z", "E", "D", "R", "norm")
"""Declared equations that have words of their own; others have those of their group."""

OF_KIND = "_of_kind"
"""What headings end with that say what kind a layer is."""

DEFINED = ("define", "define_slope")
"""Moves that give a name; they are written with :=."""


@dataclass(frozen=True)
class Formula:
    """A numbered line and the reason for it; ``pieces`` are ``rhs`` where it is too long."""

    number: int
    lhs: str
    rhs: str
    reason: str
    condition: str
    continues: bool
    defines: bool
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph and formulas."""

    heading: str
    text: str
    formulas: tuple[Formula, ...]


@dataclass(frozen=True)
class Page:
    """What a layout needs."""

    title: str
    language: str
    symbols_heading: str
    symbols: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Speller(Speaker):
    """Spells a lesson."""

    def page(self, title: str, lesson: Lesson) -> Page:
        """The whole lesson, a table of symbols first."""
        return Page(
            title,
            self.words.language,
            self.words.say("heading", "symbols"),
            tuple(Symbols(self, lesson).rows()),
            tuple(self.part(chapter) for chapter in lesson.chapters),
        )

    def part(self, chapter: Chapter) -> Part:
        facts = self.common | self.facts(chapter.facts)
        if "place" in chapter.facts:
            facts["kind"] = self.speaking_of(chapter.condition).name(chapter.facts["place"])
        if chapter.condition:
            facts["condition"] = self.style.inline(self.condition(chapter.condition))
        text = self.words.say("text", chapter.text, **facts) if chapter.text else ""
        is_nameless = chapter.heading.endswith(OF_KIND) and not facts["kind"]
        key = chapter.heading.removesuffix(OF_KIND) if is_nameless else chapter.heading
        heading = self.words.say("heading", key, **facts)
        formulas: list[Formula] = []
        for line in chapter.lines:
            left = formulas[-1].lhs if line.continues and formulas else None
            formulas.append(self.formula(line, chapter.condition, left))
        return Part(heading, text, tuple(formulas))

    def formula(self, line: Line, known: Range | None, left: str | None) -> Formula:
        """``line`` spelled.

        A condition that is ``known`` from the heading is not repeated, nor is a left side that is
        the ``left`` of the line before.
        """
        lhs, rhs = self.style.sides(self.notation, line.lhs, line.rhs)
        return Formula(
            line.number,
            lhs,
            rhs,
            self.reason(line),
            self.condition(line.condition) if line.condition and line.condition != known else "",
            line.continues and lhs == left,
            line.told in DEFINED,
            tuple(self.broken(line)),
        )

    def broken(self, line: Line) -> list[str]:
        """The right side in pieces that fit a line; none where it is no sum, or fits as it is."""
        _, right = self.notation.arranged(line.lhs, line.rhs)
        if not isinstance(right, tree.Terms):
            return []
        if len(self.notation.unicode_sides(line.lhs, line.rhs)[1]) <= self.style.longest:
            return []
        pieces: list[list[tuple[bool, tree.Formula]]] = [[]]
        for part in right.parts:
            longer = tree.Terms((*pieces[-1], part))
            if pieces[-1] and len(unicode.write(longer)) > self.style.longest:
                pieces.append([])
            pieces[-1].append(part)
        first, *others = pieces
        return [self.style.spell(tree.Terms(tuple(first))), *map(self.continued, others)]

    def continued(self, piece: list[tuple[bool, tree.Formula]]) -> str:
        """Terms on a line of their own, the sign of the first one in front."""
        (negative, first), *others = piece
        sign = self.style.minus if negative else "+"
        return f"{sign} {self.style.spell(tree.Terms(((False, first), *others)))}"

    def reason(self, line: Line) -> str:
        facts = self.common | self.facts(line.facts)
        facts["uses"] = self.words.listing([f"({number})" for number in line.uses])
        if line.told.startswith(GIVENS):
            place = line.place
            facts["place"] = "" if place is None else self.math(self.counted(place))
            glossary = self.speaking_of(line.condition)
            meaning = glossary.meaning(tensor_of(line.lhs)) if is_entry(line.lhs) else None
            if meaning is not None:
                meaning = meaning[:1].upper() + meaning[1:]
                return self.words.say("given", "part", meaning=meaning, **facts)
            parts = line.told.removeprefix(GIVENS).split(".")
            parts = [stem(part) for part in parts] if self.kinds else parts
            word = parts[-1] if parts[-1] in GIVEN else parts[0]
            known = word in self.words.groups["given"]
            return self.words.say("given", word if known else "other", **facts)
        if (refined := told(line)) is not None:
            key, entries_ = refined
            via = self.words.listing([self.math(entry) for entry in entries_])
            return self.words.say("stage", key, **{**facts, "via": via})
        return self.words.say("move", line.told, **facts)

    def facts(self, facts: Mapping[str, Expr]) -> dict[str, str]:
        counted = {name: self.counted(value) for name, value in facts.items() if name == "place"}
        return {name: self.math(value) for name, value in {**facts, **counted}.items()}

    @cached_property
    def common(self) -> dict[str, str]:
        """What sentences may mention anywhere."""
        names = {
            "loss": Tensor("E", role=Role.LOSS)[()],
            "delta": Tensor("delta", role=Role.DELTA)[()],
            "gradient": Tensor("g")[()],
            "parameter": Tensor("w", role=Role.WEIGHT)[()],
            "step": STEP[()],
            "sample": Axis("sample", None, "n").index(),
            "step_size": MOVED[()],
            "direction": tangent_of(Tensor("w", role=Role.WEIGHT))[()],
        }
        matrices = {"hessian": "H", "gauss_newton": "G"}
        signs = {name: self.style.inline(sign) for name, sign in matrices.items()}
        return {name: self.math(value) for name, value in names.items()} | signs
