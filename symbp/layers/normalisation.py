"""Normalisation over a batch, over the units of a sample, and over groups of channels."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import fault
from symbp.layers import checks
from symbp.layers.convolution import affine
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

LETTERS = "rsabcdefg"
"""Of positions behind the channels."""

POSITIONS = "rstuv"


@dataclass(frozen=True)
class LayerNorm(Layer):
    """``z[n, j] = γ[j] (x[n, j] − μ[n]) / sqrt(σ²[n] + ε) + β[j]``, μ and σ² over the units."""

    eps: float = 1e-5
    kind = "layer_norm"

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.above_zero(self, "eps"))
        return Forward(
            ("x[..., j]",),
            (
                "mu[...] = mean(j, x[..., j])",
                "v[...] = mean(j, (x[..., j] - mu[...])^2)",
                "x_hat[..., j] = (x[..., j] - mu[...]) / sqrt(v[...] + eps)",
                "z[..., j] = gamma[j] * x_hat[..., j] + beta[j]",
            ),
            parameters={"gamma[j]": "ones", "beta[j]": "zeros"},
            constants={"eps": self.eps},
        )


@dataclass(frozen=True)
class RMSNorm(Layer):
    """``z[n, j] = γ[j] x[n, j] / sqrt(1/J Σ_j x[n, j]² + ε)``"""

    eps: float = 1e-5
    kind = "rms_norm"

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.above_zero(self, "eps"))
        return Forward(
            ("x[..., j]",),
            (
                "v[...] = mean(j, x[..., j]^2)",
                "x_hat[..., j] = x[..., j] / sqrt(v[...] + eps)",
                "z[..., j] = gamma[j] * x_hat[..., j]",
            ),
            parameters={"gamma[j]": "ones"},
            constants={"eps": self.eps},
        )


@dataclass(frozen=True)
class BatchNorm(Layer):
    """``z[n, j] = γ[j] (x[n, j] − μ[j]) / sqrt(σ²[j] + ε) + β[j]``, μ and σ² over the samples.

    ``directions`` are the axes of positions behind the channels, which count as samples. What is
    remembered of μ and σ² takes their place when nothing is learnt: in each step it moves to them
    by ``momentum``, to σ² as the samples let estimate it, with M/(M − 1).
    """

    directions: int = 0
    eps: float = 1e-5
    momentum: float = 0.1
    kind = "batch_norm"
    least = MappingProxyType({"directions": 0})

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.above_zero(self, "eps"))
        checks.refuse(checks.axes(self, shapes[0], self.directions + 2))
        over = ", ".join(("n", *POSITIONS[: self.directions]))
        at = ", ".join(("n", "j", *POSITIONS[: self.directions]))
        count = "*".join(f"size({letter})" for letter in over.split(", "))
        return Forward(
            (f"x[{at}]",),
            (
                f"mu[j] = mean({over}, x[{at}])",
                f"v[j] = mean({over}, (x[{at}] - mu[j])^2)",
                f"x_hat[{at}] = (x[{at}] - mu[j]) / sqrt(v[j] + eps)",
                f"z[{at}] = gamma[j] * x_hat[{at}] + beta[j]",
            ),
            parameters={"gamma[j]": "ones", "beta[j]": "zeros"},
            constants={"eps": self.eps, "alpha": self.momentum},
            states={"m[j]": 0.0, "s[j]": 1.0},
            updates=(
                "m[j] = (1 - alpha) * m[j] + alpha * mu[j]",
                f"s[j] = (1 - alpha) * s[j] + alpha * v[j] * ({count}) / ({count} - 1)",
            ),
            inference=("mu[j] = m[j]", "v[j] = s[j]"),
        )


@dataclass(frozen=True)
class GroupNorm(Layer):
    """``z[n, k] = γ[k] (x[n, k] − μ[n, g]) / sqrt(σ²[n, g] + ε) + β[k]``, k = C g + c.

    μ and σ² are over the channels of a group and over all positions behind them.
    """

    groups: int
    eps: float = 1e-5
    kind = "group_norm"

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(
            checks.above_zero(self, "eps"),
            checks.axes(self, shapes[0], 2),
        )
        channels = shapes[0][1] or 0
        if channels % self.groups:
            checks.refuse([fault("groups_uneven", "groups", given=channels, wanted=self.groups)])
        each = channels // self.groups
        positions = POSITIONS[: len(shapes[0]) - 2]
        behind = "".join(f", {letter}" for letter in positions)
        k = affine((each, "g"), (1, "c"))
        x = f"x[n, {k}{behind}]"
        return Forward(
            (f"x[n, m{behind}]",),
            (
                f"mu[n, g] = mean(c{behind}, {x})",
                f"v[n, g] = mean(c{behind}, ({x} - mu[n, g])^2)",
                f"x_hat[n, k = {k}{behind}] = ({x} - mu[n, g]) / sqrt(v[n, g] + eps)",
                f"z[n, k{behind}] = gamma[k] * x_hat[n, k{behind}] + beta[k]",
            ),
            {"g": self.groups, "c": each, "k": channels},
            {"gamma[k]": "ones", "beta[k]": "zeros"},
            {"eps": self.eps},
        )
