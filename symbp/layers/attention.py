"""Attention: scaled dot products, one head or several."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.errors import fault
from symbp.layers import checks
from symbp.layers.forward import Forward
from symbp.layers.written import NEVER, Layer, Sizes


@dataclass(frozen=True)
class SelfAttention(Layer):
    """``e = q kᵀ / sqrt(D)``, ``p = softmax(e)`` over the keys, ``o = p v``, for each head.

    With ``causal``, a position sees none that comes after it.
    """

    heads: int = 1
    causal: bool = False
    kind = "attention"

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axes(self, shapes[0], 3, exact=True))
        width = shapes[0][-1] or 0
        if width % self.heads:
            checks.refuse([fault("heads_uneven", "heads", given=self.heads, wanted=width)])
        score = "sum(d, q[n, h, t, d] * k[n, h, s, d]) / sqrt(size(d))"
        projected = [
            f"{name}[n, h, t, d] = sum(i, w_{name}[i, h, d] * x[n, t, i]) + b_{name}[h, d]"
            for name in "qkv"
        ]
        seen = "e"
        masked: tuple[str, ...] = ()
        if self.causal:
            seen = "m"
            masked = (f"m[n, h, t, s] = where(s <= t, e[n, h, t, s], {NEVER})",)
        equations = (
            *projected,
            f"e[n, h, t, s] = {score}",
            *masked,
            f"p[n, h, t, s] = exp({seen}[n, h, t, s]) / sum(r, exp({seen}[n, h, t, r]))",
            "o[n, h, t, d] = sum(s, p[n, h, t, s] * v[n, h, s, d])",
            "z[n, t, j] = sum(h, d, w_o[h, d, j] * o[n, h, t, d]) + b_o[j]",
        )
        learnt: dict[str, str] = {}
        for name in "qkv":
            learnt |= {f"w_{name}[i, h, d]": "glorot", f"b_{name}[h, d]": "zeros"}
        learnt |= {"w_o[h, d, j]": "glorot", "b_o[j]": "zeros"}
        sizes = {"h": self.heads, "d": width // self.heads, "j": width}
        return Forward(("x[n, t, i]",), equations, sizes, learnt)
