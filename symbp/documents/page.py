"""A page: a lesson spelled in one notation, one language and one format, ready to be laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Integer

from symbp.derivation.names import STEP as MOVED
from symbp.derivation.names import tangent_of
from symbp.documents.glossary import COMMON, Glossary, letters, sizes_in, stem
from symbp.documents.lesson import Chapter, Lesson, Line, Range
from symbp.documents.telling import told
from symbp.documents.words import Words
from symbp.equations.axis import Axis, Index, l
from symbp.equations.nodes import nodes
from symbp.equations.tensor import (
    ALONG,
    GAUSS_NEWTON,
    HESSIAN,
    LINEAR,
    PARAMETERS,
    Role,
    Tensor,
    entries,
    indices_of,
    is_entry,
    tensor_of,
)
from symbp.notation import formula as tree
from symbp.notation import latex, unicode
from symbp.notation.convention import Matrix
from symbp.notation.notation import Notation

LONGEST, TYPESET = 110, 160
"""Characters of a sum that fit a line in plain text, and where fractions are narrow."""

STEP = Tensor("t")
"""The number of an update."""

GIVENS = "given_"
"""What the words of declared equations begin with."""

GIVEN = ("u", "z", "E", "D", "R", "norm")
"""Declared equations that have words of their own; others have those of their group."""

ONE_BY_ONE = (Role.INPUT, Role.MASK, Role.TERM)
"""Roles of which each tensor is listed by itself."""

OF_KIND = "_of_kind"
"""What headings end with that say what kind a layer is."""

EACH = " "
"""Between the words of such a tensor and its name."""

NAMED = (Role.ACTIVATION, Role.BIAS)
"""Roles whose words depend on where they stand and how they are written."""

OF_SECOND_ORDER = {
    ALONG: "tangent",
    LINEAR: "linear_adjoint",
    HESSIAN: "hessian",
    GAUSS_NEWTON: "gauss_newton",
}
"""How names end -> the key of the words for what is called so."""

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
class Style:
    """How a format writes mathematics: alone, and within a sentence."""

    write: Callable[[Notation, Expr], str]
    sides: Callable[..., tuple[str, ...]]
    inline: Callable[[str], str]
    less: str
    less_equal: str
    minus: str
    signs: Mapping[str, str]
    spell: Callable[[tree.Formula], str]
    longest: int


MATRIX_SIGNS = ("entrywise", "ones", "transpose")
LATEX_SIGNS = dict(zip(MATRIX_SIGNS, (r"\odot", r"\mathbf{1}", r"\top"), strict=True))
PLAIN_SIGNS = dict(zip(MATRIX_SIGNS, ("⊙", "𝟏", "ᵀ"), strict=True))

LATEX = Style(
    Notation.latex,
    Notation.latex_sides,
    lambda math: f"${math}$",
    "<",
    r"\le",
    "-",
    LATEX_SIGNS,
    latex.write,
    TYPESET,
)
PLAIN = Style(
    Notation.unicode,
    Notation.unicode_sides,
    lambda text: text,
    "<",
    "≤",
    "−",
    PLAIN_SIGNS,
    unicode.write,
    LONGEST,
)


def is_plain(entry: Expr) -> bool:
    """Whether the indices of ``entry`` are letters."""
    return all(isinstance(index, Index) for index in indices_of(entry))


@dataclass(frozen=True)
class _Meant:
    """An entry, what its tensor is, and which layers it is told of where that is in general."""

    entry: Expr
    meaning: str
    places: Range | None

    @property
    def plain(self) -> _Meant:
        """The same with letters as indices."""
        return self if is_plain(self.entry) else replace(self, entry=tensor_of(self.entry).entry)


@dataclass(frozen=True)
class Speller:
    """Spells a lesson."""

    notation: Notation
    words: Words
    style: Style
    kinds: Mapping[Expr, str] = field(default_factory=dict)

    @cached_property
    def glossary(self) -> Glossary:
        return Glossary(self.words, self.kinds)

    def _speaking_of(self, condition: Range | None) -> Glossary:
        """What things are called where layers are told in general: as in the first of them."""
        return self.glossary.at(condition.first if condition else None)

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
        if "place" in chapter.facts:
            facts["kind"] = self._speaking_of(chapter.condition).name(chapter.facts["place"])
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
            place = _place(line)
            facts["place"] = "" if place is None else self.math(self.counted(place))
            glossary = self._speaking_of(line.condition)
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
            "step_size": MOVED[()],
            "direction": tangent_of(Tensor("w", role=Role.WEIGHT))[()],
        }
        matrices = {"hessian": "H", "gauss_newton": "G"}
        signs = {name: self.style.inline(sign) for name, sign in matrices.items()}
        return {name: self.math(value) for name, value in names.items()} | signs

    def condition(self, places: Range) -> str:
        """``1 ≤ l < L``"""
        write = self.style.write
        first, last = (write(self.notation, self.counted(p)) for p in (places.first, places.last))
        if places.step > 1:
            second = write(self.notation, self.counted(places.first + places.step))
            return f"{write(self.notation, l)} = {first}, {second}, …, {last}"
        relation = self.style.less if places.strict else self.style.less_equal
        return f"{first} {self.style.less_equal} {write(self.notation, l)} {relation} {last}"

    # ---- the table of symbols -----------------------------------------------------------------

    def symbols(self, lesson: Lesson) -> Iterator[tuple[str, str]]:
        """Each kind of quantity in the lesson, once, and what it is."""
        first = self._first(lesson)
        known = dict(self.words.groups["symbol"])
        known |= {kind: meant.meaning for kind, meant in first.items() if "." in kind}
        words = {kind: kind.partition(EACH)[0] for kind in first}
        told = [kind for kind in first if words[kind] in known]
        signs = {kind: self.whole(first[kind].entry) for kind in told}
        often = Counter(signs.values())
        for kind in sorted(told, key=lambda kind: list(known).index(words[kind])):
            # Where layers are told in general, the input is the activation of a layer 0.
            key = "z_from_input" if kind == "z" and "x" not in words.values() else words[kind]
            places = first[kind].places
            where = ""
            if places and "." in kind and often[signs[kind]] > 1:
                where = f" ({self.style.inline(self.condition(places))})"
            yield signs[kind], f"{known[key]}{where}"
        if self.notation.convention.matrix is not Matrix.OFF:
            yield from ((self.style.inline(self.style.signs[k]), known[k]) for k in MATRIX_SIGNS)
        if self.kinds:
            yield from self.sizes(lesson)
            yield from self.all_letters(lesson.chapters[0].lines)
        else:
            yield from self.letters([s for line in lesson.lines for s in (line.lhs, line.rhs)])

    def _first(self, lesson: Lesson) -> dict[str, _Meant]:
        """The first entry of each kind of quantity, or the first that has letters as indices."""
        homes = _homes(lesson)
        found: dict[str, _Meant] = {}
        for entry, places in _entries(lesson):
            tensor = tensor_of(entry)
            near, row = homes.get(tensor, (None, places))
            glossary = self._speaking_of(row)
            kind = self.kind(tensor, glossary, near)
            kind = f"{kind}{EACH}{tensor.name}" if tensor.role in ONE_BY_ONE else kind
            if kind not in found or (not is_plain(found[kind].entry) and is_plain(entry)):
                found[kind] = _Meant(entry, glossary.meaning(tensor, near) or "", places)
        return {kind: meant.plain for kind, meant in found.items()}

    def whole(self, entry: Expr) -> str:
        """``entry``; where the notation has a matrix for it, that matrix and its entries."""
        matrix, _ = self.style.sides(self.notation, entry, entry)
        alone = self.style.write(self.notation, entry)
        return self.style.inline(alone if alone == matrix else f"{matrix} = ({alone})")

    def kind(self, tensor: Tensor, glossary: Glossary, near: Expr | None) -> str:
        """The key of the words for ``tensor``, a constant that of the layer at ``near``."""
        if tensor.name.endswith(ALONG) and tensor.role in PARAMETERS:
            return "direction"
        for end, key in OF_SECOND_ORDER.items():
            if tensor.name.endswith(end):
                return key
        if tensor.role is Role.ADJOINT:
            return "adjoint"
        if tensor.role is Role.DELTA:
            return "delta"
        if glossary.meaning(tensor, near) is not None:
            return glossary.key(tensor, near)
        if tensor.role in (Role.INPUT, Role.MASK):
            return "x" if tensor.role is Role.INPUT else "mask"
        if self.kinds and stem(tensor.name) in COMMON and tensor.role not in NAMED:
            return stem(tensor.name)
        if tensor.role is Role.ACTIVATION:
            return "x" if tensor.place == 0 else "y" if tensor.place == self.notation.last else "z"
        if tensor.role is Role.BIAS and self.notation.convention.bias_as_weight:
            return "bias_as_weight"
        if tensor.name == STEP.name and tensor.role is not Role.TARGET:
            return "step"  # labels have the same name
        known = tensor.name in self.words.groups["symbol"]
        return tensor.name if known else stem(tensor.name)

    def sizes(self, lesson: Lesson) -> Iterator[tuple[str, str]]:
        """What the sizes stand for that are written down."""
        seen: set[tree.Sign] = set()
        for line in lesson.lines:
            for sign, size in [*sizes_in(self.notation, (line.lhs, line.rhs), seen)]:
                seen.add(sign)
                along = self._speaking_of(line.condition).along(size.axis)
                key = f"count_{size.axis.name.rstrip('0123456789')}"
                key = key if key in self.words.groups["symbol"] else "size"
                yield self.math(size), self.words.say("symbol", key, along=along)

    def all_letters(self, lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
        """What each letter counts, in whichever layer."""
        first: dict[str, Axis] = {}
        counted: dict[str, dict[str, None]] = {}
        for line in lines:
            glossary = self._speaking_of(line.condition)
            for letter, axes in letters((line.lhs, line.rhs)).items():
                first.setdefault(letter, axes[0])
                counted.setdefault(letter, {}).update(dict.fromkeys(map(glossary.along, axes)))
        for letter, axis in first.items():
            if not letter.endswith("'"):
                along = self.words.groups["listing"]["or"].join(counted[letter])
                yield self.math(axis.index(letter)), self.words.say("symbol", "index", along=along)

    def letters(self, sides: list[Expr]) -> Iterator[tuple[str, str]]:
        """What the sizes and the indices stand for."""
        axes = {i.axis.name: i.axis for side in sides for i in nodes(side, Index)}
        if "sample" in axes:
            yield self.math(axes["sample"].size), self.words.say("symbol", "count_sample")
            yield self.math(axes["sample"].index("n")), self.words.say("symbol", "n")
        here = self.style.write(self.notation, l)
        near = {"before": f"{here} {self.style.minus} 1", "place": here, "after": f"{here} + 1"}
        places = {name: self.style.inline(place) for name, place in near.items()}
        for letter in "ijk":
            index = Axis("unit", l).index(letter)
            yield self.math(index), self.words.say("symbol", letter, **places)


def _entries(lesson: Lesson) -> Iterable[tuple[Expr, Range | None]]:
    """The entries in a lesson, in order; where layers are told in general, each with these."""
    return dict.fromkeys(
        (entry, line.condition)
        for line in lesson.lines
        for side in (line.lhs, line.rhs)
        for entry in entries(side)
    )


def _homes(lesson: Lesson) -> dict[Tensor, tuple[Expr, Range | None]]:
    """The constants of layers, and the layer that has each in its equations."""
    found: dict[Tensor, tuple[Expr, Range | None]] = {}
    for line in lesson.lines:
        place = _place(line)
        if place is not None and line.told.startswith(GIVENS):
            for tensor in map(tensor_of, entries(line.rhs)):
                if tensor.role is Role.CONSTANT and tensor.place is None:
                    found.setdefault(tensor, (place, line.condition))
    return found


def _place(line: Line) -> Expr | None:
    return tensor_of(line.lhs).place if is_entry(line.lhs) else None
