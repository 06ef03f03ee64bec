"""M25: the mask of a dropout is not applied on the way back."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed, Mul

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


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``δ`` -> ``δ m/q``, where that is what the forward pass multiplies something by"""
    for mask, scale in _masks(context):
        for place in products(written, context.free):
            for entry in context.at(tensor_of(mask), place.scope):
                yield Made(place.put(place.part * entry), "missing", {"mask": entry}, place.part)
                if scale != 1:
                    whole = place.part * entry * scale
                    yield Made(place.put(whole), "missing", {"mask": entry * scale}, place.part)
            if scale != 1:
                yield Made(place.put(place.part * scale), "missing", {"mask": scale}, place.part)


def _masks(context: Context) -> Iterator[tuple[Expr, Expr]]:
    """What is drawn in the forward pass, with the scale beside it."""
    for equation in context.program.equations:
        factors = Mul.make_args(equation.rhs)
        drawn = [f for f in factors if is_entry(f) and tensor_of(f).role is Role.DRAWN]
        scale = Mul(*(f for f in factors if not f.atoms(Indexed)))
        yield from ((mask, scale) for mask in drawn)


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

MISTAKE = Mistake("M25", TEXTS, make, undo)
