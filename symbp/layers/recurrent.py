"""Layers that go through time: the first axis behind the samples.

All of them may read a mask of the times, (samples, times), behind what they go through: where it is
0, the state stays as it was, so that the last state is that of the last time that counts. Behind
these they may read what the state is before the first time; else it is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symbp.activations.activation import Scalar
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

SEEN = "s_x[n, t]"
"""The mask."""


@dataclass(frozen=True)
class Recurrent(Layer):
    """What the layers of this file have in common.

    ``masked`` says that a mask is read, ``started`` that the first state is.
    """

    def recurrent(
        self,
        letter: str,
        equations: tuple[str, ...],
        parameters: Mapping[str, str],
        new: Mapping[str, str],
        size: int,
        options: tuple[bool, bool],
    ) -> Forward:
        """Going through x along ``letter``: ``equations``, then what the states are ``new``.

        Each state is spoken of by its name at the time before.
        """
        masked, started = options
        reads = [f"x[n, t, {letter}]"]
        lines = list(equations)
        for name, value in new.items():
            state = f"{name}[n, t, j]"
            kept = f"{SEEN} * ({value}) + (1 - {SEEN}) * {name}[n, t - 1, j]"
            lines.append(f"{state} = {kept if masked else value}")
        if masked:
            reads.append(SEEN)
        if started:
            before = []
            for name in new:
                reads.append(f"{name}_0[n, k]")
                before += [
                    f"{name}_f[n, t = 0, k] = {name}_0[n, k]",
                    f"{name}_p[n, t, k] = {name}[n, t - 1, k] + {name}_f[n, t, k]",
                ]
                lines = [line.replace(f" {name}[n, t - 1,", f" {name}_p[n, t,") for line in lines]
            lines = [*before, *lines]
        masks = ("s_x",) if masked else ()
        return Forward(tuple(reads), tuple(lines), {"j": size}, parameters, masks=masks)


@dataclass(frozen=True)
class RNN(Recurrent):
    """``u[n, t, j] = Σ_i w[i, j] x[n, t, i] + Σ_k r[k, j] h[n, t − 1, k] + b[j]``, h = tanh(u)."""

    units: int
    activation: str | Scalar = "tanh"
    masked: bool = False
    started: bool = False
    kind = "rnn"

    def forward(self, *shapes: Sizes) -> Forward:
        read = "sum(i, w[i, j] * x[n, t, i])"
        return self.recurrent(
            "i",
            (f"u[n, t, j] = {read} + sum(k, r[k, j] * h[n, t - 1, k]) + b[j]",),
            {"w[i, j]": "glorot", "r[k, j]": "glorot", "b[j]": "zeros"},
            {"h": f"{self.activation}(u[n, t, j])"},
            self.units,
            (self.masked, self.started),
        )


@dataclass(frozen=True)
class LSTM(Recurrent):
    """Gates i, f, o and the candidate g; ``c = f c⁻ + i g``, ``h = o tanh(c)``.

    ``started`` reads what c is before the first time, and then h.
    """

    units: int
    masked: bool = False
    started: bool = False
    kind = "lstm"

    def forward(self, *shapes: Sizes) -> Forward:
        gates = {"i": "sigmoid", "f": "sigmoid", "g": "tanh", "o": "sigmoid"}
        equations: list[str] = []
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
        new = {
            "c": "f[n, t, j] * c[n, t - 1, j] + i[n, t, j] * g[n, t, j]",
            "h": "o[n, t, j] * tanh(c[n, t, j])",
        }
        options = (self.masked, self.started)
        return self.recurrent("m", tuple(equations), learnt, new, self.units, options)


@dataclass(frozen=True)
class GRU(Recurrent):
    """Gates a (reset) and s (update); the candidate q sees the reset state."""

    units: int
    masked: bool = False
    started: bool = False
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
        )
        learnt: dict[str, str] = {}
        for gate in "asq":
            learnt |= {f"w_{gate}[m, j]": "glorot", f"r_{gate}[k, j]": "glorot"}
            learnt |= {f"b_{gate}[j]": "zeros", f"d_{gate}[j]": "zeros"}
        new = {"h": "(1 - s[n, t, j]) * q[n, t, j] + s[n, t, j] * h[n, t - 1, j]"}
        options = (self.masked, self.started)
        return self.recurrent("m", equations, learnt, new, self.units, options)
