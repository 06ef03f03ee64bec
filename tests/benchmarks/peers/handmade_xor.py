"""XOR: seventeen calls of NumPy, since four samples cost what a call costs.

With s = 1 − 2d, which is 1 or −1, the loss of a sample is log(1 + exp(s u)). As tanh is odd, s goes
through the network from the inputs on: whoever multiplies x and its ones by s gets s z and s u, and
never needs d again. Targets have to be 0 or 1.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.peers.peer import Arrays
from tests.benchmarks.workloads import Workload


class Xor:
    """A step of training: one hidden layer of tanh, one sigmoid unit, plain descent."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        inputs, units, _ = workload.network.widths
        count, dtype = workload.batch, workload.dtype
        cut = (inputs + 1) * units
        self.w, self.g = (np.empty(cut + units + 1, dtype) for _ in range(2))
        self.w1, self.g1 = (v[:cut].reshape(inputs + 1, units) for v in (self.w, self.g))
        self.w2, self.g2 = self.w[cut:], self.g[cut:]
        self.w1[:-1], self.w1[-1] = start["w1"], start["b1"]
        self.w2[:-1], self.w2[-1] = start["w2"][:, 0], start["b2"][0]
        self.w1T, self.out = self.w1.T, self.w2[:-1, None]
        self.x = np.empty((inputs + 1, count), dtype)
        self.inputs, self.s = self.x[:-1], self.x[-1]
        self.z = np.empty((units + 1, count), dtype)
        self.hidden, self.last = self.z[:-1], self.z[-1]
        self.u, self.losses, self.ones = (np.ones(count, dtype) for _ in range(3))
        self.row = self.u[None]
        self.delta, self.slope = (np.empty((units, count), dtype) for _ in range(2))
        self.deltaT = self.delta.T
        self.zero, self.one, self.two = (np.array(n, dtype) for n in (0, 1, 2))
        self.factor = np.array(-workload.rate / count, dtype)
        self.mean = np.full(count, 1 / count, dtype)

    def step(self, x: np.ndarray, d: np.ndarray) -> float:
        s, z, hidden, u, losses = self.s, self.z, self.hidden, self.u, self.losses
        delta, slope = self.delta, self.slope
        np.multiply(d[:, 0], self.two, out=s)
        np.subtract(self.one, s, out=s)
        np.multiply(x.T, s, out=self.inputs)
        self.last[...] = s
        np.dot(self.w1T, self.x, out=hidden)
        np.tanh(hidden, out=hidden)
        np.dot(self.w2, z, out=u)
        np.logaddexp(u, self.zero, out=losses)
        np.subtract(u, losses, out=u)
        np.exp(u, out=u)
        np.multiply(u, self.factor, out=u)
        np.dot(z, u, out=self.g2)
        np.multiply(hidden, hidden, out=slope)
        np.subtract(self.one, slope, out=slope)
        np.multiply(slope, self.out, out=delta)
        np.multiply(delta, u, out=delta)
        np.dot(self.x, self.deltaT, out=self.g1)
        np.add(self.w, self.g, out=self.w)
        return np.dot(losses, self.mean)

    def parameters(self) -> Arrays:
        return {
            "w1": self.w1[:-1],
            "b1": self.w1[-1],
            "w2": self.w2[:-1, None],
            "b2": self.w2[-1:],
        }
