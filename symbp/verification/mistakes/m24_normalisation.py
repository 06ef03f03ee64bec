"""M24: paths through the statistics of a normalisation are left out."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.paths import paths, subsets


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``x̂̄ ∂x̂/∂x + v̄ ∂v/∂x + μ̄ ∂μ/∂x`` -> ``x̂̄ ∂x̂/∂x``, or with one of the others"""
    for kept, dropped in subsets(paths(context)):
        if all(path.is_statistic for path in dropped):
            for path in dropped[:1]:
                facts = {"path": path.equation.lhs}
                say = "path" if len(dropped) == 1 else "paths"
                yield Made(Add(*(each.share for each in kept)), say, facts)


TEXTS = {
    "en": {
        "what": "Terms of the gradient of a normalisation are missing.",
        "why": "Mean and variance depend on every entry that they are taken over: there are three"
        " paths back.",
        "example": "dx = dxhat / σ, without the paths through μ and σ²",
        "fix": "Add the paths through μ and σ².",
        "path": "the path through {path} is not added",
        "paths": "the paths through {path} and the other statistics are not added",
    },
    "ja": {
        "what": "正規化の勾配の項が抜けている。",
        "why": "平均と分散はすべての成分に依存するので、逆向きの経路は三つある。",
        "example": "μ と σ² を通る経路のない dx = dxhat / σ",
        "fix": "μ と σ² を通る経路を加える。",
        "path": "{path} を通る経路が足されていない",
        "paths": "{path} などの統計量を通る経路が足されていない",
    },
}

MISTAKE = Mistake("M24", TEXTS, make)
