"""Layers that go through time: the first axis behind the samples."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.activations.activation import Scalar
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

READ = "sum(i, w[i, j] * x[n, t, i])"


@dataclass(frozen=True)
class RNN(Layer):
    """``u[n, t, j] = Σ_i w[i, j] x[n, t, i] + Σ_k r[k, j] h[n, t − 1, k] + b[j]``, h = tanh(u)."""

    units: int
    activation: str | Scalar = "tanh"
    kind = "rnn"

    def forward(self, *shapes: Sizes) -> Forward:
        return Forward(
            ("x[n, t, i]",),
            (
                f"u[n, t, j] = {READ} + sum(k, r[k, j] * h[n, t - 1, k]) + b[j]",
                f"h[n, t, j] = {self.activation}(u[n, t, j])",
            ),
            {"j": self.units},
            {"w[i, j]": "glorot", "r[k, j]": "glorot", "b[j]": "zeros"},
        )


@dataclass(frozen=True)
class LSTM(Layer):
    """Gates i, f, o and the candidate g; ``c = f c⁻ + i g``, ``h = o tanh(c)``."""

    units: int
    kind = "lstm"

    def forward(self, *shapes: Sizes) -> Forward:
        gates = {"i": "sigmoid", "f": "sigmoid", "g": "tanh", "o": "sigmoid"}
        equations = []
        learnt: dict[str, str] = {}
        for gate, function in gates.items():
            read = f"sum(m, w_{gate}[m, j] * x[n, t, m])"
            back = f"sum(k, r_{gate}[k, j] * h[n, t - 1, k])"
            equations += [
                f"u_{gate}[n, t, j] = {read} + {back} + b_{gate}[j]",
                f"{gate}[n, t, j] = {function}(u_{gate}[n, t, j])",
            ]
            learnt |= {f"w_{gate}[m, j]": "glorot", f"r_{gate}[k, j]": "glorot"}
            learnt |= {f"b_{gate}[j]": "zeros"}
        equations += [
            "c[n, t, j] = f[n, t, j] * c[n, t - 1, j] + i[n, t, j] * g[n, t, j]",
            "h[n, t, j] = o[n, t, j] * tanh(c[n, t, j])",
        ]
        return Forward(("x[n, t, m]",), tuple(equations), {"j": self.units}, learnt)


@dataclass(frozen=True)
class GRU(Layer):
    """Gates a (reset) and s (update); the candidate q sees the reset state."""

    units: int
    kind = "gru"

    def forward(self, *shapes: Sizes) -> Forward:

        def read(gate: str) -> str:
            return f"sum(m, w_{gate}[m, j] * x[n, t, m]) + b_{gate}[j]"

        def back(gate: str) -> str:
            return f"sum(k, r_{gate}[k, j] * h[n, t - 1, k]) + d_{gate}[j]"

        equations = (
            f"u_a[n, t, j] = {read('a')} + {back('a')}",
            "a[n, t, j] = sigmoid(u_a[n, t, j])",
            f"u_s[n, t, j] = {read('s')} + {back('s')}",
            "s[n, t, j] = sigmoid(u_s[n, t, j])",
            f"v[n, t, j] = {back('q')}",
            f"u_q[n, t, j] = {read('q')} + a[n, t, j] * v[n, t, j]",
            "q[n, t, j] = tanh(u_q[n, t, j])",
            "h[n, t, j] = (1 - s[n, t, j]) * q[n, t, j] + s[n, t, j] * h[n, t - 1, j]",
        )
        learnt: dict[str, str] = {}
        for gate in "asq":
            learnt |= {f"w_{gate}[m, j]": "glorot", f"r_{gate}[k, j]": "glorot"}
            learnt |= {f"b_{gate}[j]": "zeros", f"d_{gate}[j]": "zeros"}
        return Forward(("x[n, t, m]",), equations, {"j": self.units}, learnt)
