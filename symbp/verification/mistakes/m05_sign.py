"""M05: a sign."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import products
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``a`` -> ``−a``: of the whole, and of each part of a sum."""
    for place in products(expr, context.free):
        facts = {"part": place.part}
        yield Made(
            place.put(-place.part), "whole" if place.part == expr else "part", facts, -place.part
        )


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``−a`` -> ``a``"""
    for place in products(written, context.free):
        say = "whole" if place.part == written else "part"
        yield Made(place.put(-place.part), say, {"part": -place.part}, place.part)


TEXTS = {
    "en": {
        "what": "The sign is wrong.",
        "why": "The gradient points uphill; a step goes against it. The minus is in the update.",
        "example": "δ_j = d_j − z_j where δ is ∂E/∂u and E = ½ Σ (z_j − d_j)²",
        "fix": "Put the minus into the gradient or into the update, once.",
        "whole": "the sign is wrong",
        "part": "the sign of {part} is wrong",
    },
    "ja": {
        "what": "符号が逆である。",
        "why": "勾配は損失が増える向きであり、更新はその逆に進む。負号は更新式に一つだけある。",
        "example": "E = ½ Σ (z_j − d_j)² で δ = ∂E/∂u なのに δ_j = d_j − z_j",
        "fix": "負号を勾配と更新式のどちらに置くかを決め、一度だけ書く。",
        "whole": "符号が逆である",
        "part": "{part} の符号が逆である",
    },
}

MISTAKE = Mistake("M05", TEXTS, make, undo)
