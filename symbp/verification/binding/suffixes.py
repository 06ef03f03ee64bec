"""Layers that are told by a number below, as in ``s_2 = h_1 W_2 + b_2``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.peek import parts

Sides = tuple[tree.Formula, ...]

BELOW = "_"
"""What the place of a sign begins with where it stands below."""

WEIGHTS = ("W", "Θ", "V", "U")


def has_places_below(lines: Iterable[Sides]) -> bool:
    """Whether matrices of weights bear a number below, and never the indices of an entry."""
    weights = [
        sign
        for sides in lines
        for sign in parts(sides)
        if isinstance(sign, Sign) and sign.glyph in WEIGHTS
    ]
    numbered = [sign for sign in weights if _is_numbered(sign)]
    return bool(numbered) and not any(len(s.indices) > 1 or s.place for s in weights)


def with_places_below(sides: Sides) -> Sides:
    """``sides`` with each single number below as a place."""
    return cast(Sides, _moved(sides))


def _moved(formula: Any) -> Any:
    if isinstance(formula, Sign):
        if not _is_numbered(formula):
            return formula
        (number,) = formula.indices
        return formula._replace(indices=(), place=f"{BELOW}{cast(tree.Number, number).text}")
    if isinstance(formula, tuple):
        found = tuple(map(_moved, formula))
        return found if type(formula) is tuple else type(formula)(*found)
    return formula


def _is_numbered(sign: Sign) -> bool:
    is_one = len(sign.indices) == 1 and isinstance(sign.indices[0], tree.Number)
    return is_one and not sign.place and not sign.label
