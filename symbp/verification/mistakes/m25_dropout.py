"""M25: the mask of a dropout is not applied on the way back."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.tensor import Role, is_entry, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import products
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``δ m`` -> ``δ``, where m is read by the program and neither learnt nor a target"""
    for place in products(expr, context.free):
        for factor in place.factors:
            if is_entry(factor) and tensor_of(factor).axes:
                tensor = context.here(tensor_of(factor))
                if tensor.role is Role.OTHER and tensor in context.program.inputs:
                    yield Made(place.put(place.without(factor)), "missing", {"mask": factor})


TEXTS = {
    "en": {
        "what": "The mask or the scale of a dropout is not applied on the way back.",
        "why": "What was multiplied by the mask forward has the mask as a factor of its gradient.",
        "example": "d1 = (d2 @ W2.T) * f′(u1), though z1 was multiplied by a mask",
        "fix": "Keep the mask, and multiply the gradient by it.",
        "missing": "{mask} is not applied on the way back",
    },
    "ja": {
        "what": "ドロップアウトのマスクやスケールを逆伝播で掛けていない。",
        "why": "順伝播でマスクを掛けた量の勾配には、同じマスクが掛かる。",
        "example": "z1 にマスクを掛けたのに d1 = (d2 @ W2.T) * f′(u1)",
        "fix": "マスクを残しておき、勾配にも掛ける。",
        "missing": "逆伝播で {mask} が掛かっていない",
    },
}

MISTAKE = Mistake("M25", TEXTS, make)
