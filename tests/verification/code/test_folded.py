"""Modules that tell layers in a loop: right ones hold, and a slip is found at its line."""

from functools import lru_cache

import pytest

from symbp import derive
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file
from tests.sampling import sampled
from tests.targets.test_folding import NETWORKS

HOLDING = {Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED}

LINES = {
    # network, style: lines with a verdict
    ("stack", "fast"): 9,
    ("stack", "plain"): 9,
    ("one by one", "plain"): 9,
    ("two ends", "fast"): 13,
    ("two ends one by one", "plain"): 13,
    ("eleven", "fast"): 9,
    ("residual", "fast"): 12,
    ("dropped", "plain"): 11,
    ("windows", "fast"): 13,
}

SAMPLE = {("stack", "fast"), ("residual", "fast"), ("dropped", "plain"), ("windows", "fast")}

SLIPS = [
    # network, what is typed in a loop of it, what instead
    ("stack", "(delta[l + 1] @ w[l + 1].T)", "(delta[l + 1] @ w[l].T)"),
    ("stack", "(delta[l + 1] @ w[l + 1].T)", "(delta[l + 1] @ w[l + 1])"),
    ("stack", "(1 - z[l] ** 2)", "(1 - z[l])"),
    ("stack", "delta[l] = (", "delta[l] = -("),
    ("stack", "dE_dw[l] = z[l - 1].T", "dE_dw[l] = z[l].T"),
    ("stack", "dE_db[l] = delta[l].sum(axis=0)", "dE_db[l] = delta[l].mean(axis=0)"),
    ("stack", "(1 - z[1] ** 2)", "(1 + z[1] ** 2)"),
    ("eleven", "delta[l + 1] @ w[l + 1].T", "delta[l + 1] @ w[l].T"),
    ("residual", " * (u[l - 1] > 0)", ""),
    ("residual", "w[l - 1].T + z_bar[l + 1]", "w[l - 1].T"),
    ("residual", "w[l - 1].T + z_bar[l + 1]", "w[l - 1].T - z_bar[l + 1]"),
    ("dropped", "z_bar[l] = delta[l + 1]", "z_bar[l] = -delta[l + 1]"),
    ("dropped", "w[l + 1].T", "w[l + 1]"),
]


@lru_cache
def module(network: str, style: str) -> str:
    return derive(NETWORKS[network]()).emit(style=style)


def judged(source: str, seconds: float):
    return verify_file("net_numpy.py", source, Options(seconds=seconds)).findings


@pytest.mark.parametrize(("network", "style"), sampled(LINES, SAMPLE))
def test_right_modules_hold(network, style):
    findings = judged(module(network, style), 60)
    assert {f.verdict for f in findings} <= HOLDING
    assert len(findings) == LINES[network, style]


@pytest.mark.long
@pytest.mark.parametrize(("network", "old", "new"), SLIPS)
def test_slips_are_refuted_at_their_lines(network, old, new):
    """What follows from them is not; names of slips are looked for as long as there is time."""
    before, found, after = module(network, "fast").partition(old)
    assert found
    wrong = [f for f in judged(before + new + after, 20) if f.verdict is Verdict.REFUTED]
    assert [f.at.line for f in wrong] == [before.count("\n") + 1]
