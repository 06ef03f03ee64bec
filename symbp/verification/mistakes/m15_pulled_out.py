"""M15: a factor that depends on the index of a sum is pulled out of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sympy import Expr, Integer, Mul

from symbp.equations.axis import Index, total
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import places, summing
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k δ_k w_jk`` -> ``w_jk Σ_k δ_k``, ``(Σ_k w_jk)(Σ_k δ_k)``"""
    for place in places(expr, context.free):
        for index, body in summing(place.part):
            free, pulled = _split(body, index)
            for out in pulled:
                kept = Mul(*(f for f in Mul.make_args(body) if f not in out and f not in free))
                rest, taken = total(kept, index), Mul(*out)
                facts = {"index": index, "factor": taken}
                apart = total(taken, index)
                yield Made(place.put(Mul(*free) * apart * rest), "split", facts)
                for letter in dict.fromkeys((*context.strays, *place.scope, index)):
                    if letter.axis == index.axis:
                        moved = taken.xreplace({index: letter})
                        yield Made(place.put(Mul(*free) * moved * rest), "out", facts, moved)


def _split(body: Expr, index: Index) -> tuple[list[Expr], list[tuple[Expr, ...]]]:
    """The factors that ``index`` does not occur in, and every choice of some that it does."""
    factors = Mul.make_args(body)
    free = [f for f in factors if not f.has_free(index)]
    bound = [f for f in factors if f.has_free(index) and f != Integer(1)]
    sizes = range(1, min(len(bound), 3))
    return free, [chosen for size in sizes for chosen in combinations(bound, size)]


TEXTS = {
    "en": {
        "what": "A factor that depends on the index of a sum stands outside that sum.",
        "why": "a_1 b_1 + a_2 b_2 is not (a_1 + a_2)(b_1 + b_2), nor a_1 (b_1 + b_2).",
        "example": "w_jk Σ_k δ_k instead of Σ_k w_jk δ_k",
        "fix": "Only what does not have the index of the sum may leave it. Try two units.",
        "out": "{factor} depends on {index} and cannot leave the sum",
        "split": "a sum of products over {index} is no product of sums: {factor} must stay inside",
    },
    "ja": {
        "what": "和の添字に依存する因子を和の外に出している。",
        "why": "a_1 b_1 + a_2 b_2 は (a_1 + a_2)(b_1 + b_2) でも a_1 (b_1 + b_2) でもない。",
        "example": "Σ_k w_jk δ_k とすべきところが w_jk Σ_k δ_k",
        "fix": "和の外に出せるのは、その添字をもたない因子だけである。二つのユニットで試す。",
        "out": "{factor} は {index} に依存するので和の外に出せない",
        "split": "{index} についての積の和は和の積ではない。{factor} は和の中に残る",
    },
}

MISTAKE = Mistake("M15", TEXTS, make)
