"""M13: an elementwise product for a matrix product, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.axis import total
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import places, products, summing
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k a_k b_kj`` -> ``a_j b_jj``, and ``a_j b_j`` -> ``Σ_j a_j b_j``"""
    for place in places(expr, context.free):
        for index, body in summing(place.part):
            for other in place.scope:
                if other != index:
                    new = body.xreplace({index: other})
                    yield Made(place.put(new), "elementwise", {"index": index, "other": other}, new)
    for place in products(expr, context.free):
        for index in place.scope:
            count = sum(f.has_free(index) for f in place.factors)
            if count > 1 and index in context.free:
                bound = index.axis.fresh(place.scope, index.letter + "'")
                new = total(place.part.xreplace({index: bound}), bound)
                yield Made(place.put(new), "matrix", {"index": index}, new)


TEXTS = {
    "en": {
        "what": "An elementwise product stands where a matrix product belongs, or the reverse.",
        "why": "A matrix product sums over the index that its factors share; ⊙ does not.",
        "example": "(δ Wᵀ) f′(u) as a matrix product instead of (δ Wᵀ) ⊙ f′(u)",
        "fix": "Write the product with indices: is there a Σ, and over what?",
        "elementwise": "there must be a sum over {index} here: use a matrix product, not ⊙",
        "matrix": "nothing is summed over {index} here: use ⊙, not a matrix product",
    },
    "ja": {
        "what": "行列積とすべきところが要素ごとの積になっている(またはその逆)。",
        "why": "行列積は両因子に共通の添字について和をとるが、⊙ はとらない。",
        "example": "(δ Wᵀ) ⊙ f′(u) とすべきところが行列積 (δ Wᵀ) f′(u)",
        "fix": "添字で書いてみる。Σ はあるか、何についての和か。",
        "elementwise": "ここでは {index} についての和が要る。⊙ ではなく行列積を使う",
        "matrix": "ここでは {index} についての和はない。行列積ではなく ⊙ を使う",
    },
}

MISTAKE = Mistake("M13", TEXTS, make)
