"""M06: a constant factor, most often 2 or ½."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Rational

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import products
from symbp.verification.mistakes.mistake import Made, Mistake

FACTORS = (Integer(2), Rational(1, 2))
OTHERS = (Integer(4), Rational(1, 4), Integer(3), Rational(1, 3))


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``a`` -> ``2a``, ``a/2``"""
    yield from (Made(factor * expr, "whole", {"factor": factor}) for factor in FACTORS)
    yield from (Made(factor * expr, "whole", {"factor": factor}, cost=1) for factor in OTHERS)
    for place in products(expr, context.free):
        for factor in FACTORS:
            facts = {"factor": factor, "part": place.part}
            yield Made(place.put(factor * place.part), "part", facts, factor * place.part)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``2a`` -> ``a``"""
    for factor in FACTORS:
        yield Made(written / factor, "whole", {"factor": factor}, written)


TEXTS = {
    "en": {
        "what": "A constant factor is wrong, most often 2 or ½.",
        "why": "The ½ in E = ½ Σ (z − d)² cancels the 2 of the square; without it the 2 stays.",
        "example": "2(z_j − d_j) for E = ½ Σ (z_j − d_j)²",
        "fix": "Differentiate the loss as it is stated, with its factor.",
        "whole": "this is {factor} times the gradient of the stated loss",
        "part": "{part} is multiplied by {factor} here",
    },
    "ja": {
        "what": "定数倍(多くは 2 か ½)が違う。",
        "why": "E = ½ Σ (z − d)² の ½ は二乗の微分の 2 を打ち消す。½ がなければ 2 は残る。",
        "example": "E = ½ Σ (z_j − d_j)² なのに 2(z_j − d_j)",
        "fix": "書いてある損失を、その係数のまま微分する。",
        "whole": "書かれた損失の勾配の {factor} 倍になっている",
        "part": "ここでは {part} に {factor} が掛かっている",
    },
}

MISTAKE = Mistake("M06", TEXTS, make, undo)
