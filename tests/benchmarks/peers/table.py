"""Who takes part: what a peer is called, where it is, and what it needs and has."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from types import MappingProxyType

from tests.benchmarks.networks import Convolution, Dense, Network, Recurrent, Transformer
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

ALL = (Dense, Convolution, Recurrent, Transformer)
WRITTEN = (Dense, Recurrent, Transformer)
"""What can be written in plain NumPy without windows."""


@dataclass(frozen=True)
class Entry:
    """A peer: the class ``kind`` in ``module`` here, for the networks that it ``has``."""

    title: str
    module: str
    kind: str
    has: tuple[type[Network], ...] = ALL
    needs: str = ""

    @property
    def is_here(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None

    def can(self, workload: Workload) -> bool:
        return isinstance(workload.network, self.has)

    def make(self, workload: Workload, start: Arrays) -> Peer:
        module = importlib.import_module(f"tests.benchmarks.peers.{self.module}")
        return getattr(module, self.kind)(workload, start)


PEERS = MappingProxyType(
    {
        "symbp": Entry("symbp", "generated", "Generated"),
        "handmade": Entry("best NumPy", "handmade", "Handmade"),
        "tutorial": Entry("tutorial NumPy", "tutorial", "Tutorial"),
        "jax": Entry("jax.jit a step", "jaxed", "Jaxed", needs="jax"),
        "torch_fused": Entry("torch, fused optimizer", "torched", "Fused", needs="torch"),
        "torch": Entry("torch, default", "torched", "Eager", needs="torch"),
        "autograd": Entry("autograd", "autograded", "Autograded", WRITTEN, "autograd"),
        "sklearn": Entry("scikit-learn", "learned", "Learned", (Dense,), "sklearn"),
    }
)

PRODUCT = Entry("matrix product", "product", "Product")
"""No peer: what the others are compared with."""
