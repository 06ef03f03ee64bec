"""Dropout: units are left out at random while the network learns."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.errors import SpecErrors, fault
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes


@dataclass(frozen=True)
class Dropout(Layer):
    """``z = m x / (1 − p)``, where each entry of the mask m is 0 with the chance p, the ``rate``.

    When nothing is learnt, ``z = x``.
    """

    rate: float = 0.5
    kind = "dropout"

    def forward(self, *shapes: Sizes) -> Forward:
        if not 0 <= self.rate < 1:
            raise SpecErrors([fault("number_below_one", "rate", given=self.rate)])
        return Forward(
            ("x[...]",),
            ("z[...] = m[...] * x[...] / (1 - p)",),
            constants={"p": self.rate},
            drawn={"m[...]": 1 - self.rate},
            inference=("z[...] = x[...]",),
        )
