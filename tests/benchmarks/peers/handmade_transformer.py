"""One block of a transformer: tokens in rows, one product for queries, keys and values.

The heads are axes of views. Means over a token's numbers are products with a vector.
"""

from __future__ import annotations

import math

import numpy as np

from tests.benchmarks.peers.flat import OPTIMIZERS, Flat
from tests.benchmarks.peers.handmade_softmax import CrossEntropy
from tests.benchmarks.peers.peer import Arrays
from tests.benchmarks.workloads import Workload


class Norm:
    """Mean 0 and variance 1 for each of ``count`` tokens, then a scale and a shift."""

    def __init__(self, place: int, flat: Flat, count: int, width: int, dtype: str) -> None:
        self.gamma, self.ggamma = (v[f"gamma{place}"] for v in (flat.blocks, flat.slopes))
        self.beta, self.gbeta = (v[f"beta{place}"] for v in (flat.blocks, flat.slopes))
        self.x_hat, self.z, self.buffer = (np.empty((count, width), dtype) for _ in range(3))
        self.mean, self.scale, self.along = (np.empty(count, dtype) for _ in range(3))
        self.means = np.full(width, 1 / width, dtype)
        self.ones = np.ones(count, dtype)
        self.epsilon, self.one = np.array(1e-5, dtype), np.array(1, dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        x_hat, mean, scale = self.x_hat, self.mean, self.scale
        np.dot(x, self.means, out=mean)
        np.subtract(x, mean[:, None], out=x_hat)
        np.multiply(x_hat, x_hat, out=self.buffer)
        np.dot(self.buffer, self.means, out=scale)
        np.add(scale, self.epsilon, out=scale)
        np.sqrt(scale, out=scale)
        np.divide(self.one, scale, out=scale)
        np.multiply(x_hat, scale[:, None], out=x_hat)
        np.multiply(x_hat, self.gamma, out=self.z)
        np.add(self.z, self.beta, out=self.z)
        return self.z

    def gradients(self, dz: np.ndarray) -> None:
        np.dot(self.ones, dz, out=self.gbeta)
        np.multiply(dz, self.x_hat, out=self.buffer)
        np.dot(self.ones, self.buffer, out=self.ggamma)

    def backward(self, dz: np.ndarray) -> None:
        """``dz`` becomes the gradient of what was read; after ``gradients``."""
        np.dot(self.buffer, np.multiply(self.gamma, self.means), out=self.along)
        np.multiply(dz, self.gamma, out=dz)
        np.dot(dz, self.means, out=self.mean)
        np.multiply(self.x_hat, self.along[:, None], out=self.buffer)
        np.subtract(dz, self.buffer, out=dz)
        np.subtract(dz, self.mean[:, None], out=dz)
        np.multiply(dz, self.scale[:, None], out=dz)


class Attention:
    """Heads that look at all tokens of their sample."""

    def __init__(self, flat: Flat, samples: int, heads: int, times: int, width: int, dtype: str):
        self.w, self.g = (v["qkv"] for v in (flat.blocks, flat.slopes))
        self.wT, self.b, self.gb = self.w.T, flat.blocks["b_qkv"], flat.slopes["b_qkv"]
        count, each = samples * times, width // heads
        self.ones = np.ones(count, dtype)
        self.u, self.du = (np.empty((count, 3 * width), dtype) for _ in range(2))
        self.o, self.do, self.dz = (np.empty((count, width), dtype) for _ in range(3))
        self.q, self.k, self.v = self._heads(self.u, samples, times, 3, heads, each)
        self.dq, self.dk, self.dv = self._heads(self.du, samples, times, 3, heads, each)
        (self.seen,) = self._heads(self.o, samples, times, 1, heads, each)
        (self.dseen,) = self._heads(self.do, samples, times, 1, heads, each)
        self.p, self.dp = (np.empty((samples, heads, times, times), dtype) for _ in range(2))
        self.total = np.empty((samples, heads, times, 1), dtype)
        self.units = np.ones(times, dtype)
        self.scale = np.array(1 / math.sqrt(each), dtype)

    @staticmethod
    def _heads(flat: np.ndarray, samples: int, times: int, parts: int, heads: int, each: int):
        return flat.reshape(samples, times, parts, heads, each).transpose(2, 0, 3, 1, 4)

    def _sum(self, p: np.ndarray) -> None:
        np.dot(p.reshape(-1, p.shape[-1]), self.units, out=self.total.reshape(-1))

    def forward(self, z: np.ndarray) -> np.ndarray:
        p, total = self.p, self.total
        np.dot(z, self.w, out=self.u)
        np.add(self.u, self.b, out=self.u)
        np.multiply(self.q, self.scale, out=self.q)
        np.matmul(self.q, self.k.swapaxes(2, 3), out=p)
        np.maximum.reduce(p, axis=3, keepdims=True, out=total)
        np.subtract(p, total, out=p)
        np.exp(p, out=p)
        self._sum(p)
        np.divide(p, total, out=p)
        np.matmul(p, self.v, out=self.seen)
        return self.o

    def backward(self, z: np.ndarray) -> np.ndarray:
        """The gradient of ``z``, from ``do``, that of ``o``."""
        p, dp, total = self.p, self.dp, self.total
        np.matmul(self.dseen, self.v.swapaxes(2, 3), out=dp)
        np.matmul(p.swapaxes(2, 3), self.dseen, out=self.dv)
        np.multiply(dp, p, out=dp)
        self._sum(dp)
        np.multiply(p, total, out=p)
        np.subtract(dp, p, out=dp)
        np.matmul(dp, self.k, out=self.dq)
        np.multiply(self.dq, self.scale, out=self.dq)
        np.matmul(dp.swapaxes(2, 3), self.q, out=self.dk)
        np.dot(z.T, self.du, out=self.g)
        np.dot(self.ones, self.du, out=self.gb)
        np.dot(self.du, self.wT, out=self.dz)
        return self.dz


class Transformer:
    """A step of training; ``x`` is (samples, tokens, width)."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network, dtype = workload.network, workload.dtype
        width, hidden, outputs = network.width, network.hidden, network.classes
        self.heads, samples, times = network.heads, workload.batch, network.times
        self.count = count = samples * times
        shapes = dict(network.shapes)
        for name in "qkv":
            del shapes[f"w_{name}2"], shapes[f"b_{name}2"]
        shapes |= {"qkv": (width, 3 * width), "b_qkv": (3 * width,), "w_o2": (width, width)}
        self.flat = Flat(shapes, dtype)
        for name, w in self.parameters().items():
            w[...] = start[name].reshape(w.shape)
        self.optimizer = OPTIMIZERS[workload.optimizer](self.flat, workload.rate)
        self.norm1, self.norm4 = (Norm(k, self.flat, count, width, dtype) for k in (1, 4))
        self.attention = Attention(self.flat, samples, self.heads, times, width, dtype)
        self.middle, self.z7, self.dz7, self.dz4 = (
            np.empty((count, width), dtype) for _ in range(4)
        )
        self.z5, self.delta5 = (np.empty((count, hidden), dtype) for _ in range(2))
        self.passes = np.empty(self.z5.shape, bool)
        self.loss = CrossEntropy(outputs, count, dtype, self.optimizer.factor)
        self.ones, self.zero = np.ones(count, dtype), np.array(0, dtype)

    def parameters(self) -> Arrays:
        views = dict(self.flat.blocks)
        w, b, o = views.pop("qkv"), views.pop("b_qkv"), views.pop("w_o2")
        width, heads = len(w), (self.heads, len(w) // self.heads)
        for k, name in enumerate("qkv"):
            part = slice(k * width, (k + 1) * width)
            views[f"w_{name}2"] = w[:, part].reshape(width, *heads)
            views[f"b_{name}2"] = b[part].reshape(heads)
        return {**views, "w_o2": o.reshape(*heads, width)}

    def step(self, x: np.ndarray, t: np.ndarray) -> float:
        w, g, attention, middle = self.flat.blocks, self.flat.slopes, self.attention, self.middle
        x = x.reshape(self.count, -1)
        z1 = self.norm1.forward(x)
        o = attention.forward(z1)
        np.dot(o, w["w_o2"], out=middle)
        np.add(middle, w["b_o2"], out=middle)
        np.add(middle, x, out=middle)
        z4 = self.norm4.forward(middle)
        z5, z7 = self.z5, self.z7
        np.dot(z4, w["w5"], out=z5)
        np.add(z5, w["b5"], out=z5)
        np.maximum(z5, self.zero, out=z5)
        np.dot(z5, w["w6"], out=z7)
        np.add(z7, w["b6"], out=z7)
        np.add(z7, middle, out=z7)
        np.dot(w["w8"].T, z7.T, out=self.loss.u)
        np.add(self.loss.u, w["b8"][:, None], out=self.loss.u)
        loss = self.loss.step(t.ravel())
        delta8, dz7, delta5, dz4 = self.loss.u.T, self.dz7, self.delta5, self.dz4
        self._gradients("8", z7, delta8)
        np.dot(delta8, w["w8"].T, out=dz7)
        self._gradients("6", z5, dz7)
        np.dot(dz7, w["w6"].T, out=delta5)
        np.greater(z5, self.zero, out=self.passes)
        np.multiply(delta5, self.passes, out=delta5)
        self._gradients("5", z4, delta5)
        np.dot(delta5, w["w5"].T, out=dz4)
        self.norm4.gradients(dz4)
        self.norm4.backward(dz4)
        np.add(dz4, dz7, out=dz4)
        np.dot(o.T, dz4, out=g["w_o2"])
        np.dot(self.ones, dz4, out=g["b_o2"])
        np.dot(dz4, w["w_o2"].T, out=attention.do)
        self.norm1.gradients(attention.backward(z1))
        self.optimizer.step()
        return loss

    def _gradients(self, place: str, z: np.ndarray, delta: np.ndarray) -> None:
        np.dot(z.T, delta, out=self.flat.slopes[f"w{place}"])
        np.dot(self.ones, delta, out=self.flat.slopes[f"b{place}"])
