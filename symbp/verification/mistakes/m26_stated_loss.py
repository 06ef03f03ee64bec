"""M26: the loss that is stated is not the one that is computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sympy import Expr, Integer, Rational

from symbp.equations.tensor import Role, is_entry, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake

HALVES = (Integer(1), Integer(2), Rational(1, 2))


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_j (z_j − d_j)²`` -> ``½ Σ …``, ``(1/m) Σ …``, in every combination"""
    if not is_entry(context.left):
        return
    if tensor_of(context.left).role not in (Role.LOSS, Role.TERM):
        return
    powers = product((0, -1, 1), repeat=len(context.sizes))
    scales = [_scale(context, chosen) for chosen in powers]
    for half, scale in product(HALVES, scales):
        factor = half * scale
        if factor != 1:
            yield Made(factor * expr, "factor", {"factor": factor})


def _scale(context: Context, powers: tuple[int, ...]) -> Expr:
    out: Expr = Integer(1)
    for size, power in zip(context.sizes, powers, strict=True):
        out *= size**power
    return out


TEXTS = {
    "en": {
        "what": "The loss that is computed is not the one that is stated, or a number is not what"
        " its formula gives.",
        "why": "½, sum and mean are all in use: a gradient or a number fits only one of them.",
        "example": "0.02 for (0.8, 0.2) against (1, 0), where E = ½ Σ (z − d)² gives 0.04",
        "fix": "State the loss that is computed, with its factor.",
        "factor": "this is {factor} times the loss that is stated",
        "number": "the definition gives {own}, not {stated}",
    },
    "ja": {
        "what": "書かれた損失と計算している損失が違う、または数値が式と合わない。",
        "why": "½、和、平均のどれも使われるが、勾配や数値が合うのはそのうちの一つだけである。",
        "example": "(1, 0) に対する (0.8, 0.2) は E = ½ Σ (z − d)² なら 0.04 なのに 0.02",
        "fix": "計算している損失を、その係数とともに書く。",
        "factor": "書かれた損失の {factor} 倍になっている",
        "number": "定義によれば {own} であり、{stated} ではない",
    },
}

MISTAKE = Mistake("M26", TEXTS, make)
