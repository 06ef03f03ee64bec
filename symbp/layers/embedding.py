"""Rows of a table, chosen by tokens."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes


@dataclass(frozen=True)
class Embedding(Layer):
    """``z[n, t, j] = w[x[n, t], j]``"""

    units: int
    kind = "embedding"
    tokens = True

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(
            ("x[...]",), ("z[..., j] = w[x[...], j]",), {"j": self.units}, {"w[v, j]": "normal"}
        )
