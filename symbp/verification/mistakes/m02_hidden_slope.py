"""M02: the slope of a hidden activation is left out of the recursion."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.slopes import dropped, restored


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k δ_k w_jk f'(u_j)`` -> ``Σ_k δ_k w_jk``"""
    yield from dropped(expr, context, output=False)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k δ_k w_jk`` -> ``Σ_k δ_k w_jk f'(u_j)``"""
    yield from restored(written, context, output=False)


TEXTS = {
    "en": {
        "what": "The derivative f′ of the hidden activation is missing in the recursion for δ.",
        "why": "u_j reaches the next layer only through z_j = f(u_j): f′(u_j) is a factor of δ_j.",
        "example": "δ_j = Σ_k δ_k w_jk instead of δ_j = f′(u_j) Σ_k δ_k w_jk",
        "fix": "Multiply the sum by f′(u_j).",
        "missing": "{slope} is missing",
        "unprimed": "{slope} is needed here, the derivative and not the function itself",
    },
    "ja": {
        "what": "δ の漸化式に隠れ層の活性化関数の微分 f′ がない。",
        "why": "u_j は z_j = f(u_j) を通してだけ次の層に届くので、δ_j には f′(u_j) が掛かる。",
        "example": "δ_j = f′(u_j) Σ_k δ_k w_jk とすべきところが δ_j = Σ_k δ_k w_jk",
        "fix": "和に f′(u_j) を掛ける。",
        "missing": "{slope} が抜けている",
        "unprimed": "ここには関数の値ではなく微分 {slope} が必要である",
    },
}

MISTAKE = Mistake("M02", TEXTS, make, undo)
