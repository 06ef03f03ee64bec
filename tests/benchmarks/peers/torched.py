"""PyTorch: eager, with its optimizer as it comes or with the fused one."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from torch.nn import functional as F

from tests.benchmarks import networks
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

Tensors = dict[str, torch.Tensor]


def xor(network: networks.Xor, params: Tensors, x: Any, d: Any) -> Any:
    z = torch.tanh(torch.addmm(params["b1"], x, params["w1"]))
    u = torch.addmm(params["b2"], z, params["w2"])
    return F.binary_cross_entropy_with_logits(u, d)


def dense(network: networks.Dense, params: Tensors, x: Any, t: Any) -> Any:
    f = torch.tanh if network.activation == "tanh" else torch.relu
    depth = len(network.widths) - 1
    for l in range(1, depth):
        x = f(torch.addmm(params[f"b{l}"], x, params[f"w{l}"]))
    return F.cross_entropy(torch.addmm(params[f"b{depth}"], x, params[f"w{depth}"]), t)


def convolution(network: networks.Convolution, params: Tensors, x: Any, t: Any) -> Any:
    for place in (1, 3):
        x = F.max_pool2d(torch.relu(F.conv2d(x, params[f"w{place}"], params[f"b{place}"])), 2)
    return F.cross_entropy(torch.addmm(params["b6"], x.flatten(1), params["w6"]), t)


def recurrent(network: networks.Recurrent, params: Tensors, x: Any, t: Any) -> Any:
    first = x.new_zeros((1, len(x), network.units))
    weights = [params["w"], params["r"], params["b"], params["b_again"]]
    h, _, _ = torch.lstm(x, (first, first), weights, True, 1, 0.0, True, False, True)
    u = torch.addmm(params["b2"], h.flatten(0, 1), params["w2"])
    return F.cross_entropy(u, t.flatten())


def transformer(network: networks.Transformer, params: Tensors, x: Any, t: Any) -> Any:
    n, times, width = x.shape
    x = x.flatten(0, 1)
    z = F.layer_norm(x, (width,), params["gamma1"], params["beta1"])
    u = torch.addmm(params["b"], z, params["qkv"]).view(n, times, 3, network.heads, -1)
    q, k, v = u.permute(2, 0, 3, 1, 4)
    o = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
    x = x + torch.addmm(params["b_o2"], o, params["w_o2"])
    z = F.layer_norm(x, (width,), params["gamma4"], params["beta4"])
    z = torch.relu(torch.addmm(params["b5"], z, params["w5"]))
    x = x + torch.addmm(params["b6"], z, params["w6"])
    return F.cross_entropy(torch.addmm(params["b8"], x, params["w8"]), t.flatten())


LOSSES = {
    networks.Xor: xor,
    networks.Dense: dense,
    networks.Convolution: convolution,
    networks.Recurrent: recurrent,
    networks.Transformer: transformer,
}


def packed(network: networks.Network, start: Arrays) -> Arrays:
    """The parameters as torch has them: an LSTM's gates in one matrix, queries to values, too."""
    own = dict(start)
    if isinstance(network, networks.Recurrent):
        for a in "wrb":
            own[a] = np.concatenate([own.pop(f"{a}_{g}1").T for g in "ifgo"])
        own["b_again"] = np.zeros_like(own["b"])
    if isinstance(network, networks.Transformer):
        width = network.width
        own["qkv"] = np.hstack([own.pop(f"w_{a}2").reshape(width, width) for a in "qkv"])
        own["b"] = np.concatenate([own.pop(f"b_{a}2").ravel() for a in "qkv"])
        own["w_o2"] = own["w_o2"].reshape(width, width)
    return own


def unpacked(network: networks.Network, own: Arrays) -> Arrays:
    """The same, back again."""
    params = dict(own)
    if isinstance(network, networks.Recurrent):
        for a in "wrb":
            parts = np.split(params.pop(a), 4)
            params |= {f"{a}_{g}1": part.T for g, part in zip("ifgo", parts, strict=True)}
        del params["b_again"]
    if isinstance(network, networks.Transformer):
        for whole, a in (("qkv", "w"), ("b", "b")):
            parts = np.split(params.pop(whole), 3, axis=-1)
            params |= {f"{a}_{g}2": part for g, part in zip("qkv", parts, strict=True)}
        params = {name: w.reshape(network.shapes[name]) for name, w in params.items()}
    return params


class Eager(Peer):
    """Forward, ``backward``, and a step of torch's optimizer."""

    options: ClassVar = {}

    def __init__(self, workload: Workload, start: Arrays) -> None:
        self.network, self.loss = workload.network, LOSSES[type(workload.network)]
        dtype = getattr(torch, workload.dtype)
        own = packed(workload.network, start)
        self.params = {name: torch.tensor(w, dtype=dtype) for name, w in own.items()}
        learnt = [w.requires_grad_() for name, w in self.params.items() if name != "b_again"]
        if workload.optimizer == "adam":
            self.optimizer = torch.optim.Adam(learnt, workload.rate, **self.options)
        else:
            momentum = 0.9 if workload.optimizer == "momentum" else 0.0
            self.optimizer = torch.optim.SGD(learnt, workload.rate, momentum, **self.options)

    def batch(self, x: np.ndarray, d: np.ndarray) -> tuple[Any, Any]:
        return torch.from_numpy(x.copy()), torch.from_numpy(d.copy())

    def step(self, x: Any, d: Any) -> Any:
        self.optimizer.zero_grad()
        loss = self.loss(self.network, self.params, x, d)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def parameters(self) -> Arrays:
        return unpacked(self.network, {k: w.detach().numpy() for k, w in self.params.items()})


class Fused(Eager):
    """With the optimizer that updates all parameters in one kernel."""

    options: ClassVar = {"fused": True}
