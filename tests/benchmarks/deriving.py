"""How long it takes until a network can be trained, by depth and by width, beside jax.

python -m tests.benchmarks deriving
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.benchmarks.generation import Case
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.plot import curves
from tests.benchmarks.templates import fill, machine
from tests.benchmarks.worker import ONE_THREAD, ROOT

WIDTH, DEPTH, CLASSES = 64, 3, 10
PANELS = MappingProxyType(
    {
        f"layers of {WIDTH} units": {depth: (WIDTH, depth) for depth in (2, 10, 50, 200)},
        f"units of {DEPTH} layers": {width: (width, DEPTH) for width in (8, 64, 512, 4096)},
    }
)
"""By what runs along a table: width and depth of the network at each number."""

EMIT = "import sys; from pathlib import Path; from symbp import derive; \
print(derive(Path(sys.argv[1])).emit())"

Seconds = dict[tuple[str, str, int], float]
"""By panel, title and number."""


def widths(width: int, depth: int) -> tuple[int, ...]:
    """Of the inputs and all layers."""
    return (width,) * depth + (CLASSES,)


def commands(folder: Path, width: int, depth: int) -> dict[str, list[str]]:
    """What is run, by its title."""
    sizes = widths(width, depth)
    path = folder / f"of_{width}_{depth}.toml"
    path.write_text(Case(path.stem, sizes, "tanh").declaration, encoding="utf-8")
    own = {
        "symbp, module": ["-c", EMIT, str(path)],
        "symbp, all files": [
            "-m",
            "symbp.cli",
            "generate",
            str(path),
            "--force",
            "--no-cache",
            "-o",
            str(folder),
        ],
    }
    if PEERS["jax"].is_here:
        own["jax"] = ["-m", "tests.benchmarks.tracing", *map(str, sizes)]
    return own


def _finished() -> float:
    """The processor time of all processes that were started here and are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


CLOCKS = MappingProxyType({"wall": time.perf_counter, "processor": _finished})
CLOCKED = MappingProxyType(
    {
        "wall": "Seconds of whole processes, Python's own start among it",
        "processor": "Seconds of processor time of whole processes, since the machine was shared",
    }
)


def measure(
    panels: Mapping[str, Mapping[int, tuple[int, int]]], repeats: int, clock: str
) -> Seconds:
    """The seconds of the fastest of ``repeats`` runs of each process, all of them in turn."""
    best: Seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        runs = {
            (panel, title, at): command
            for panel, row in panels.items()
            for at, sizes in row.items()
            for title, command in commands(Path(folder), *sizes).items()
        }
        for _ in range(repeats):
            for key, command in runs.items():
                best[key] = min(best.get(key, float("inf")), _seconds(command, clock))
    return best


def _seconds(command: Sequence[str], clock: str) -> float:
    begin = CLOCKS[clock]()
    subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return CLOCKS[clock]() - begin


def document(best: Seconds, about: Sequence[str], repeats: int, clock: str) -> str:
    """The report as Markdown."""
    titles = list(dict.fromkeys(title for _, title, _ in best))
    panels = []
    for panel in dict.fromkeys(panel for panel, _, _ in best):
        numbers = dict.fromkeys(at for one, _, at in best if one == panel)
        rows = [
            {"at": at, "cells": [f"{best[panel, title, at]:.2f}" for title in titles]}
            for at in numbers
        ]
        panels.append({"what": panel, "rows": rows})
    return fill(
        "deriving.md.jinja",
        machine=about,
        titles=titles,
        panels=panels,
        repeats=repeats,
        clock=CLOCKED[clock],
    )


def plot(best: Seconds) -> str:
    """The same as SVG."""
    panels: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for (panel, title, at), seconds in best.items():
        panels.setdefault(panel, {}).setdefault(title, []).append((at, seconds))
    return curves(panels)


def write(folder: Path, repeats: int, clock: str) -> Path:
    """Measure, and write the report and its plot; where it lies."""
    best = measure(PANELS, repeats, clock)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "benchmarks_deriving.md"
    path.write_text(document(best, machine(("sympy", "jax")), repeats, clock), encoding="utf-8")
    (folder / "benchmarks_deriving.svg").write_text(plot(best), encoding="utf-8")
    return path
