"""Layers that work on each entry, or on a few at a time."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.activations.activation import Scalar
from symbp.layers import checks
from symbp.layers.forward import Forward
from symbp.layers.layer import Initialiser
from symbp.layers.written import ANY_AXIS, Layer, Sizes

BEHIND = "abcdef"


@dataclass(frozen=True)
class Apply(Layer):
    """``z = f(x)`` for an activation of each unit by itself."""

    activation: str | Scalar
    kind = "activation"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(("x[...]",), (f"z[...] = {self.activation}(x[...])",))


def along(axis: int, shape: Sizes, letter: str) -> str:
    """The indices of an entry of which ``letter`` runs along ``axis``: ``..., j, a, b``."""
    behind = BEHIND[: (-axis if axis < 0 else len(shape) - axis) - 1]
    return ", ".join(("...", letter, *behind))


@dataclass(frozen=True)
class Softmax(Layer):
    """``z[n, j] = exp(x[n, j]) / Σ_k exp(x[n, k])`` over one axis, the last unless it is given."""

    axis: int = -1
    kind = "softmax"
    least = ANY_AXIS

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axis(self, "axis", shapes[0]))
        j, k = (along(self.axis, shapes[0], letter) for letter in "jk")
        return Forward((f"x[{j}]",), (f"z[{j}] = exp(x[{j}]) / sum(k, exp(x[{k}]))",))


@dataclass(frozen=True)
class LogSoftmax(Layer):
    """``z[n, j] = x[n, j] − log Σ_k exp(x[n, k])`` over one axis."""

    axis: int = -1
    kind = "log_softmax"
    least = ANY_AXIS

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axis(self, "axis", shapes[0]))
        j, k = (along(self.axis, shapes[0], letter) for letter in "jk")
        return Forward((f"x[{j}]",), (f"z[{j}] = x[{j}] - log(sum(k, exp(x[{k}])))",))


@dataclass(frozen=True)
class PReLU(Layer):
    """``z[n, j] = x`` where it is above 0, ``α[j] x`` elsewhere; a slope is learnt for each j."""

    axis: int = -1
    kind = "prelu"
    least = ANY_AXIS

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axis(self, "axis", shapes[0]))
        x = f"x[{along(self.axis, shapes[0], 'j')}]"
        z = f"z{x[1:]} = where({x} > 0, {x}, alpha[j] * {x})"
        return Forward((x,), (z,), parameters={"alpha[j]": Initialiser("ones", 0.25)})


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
