"""M14: a sum is left out, so that one path remains."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.axis import total
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import fixed, places, products, summing
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k δ_k w_jk`` -> ``δ_k w_jk``, ``δ_1 w_j1``"""
    for place in places(expr, context.free):
        for index, body in summing(place.part):
            facts = {"index": index}
            for letter in dict.fromkeys((*context.strays, index)):
                if letter.axis == index.axis:
                    new = body.xreplace({index: letter})
                    yield Made(place.put(new), "missing", facts, new)
            for at in (0, 1):
                new = fixed(body, index, at)
                yield Made(place.put(new), "one", facts, new)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``δ_k w_jk`` -> ``Σ_k δ_k w_jk``"""
    for place in products(written, context.free):
        for index in context.strays:
            if place.part.has_free(index):
                new = total(place.part, index)
                yield Made(place.put(new), "missing", {"index": index}, place.part)


TEXTS = {
    "en": {
        "what": "A sum is missing: only one of several paths is counted.",
        "why": "A unit reaches every unit of the next layer, and every sample adds to a gradient;"
        " the chain rule adds up all paths.",
        "example": "δ_j = δ_k w_jk f′(u_j) instead of δ_j = Σ_k δ_k w_jk f′(u_j)",
        "fix": "Sum over each index that the left side does not have.",
        "missing": "the sum over {index} is missing",
        "one": "only one term of the sum over {index} is there",
    },
    "ja": {
        "what": "和が抜けていて、複数ある経路の一つしか数えていない。",
        "why": "一つのユニットは次の層のすべてのユニットに届き、どの標本も勾配に加わる。"
        "連鎖律ではすべての経路を足す。",
        "example": "δ_j = Σ_k δ_k w_jk f′(u_j) とすべきところが δ_j = δ_k w_jk f′(u_j)",
        "fix": "左辺にない添字のそれぞれについて和をとる。",
        "missing": "{index} についての和が抜けている",
        "one": "{index} についての和のうち一つの項しかない",
    },
}

MISTAKE = Mistake("M14", TEXTS, make, undo)
