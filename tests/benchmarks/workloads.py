"""What is trained in a benchmark: networks, batches and optimizers, the same for every peer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from types import MappingProxyType

import numpy as np

from tests.benchmarks.networks import Convolution, Dense, Network, Recurrent, Transformer, Xor

POOL = 16
"""How many batches there are; steps go through them again and again."""


@dataclass(frozen=True)
class Workload:
    """A training step to be timed: forward, the loss, backward, update.

    ``block`` is how many steps are timed at once; ``before`` how many are made before the first.
    """

    name: str
    says: str
    network: Network
    batch: int
    optimizer: str
    rate: float
    block: int
    dtype: str = "float32"
    before: int = 0

    @property
    def flops(self) -> int:
        """Operations in matrix products, of one step: one to multiply, one to add."""
        return 2 * self.batch * (3 * self.network.forward - self.network.unread)

    def start(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Parameters to start from, as float64 that are numbers of ``dtype``; none is 0 or 1."""
        rng = np.random.default_rng(seed)
        made = {}
        for name, shape in self.network.shapes.items():
            drawn = rng.standard_normal(shape)
            if name.startswith("gamma"):
                w = 1 + 0.1 * drawn
            elif name.startswith("b"):
                w = 0.1 * drawn
            else:
                w = drawn / np.sqrt(_read(name, shape))
            made[name] = w.astype(self.dtype).astype(np.float64)
        return made

    def batches(self, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
        """Inputs and targets; inputs, and targets that are no labels, of ``dtype``."""
        rng = np.random.default_rng(seed)
        drawn = [self.network.example(rng, self.batch) for _ in range(POOL)]
        return [(_as(x, self.dtype), _as(d, self.dtype)) for x, d in drawn]


def _as(array: np.ndarray, dtype: str) -> np.ndarray:
    return array if array.dtype.kind == "i" else array.astype(dtype)


def _read(name: str, shape: tuple[int, ...]) -> int:
    """How many numbers a unit reads."""
    if name.startswith("w_o2"):
        return prod(shape[:2])
    return prod(shape[1:]) if len(shape) == 4 else shape[0]


_W2 = Dense((784, 128, 64, 10), "relu")
_ALL = (
    Workload("W1", "XOR 2-3-1, batch 4, SGD, float64", Xor(), 4, "sgd", 0.5, 1000, "float64"),
    Workload("W2", "784-128-64-10, batch 32, Adam", _W2, 32, "adam", 1e-3, 40),
    Workload("W2 later", "W2 after 1,500 steps", _W2, 32, "adam", 1e-3, 40, before=1500),
    Workload("W2b", "784-128-64-10, batch 256, Adam", _W2, 256, "adam", 1e-3, 12),
    Workload(
        "W3",
        "784-2048-2048-10, batch 256, momentum",
        Dense((784, 2048, 2048, 10), "relu"),
        256,
        "momentum",
        1e-3,
        1,
    ),
    Workload(
        "W4",
        "50 layers of 64, tanh, batch 32, Adam",
        Dense((64,) * 50 + (10,), "tanh"),
        32,
        "adam",
        1e-4,
        12,
    ),
    Workload(
        "W5",
        "conv 8@5, pool, conv 16@5, pool, dense on 28 × 28, batch 32, SGD",
        Convolution(),
        32,
        "sgd",
        1e-2,
        5,
    ),
    Workload("LSTM", "64 units, 50 times, batch 32, Adam", Recurrent(), 32, "adam", 1e-3, 5),
    Workload(
        "transformer",
        "one block, width 64, 4 heads, 64 tokens, batch 16, Adam",
        Transformer(),
        16,
        "adam",
        1e-3,
        4,
    ),
)
WORKLOADS = MappingProxyType({each.name: each for each in _ALL})

_SMALL = {
    "W1": Xor(),
    "W2": Dense((17, 11, 7, 5), "relu"),
    "W3": Dense((14, 9, 13, 6), "relu"),
    "W4": Dense((6, 6, 6, 6, 6, 6, 6, 4), "tanh"),
    "W5": Convolution(side=20, filters=(3, 4), kernel=5, classes=6),
    "LSTM": Recurrent(inputs=4, units=6, times=5, classes=3),
    "transformer": Transformer(width=6, heads=2, times=5, hidden=7, classes=4),
}
SMALL = MappingProxyType(
    {
        name: replace(WORKLOADS[name], network=network, batch=WORKLOADS[name].batch % 29 + 2)
        for name, network in _SMALL.items()
    }
)
"""The same for tests: sizes that differ and take no time."""
