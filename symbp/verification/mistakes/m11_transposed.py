"""M11: a weight is read as its transpose."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.tensor import Role, indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import entries_in
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``w_jk`` -> ``w_kj``"""
    for place in entries_in(expr, context.free):
        tensor, own = tensor_of(place.part), indices_of(place.part)
        if tensor.role is Role.WEIGHT and len(own) == 2:
            new = tensor[own[::-1]]
            yield Made(place.put(new), "transposed", {"wrong": new, "right": place.part}, new)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``w_kj`` -> ``w_jk``"""
    for made in make(written, context):
        facts = {"wrong": made.facts["right"], "right": made.facts["wrong"]}
        part = facts["wrong"]
        yield Made(made.expr, made.say, facts, part if isinstance(part, Expr) else None)


TEXTS = {
    "en": {
        "what": "A weight matrix is used as its transpose, or without the transpose it needs.",
        "why": "Forward, w_jk carries j to k; backward it carries k to j: the same entry, summed"
        " over its other index.",
        "example": "Σ_k δ_k w_kj instead of Σ_k δ_k w_jk",
        "fix": "Give the layers different sizes and check the shapes.",
        "transposed": "{wrong} should be {right}: the weight is transposed",
    },
    "ja": {
        "what": "重み行列の転置が余分にある、または必要な転置がない。",
        "why": "順伝播で j から k へ運ぶ w_jk は、逆伝播では k から j へ運ぶ。同じ成分を、"
        "もう一方の添字について足す。",
        "example": "Σ_k δ_k w_jk とすべきところが Σ_k δ_k w_kj",
        "fix": "層の大きさを互いに変えて、形を確かめる。",
        "transposed": "{wrong} は {right} とすべきである(重みの転置が違う)",
    },
}

MISTAKE = Mistake("M11", TEXTS, make, undo)
