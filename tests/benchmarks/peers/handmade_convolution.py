"""Convolutions with the samples innermost, so that copies of windows are contiguous runs.

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
        filters, channels, k, _ = flat.blocks[f"w{place}"].shape
        self.kernel, out, half = k, side - k + 1, (side - k + 1) // 2
        self.w, self.g = (v[f"w{place}"].reshape(filters, -1) for v in (flat.blocks, flat.slopes))
        self.wT = self.w.T
        self.b = flat.blocks[f"b{place}"].reshape(-1, 1, 1, 1)
        self.gb = flat.slopes[f"b{place}"]
        self.least = np.empty_like(self.b)
        self.x = np.empty((channels, side, side, count), dtype)
        self.windows = np.empty((channels, k, k, out, out, count), dtype)
        self.rows = self.windows.reshape(channels * k * k, -1)
        self.rowsT = self.rows.T
        c, r, s, n = self.x.strides
        self.seen = np.lib.stride_tricks.as_strided(
            self.x, self.windows.shape, (c, r, s, r, s, n), writeable=False
        )
        self.u = np.empty((filters, out * out * count), dtype)
        self.parts = self.u.reshape(filters, half, 2, half, 2, count)
        self.top, self.pair, self.dz = (
            np.empty((filters, half, half, count), dtype) for _ in range(3)
        )
        self.rows_dz = self.dz.reshape(filters, -1)
        self.passes = np.empty(self.top.shape, bool)
        self.at = np.empty(self.parts.shape, bool)
        self.delta = np.empty_like(self.u)
        self.slopes = self.delta.reshape(self.parts.shape)
        self.ones = np.ones(self.rows_dz.shape[1], dtype)

    def forward(self, z: np.ndarray) -> None:
        """From ``x`` to ``z``."""
        np.copyto(self.windows, self.seen)
        np.dot(self.w, self.rows, out=self.u)
        a, top, pair = self.parts, self.top, self.pair
        np.maximum(a[:, :, 0, :, 0], a[:, :, 0, :, 1], out=top)
        np.maximum(a[:, :, 1, :, 0], a[:, :, 1, :, 1], out=pair)
        np.maximum(top, pair, out=top)
        np.negative(self.b, out=self.least)
        np.maximum(top, self.least, out=top)
        np.add(top, self.b, out=z)

    def backward(self) -> None:
        """The gradients of weights and biases, from ``dz``, that of ``z``."""
        top, dz = self.top, self.dz
        np.greater(top, self.least, out=self.passes)
        np.multiply(dz, self.passes, out=dz)
        np.dot(self.rows_dz, self.ones, out=self.gb)
        np.equal(self.parts, top[:, :, None, :, None], out=self.at)
        np.multiply(self.at, dz[:, :, None, :, None], out=self.slopes)
        np.dot(self.delta, self.rowsT, out=self.g)


class Convolution:
    """A step of training; ``x`` is (samples, 1, rows, columns)."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network, count, dtype = workload.network, workload.batch, workload.dtype
        self.flat = Flat(network.shapes, dtype)
        for name, w in self.flat.blocks.items():
            w[...] = start[name]
        self.optimizer = OPTIMIZERS[workload.optimizer](self.flat, workload.rate)
        self.first = Block(1, self.flat, network.side, count, dtype)
        self.second = Block(3, self.flat, network.sides[1], count, dtype)
        self.z = np.empty_like(self.second.top)
        self.flat_z, self.flat_dz = (v.reshape(-1, count) for v in (self.z, self.second.dz))
        self.w, self.g = self.flat.blocks["w6"], self.flat.slopes["w6"]
        self.b, self.gb = self.flat.blocks["b6"][:, None], self.flat.slopes["b6"]
        self.loss = CrossEntropy(network.units, count, dtype, self.optimizer.factor)
        # What the second convolution read, gathered over the windows that read it.
        self.spread = np.empty_like(self.second.rows)
        self.apart = self.spread.reshape(self.second.windows.shape)

    def parameters(self) -> Arrays:
        return self.flat.blocks

    def step(self, x: np.ndarray, t: np.ndarray) -> float:
        first, second = self.first, self.second
        first.x[0] = x[:, 0].transpose(1, 2, 0)
        first.forward(second.x)
        second.forward(self.z)
        np.dot(self.w.T, self.flat_z, out=self.loss.u)
        np.add(self.loss.u, self.b, out=self.loss.u)
        loss = self.loss.step(t)
        delta = self.loss.u
        np.dot(self.flat_z, delta.T, out=self.g)
        np.dot(delta, self.loss.ones, out=self.gb)
        np.dot(self.w, delta, out=self.flat_dz)
        second.backward()
        np.dot(second.wT, second.delta, out=self.spread)
        self._gather(first.dz)
        first.backward()
        self.optimizer.step()
        return loss

    def _gather(self, dz: np.ndarray) -> None:
        """Each window's slopes, added up where the window read."""
        k, out = self.second.kernel, self.apart.shape[3]
        dz.fill(0)
        for p in range(k):
            for q in range(k):
                part = dz[:, p : p + out, q : q + out]
                np.add(part, self.apart[:, p, q], out=part)
