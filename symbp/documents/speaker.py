"""How mathematics is written within words: a notation, a language, and the style of a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Integer

from symbp.documents.glossary import Glossary
from symbp.documents.lesson import Range
from symbp.documents.words import Words
from symbp.equations.axis import l
from symbp.notation import formula as tree
from symbp.notation import latex, unicode
from symbp.notation.notation import Notation

LONGEST, TYPESET = 110, 160
"""Characters of a sum that fit a line in plain text, and where fractions are narrow."""

MATRIX_SIGNS = ("entrywise", "ones", "transpose")


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


@dataclass(frozen=True)
class Speaker:
    """Speaks of networks with layers of certain ``kinds``."""

    notation: Notation
    words: Words
    style: Style
    kinds: Mapping[Expr, str] = field(default_factory=dict)

    @cached_property
    def glossary(self) -> Glossary:
        return Glossary(self.words, self.kinds)

    def speaking_of(self, condition: Range | None) -> Glossary:
        """What things are called where layers are told in general: as in the first of them."""
        return self.glossary.at(condition.first if condition else None)

    def math(self, expr: Expr) -> str:
        """``expr`` within a sentence."""
        return self.style.inline(self.style.write(self.notation, expr))

    def counted(self, place: Expr) -> Expr:
        """The number of a layer as the notation counts, which may begin with 1 at the input."""
        first = self.notation.convention.first
        return place + first if isinstance(place, Integer) else place

    def condition(self, places: Range) -> str:
        """``1 ≤ l < L``"""
        write = self.style.write
        first, last = (write(self.notation, self.counted(p)) for p in (places.first, places.last))
        if places.step > 1:
            second = write(self.notation, self.counted(places.first + places.step))
            return f"{write(self.notation, l)} = {first}, {second}, …, {last}"
        relation = self.style.less if places.strict else self.style.less_equal
        return f"{first} {self.style.less_equal} {write(self.notation, l)} {relation} {last}"
