"""symbp: the module that it generates, trained as the module itself trains."""

from __future__ import annotations

import types
from functools import cache
from typing import Any

import numpy as np

from tests.benchmarks.networks import Network
from tests.benchmarks.peers.emit import text
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload


@cache
def module(network: Network, optimizer: str) -> Any:
    """The generated module, loaded."""
    made = types.ModuleType("net")
    exec(compile(text(network, optimizer), "net", "exec"), made.__dict__)  # noqa: S102 - generated
    return made


class Generated(Peer):
    """By the ``Trainer`` of the module where it has one, else by its functions."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        params = {name: w.astype(workload.dtype) for name, w in start.items()}
        made = module(workload.network, workload.optimizer)
        way = WholeStep if hasattr(made, "Trainer") else Functions
        self.trainer = way(made, workload, params)
        self.step = self.trainer.step

    def parameters(self) -> Arrays:
        return dict(self.trainer.params)


class WholeStep:
    """A module that has a class for training."""

    def __init__(self, made: Any, workload: Workload, params: Arrays) -> None:
        self.made = made.Trainer(params, optimizer=workload.optimizer, rate=workload.rate)
        self.step = self.made.step

    @property
    def params(self) -> Arrays:
        return self.made.params


class Functions:
    """A module of functions: gradients, then an update of each parameter."""

    def __init__(self, made: Any, workload: Workload, params: Arrays) -> None:
        self.loss_and_grads, self.rate = made.loss_and_grads, workload.rate
        self.update, count, _ = made.OPTIMIZERS[workload.optimizer]
        self.params, self.count = params, 0
        self.states = {name: (np.zeros_like(w),) * count for name, w in params.items()}

    def step(self, x: np.ndarray, d: np.ndarray) -> float:
        self.count += 1
        loss, grads = self.loss_and_grads(self.params, x, d)
        for name, g in grads.items():
            self.params[name], self.states[name] = self.update(
                self.params[name], g, self.states[name], self.count, self.rate
            )
        return loss
