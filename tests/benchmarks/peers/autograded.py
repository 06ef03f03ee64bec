"""autograd (HIPS): NumPy recorded while it runs, and played backwards."""

from __future__ import annotations

from functools import partial

import autograd
import autograd.numpy as anp
import numpy as np

from tests.benchmarks import networks
from tests.benchmarks.peers import functional
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.peers.updates import UPDATES
from tests.benchmarks.workloads import Workload


def recurrent(network: networks.Recurrent, params, x, t):
    h = c = np.zeros((len(x), network.units), x.dtype)
    states = []
    for s in range(network.times):
        h, c = functional.lstm_cell(anp, params, x[:, s], h, c)
        states.append(h)
    u = anp.stack(states, axis=1) @ params["w2"] + params["b2"]
    return functional.cross_entropy(anp, u, t)


LOSSES = {
    networks.Xor: partial(functional.xor, anp),
    networks.Dense: partial(functional.dense, anp),
    networks.Recurrent: recurrent,
    networks.Transformer: partial(functional.transformer, anp),
}


class Autograded(Peer):
    """Gradients of all parameters, then their updates as in tutorials."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        loss = partial(LOSSES[type(workload.network)], workload.network)
        self.gradients = autograd.value_and_grad(loss)
        self.params = {name: w.astype(workload.dtype) for name, w in start.items()}
        self.optimizer = UPDATES[workload.optimizer](self.params, workload.rate)

    def step(self, x: np.ndarray, d: np.ndarray) -> float:
        loss, grads = self.gradients(self.params, x, d)
        self.optimizer.update(self.params, grads)
        return loss

    def parameters(self) -> Arrays:
        return self.params
