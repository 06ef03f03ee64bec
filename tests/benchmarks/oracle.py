"""What a few steps of training come to, in float64, and how far a peer may be from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.benchmarks.peers.generated import Generated
from tests.benchmarks.peers.peer import Arrays, Peer
from tests.benchmarks.workloads import Workload

STEPS = 4
ALLOWED = {"float32": 3e-3, "float64": 1e-9}
"""How far from where it should be, to how far it should have gone: each parameter, as a norm."""
STAYS = 1e-9
"""A parameter that goes no further, to its norm, has no gradient."""
LOSSES = {"float32": 1e-4, "float64": 1e-9}
"""How far the losses may be off, to what they should be."""


@dataclass(frozen=True)
class Outcome:
    """The losses of the first steps, and the parameters after them."""

    losses: tuple[float, ...]
    parameters: Arrays


def followed(peer: Peer, workload: Workload, batches: list | None = None) -> Outcome:
    """What ``peer`` does in the first ``STEPS`` steps; on ``batches`` of its own arrays."""
    if batches is None:
        batches = [peer.batch(x, d) for x, d in workload.batches()[:STEPS]]
    losses = tuple(float(peer.step(x, d)) for x, d in batches[:STEPS])
    return Outcome(losses, {name: np.array(w) for name, w in peer.parameters().items()})


def truth(workload: Workload) -> Outcome:
    """What should come out: the generated module, in float64."""
    exact = replace(workload, dtype="float64")
    batches = [tuple(_wide(a) for a in pair) for pair in workload.batches()[:STEPS]]
    return followed(Generated(exact, workload.start()), exact, batches)


def _wide(array: np.ndarray) -> np.ndarray:
    return array if array.dtype.kind == "i" else array.astype(np.float64)


def faults(found: Outcome, right: Outcome, workload: Workload) -> list[str]:
    """What of ``found`` is wrong, in words; nothing if it is right."""
    said = []
    start = workload.start()
    for step, (loss, should) in enumerate(zip(found.losses, right.losses, strict=True), 1):
        if not abs(loss - should) <= LOSSES[workload.dtype] * abs(should):
            said.append(f"loss {step} is {loss:.6g}, not {should:.6g}")
    for name, should in right.parameters.items():
        w = found.parameters[name]
        if w.shape != should.shape:
            said.append(f"{name} has shape {w.shape}, not {should.shape}")
            continue
        way = np.linalg.norm(should - start[name])
        off = np.linalg.norm(w - should)
        if way <= STAYS * np.linalg.norm(start[name]):
            continue  # no gradient, as that of the keys' biases: Adam follows rounding errors
        if not off <= ALLOWED[workload.dtype] * way:
            said.append(f"{name} is off by {off / way:.2g} of its way")
    return said
