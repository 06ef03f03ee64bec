"""What every peer does, whatever it is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workloads import Workload

Arrays = dict[str, np.ndarray]


class Peer:
    """Trains the network of a workload from ``start``, whose arrays it leaves alone."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        raise NotImplementedError

    def batch(self, x: np.ndarray, d: np.ndarray) -> tuple[Any, Any]:
        """The same, in arrays of its own: made once, and not timed."""
        return x, d

    def step(self, x: Any, d: Any) -> Any:
        """One step of training; the loss before it, as anything that ``float`` takes."""
        raise NotImplementedError

    def parameters(self) -> Arrays:
        """What has been learnt, by the names of ``start``."""
        raise NotImplementedError
