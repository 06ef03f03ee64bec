"""The best NumPy that could be written by hand, a file for each kind of network."""

from __future__ import annotations

from tests.benchmarks import networks
from tests.benchmarks.peers import (
    handmade_convolution,
    handmade_dense,
    handmade_lstm,
    handmade_transformer,
    handmade_xor,
)
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

STEPS = {
    networks.Xor: handmade_xor.Xor,
    networks.Dense: handmade_dense.Dense,
    networks.Convolution: handmade_convolution.Convolution,
    networks.Recurrent: handmade_lstm.Recurrent,
    networks.Transformer: handmade_transformer.Transformer,
}


class Handmade(Peer):
    """A step in buffers that are made once."""

    def __init__(self, workload: Workload, start: Arrays) -> None:
        self.made = STEPS[type(workload.network)](workload, start)
        self.step, self.parameters = self.made.step, self.made.parameters
