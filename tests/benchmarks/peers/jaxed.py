"""jax: a whole step traced and compiled once, its parameters given away to be overwritten."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tests.benchmarks import networks
from tests.benchmarks.peers import functional
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

LAYOUT = ("NHWC", "OIHW", "NHWC")


def convolution(network: networks.Convolution, params: Any, x: Any, t: Any) -> Any:
    # With channels last, and pooling by maxima of parts: the fastest of four ways on processors.
    x = x.transpose(0, 2, 3, 1)
    for place in (1, 3):
        w, b = params[f"w{place}"], params[f"b{place}"]
        x = lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=LAYOUT)
        n, r, s, c = x.shape
        x = jnp.maximum(x + b, 0).reshape(n, r // 2, 2, s // 2, 2, c).max(axis=(2, 4))
    u = x.transpose(0, 3, 1, 2).reshape(len(x), -1) @ params["w6"] + params["b6"]
    return functional.cross_entropy(jnp, u, t)


def recurrent(network: networks.Recurrent, params: Any, x: Any, t: Any) -> Any:
    # All gates in one product, as whoever writes an LSTM for jax does.
    w, r, b = (jnp.concatenate([params[f"{a}_{g}1"] for g in "ifog"], axis=-1) for a in "wrb")

    def at(before: Any, read: Any) -> Any:
        h, c = before
        u = read + h @ r
        i, f, o = jnp.split(jax.nn.sigmoid(u[:, : 3 * network.units]), 3, axis=1)
        c = f * c + i * jnp.tanh(u[:, 3 * network.units :])
        h = o * jnp.tanh(c)
        return (h, c), h

    first = jnp.zeros((len(x), network.units), x.dtype)
    _, h = lax.scan(at, (first, first), jnp.swapaxes(x @ w + b, 0, 1))
    return functional.cross_entropy(jnp, h @ params["w2"] + params["b2"], t.T)


LOSSES = {
    networks.Xor: partial(functional.xor, jnp),
    networks.Dense: partial(functional.dense, jnp),
    networks.Convolution: convolution,
    networks.Recurrent: recurrent,
    networks.Transformer: partial(functional.transformer, jnp),
}


def sgd(w: Any, g: Any, state: Any, tau: Any, rate: float) -> Any:
    return w - rate * g, state


def momentum(w: Any, g: Any, state: Any, tau: Any, rate: float) -> Any:
    v = 0.9 * state[0] - rate * g
    return w + v, (v,)


def adam(w: Any, g: Any, state: Any, tau: Any, rate: float) -> Any:
    m = 0.9 * state[0] + 0.1 * g
    v = 0.999 * state[1] + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**tau), v / (1 - 0.999**tau)
    return w - rate * m_hat / (jnp.sqrt(v_hat) + 1e-8), (m, v)


OPTIMIZERS = {"sgd": (sgd, 0), "momentum": (momentum, 1), "adam": (adam, 2)}


def step_of(workload: Workload) -> Any:
    """One step as a function of parameters, states, the number of the step, and a batch."""
    loss = partial(LOSSES[type(workload.network)], workload.network)
    update, _ = OPTIMIZERS[workload.optimizer]

    def step(params: Any, states: Any, tau: Any, x: Any, d: Any) -> Any:
        value, grads = jax.value_and_grad(loss)(params, x, d)
        after = {
            name: update(w, grads[name], states[name], tau, workload.rate)
            for name, w in params.items()
        }
        params = {name: pair[0] for name, pair in after.items()}
        return value, params, {name: pair[1] for name, pair in after.items()}, tau + 1

    return jax.jit(step, donate_argnums=(0, 1, 2))


class Jaxed(Peer):
    """The step, called from Python once for each batch."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        jax.config.update("jax_enable_x64", workload.dtype == "float64")
        count = OPTIMIZERS[workload.optimizer][1]
        self.params = {name: jnp.array(w, workload.dtype) for name, w in start.items()}
        self.states = {
            name: tuple(jnp.zeros_like(w) for _ in range(count)) for name, w in self.params.items()
        }
        self.tau, self.compiled = jnp.array(1, workload.dtype), step_of(workload)

    def batch(self, x: np.ndarray, d: np.ndarray) -> tuple[Any, Any]:
        return jnp.array(x), jnp.array(d.astype(np.int32) if d.dtype.kind == "i" else d)

    def step(self, x: Any, d: Any) -> Any:
        value, self.params, self.states, self.tau = self.compiled(
            self.params, self.states, self.tau, x, d
        )
        return value

    def parameters(self) -> Arrays:
        return {name: np.asarray(w) for name, w in self.params.items()}
