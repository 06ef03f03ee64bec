"""From all times to one: the last of them, or their mean."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import fault
from symbp.layers import checks
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes


@dataclass(frozen=True)
class TimePool(Layer):
    """``z[n, j]`` of (samples, times, units): the ``last`` time, or the ``mean`` of the times.

    A second tensor that is read is a mask, (samples, times), and the mean that of the times that
    count. The last time needs none: the states of masked layers stay what they were.
    """

    over: str = "mean"
    kind = "time_pool"
    words = MappingProxyType({"over": ("mean", "last")})

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axes(self, shapes[0], 3, exact=True))
        reads = ("x[n, t, j]", "s[n, t]")[: len(shapes)]
        if self.over == "last":
            facts = {"given": len(shapes), "wanted": 1}
            checks.refuse([fault("layer_reads", "from", **facts)] if len(shapes) > 1 else ())
            return Forward(reads, (f"z[n, j] = x[n, {(shapes[0][1] or 1) - 1}, j]",))
        if len(shapes) == 1:
            return Forward(reads, ("z[n, j] = mean(t, x[n, t, j])",))
        weighted = "z[n, j] = sum(t, s[n, t] * x[n, t, j]) / sum(t, s[n, t])"
        return Forward(reads, (weighted,), masks=("s",))
