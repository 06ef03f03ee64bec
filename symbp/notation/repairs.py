"""Lines of matrices whose shapes do not fit, with one thing in them changed.

A transpose more or less, two factors the other way round, ⊙ for a product or a product for ⊙, one
sign at a neighbouring layer, a factor less, the last layer for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from symbp.equations.axis import L, l
from symbp.notation import formula as tree
from symbp.notation.glyphs import ONES
from symbp.notation.lexicon import Lexicon

KINDS = (
    *("transposed", "swapped", "entrywise", "multiplied"),
    *("shifted", "dropped", "summed", "raised"),
)


class Change(NamedTuple):
    """One change.

    ``kind`` is one of KINDS: "entrywise" where a product stood, "multiplied" where ⊙ stood. ``of``
    is the glyph of what was changed, where that is one sign.
    """

    kind: str
    of: str = ""


Neighbours = Callable[[tree.Sign], Iterator[tree.Sign]]
"""The signs of the same thing at the layers before and after."""


def changed(formula: Any, neighbours: Neighbours) -> Iterator[tuple[Change, Any]]:
    """``formula`` with one change, in all ways."""
    if isinstance(formula, tree.Sign):
        if formula.glyph != ONES:
            turned = tree.Transposed(formula)
            yield Change("transposed", formula.glyph), turned
        yield from _moved(formula, neighbours)
        return
    if isinstance(formula, tree.Transposed):
        inner = formula.inner
        yield Change("transposed", glyph_of(inner)), inner
        for change, other in changed(inner, neighbours):
            if change.kind != "transposed" or not isinstance(inner, tree.Sign):
                yield change, tree.Transposed(other)
        return
    if isinstance(formula, tree.Derivative):
        turned = tree.Transposed(formula)
        yield Change("transposed", glyph_of(formula.wrt)), turned
        yield from _within(formula, lambda part: _moved_in(part, neighbours))
        return
    if isinstance(formula, (tree.Product, tree.Hadamard)):
        yield from _of_factors(formula)
    if isinstance(formula, tuple) and not isinstance(formula, tree.Bound):
        yield from _within(formula, lambda part: changed(part, neighbours))


def glyph_of(formula: tree.Formula) -> str:
    return formula.glyph if isinstance(formula, tree.Sign) else ""


def _within(
    formula: tuple[Any, ...], change: Callable[[Any], Iterator[tuple[Change, Any]]]
) -> Iterator[tuple[Change, Any]]:
    """``formula`` with one of its parts changed; what is applied stays."""
    is_applied = isinstance(formula, (tree.Apply, tree.Note))
    for position, part in enumerate(formula):
        if isinstance(part, tuple) and not (is_applied and position == 0):
            for what, other in change(part):
                parts = (*formula[:position], other, *formula[position + 1 :])
                yield what, parts if type(formula) is tuple else type(formula)(*parts)


def _moved(sign: tree.Sign, neighbours: Neighbours) -> Iterator[tuple[Change, tree.Sign]]:
    for other in neighbours(sign):
        yield Change("shifted", sign.glyph), other


def _moved_in(formula: Any, neighbours: Neighbours) -> Iterator[tuple[Change, Any]]:
    """``formula`` with one sign in it at a neighbouring layer."""
    if isinstance(formula, tree.Sign):
        yield from _moved(formula, neighbours)
    elif isinstance(formula, tuple) and not isinstance(formula, tree.Bound):
        yield from _within(formula, lambda part: _moved_in(part, neighbours))


def _of_factors(formula: tree.Product | tree.Hadamard) -> Iterator[tuple[Change, tree.Formula]]:
    factors = formula.factors
    for k in range(len(factors) - 1):
        before, pair, after = factors[:k], factors[k : k + 2], factors[k + 2 :]
        if isinstance(formula, tree.Product):
            yield Change("swapped"), tree.Product((*before, *pair[::-1], *after))
            turned = map(_turned, pair[::-1])
            yield Change("swapped"), tree.Product((*before, *turned, *after))
            other: tree.Formula = tree.Hadamard(pair)
            kind = "entrywise"
        else:
            other, kind = tree.Product(pair), "multiplied"
        whole = (*before, other, *after)
        yield Change(kind), whole[0] if len(whole) == 1 else type(formula)(whole)
    for k in range(1, len(factors)):
        left, right = (_joined(formula, part) for part in (factors[:k], factors[k:]))
        if isinstance(formula, tree.Product):
            yield Change("entrywise"), tree.Hadamard((left, right))
        elif len(factors) > 2:
            yield Change("multiplied"), tree.Product((left, right))
    for k, factor in enumerate(factors):
        rest = (*factors[:k], *factors[k + 1 :])
        yield Change("dropped", glyph_of(factor)), _joined(formula, rest)


def _turned(formula: tree.Formula) -> tree.Formula:
    return formula.inner if isinstance(formula, tree.Transposed) else tree.Transposed(formula)


def _joined(
    formula: tree.Product | tree.Hadamard, factors: tuple[tree.Formula, ...]
) -> tree.Formula:
    return factors[0] if len(factors) == 1 else type(formula)(factors)


def summed(formula: tree.Formula) -> Iterator[tuple[Change, tree.Formula]]:
    """``formula`` summed over its rows, or over its columns."""
    ones = tree.Sign(ONES)
    factors = formula.factors if isinstance(formula, tree.Product) else (formula,)
    for parts in ((tree.Transposed(ones), *factors), (*factors, ones)):
        yield Change("summed"), tree.Product(parts)


def raised(formula: Any, last: Callable[[tree.Sign], tree.Sign]) -> Any:
    """``formula`` at the last layer."""
    if isinstance(formula, tree.Sign):
        return last(formula)
    if not isinstance(formula, tuple):
        return formula
    parts = [raised(part, last) for part in formula]
    return tuple(parts) if type(formula) is tuple else type(formula)(*parts)


def last_in(lexicon: Lexicon) -> Callable[[tree.Sign], tree.Sign]:
    """What puts L for l in a sign, as far as ``lexicon`` has that."""

    def last(sign: tree.Sign) -> tree.Sign:
        places = lexicon.places.get(sign.glyph, {})
        here = places.get(sign.place)
        if here is None or not here.has(l):
            return sign
        wanted = here.subs(l, L)
        found = (text for text, place in places.items() if text and place == wanted)
        return sign._replace(place=next(found, sign.place))

    return last


def neighbours_in(lexicon: Lexicon) -> Neighbours:
    """What finds the same sign a layer before and after, as far as ``lexicon`` has it."""

    def found(sign: tree.Sign) -> Iterator[tree.Sign]:
        places = lexicon.places.get(sign.glyph, {})
        written = sign.place or sign.label
        here = places.get(written)
        if here is None or not written:
            return
        for text, place in places.items():
            if text and place - here in (-1, 1):
                moved = {"place": text} if sign.place else {"label": text}
                yield tree.Sign(**{**sign._asdict(), **moved})

    return found
