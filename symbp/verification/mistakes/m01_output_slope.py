"""M01: the slope of the output activation is left out."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.slopes import dropped, restored


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``(z − d) f'(u)`` -> ``z − d``"""
    yield from dropped(expr, context, output=True)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``z − d`` -> ``(z − d) f'(u)``"""
    yield from restored(written, context, output=True)


TEXTS = {
    "en": {
        "what": "The derivative f′ of the output activation is missing in δ of the last layer.",
        "why": "The loss depends on u through z = f(u): the chain rule gives a factor f′(u).",
        "example": "δ_j = z_j − d_j instead of δ_j = (z_j − d_j) f′(u_j)",
        "fix": "Multiply by f′(u_j), unless the loss cancels it as cross-entropy does.",
        "missing": "{slope} is missing",
        "unprimed": "{slope} is needed here, the derivative and not the function itself",
    },
    "ja": {
        "what": "出力層の δ に活性化関数の微分 f′ がない。",
        "why": "損失は z = f(u) を通してだけ u に依存するので、連鎖律により f′(u) が掛かる。",
        "example": "δ_j = (z_j − d_j) f′(u_j) とすべきところが δ_j = z_j − d_j",
        "fix": "f′(u_j) を掛ける(交差エントロピーのように打ち消される場合を除く)。",
        "missing": "{slope} が抜けている",
        "unprimed": "ここには関数の値ではなく微分 {slope} が必要である",
    },
}

MISTAKE = Mistake("M01", TEXTS, make, undo)
