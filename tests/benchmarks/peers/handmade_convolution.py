"""Convolutions with the samples innermost, so that copies of windows are contiguous runs.

The four outputs that are pooled together come of one product: a window of 6 × 6 against the
filters of 5 × 5 in its four corners. That is half as much again to multiply, but BLAS likes its
shape better, windows overlap less, and what is pooled are four arrays.

Pooling comes before the bias and ReLU, where there is a quarter of the numbers:
max(max u + b, 0) = max(max u, −b) + b. An entry is the largest of its window where it equals that.
Where several are, all of them get the slope: on images that happens where a window has nothing but
zeros, so that weights do not learn from it, and biases do not count entries but windows.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.peers.flat import OPTIMIZERS, Flat
from tests.benchmarks.peers.handmade_softmax import CrossEntropy
from tests.benchmarks.peers.peer import Arrays
from tests.benchmarks.workloads import Workload


class Block:
    """A convolution, pooling and ReLU, from ``channels`` of ``side`` × ``side``, to ``z``."""

    def __init__(self, place: int, flat: Flat, side: int, count: int, dtype: str) -> None:
        self.w, self.g = flat.blocks[f"w{place}"], flat.slopes[f"w{place}"]
        channels, k, _, filters = self.w.shape
        half = (side - k + 1) // 2
        self.b = flat.blocks[f"b{place}"].reshape(-1, 1)
        self.gb = flat.slopes[f"b{place}"]
        self.least = np.empty_like(self.b)
        self.x = np.empty((channels, side, side, count), dtype)
        self.windows = np.empty((channels, k + 1, k + 1, half, half, count), dtype)
        self.rows = self.windows.reshape(channels * (k + 1) ** 2, -1)
        c, r, s, n = self.x.strides
        self.seen = np.lib.stride_tricks.as_strided(
            self.x, self.windows.shape, (c, r, s, 2 * r, 2 * s, n), writeable=False
        )
        wide, self.wide_g = (
            np.zeros((channels, k + 1, k + 1, 2, 2, filters), dtype) for _ in range(2)
        )
        self.flat_w, self.flat_g = (v.reshape(len(self.rows), -1) for v in (wide, self.wide_g))
        corners = [(a, b) for a in (0, 1) for b in (0, 1)]
        self.copies, self.parts = (
            [v[:, a : a + k, b : b + k, a, b] for a, b in corners] for v in (wide, self.wide_g)
        )
        positions = self.rows.shape[1]
        self.u, self.delta = (np.empty((4, filters, positions), dtype) for _ in range(2))
        self.flat_u, self.flat_delta = (v.reshape(-1, positions) for v in (self.u, self.delta))
        self.top, self.dz = (np.empty((filters, positions), dtype) for _ in range(2))
        self.passes, self.at = np.empty(self.top.shape, bool), np.empty(self.u.shape, bool)
        self.ones = np.ones(positions, dtype)

    def forward(self, z: np.ndarray) -> None:
        """From ``x`` to ``z``."""
        np.copyto(self.windows, self.seen)
        for copy in self.copies:
            copy[...] = self.w
        np.dot(self.flat_w.T, self.rows, out=self.flat_u)
        np.maximum.reduce(self.u, axis=0, out=self.top)
        np.negative(self.b, out=self.least)
        np.maximum(self.top, self.least, out=self.top)
        np.add(self.top, self.b, out=z)

    def backward(self) -> None:
        """The gradients of weights and biases, from ``dz``, that of ``z``."""
        top, dz = self.top, self.dz
        np.greater(top, self.least, out=self.passes)
        np.multiply(dz, self.passes, out=dz)
        np.dot(dz, self.ones, out=self.gb)
        np.equal(self.u, top, out=self.at)
        np.multiply(self.at, dz, out=self.delta)
        np.dot(self.rows, self.flat_delta.T, out=self.flat_g)
        first, second, third, fourth = self.parts
        np.add(first, second, out=self.g)
        np.add(self.g, third, out=self.g)
        np.add(self.g, fourth, out=self.g)


class Convolution:
    """A step of training; ``x`` is (samples, 1, rows, columns)."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network, count, dtype = workload.network, workload.batch, workload.dtype
        shapes = dict(network.shapes)
        for name in ("w1", "w3"):
            filters, *others = shapes[name]
            shapes[name] = (*others, filters)
        self.flat = Flat(shapes, dtype)
        for name, w in self.parameters().items():
            w[...] = start[name]
        self.optimizer = OPTIMIZERS[workload.optimizer](self.flat, workload.rate)
        self.first = Block(1, self.flat, network.side, count, dtype)
        self.second = Block(3, self.flat, network.sides[1], count, dtype)
        self.read = self.second.x.reshape(self.first.top.shape)
        self.z = np.empty_like(self.second.top)
        self.flat_z, self.flat_dz = (v.reshape(-1, count) for v in (self.z, self.second.dz))
        self.w, self.g = self.flat.blocks["w6"], self.flat.slopes["w6"]
        self.b, self.gb = self.flat.blocks["b6"][:, None], self.flat.slopes["b6"]
        self.loss = CrossEntropy(network.classes, count, dtype, self.optimizer.factor)
        # What the second convolution read, gathered over the windows that read it.
        self.spread = np.empty_like(self.second.rows)
        apart = self.spread.reshape(self.second.windows.shape)
        dx, half, k = self.first.dz.reshape(self.second.x.shape), apart.shape[3], apart.shape[1]
        self.gathered = [
            (dx[:, p : p + 2 * half : 2, q : q + 2 * half : 2], apart[:, p, q])
            for p in range(k)
            for q in range(k)
        ]

    def parameters(self) -> Arrays:
        views = dict(self.flat.blocks)
        return views | {name: views[name].transpose(3, 0, 1, 2) for name in ("w1", "w3")}

    def step(self, x: np.ndarray, t: np.ndarray) -> float:
        first, second = self.first, self.second
        first.x[0] = x[:, 0].transpose(1, 2, 0)
        first.forward(self.read)
        second.forward(self.z)
        np.dot(self.w.T, self.flat_z, out=self.loss.u)
        np.add(self.loss.u, self.b, out=self.loss.u)
        loss = self.loss.step(t)
        delta = self.loss.u
        np.dot(self.flat_z, delta.T, out=self.g)
        np.dot(delta, self.loss.ones, out=self.gb)
        np.dot(self.w, delta, out=self.flat_dz)
        second.backward()
        np.dot(second.flat_w, second.flat_delta, out=self.spread)
        first.dz.fill(0)
        for whole, part in self.gathered:
            np.add(whole, part, out=whole)
        first.backward()
        self.optimizer.step()
        return loss
