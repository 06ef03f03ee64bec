"""M12: an outer product the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sympy import Expr

from symbp.equations.tensor import Role, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``δ_j z_i`` -> ``δ_i z_j``"""
    target = context.target
    if target is None or tensor_of(target).role is not Role.WEIGHT:
        return
    of_units = [i for i in context.free if i.axis.place is not None]
    for i, j in combinations(of_units, 2):
        made = expr.xreplace({i: j, j: i})
        yield Made(made, "reversed", {"wrong": made, "right": expr})


TEXTS = {
    "en": {
        "what": "The two vectors of an outer product stand in the wrong order.",
        "why": "The gradient has the shape of the weight: one factor runs along its rows, the other"
        " along its columns.",
        "example": "δ zᵀ where the weight has the shape of z δᵀ",
        "fix": "Compare the shape of the product with that of the weight.",
        "reversed": "the outer product is reversed: the gradient must have the shape of the weight",
    },
    "ja": {
        "what": "外積の二つのベクトルの順序が逆である。",
        "why": "勾配は重みと同じ形をもつ。一方の因子が行を、もう一方が列を動く。",
        "example": "重みの形が z δᵀ なのに δ zᵀ",
        "fix": "積の形を重みの形と比べる。",
        "reversed": "外積の順序が逆である。勾配は重みと同じ形でなければならない",
    },
}

MISTAKE = Mistake("M12", TEXTS, make, make)
