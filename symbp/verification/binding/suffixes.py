"""Layers that are told by what stands below, as in ``s_2 = h_1 W_2 + b_2``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, cast

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.peek import parts

Sides = tuple[tree.Formula, ...]

BELOW = "_"
"""What the place of a sign begins with where it stands below."""

WEIGHTS = ("W", "Θ", "V", "U")
LAYERS = ("l", "L", "ℓ")


def has_places_below(lines: Iterable[Sides]) -> bool:
    """Whether matrices of weights bear a layer below, and never the indices of an entry."""
    weights = [
        sign
        for sides in lines
        for sign in parts(sides)
        if isinstance(sign, Sign) and sign.glyph in WEIGHTS
    ]
    placed = [sign for sign in weights if _layer(sign)]
    return bool(placed) and not any(len(s.indices) > 1 or s.place for s in weights)


def is_chain(lines: Iterable[Sides]) -> bool:
    """Whether each layer is one number: ``z_1 = w_1 x + b_1``, and no sum, letter or matrix."""
    every = [sides for sides in lines if sides]
    found = [p for sides in every for p in parts(sides)]
    if any(isinstance(p, (tree.Big, tree.Transposed)) for p in found):
        return False
    signs = [p for p in found if isinstance(p, Sign)]
    if any(len(s.indices) > 1 or not _is_plain(s) or s.glyph in WEIGHTS for s in signs):
        return False
    return any(_is_link(left, right) for sides in every for left, right in pairwise(sides))


def _is_plain(sign: Sign) -> bool:
    """Whether nothing but a number tells where a sign belongs."""
    is_numbered = all(isinstance(i, tree.Number) for i in sign.indices)
    return is_numbered and (not sign.place or sign.place.startswith(BELOW) or _is_power(sign))


def _is_power(sign: Sign) -> bool:
    """``a_1^2``, which may be read as unit 1 of layer 2 as long as nothing is known."""
    return sign.place.isdigit() and len(sign.indices) == 1


def _is_link(left: tree.Formula, right: tree.Formula) -> bool:
    """``z_2 = w_2 a_1 + b_2``, with its own weight and what comes from the layer before."""
    if not isinstance(left, Sign) or not isinstance(right, tree.Terms):
        return False
    kinds = (tree.Product, tree.Hadamard)  # in plain text * is a product of numbers
    products = [part for _, part in right.parts if isinstance(part, kinds)]
    others = [part for _, part in right.parts if not isinstance(part, kinds)]
    here = number(left)
    if here is None or len(products) != 1 or len(others) != 1 or len(products[0].factors) != 2:
        return False
    weight, unit = products[0].factors
    bias = others[0]
    if not (isinstance(weight, Sign) and isinstance(unit, Sign) and isinstance(bias, Sign)):
        return False
    before = number(unit)
    is_next = before == here - 1 or (before is None and here == 1)
    return number(weight) == number(bias) == here and is_next


def number(sign: Sign) -> int | None:
    """The single number below a sign."""
    if sign.place.startswith(BELOW) and sign.place[1:].isdigit():
        return int(sign.place[1:])
    if _is_numbered(sign):
        (found,) = sign.indices
        text = cast(tree.Number, found).text
        return int(text) if text.isdigit() else None
    return None


def with_places_below(sides: Sides) -> Sides:
    """``sides`` with each layer that alone stands below as a place."""
    return cast(Sides, _moved(sides))


def with_powers(sides: Sides) -> Sides:
    """``sides`` with each number above that stands over a number below as a power."""
    return cast(Sides, _raised(sides))


def _raised(formula: Any) -> Any:
    if isinstance(formula, Sign):
        if not _is_power(formula):
            return formula
        return tree.Power(formula._replace(place=""), tree.Number(formula.place))
    if isinstance(formula, tuple):
        found = tuple(map(_raised, formula))
        return found if type(formula) is tuple else type(formula)(*found)
    return formula


def _moved(formula: Any) -> Any:
    if isinstance(formula, Sign):
        text = _layer(formula)
        return formula._replace(indices=(), place=f"{BELOW}{text}") if text else formula
    if isinstance(formula, tuple):
        found = tuple(map(_moved, formula))
        return found if type(formula) is tuple else type(formula)(*found)
    return formula


def _layer(sign: Sign) -> str:
    """``1``, ``l`` or ``l-1``, where that is all that stands below."""
    if len(sign.indices) != 1 or sign.place or sign.label:
        return ""
    match sign.indices[0]:
        case tree.Number(text):
            return text
        case Sign(glyph) as letter if glyph in LAYERS and letter == Sign(glyph):
            return glyph
        case tree.Terms(((False, Sign(glyph)), (is_minus, tree.Number(text)))) if glyph in LAYERS:
            return f"{glyph}{'-' if is_minus else '+'}{text}"
    return ""


def _is_numbered(sign: Sign) -> bool:
    is_one = len(sign.indices) == 1 and isinstance(sign.indices[0], tree.Number)
    return is_one and not sign.place and not sign.label
