"""M24: paths through the statistics of a normalisation are left out.

A dense network has no such statistics, so nothing is transformed here: the paths that may be left
out are those through the mean and the variance of a normalising layer.
"""

from __future__ import annotations

from symbp.verification.mistakes.mistake import Mistake

TEXTS = {
    "en": {
        "what": "Terms of the gradient of a normalisation are missing.",
        "why": "Mean and variance depend on every entry that they are taken over: there are three"
        " paths back.",
        "example": "dx = dxhat / σ, without the paths through μ and σ²",
        "fix": "Add the paths through μ and σ².",
    },
    "ja": {
        "what": "正規化の勾配の項が抜けている。",
        "why": "平均と分散はすべての成分に依存するので、逆向きの経路は三つある。",
        "example": "μ と σ² を通る経路のない dx = dxhat / σ",
        "fix": "μ と σ² を通る経路を加える。",
    },
}

MISTAKE = Mistake("M24", TEXTS)
