"""Layers that work on each entry, or on a few at a time."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.activations.activation import Scalar
from symbp.layers.forward import Forward
from symbp.layers.layer import Initialiser
from symbp.layers.written import Layer, Sizes


@dataclass(frozen=True)
class Apply(Layer):
    """``z = f(x)`` for an activation of each unit by itself."""

    activation: str | Scalar
    kind = "activation"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(("x[...]",), (f"z[...] = {self.activation}(x[...])",))


@dataclass(frozen=True)
class Softmax(Layer):
    """``z[n, j] = exp(x[n, j]) / Σ_k exp(x[n, k])`` over the last axis."""

    kind = "softmax"

    def forward(self, *shapes: Sizes) -> Forward:
        z = "z[..., j] = exp(x[..., j]) / sum(k, exp(x[..., k]))"
        return Forward(("x[..., j]",), (z,))


@dataclass(frozen=True)
class LogSoftmax(Layer):
    """``z[n, j] = x[n, j] − log Σ_k exp(x[n, k])`` over the last axis."""

    kind = "log_softmax"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(("x[..., j]",), ("z[..., j] = x[..., j] - log(sum(k, exp(x[..., k])))",))


@dataclass(frozen=True)
class PReLU(Layer):
    """``z[n, j] = x`` where it is above 0, ``α[j] x`` elsewhere; the slope is learnt."""

    kind = "prelu"

    def forward(self, *shapes: Sizes) -> Forward:
        z = "z[..., j] = where(x[..., j] > 0, x[..., j], alpha[j] * x[..., j])"
        return Forward(("x[..., j]",), (z,), parameters={"alpha[j]": Initialiser("ones", 0.25)})


@dataclass(frozen=True)
class GatedLinear(Layer):
    """``z = a σ(g)``, where a and g are linear in x."""

    units: int
    kind = "glu"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(
            ("x[..., i]",),
            (
                "a[..., j] = sum(i, w[i, j] * x[..., i]) + b[j]",
                "g[..., j] = sum(i, v[i, j] * x[..., i]) + c[j]",
                "z[..., j] = a[..., j] * sigmoid(g[..., j])",
            ),
            {"j": self.units},
            {"w[i, j]": "glorot", "b[j]": "zeros", "v[i, j]": "glorot", "c[j]": "zeros"},
        )


@dataclass(frozen=True)
class Maxout(Layer):
    """``z[n, j] = max_k u[n, k, j]``, where u is linear in x."""

    units: int
    pieces: int = 2
    kind = "maxout"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(
            ("x[..., i]",),
            (
                "u[..., k, j] = sum(i, w[i, k, j] * x[..., i]) + b[k, j]",
                "z[..., j] = max(k, u[..., k, j])",
            ),
            {"j": self.units, "k": self.pieces},
            {"w[i, k, j]": "glorot", "b[k, j]": "zeros"},
        )
