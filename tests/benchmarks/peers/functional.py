"""Losses as functions of parameters, for whoever differentiates functions of NumPy's kind.

``np`` is such a module: ``jax.numpy``, ``autograd.numpy``.
"""

from __future__ import annotations

from typing import Any

from tests.benchmarks import networks

Params = dict[str, Any]


def cross_entropy(np, u, t):
    """The mean of log Σ exp u − u at the labels ``t``."""
    u, t = u.reshape(-1, u.shape[-1]), t.reshape(-1)
    top = np.max(u, axis=1, keepdims=True)
    whole = np.log(np.sum(np.exp(u - top), axis=1)) + top[:, 0]
    return np.mean(whole - u[np.arange(len(t)), t])


def xor(np, network: networks.Xor, params: Params, x, d):
    u = np.tanh(x @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"]
    return np.mean(np.logaddexp(0, u) - d * u)


def dense(np, network: networks.Dense, params: Params, x, t):
    depth = len(network.widths) - 1
    for l in range(1, depth):
        x = x @ params[f"w{l}"] + params[f"b{l}"]
        x = np.tanh(x) if network.activation == "tanh" else np.maximum(x, 0)
    return cross_entropy(np, x @ params[f"w{depth}"] + params[f"b{depth}"], t)


def lstm_cell(np, params: Params, x, h, c):
    """The next h and c."""
    u = {a: x @ params[f"w_{a}1"] + h @ params[f"r_{a}1"] + params[f"b_{a}1"] for a in "ifgo"}
    i, f, o = (1 / (1 + np.exp(-u[a])) for a in "ifo")
    c = f * c + i * np.tanh(u["g"])
    return o * np.tanh(c), c


def norm(np, x, gamma, beta):
    x = x - np.mean(x, axis=-1, keepdims=True)
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-5) * gamma + beta


def softmax(np, u):
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def transformer(np, network: networks.Transformer, params: Params, x, t):
    root = (network.width // network.heads) ** 0.5
    z = norm(np, x, params["gamma1"], params["beta1"])
    q, k, v = (
        np.einsum("nti,ihd->nhtd", z, params[f"w_{a}2"]) + params[f"b_{a}2"][:, None, :]
        for a in "qkv"
    )
    p = softmax(np, np.einsum("nhtd,nhsd->nhts", q, k) / root)
    o = np.einsum("nhts,nhsd->nhtd", p, v)
    x = x + np.einsum("nhtd,hdj->ntj", o, params["w_o2"]) + params["b_o2"]
    z = norm(np, x, params["gamma4"], params["beta4"])
    z = np.maximum(z @ params["w5"] + params["b5"], 0)
    x = x + z @ params["w6"] + params["b6"]
    return cross_entropy(np, x @ params["w8"] + params["b8"], t)
