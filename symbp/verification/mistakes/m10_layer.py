"""M10: a quantity of a neighbouring layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sympy import Expr

from symbp.equations.axis import Index
from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, entries_in, places
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``w^l`` -> ``w^{l−1}``, ``w^{l+1}``"""
    for old, new, made in _shifted(expr, context):
        yield Made(made, "slip", {"wrong": new, "right": old}, new)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``w^{l−1}`` -> ``w^l``"""
    for old, new, made in _shifted(written, context):
        yield Made(made, "slip", {"wrong": old, "right": new}, old)


def _shifted(expr: Expr, context: Context) -> Iterator[tuple[Expr, Expr, Expr]]:
    """What stands somewhere, its neighbour, and ``expr`` with that in its place."""
    for place in entries_in(expr, context.free):
        for new in _neighbours(place.part, place, context):
            yield place.part, new, place.put(new)
    for entry in entries(expr):
        if tensor_of(entry).place is not None:
            for new in _neighbours(entry, Place(entry, context.free, lambda new: new), context):
                yield entry, new, expr.xreplace({entry: new})
    for place in places(expr, context.free):
        if isinstance(place.part, Opaque):
            yield from _functions(place, context)


def _neighbours(entry: Expr, place: Place, context: Context) -> Iterator[Expr]:
    around = tuple(dict.fromkeys((*place.scope, *context.strays)))
    for by in (-1, 1):
        tensor = context.shifted(tensor_of(entry), by)
        if tensor is not None:
            yield from _at(tensor, indices_of(entry), around)


def _at(tensor: Tensor, own: tuple[Expr, ...], around: tuple[Index, ...]) -> Iterator[Expr]:
    """``tensor`` at the letters that it had, or at those that fit its axes."""
    options = [
        dict.fromkeys((old, *(i for i in around if i.axis == axis)))
        for old, axis in zip(own, tensor.axes, strict=True)
    ]
    for chosen in product(*options):
        if len(set(chosen)) == len(chosen):
            yield tensor[chosen]


def _functions(place: Place, context: Context) -> Iterator[tuple[Expr, Expr, Expr]]:
    old = place.part
    here = old.symbol.place
    for by in (-1, 1):
        if here is None:
            continue
        symbol = FunctionSymbol(old.symbol.label, here + by)
        arguments = [old.argument]
        if is_entry(old.argument):
            arguments += _neighbours(old.argument, place, context)
        for argument in arguments:
            if old.argument == argument or tensor_of(argument).place == here + by:
                new = Opaque(symbol, argument, old.order)
                yield old, new, place.put(new)


TEXTS = {
    "en": {
        "what": "A quantity is taken from a neighbouring layer.",
        "why": "δ^l comes from δ and w of the layer above; ∂E/∂w^l needs z of the layer below.",
        "example": "∂E/∂w^l_ij = δ^l_j z^l_i instead of δ^l_j z^(l−1)_i",
        "fix": "Draw the two layers, and mark where each quantity lives.",
        "slip": "{wrong} should be {right}",
    },
    "ja": {
        "what": "隣の層の量を使っている。",
        "why": "δ^l は一つ上の層の δ と w から得られ、∂E/∂w^l には一つ下の層の z が要る。",
        "example": "∂E/∂w^l_ij = δ^l_j z^(l−1)_i とすべきところが δ^l_j z^l_i",
        "fix": "二つの層を図に描き、各量がどこにあるかを書き込む。",
        "slip": "{wrong} は {right} とすべきである",
    },
}

MISTAKE = Mistake("M10", TEXTS, make, undo)
