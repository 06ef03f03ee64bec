"""A line of mathematics as a tree of signs, before anything is known of what its names mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from symbp.equations.calculus import FunctionSymbol
from symbp.notation import formula as tree
from symbp.notation.convention import Convention
from symbp.notation.formula import Sign
from symbp.notation.function_names import FUNCTIONS as CALLED
from symbp.notation.function_names import NAMED
from symbp.notation.lexicon import Lexicon
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.syntax import Syntax

FUNCTIONS = frozenset("fghφψσFΦ")
"""Letters after which a bracket holds arguments."""
LOSSES = frozenset("ELCJℒ")
WORDS = ("pred", "true", "target", "out", "output", "label", "hat")
"""What stands below a letter as a word, not as indices."""
SINGLE = ("dZ", "dW", "dA", "db", "dz", "dw", "da", "Δw", "Δb", "ΔW", "Δθ", "Δv")
"""Letters side by side that are one name."""


NAMES = ("net", "out", "in", "err")
"""Words that are typed as names, letter by letter."""
FRAGMENTS = frozenset(name[:n] for name in NAMES for n in range(2, len(name))) - set(NAMES)

_DOTS = r"(?:\.\.\.|…|・・・|⋯|\\[cl]?dots)"
DOTS = re.compile(_DOTS)
ADDED_DOTS = re.compile(r"\+\s*" + _DOTS + r"\s*\+")
LAYER = re.compile(r"[\[(]?[lL]([+-]\d)?[\])]?")
"""What makes e the name of an error rather than a number that is raised."""
STRAY = " \t\n=&,.;。、，．"
"""What may stand around a line without being part of it."""


class Loose(Lexicon):
    """A dictionary that knows every name: what stands above a letter is its place."""

    @staticmethod
    def empty() -> Loose:
        return Loose(Notation(Convention("", {})))

    def is_loss(self, sign: Sign) -> bool:
        return sign.glyph in LOSSES and not sign.indices

    def function(self, sign: Sign) -> FunctionSymbol | None:
        return FunctionSymbol(sign.glyph) if sign.glyph in FUNCTIONS and not sign.indices else None

    def has(self, sign: Sign) -> bool:
        return sign.label in WORDS

    def has_place(self, glyph: str, place: str) -> bool:
        return glyph != "e" or LAYER.fullmatch(place) is not None

    def is_prefix(self, letters: str) -> bool:
        return letters in SINGLE or letters in NAMES or letters in FRAGMENTS

    def is_known(self, glyph: str) -> bool:
        if glyph in FRAGMENTS:
            return False
        return glyph != "e" and (len(glyph) == 1 or NAMED.get(glyph, glyph) not in CALLED)


def peek(text: str) -> tuple[tree.Formula, ...]:
    """The sides of ``a = b = …`` as formulas; none where the line cannot be read even so."""
    plain = DOTS.sub("", ADDED_DOTS.sub("+", text)).strip(STRAY)
    if not plain:
        return ()
    try:
        sides, _, _ = Syntax(plain, Loose.empty()).line()
    except (ReadError, RecursionError):
        return ()
    return tuple(side for side in sides if side is not None)


def parts(formula: Any) -> Iterator[tree.Formula]:
    """``formula`` and all that it consists of, indices left out."""
    if isinstance(formula, Sign):
        yield formula
    elif isinstance(formula, tuple):
        if type(formula) is not tuple:
            yield formula
        for part in formula:
            yield from parts(part)


def name_of(sign: Sign) -> str:
    """``y_pred`` for y with a word below it, the glyph else."""
    return f"{sign.glyph}_{sign.label}" if sign.label else sign.glyph
