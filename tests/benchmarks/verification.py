"""How long pages of sixty equations take to verify, as whole processes: imports and all.

What counts is processor time, in the process and its workers: the machine is shared, and waiting
for others is no work. The runs are interleaved, and the smallest time of each page counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
EQUATIONS = 60

SLIPS = {
    r"{\partial z^l_j}=w^{l+1}_{jk}": r"{\partial z^l_j}=w^l_{jk}",
    r"\delta^L_j=u^L_j-d_j": r"\delta^L_j=d_j-u^L_j",
    r"{\partial w^L_{ij}}=(y_j-d_j)z^{L-1}_i": r"{\partial w^L_{ij}}=2(y_j-d_j)z^{L-1}_i",
    r"{\partial b^L_j}=y_j-d_j": r"{\partial b^L_j}=(y_j-d_j)z^{L-1}_j",
    r"{\partial z^{L-1}_i}=\sum_j(y_j-d_j)w^L_{ij}": r"{\partial z^{L-1}_i}=\sum_jy_jw^L_{ij}",
    r"\delta^l_j=f'(u^l_j)\sum_kw^{l+1}_{jk}": r"\delta^l_j=\sum_kw^{l+1}_{jk}",
    r"f'(u^{L-1}_i)\sum_jw^L_{ij}\delta^L_j": r"f'(u^L_i)\sum_jw^L_{ij}\delta^L_j",
    r"=z^{l-1}_if'(u^l_j)\sum_kw^{l+1}_{jk}": r"=z^l_jf'(u^l_j)\sum_kw^{l+1}_{jk}",
    r"{\partial b^l_j}=f'(u^l_j)\sum_k": r"{\partial b^l_j}=f(u^l_j)\sum_k",
    r"{\partial w^l_{ij}}=\delta^l_jz^{l-1}_i": r"{\partial w^l_{ij}}=-\delta^l_jz^{l-1}_i",
}
"""Right parts of the general page, once each on it, and ten wrong ones instead."""


@dataclass(frozen=True)
class Case:
    """A page to verify with ``options``; ``slips`` stand on it instead of what is right."""

    name: str
    page: str
    options: tuple[str, ...] = ()
    slips: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        text = (PAGES / f"{self.page}.md").read_text("utf-8")
        for right, wrong in self.slips.items():
            assert text.count(right) == 1, right
            text = text.replace(right, wrong)
        return text


CASES = (
    Case("general", "general"),
    Case("concrete", "concrete", ("--network", "xor")),
    # With time for all lines: on a busy machine what a file is given may not be enough.
    Case("slips", "general", ("--timeout", "60"), SLIPS),
)


@dataclass(frozen=True)
class Run:
    """One run: processor time in seconds, and how many claims got each verdict."""

    seconds: float
    verdicts: dict[str, int]


def measure(
    cases: tuple[Case, ...] = CASES, repeats: int = 3, enough: float = 0.0
) -> dict[str, Run]:
    """The fastest of ``repeats`` runs of each case; no more of one that took ``enough`` or less."""
    best: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            (Path(folder) / f"{case.name}.md").write_text(case.text, encoding="utf-8")
        for _ in range(repeats):
            for case in cases:
                if case.name in best and best[case.name].seconds <= enough:
                    continue
                run = _run(Path(folder) / f"{case.name}.md", case.options)
                if case.name not in best or run.seconds < best[case.name].seconds:
                    best[case.name] = run
    return best


def _run(path: Path, options: tuple[str, ...]) -> Run:
    command = [sys.executable, "-m", "symbp.cli", "verify", str(path), *options, "--json"]
    before = os.times()
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    after = os.times()
    seconds = sum(after[2:4]) - sum(before[2:4])
    return Run(seconds, json.loads(done.stdout)["summary"]["verdicts"])


def table(best: dict[str, Run]) -> str:
    """The measurements, with what was found."""
    rows = [f"{'':14} {'seconds':>8} {'claims':>7} {'refuted':>8}"]
    for name, run in best.items():
        refuted, claims = run.verdicts["refuted"], sum(run.verdicts.values())
        rows.append(f"{name:14} {run.seconds:8.2f} {claims:7} {refuted:8}")
    return "\n".join(rows)
