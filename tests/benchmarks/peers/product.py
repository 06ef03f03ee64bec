"""A product of two large matrices: as much as a machine can multiply, in one thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

SIZE = 768
FLOPS = 2 * SIZE**3


class Product(Peer):
    """Each step is one product."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        rng = np.random.default_rng(0)
        shape = (3, SIZE, SIZE)
        self.a, self.b, self.c = rng.standard_normal(shape).astype(workload.dtype)

    def step(self, x: Any, d: Any) -> float:
        np.dot(self.a, self.b, out=self.c)
        return 0.0

    def parameters(self) -> Arrays:
        return {}
