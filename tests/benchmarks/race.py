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

    ``beside`` tells how many times as long the first peer took, right before and after.
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
        """How many times as long the first peer takes; 0 where that is not known."""
        return statistics.median(self.beside or (0.0,))


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
        paces = [self.timings[name].pace for name in (other, peer) if name in self.timings]
        return paces[0] / paces[1] if len(paces) == 2 and all(paces) else None

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
        seconds, beside = _rounds(workers, workload, rounds, clock, wrong)
        timings = {
            name: Timing(tuple(seconds[name]), tuple(beside[name]), worker.ask("memory"))
            for name, worker in workers.items()
            if name not in wrong
        }
    peak = product.FLOPS / timings.pop("product").least
    return Race(workload, timings, wrong, peak)


def _rounds(
    workers: Mapping[str, Worker],
    workload: Workload,
    rounds: int,
    clock: str,
    wrong: dict[str, str],
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The seconds of a step, and how many times as long the first took, by worker and round.

    Another one of the others begins each time. Who ends in the middle is ``wrong`` from then on.
    """
    first, *others = workers
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    beside: dict[str, list[float]] = {**{name: [] for name in others}, first: [1.0]}

    def timed(name: str) -> float | None:
        if name in wrong:
            return None
        steps = PRODUCTS if name == "product" else workload.block
        try:
            seconds[name].append(workers[name].ask("run", steps, clock) / steps)
        except Failed as failed:
            wrong[name] = str(failed)
            return None
        return seconds[name][-1]

    before = timed(first)
    for turn in range(rounds):
        begin = turn % max(1, len(others))
        for name in others[begin:] + others[:begin]:
            here = timed(name)
            if here is None:
                continue
            after = timed(first)
            if before and after:
                beside[name].append((before + after) / 2 / here)
            before = after
    return seconds, beside
