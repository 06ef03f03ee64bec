"""The report on steps of training: ``python -m tests.benchmarks``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.oracle import STEPS
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.plot import bars
from tests.benchmarks.race import Race, race
from tests.benchmarks.templates import fill, machine
from tests.benchmarks.workloads import WORKLOADS

PACKAGES = ("numpy", "jax", "torch", "autograd", "scikit-learn")
CLOCKED = {
    "wall": "It is what a clock on the wall shows.",
    "processor": "It is processor time, of all threads of a peer: the machine was shared.",
}
ABOUT = "How many times as long as the best NumPy"


@dataclass(frozen=True)
class Plan:
    """What is raced, and how: so many ``rounds``, by one of ``CLOCKS``."""

    workloads: Sequence[str] = tuple(WORKLOADS)
    peers: Sequence[str] = tuple(PEERS)
    rounds: int = 15
    clock: str = "wall"


def measure(plan: Plan) -> list[Race]:
    """All races, each told on standard error when it is over."""
    races = []
    for name in plan.workloads:
        done = race(WORKLOADS[name], plan.peers, plan.rounds, plan.clock)
        told = ", ".join(f"{p} {_micro(t.least)} µs" for p, t in done.timings.items())
        print(f"{name}: {told} {dict(done.wrong) or ''}", file=sys.stderr)
        races.append(done)
    return races


def document(races: Sequence[Race], plan: Plan, about: Sequence[str]) -> str:
    """The report as Markdown; ``about`` is said of the machine."""
    here = [name for name in plan.peers if any(name in each.timings for each in races)]
    wrong = [
        f"{PEERS[name].title}, {each.workload.name}: not timed, since it is wrong: {why}"
        for each in races
        for name, why in each.wrong.items()
    ]
    return fill(
        "training.md.jinja",
        steps=STEPS,
        rounds=plan.rounds,
        clock=CLOCKED[plan.clock],
        machine=about,
        titles={name: PEERS[name].title for name in here},
        races=[_row(each) for each in races],
        absent=[PEERS[name].title for name in plan.peers if not PEERS[name].is_here],
        wrong=wrong,
    )


def _row(done: Race) -> dict[str, Any]:
    timings = done.timings
    beside = {name: done.ratio("symbp", name) for name in timings}
    return {
        "name": done.workload.name,
        "says": done.workload.says,
        "beside": {name: f"{ratio:.2f}" for name, ratio in beside.items() if ratio},
        "micro": {name: f"{_micro(t.least)} ({_micro(t.median)})" for name, t in timings.items()},
        "rate": {
            name: f"{done.rate(name) / 1e9:.3g} ({100 * done.rate(name) / done.peak:.0f} %)"
            for name in timings
        },
        "memory": {name: f"{t.memory:.0f}" for name, t in timings.items()},
    }


def _micro(seconds: float) -> str:
    micro = seconds * 1e6
    return f"{micro:,.0f}" if micro >= 100 else f"{micro:.1f}"


def plot(races: Sequence[Race], peers: Sequence[str]) -> str:
    """The times beside those of the best NumPy, as SVG."""
    groups = {}
    for each in races:
        ratios = {name: each.ratio(name, "handmade") for name in peers if name != "handmade"}
        groups[each.workload.name] = {name: r for name, r in ratios.items() if r}
    shown = {name for group in groups.values() for name in group}
    titles = {name: PEERS[name].title for name in peers if name in shown}
    return bars(groups, titles, ABOUT)


def write(folder: Path, plan: Plan) -> Path:
    """Measure, and write the report and its plot; where it lies."""
    races = measure(plan)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "benchmarks.md"
    text = document(races, plan, machine(PACKAGES))
    path.write_text(text, encoding="utf-8")
    (folder / "benchmarks.svg").write_text(plot(races, plan.peers), encoding="utf-8")
    return path
