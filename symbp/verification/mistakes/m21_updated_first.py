"""M21: a parameter is updated before the gradient that reads it is taken."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.derivation.layer import descent
from symbp.derivation.names import RATE
from symbp.equations.tensor import Role, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import entries_in
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``w_jk`` -> ``w_jk − η ∂E/∂w_jk``

    Only where the writer's line has the rate, since a gradient never has.
    """
    if not context.written.has(RATE.symbol) or RATE not in context.program.inputs:
        return
    for place in entries_in(expr, context.free):
        if tensor_of(place.part).role is Role.WEIGHT:
            new = place.part + descent(context.program, place.part)
            yield Made(place.put(new), "updated", {"weight": place.part}, new)


TEXTS = {
    "en": {
        "what": "A weight gets its new value before δ of the layer below is computed with it.",
        "why": "All gradients belong to one and the same set of weights, that of the forward pass.",
        "example": "W2 -= rate * dW2, and after that d1 = (d2 @ W2.T) * …",
        "fix": "Compute all gradients first, and update after that.",
        "updated": "{weight} has its new value here: update it after all gradients are computed",
    },
    "ja": {
        "what": "前の層の δ を計算する前に、そこで使う重みを更新している。",
        "why": "どの勾配も、順伝播に使ったのと同じ重みについてのものである。",
        "example": "W2 -= rate * dW2 の後に d1 = (d2 @ W2.T) * …",
        "fix": "先にすべての勾配を計算し、その後で更新する。",
        "updated": "ここの {weight} は更新後の値である。更新は勾配をすべて計算した後に行う",
    },
}

MISTAKE = Mistake("M21", TEXTS, make)
