"""An LSTM: one product a time for all gates, inputs and states, and few passes in the loops.

Units are in rows, samples in columns. Below the inputs of a time stand the state before it and a
row of ones, so that weights, recurrent weights and biases are one matrix. The sigmoid is
½ + ½ tanh(u/2): all gates go through one tanh. What of the slopes needs no other time is computed
for all times before the loop.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.peers.flat import OPTIMIZERS, Flat
from tests.benchmarks.peers.handmade_softmax import CrossEntropy
from tests.benchmarks.peers.peer import Arrays
from tests.benchmarks.workloads import Workload

GATES = "oifg"
"""The sigmoids stand together, and so do those that the cell reads."""


class Recurrent:
    """A step of training; ``x`` is (samples, times, inputs)."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network, count, dtype = workload.network, workload.batch, workload.dtype
        self.inputs, self.units, self.times = network.inputs, network.units, network.times
        rows, units, times = self.inputs + self.units + 1, self.units, self.times
        shapes = {"gates": (rows, 4 * units), "out": (units + 1, network.classes)}
        self.flat = Flat(shapes, dtype)
        for name, w in self.parameters().items():
            w[...] = start[name]
        self.optimizer = OPTIMIZERS[workload.optimizer](self.flat, workload.rate)
        self.w, self.g = self.flat.blocks["gates"], self.flat.slopes["gates"]
        self.wT, self.r = self.w.T, self.w[self.inputs : -1]
        self.out, self.gout = self.flat.blocks["out"], self.flat.slopes["out"]
        # One time more than there is: the state behind the last.
        self.read = np.zeros((rows, times + 1, count), dtype)
        self.read[-1] = 1
        self.x, self.h = self.read[: self.inputs, :-1], self.read[self.inputs : -1]
        flat = self.read.reshape(rows, -1)
        self.before, self.states = flat[:, :-count], flat[self.inputs :, count:]
        self.u = np.empty((4 * units, count), dtype)
        self.gates = np.empty((times, 4, units, count), dtype)
        self.c = np.zeros((times + 1, units, count), dtype)
        self.tanh = np.empty((times, units, count), dtype)
        self.dh, self.buffer = (np.empty((units, count), dtype) for _ in range(2))
        self.dc = np.empty((units, count), dtype)
        self.of_c = np.empty((times, 3, units, count), dtype)
        self.of_h, self.of_o = (np.empty((times, units, count), dtype) for _ in range(2))
        self.delta = np.empty((times, 4, units, count), dtype)
        self.above = np.empty((units, times * count), dtype)
        self.columns = np.empty((4 * units, times * count), dtype)
        self.half, self.one = np.array(0.5, dtype), np.array(1, dtype)
        size = times * count
        self.loss = CrossEntropy(network.classes, size, dtype, self.optimizer.factor)

    def parameters(self) -> Arrays:
        gates, out = self.flat.blocks["gates"], self.flat.blocks["out"]
        views = {"w2": out[:-1], "b2": out[-1]}
        for k, gate in enumerate(GATES):
            part = gates[:, k * self.units : (k + 1) * self.units]
            views[f"w_{gate}1"] = part[: self.inputs]
            views[f"r_{gate}1"] = part[self.inputs : -1]
            views[f"b_{gate}1"] = part[-1]
        return views

    def step(self, x: np.ndarray, t: np.ndarray) -> float:
        self.x[...] = x.transpose(2, 1, 0)
        self._forward()
        units, times = self.units, self.times
        np.dot(self.out.T, self.states, out=self.loss.u)
        loss = self.loss.step(t.T.ravel())
        np.dot(self.states, self.loss.u.T, out=self.gout)
        np.dot(self.out[:-1], self.loss.u, out=self.above)
        self._slopes()
        self._backward()
        np.copyto(
            self.columns.reshape(4 * units, times, -1),
            self.delta.reshape(times, 4 * units, -1).transpose(1, 0, 2),
        )
        np.dot(self.before, self.columns.T, out=self.g)
        self.optimizer.step()
        return loss

    def _forward(self) -> None:
        h, c, half, buffer, u = self.h, self.c, self.half, self.buffer, self.u
        sigmoids = u[: 3 * self.units]
        for s in range(self.times):
            gates, tanh = self.gates[s], self.tanh[s]
            np.dot(self.wT, self.read[:, s], out=u)
            np.multiply(sigmoids, half, out=sigmoids)
            whole = gates.reshape(u.shape)
            np.tanh(u, out=whole)
            bent = gates[:3]
            np.multiply(bent, half, out=bent)
            np.add(bent, half, out=bent)
            np.multiply(gates[2], c[s], out=c[s + 1])
            np.multiply(gates[1], gates[3], out=buffer)
            np.add(c[s + 1], buffer, out=c[s + 1])
            np.tanh(c[s + 1], out=tanh)
            np.multiply(gates[0], tanh, out=h[:, s + 1])

    def _slopes(self) -> None:
        """What c̄ and h̄ are multiplied by, for all times at once."""
        o, i, f, g = (self.gates[:, k] for k in range(4))
        one, of_c, of_h, of_o = self.one, self.of_c, self.of_h, self.of_o
        np.subtract(one, i, out=of_c[:, 0])
        of_c[:, 0] *= i
        of_c[:, 0] *= g
        np.subtract(one, f, out=of_c[:, 1])
        of_c[:, 1] *= f
        of_c[:, 1] *= self.c[:-1]
        np.multiply(g, g, out=of_c[:, 2])
        np.subtract(one, of_c[:, 2], out=of_c[:, 2])
        of_c[:, 2] *= i
        np.multiply(self.tanh, self.tanh, out=of_h)
        np.subtract(one, of_h, out=of_h)
        of_h *= o
        np.subtract(one, o, out=of_o)
        of_o *= o
        of_o *= self.tanh

    def _backward(self) -> None:
        """δ of all gates, from the last time to the first."""
        dh, dc, buffer = self.dh, self.dc, self.buffer
        above = self.above.reshape(self.units, self.times, -1)
        dc.fill(0)
        for s in reversed(range(self.times)):
            delta, of_c = self.delta[s], self.of_c[s]
            if s + 1 < self.times:
                np.dot(self.r, self.delta[s + 1].reshape(4 * self.units, -1), out=dh)
                np.add(dh, above[:, s], out=dh)
            else:
                dh[...] = above[:, s]
            np.multiply(dh, self.of_h[s], out=buffer)
            np.add(dc, buffer, out=dc)
            np.multiply(dh, self.of_o[s], out=delta[0])
            np.multiply(dc, of_c, out=delta[1:])
            np.multiply(dc, self.gates[s, 2], out=dc)
