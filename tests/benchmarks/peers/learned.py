"""scikit-learn: MLPClassifier, a batch at a time."""

from __future__ import annotations

import math

import numpy as np
from sklearn.neural_network import MLPClassifier

from tests.benchmarks.networks import Xor
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

MOMENTUM = {"sgd": 0.0, "momentum": 0.9, "adam": 0.9}


class Learned(Peer):
    """``partial_fit`` for each batch; its loss is the one that it keeps."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        network = workload.network
        self.classes = np.arange(max(2, network.classes))
        self.made = MLPClassifier(
            network.widths[1:-1],
            activation=network.activation,
            solver="adam" if workload.optimizer == "adam" else "sgd",
            alpha=0,
            batch_size=workload.batch,
            learning_rate_init=workload.rate,
            momentum=MOMENTUM[workload.optimizer],
            nesterovs_momentum=False,
            shuffle=False,
        )
        # A first batch makes the arrays; then they are those to start from.
        x = np.zeros((workload.batch, network.widths[0]), workload.dtype)
        d = np.arange(workload.batch) % len(self.classes)
        self.made.partial_fit(x, d, classes=self.classes)
        self.is_binary = isinstance(network, Xor)
        for name, w in self.parameters().items():
            w[...] = start[name]
        del self.made._optimizer
        self.count = 0

    def batch(self, x: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return x, d[:, 0].astype(int) if self.is_binary else d

    def step(self, x: np.ndarray, d: np.ndarray) -> float:
        # Its ε is added before the correction of v, ours after: as v grows, so does its ε.
        self.count += 1
        self.made.epsilon = 1e-8 * math.sqrt(1 - 0.999**self.count)
        if hasattr(self.made, "_optimizer"):
            self.made._optimizer.epsilon = self.made.epsilon
        self.made.partial_fit(x, d)
        return self.made.loss_

    def parameters(self) -> Arrays:
        pairs = enumerate(zip(self.made.coefs_, self.made.intercepts_, strict=True), 1)
        return {f"{a}{l}": v for l, pair in pairs for a, v in zip("wb", pair, strict=True)}
