"""How long deriving and generating take, as whole processes.

    python -m tests.benchmarks generation

Depth and width vary; the runs are interleaved and the smallest time of each counts, since the
machine is noisy and noise only adds.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import processor_time

HEAD = """name = "{name}"
inputs = {inputs}
loss = "sparse_categorical_cross_entropy"

[optimizer]
name = "adam"
rate = 0.001
"""
LAYER = """
[[layers]]
units = {units}
activation = "{activation}"
"""


@dataclass(frozen=True)
class Case:
    """A dense network that ends in a softmax over ``widths[-1]`` classes."""

    name: str
    widths: tuple[int, ...]
    activation: str = "relu"

    @property
    def declaration(self) -> str:
        layers = [LAYER.format(units=n, activation=self.activation) for n in self.widths[1:-1]]
        last = LAYER.format(units=self.widths[-1], activation="softmax")
        return HEAD.format(name=self.name, inputs=self.widths[0]) + "".join(layers) + last


CASES = (
    Case("w2", (784, 128, 64, 10)),
    Case("wide", (4096, 4096, 4096, 10)),
    Case("narrow", (8, 7, 6, 5)),
    Case("deep", (64,) * 50 + (10,), "tanh"),
    Case("deeper", (64,) * 200 + (10,), "tanh"),
)
SYMPY = {"import sympy": ("-c", "import sympy")}


def measure(cases: tuple[Case, ...] = CASES, repeats: int = 5) -> dict[str, float]:
    """Processor time in seconds, the least of ``repeats``: of each case, and of importing SymPy."""
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        commands = dict(SYMPY)
        for case in cases:
            path = Path(folder) / f"{case.name}.toml"
            path.write_text(case.declaration, encoding="utf-8")
            program = ("-m", "symbp.cli", "generate", str(path))
            commands[case.name] = (*program, "--force", "--no-cache", "-o", folder)
        for _ in range(repeats):
            for name, words in commands.items():
                seconds = processor_time(*words)
                best[name] = min(seconds, best.get(name, seconds))
    return best


def table(best: dict[str, float]) -> str:
    """The measurements, in seconds and as ratios to the case w2."""
    rows = [f"{'':14} {'seconds':>8} {'to w2':>7}"]
    rows += [f"{name:14} {t:8.2f} {t / best['w2']:7.2f}" for name, t in best.items()]
    return "\n".join(rows)
