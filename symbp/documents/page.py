"""A page: a lesson spelled in one notation, one language and one format, ready to be laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Integer

from symbp.documents.lesson import Chapter, Lesson, Line, Range
from symbp.documents.words import Words
from symbp.equations.axis import Axis, Index, l
from symbp.equations.tensor import Role, Tensor, entries, is_entry, tensor_of
from symbp.notation.convention import Matrix
from symbp.notation.notation import Notation

STEP = Tensor("t")
"""The number of an update."""

GIVEN = ("u", "z", "E", "D", "R", "norm")
"""Declared equations that have words of their own; others have those of their group."""

DEFINED = ("define",)
"""Moves that give a name; they are written with :=."""


@dataclass(frozen=True)
class Formula:
    """A numbered line and the reason for it."""

    number: int
    lhs: str
    rhs: str
    reason: str
    condition: str
    continues: bool
    defines: bool


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
class Style:
    """How a format writes mathematics: alone, and within a sentence."""

    write: Callable[[Notation, Expr], str]
    sides: Callable[..., tuple[str, ...]]
    inline: Callable[[str], str]
    less: str
    less_equal: str
    minus: str
    signs: Mapping[str, str]


MATRIX_SIGNS = ("entrywise", "ones", "transpose")
LATEX_SIGNS = dict(zip(MATRIX_SIGNS, (r"\odot", r"\mathbf{1}", r"\top"), strict=True))
PLAIN_SIGNS = dict(zip(MATRIX_SIGNS, ("⊙", "𝟏", "ᵀ"), strict=True))

LATEX = Style(
    Notation.latex, Notation.latex_sides, lambda math: f"${math}$", "<", r"\le", "-", LATEX_SIGNS
)
PLAIN = Style(
    Notation.unicode, Notation.unicode_sides, lambda text: text, "<", "≤", "−", PLAIN_SIGNS
)


@dataclass(frozen=True)
class Speller:
    """Spells a lesson."""

    notation: Notation
    words: Words
    style: Style

    def page(self, title: str, lesson: Lesson) -> Page:
        """The whole lesson, a table of symbols first."""
        return Page(
            title,
            self.words.language,
            self.words.say("heading", "symbols"),
            tuple(self.symbols(lesson)),
            tuple(self.part(chapter) for chapter in lesson.chapters),
        )

    def math(self, expr: Expr) -> str:
        """``expr`` within a sentence."""
        return self.style.inline(self.style.write(self.notation, expr))

    def part(self, chapter: Chapter) -> Part:
        facts = self.common | self.facts(chapter.facts)
        if chapter.condition:
            facts["condition"] = self.style.inline(self.condition(chapter.condition))
        text = self.words.say("text", chapter.text, **facts) if chapter.text else ""
        heading = self.words.say("heading", chapter.heading, **facts)
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
        )

    def reason(self, line: Line) -> str:
        facts = self.common | self.facts(line.facts)
        facts["uses"] = self.words.listing([f"({number})" for number in line.uses])
        if line.told.startswith("given_"):
            place = tensor_of(line.lhs).place if is_entry(line.lhs) else None
            facts["place"] = "" if place is None else self.math(self.counted(place))
            key = line.told.removeprefix("given_").split(".")
            word = key[-1] if key[-1] in GIVEN else key[0]
            known = word in self.words.groups["given"]
            return self.words.say("given", word if known else "other", **facts)
        return self.words.say("move", line.told, **facts)

    def facts(self, facts: Mapping[str, Expr]) -> dict[str, str]:
        counted = {name: self.counted(value) for name, value in facts.items() if name == "place"}
        return {name: self.math(value) for name, value in {**facts, **counted}.items()}

    def counted(self, place: Expr) -> Expr:
        """The number of a layer as the notation counts, which may begin with 1 at the input."""
        first = self.notation.convention.first
        return place + first if isinstance(place, Integer) else place

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
        }
        return {name: self.math(value) for name, value in names.items()}

    def condition(self, places: Range) -> str:
        """``1 ≤ l < L``"""
        write = self.style.write
        first, last = (write(self.notation, self.counted(p)) for p in (places.first, places.last))
        relation = self.style.less if places.strict else self.style.less_equal
        return f"{first} {self.style.less_equal} {write(self.notation, l)} {relation} {last}"

    # ---- the table of symbols -----------------------------------------------------------------

    def symbols(self, lesson: Lesson) -> Iterator[tuple[str, str]]:
        """Each kind of quantity in the lesson, once, and what it is."""
        sides = [side for line in lesson.lines for side in (line.lhs, line.rhs)]
        first: dict[str, Expr] = {}
        for entry in (entry for side in sides for entry in entries(side)):
            first.setdefault(self.kind(tensor_of(entry)), entry)
        told = self.words.groups["symbol"]
        for kind in sorted(first.keys() & told.keys(), key=list(told).index):
            # Where layers are told in general, the input is the activation of a layer 0.
            key = "z_from_input" if kind == "z" and "x" not in first else kind
            yield self.whole(first[kind]), told[key]
        if self.notation.convention.matrix is not Matrix.OFF:
            yield from ((self.style.inline(self.style.signs[k]), told[k]) for k in MATRIX_SIGNS)
        yield from self.letters(sides)

    def whole(self, entry: Expr) -> str:
        """``entry``; where the notation has a matrix for it, that matrix and its entries."""
        matrix, _ = self.style.sides(self.notation, entry, entry)
        alone = self.style.write(self.notation, entry)
        return self.style.inline(alone if alone == matrix else f"{matrix} = ({alone})")

    def kind(self, tensor: Tensor) -> str:
        """The key of the words for ``tensor``."""
        if tensor.role is Role.ACTIVATION:
            return "x" if tensor.place == 0 else "y" if tensor.place == self.notation.last else "z"
        if tensor.role is Role.BIAS and self.notation.convention.bias_as_weight:
            return "bias_as_weight"
        if tensor.name == STEP.name and tensor.role is not Role.TARGET:
            return "step"  # labels have the same name
        return tensor.name

    def letters(self, sides: list[Expr]) -> Iterator[tuple[str, str]]:
        """What the sizes and the indices stand for."""
        axes = {i.axis.name: i.axis for side in sides for i in side.atoms(Index)}
        if "sample" in axes:
            yield self.math(axes["sample"].size), self.words.say("symbol", "count_sample")
            yield self.math(axes["sample"].index("n")), self.words.say("symbol", "n")
        here = self.style.write(self.notation, l)
        near = {"before": f"{here} {self.style.minus} 1", "place": here, "after": f"{here} + 1"}
        places = {name: self.style.inline(place) for name, place in near.items()}
        for letter in "ijk":
            index = Axis("unit", l).index(letter)
            yield self.math(index), self.words.say("symbol", letter, **places)
