"""NumPy as tutorials write it: one layer after the other, clear names, nothing spared.

Each function gives the loss and the gradients, and shares no line with symbp.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks import networks
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.peers.tutorial_layers import (
    conv,
    conv_backward,
    cross_entropy,
    norm,
    norm_backward,
    pool,
    pool_backward,
    sigmoid,
    softmax,
)
from tests.benchmarks.peers.updates import UPDATES
from tests.benchmarks.workloads import Workload

ACTIVATIONS = {
    "tanh": (np.tanh, lambda z: 1 - z**2),
    "relu": (lambda u: np.maximum(u, 0), lambda z: (z > 0).astype(z.dtype)),
}


def dense(network: networks.Dense, params: Arrays, x, t):
    depth = len(network.widths) - 1
    f, slope = ACTIVATIONS[network.activation]
    z = {0: x}
    for l in range(1, depth):
        z[l] = f(z[l - 1] @ params[f"w{l}"] + params[f"b{l}"])
    u = z[depth - 1] @ params[f"w{depth}"] + params[f"b{depth}"]
    if isinstance(network, networks.Xor):
        y = sigmoid(u)
        loss = -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))
        delta = (y - t) / len(x)
    else:
        loss, delta = cross_entropy(softmax(u), t)
    grads = {}
    for l in range(depth, 0, -1):
        grads[f"w{l}"] = z[l - 1].T @ delta
        grads[f"b{l}"] = np.sum(delta, axis=0)
        if l > 1:
            delta = (delta @ params[f"w{l}"].T) * slope(z[l - 1])
    return loss, grads


def convolution(network: networks.Convolution, params: Arrays, x, t):
    u1, windows1 = conv(x, params["w1"], params["b1"])
    z1 = np.maximum(u1, 0)
    z2 = pool(z1)
    u3, windows3 = conv(z2, params["w3"], params["b3"])
    z3 = np.maximum(u3, 0)
    z4 = pool(z3)
    flat = z4.reshape(len(x), -1)
    loss, delta6 = cross_entropy(softmax(flat @ params["w6"] + params["b6"]), t)
    grads = {"w6": flat.T @ delta6, "b6": delta6.sum(axis=0)}
    delta3 = pool_backward((delta6 @ params["w6"].T).reshape(z4.shape), z3, z4) * (z3 > 0)
    grads["w3"], grads["b3"], dz2 = conv_backward(delta3, params["w3"], windows3, z2.shape)
    delta1 = pool_backward(dz2, z1, z2) * (z1 > 0)
    grads["w1"], grads["b1"], _ = conv_backward(delta1, params["w1"], windows1, None)
    return loss, grads


def recurrent(network: networks.Recurrent, params: Arrays, x, t):
    count, times = t.shape
    w = {gate: params[f"w_{gate}1"] for gate in "ifgo"}
    r = {gate: params[f"r_{gate}1"] for gate in "ifgo"}
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    h = {-1: np.zeros((count, network.units), x.dtype)}
    c = {-1: np.zeros((count, network.units), x.dtype)}
    gates, deltas, loss = {}, {}, 0.0
    for s in range(times):
        u = {a: x[:, s] @ w[a] + h[s - 1] @ r[a] + params[f"b_{a}1"] for a in "ifgo"}
        gates[s] = {a: np.tanh(u[a]) if a == "g" else sigmoid(u[a]) for a in "ifgo"}
        c[s] = gates[s]["f"] * c[s - 1] + gates[s]["i"] * gates[s]["g"]
        h[s] = gates[s]["o"] * np.tanh(c[s])
        part, delta = cross_entropy(softmax(h[s] @ params["w2"] + params["b2"]), t[:, s])
        loss += part / times
        deltas[s] = delta / times
    dh_next, dc_next = np.zeros_like(h[-1]), np.zeros_like(c[-1])
    for s in reversed(range(times)):
        grads["w2"] += h[s].T @ deltas[s]
        grads["b2"] += deltas[s].sum(axis=0)
        i, f, g, o = (gates[s][a] for a in "ifgo")
        dh = deltas[s] @ params["w2"].T + dh_next
        dc = dh * o * (1 - np.tanh(c[s]) ** 2) + dc_next
        du = {
            "i": dc * g * i * (1 - i),
            "f": dc * c[s - 1] * f * (1 - f),
            "g": dc * i * (1 - g**2),
            "o": dh * np.tanh(c[s]) * o * (1 - o),
        }
        for a in "ifgo":
            grads[f"w_{a}1"] += x[:, s].T @ du[a]
            grads[f"r_{a}1"] += h[s - 1].T @ du[a]
            grads[f"b_{a}1"] += du[a].sum(axis=0)
        dh_next = sum(du[a] @ r[a].T for a in "ifgo")
        dc_next = dc * f
    return loss, grads


def transformer(network: networks.Transformer, params: Arrays, x, t):
    root = np.sqrt(network.width // network.heads).astype(x.dtype)
    z1, cache1 = norm(x, params["gamma1"], params["beta1"])
    q, k, v = (
        np.einsum("nti,ihd->nhtd", z1, params[f"w_{a}2"]) + params[f"b_{a}2"][:, None]
        for a in "qkv"
    )
    p = softmax(np.einsum("nhtd,nhsd->nhts", q, k) / root)
    o = np.einsum("nhts,nhsd->nhtd", p, v)
    middle = x + np.einsum("nhtd,hdj->ntj", o, params["w_o2"]) + params["b_o2"]
    z4, cache4 = norm(middle, params["gamma4"], params["beta4"])
    z5 = np.maximum(z4 @ params["w5"] + params["b5"], 0)
    z7 = middle + z5 @ params["w6"] + params["b6"]
    loss, delta8 = cross_entropy(softmax(z7 @ params["w8"] + params["b8"]), t)
    grads = {"w8": np.einsum("nti,ntj->ij", z7, delta8), "b8": delta8.sum(axis=(0, 1))}
    dz7 = delta8 @ params["w8"].T
    grads |= {"w6": np.einsum("nti,ntj->ij", z5, dz7), "b6": dz7.sum(axis=(0, 1))}
    delta5 = (dz7 @ params["w6"].T) * (z5 > 0)
    grads |= {"w5": np.einsum("nti,ntj->ij", z4, delta5), "b5": delta5.sum(axis=(0, 1))}
    dz4, grads["gamma4"], grads["beta4"] = norm_backward(delta5 @ params["w5"].T, cache4)
    dmiddle = dz7 + dz4
    grads |= {"w_o2": np.einsum("nhtd,ntj->hdj", o, dmiddle), "b_o2": dmiddle.sum(axis=(0, 1))}
    do = np.einsum("ntj,hdj->nhtd", dmiddle, params["w_o2"])
    dp = np.einsum("nhtd,nhsd->nhts", do, v)
    ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True)) / root
    du = {
        "q": np.einsum("nhts,nhsd->nhtd", ds, k),
        "k": np.einsum("nhts,nhtd->nhsd", ds, q),
        "v": np.einsum("nhts,nhtd->nhsd", p, do),
    }
    dz1 = 0
    for a in "qkv":
        grads[f"w_{a}2"] = np.einsum("nti,nhtd->ihd", z1, du[a])
        grads[f"b_{a}2"] = du[a].sum(axis=(0, 2))
        dz1 = dz1 + np.einsum("nhtd,ihd->nti", du[a], params[f"w_{a}2"])
    _, grads["gamma1"], grads["beta1"] = norm_backward(dz1, cache1)
    return loss, grads


GRADIENTS = {
    networks.Xor: dense,
    networks.Dense: dense,
    networks.Convolution: convolution,
    networks.Recurrent: recurrent,
    networks.Transformer: transformer,
}


class Tutorial(Peer):
    """Gradients of all parameters, then their updates."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        self.network = workload.network
        self.gradients = GRADIENTS[type(workload.network)]
        self.params = {name: w.astype(workload.dtype) for name, w in start.items()}
        self.optimizer = UPDATES[workload.optimizer](self.params, workload.rate)

    def step(self, x: np.ndarray, d: np.ndarray) -> float:
        loss, grads = self.gradients(self.network, self.params, x, d)
        self.optimizer.update(self.params, grads)
        return loss

    def parameters(self) -> Arrays:
        return self.params
