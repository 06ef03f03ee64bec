"""Normalisation over a batch, over the units of a sample, and over groups of channels."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import SpecErrors, fault
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

LETTERS = "rsabcdefg"
"""Of positions behind the channels."""


@dataclass(frozen=True)
class LayerNorm(Layer):
    """``z[n, j] = γ[j] (x[n, j] − μ[n]) / sqrt(σ²[n] + ε) + β[j]``, μ and σ² over the units."""

    eps: float = 1e-5
    kind = "layer_norm"

    def forward(self, *shapes: Sizes) -> Forward:
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

    ``directions`` are the axes of positions behind the channels, which count as samples.
    """

    directions: int = 0
    eps: float = 1e-5
    kind = "batch_norm"
    least = MappingProxyType({"directions": 0})

    def forward(self, *shapes: Sizes) -> Forward:
        if len(shapes[0]) != self.directions + 2:
            given, wanted = len(shapes[0]) - 1, self.directions + 1
            raise SpecErrors([fault("layer_axes", given=given, wanted=wanted, name=self.kind)])
        over = ", ".join(("n", *LETTERS[: self.directions]))
        at = ", ".join(("n", "j", *LETTERS[: self.directions]))
        return Forward(
            (f"x[{at}]",),
            (
                f"mu[j] = mean({over}, x[{at}])",
                f"v[j] = mean({over}, (x[{at}] - mu[j])^2)",
                f"x_hat[{at}] = (x[{at}] - mu[j]) / sqrt(v[j] + eps)",
                f"z[{at}] = gamma[j] * x_hat[{at}] + beta[j]",
            ),
            parameters={"gamma[j]": "ones", "beta[j]": "zeros"},
            constants={"eps": self.eps},
        )
