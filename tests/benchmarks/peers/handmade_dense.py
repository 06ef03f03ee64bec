"""Fully connected layers: units in rows, samples in columns, so that every product is contiguous.

Where layer and batch are small, the bias is a last row of the weights, against a row of ones: one
product gives u with its bias, and one gives both gradients.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.benchmarks.peers.flat import OPTIMIZERS, Flat
from tests.benchmarks.peers.handmade_softmax import CrossEntropy
from tests.benchmarks.peers.peer import Arrays
from tests.benchmarks.workloads import Workload

SMALL = 8192
"""Batch times width up to which a row of ones pays."""


class Layer:
    """u = wᵀ z + b and its gradients, from ``z`` above a row of ones, or without one."""

    def __init__(self, place: int, flat: Flat, ones: np.ndarray) -> None:
        self.ones = ones
        self.joined = f"wb{place}" in flat.blocks
        if self.joined:
            self.w, self.g = flat.blocks[f"wb{place}"], flat.slopes[f"wb{place}"]
            self.back = self.w[:-1]
        else:
            self.w, self.g = flat.blocks[f"w{place}"], flat.slopes[f"w{place}"]
            self.b, self.gb = flat.blocks[f"b{place}"][:, None], flat.slopes[f"b{place}"]
            self.back = self.w
        self.wT = self.w.T

    def forward(self, z: np.ndarray, u: np.ndarray) -> None:
        np.dot(self.wT, z, out=u)
        if not self.joined:
            np.add(u, self.b, out=u)

    def forward_rows(self, x: np.ndarray, rows: np.ndarray, u: np.ndarray) -> None:
        """The same from samples in rows, by a product in ``rows`` that turns when b is added."""
        np.dot(x, self.w, out=rows)
        np.add(rows.T, self.b, out=u)

    def gradients(self, z: np.ndarray, delta: np.ndarray) -> None:
        np.dot(z, delta.T, out=self.g)
        if not self.joined:
            np.dot(delta, self.ones, out=self.gb)


class Tanh:
    """The activation in its place, and a δ times its slope."""

    def __init__(self, shape: tuple[int, ...], dtype: str) -> None:
        self.buffer = np.empty(shape, dtype)

    def forward(self, u: np.ndarray) -> None:
        np.tanh(u, out=u)

    def backward(self, z: np.ndarray, delta: np.ndarray) -> None:
        slope = self.buffer
        np.multiply(z, z, out=slope)
        np.multiply(slope, delta, out=slope)
        np.subtract(delta, slope, out=delta)


class Relu:
    """The same of a ReLU."""

    def __init__(self, shape: tuple[int, ...], dtype: str) -> None:
        self.buffer, self.zero = np.empty(shape, bool), np.array(0, dtype)

    def forward(self, u: np.ndarray) -> None:
        np.maximum(u, self.zero, out=u)

    def backward(self, z: np.ndarray, delta: np.ndarray) -> None:
        np.greater(z, self.zero, out=self.buffer)
        np.multiply(delta, self.buffer, out=delta)


ACTIVATIONS = {"tanh": Tanh, "relu": Relu}


class Dense:
    """A step of training; ``x`` is (samples, units)."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network, count, dtype = workload.network, workload.batch, workload.dtype
        widths = network.widths
        self.depth = len(widths) - 1
        joined = [count * max(i, j) <= SMALL for i, j in pairwise(widths)]
        shapes = {}
        for place, (i, j) in enumerate(pairwise(widths), 1):
            if joined[place - 1]:
                shapes[f"wb{place}"] = (i + 1, j)
            else:
                shapes |= {f"w{place}": (i, j), f"b{place}": (j,)}
        self.flat = Flat(shapes, dtype)
        self._set(start)
        ones = np.ones(count, dtype)
        self.layers = [Layer(place, self.flat, ones) for place in range(1, self.depth + 1)]
        # Of each layer's output, a row of ones below it where the next layer wants one.
        above = [np.ones((width + 1, count), dtype) for width in widths[:-1]]
        self.us = [z[:-1] for z in above]
        self.zs = [z if j else z[:-1] for z, j in zip(above, joined, strict=True)]
        self.deltas = [np.empty((width, count), dtype) for width in widths[:-1]]
        self.rows = None if joined[0] else np.empty((count, widths[1]), dtype)
        activation = ACTIVATIONS[network.activation]
        self.activations = [activation((width, count), dtype) for width in widths[:-1]]
        self.optimizer = OPTIMIZERS[workload.optimizer](self.flat, workload.rate)
        self.loss = CrossEntropy(widths[-1], count, dtype, self.optimizer.factor)

    def _set(self, start: Arrays) -> None:
        for name, w in self.parameters().items():
            w[...] = start[name]

    def parameters(self) -> Arrays:
        views = {}
        for name, block in self.flat.blocks.items():
            if name.startswith("wb"):
                views |= {f"w{name[2:]}": block[:-1], f"b{name[2:]}": block[-1]}
            else:
                views[name] = block
        return views

    def step(self, x: np.ndarray, t: np.ndarray) -> float:
        layers, zs, us, deltas = self.layers, self.zs, self.us, self.deltas
        last = self.depth - 1
        if self.rows is None:
            us[0][...] = x.T
            layers[0].forward(zs[0], us[1])
        else:
            zs[0] = x.T
            layers[0].forward_rows(x, self.rows, us[1])
        self.activations[1].forward(us[1])
        for l in range(1, last):
            layers[l].forward(zs[l], us[l + 1])
            self.activations[l + 1].forward(us[l + 1])
        layers[last].forward(zs[last], self.loss.u)
        loss = self.loss.step(t)
        delta = self.loss.u
        for l in range(last, 0, -1):
            layers[l].gradients(zs[l], delta)
            np.dot(layers[l].back, delta, out=deltas[l])
            delta = deltas[l]
            self.activations[l].backward(us[l], delta)
        layers[0].gradients(zs[0], delta)
        self.optimizer.step()
        return loss
