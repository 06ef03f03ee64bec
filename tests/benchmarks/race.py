"""Peers timed beside each other: blocks of steps in turn, so that noise meets all of them.

A machine that others use as well may be twice as slow for seconds. Hence the first peer is timed
before and after each of the others, and how they compare is the median of these comparisons.
"""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.benchmarks.oracle import faults, truth
from tests.benchmarks.peers import product
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.worker import Failed, Worker
from tests.benchmarks.workloads import Workload

PRODUCTS = 2
"""How many matrix products are timed at a time."""


@dataclass(frozen=True)
class Timing:
    """The seconds of a step in each round, and the most memory of the process in MiB.

    ``beside`` are those of the first peer right before and after.
    """

    seconds: tuple[float, ...]
    beside: tuple[float, ...]
    memory: float

    @property
    def least(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def pace(self) -> float:
        """How many times as long the first peer takes."""
        return statistics.median(b / s for b, s in zip(self.beside, self.seconds, strict=True))


@dataclass(frozen=True)
class Race:
    """What one workload came to: ``wrong`` peers, and why, are not timed.

    ``peak`` is the rate of a large matrix product, in operations a second.
    """

    workload: Workload
    timings: Mapping[str, Timing]
    wrong: Mapping[str, str] = field(default_factory=dict)
    peak: float = 0.0

    def ratio(self, peer: str, other: str) -> float | None:
        """How many times as long ``peer`` takes as ``other``."""
        if peer not in self.timings or other not in self.timings:
            return None
        return self.timings[other].pace / self.timings[peer].pace

    def rate(self, peer: str) -> float:
        """Operations in matrix products, a second."""
        return self.workload.flops / self.timings[peer].least


def race(workload: Workload, peers: Iterable[str], rounds: int, clock: str) -> Race:
    """All ``peers`` that are here and have it, in ``rounds`` of a block each."""
    right = truth(workload)
    wrong: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        workers = {}
        for name in peers:
            if not (PEERS[name].is_here and PEERS[name].can(workload)):
                continue
            try:
                worker = Worker(name, workload)
                stack.callback(worker.close)
                said = faults(worker.ask("follow"), right, workload)
                if not said:
                    worker.ask("run", workload.before, clock)
            except Failed as failed:
                said = [str(failed)]
            if said:
                wrong[name] = "; ".join(said)
            else:
                workers[name] = worker
        workers["product"] = Worker("product", workload)
        stack.callback(workers["product"].close)
        found = _rounds(workers, workload, rounds, clock, wrong)
        timings = {
            name: Timing(*map(tuple, zip(*found[name], strict=True)), worker.ask("memory"))
            for name, worker in workers.items()
            if name not in wrong and found[name]
        }
    peak = product.FLOPS / timings.pop("product").least
    return Race(workload, timings, wrong, peak)


def _rounds(
    workers: Mapping[str, Worker],
    workload: Workload,
    rounds: int,
    clock: str,
    wrong: dict[str, str],
) -> dict[str, list[tuple[float, float]]]:
    """The seconds of a step, and of the first worker's beside it, for each worker and round.

    Another one of the others begins each time. Who ends in the middle is ``wrong`` from then on.
    """
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in workers}
    first, *others = workers

    def timed(name: str) -> float | None:
        steps = PRODUCTS if name == "product" else workload.block
        if name in wrong:
            return None
        try:
            return float(workers[name].ask("run", steps, clock)) / steps
        except Failed as failed:
            wrong[name] = str(failed)
            return None

    before = timed(first)
    found[first] += [(before, before)] if before else []
    for turn in range(rounds):
        begin = turn % max(1, len(others))
        for name in others[begin:] + others[:begin]:
            seconds = timed(name)
            if seconds is None:
                continue
            after = timed(first)
            if before and after:
                found[name].append((seconds, (before + after) / 2))
            found[first] += [(after, after)] if after else []
            before = after
    return found
