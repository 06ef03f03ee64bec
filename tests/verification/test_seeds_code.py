"""What is told of programs that people published, beside what their text teaches."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from symbp.verification.finding import Finding
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

SEEDS = Path(__file__).parents[2] / "../shared/seeds"


@cache
def of_code(number: str) -> tuple[Finding, ...]:
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the shared seeds are not here")
    report = verify_file(found[0].name, found[0].read_text(encoding="utf-8"), Options())
    return tuple(f for f in report.findings if f.message.key.startswith("code."))


@pytest.mark.parametrize("number", ["001", "003"])
def test_a_loss_that_is_guessed_refutes_nothing(number):
    assert {f.verdict for f in of_code(number)} == {Verdict.CONDITIONAL}


def test_right_for_another_loss_than_the_text_defines():
    """The output is a sigmoid and δ has no f′: that of cross-entropy; the text defines a mean."""
    first, *rest = of_code("003")
    assert first.text == "dZ2 = A2 - y"
    assert [told.code for told in first.mistakes] == ["M08"]
    assert not any(f.mistakes for f in rest)
    for finding in (first, *rest):
        assert finding.message.key == "code.right_for"
        assert dict(finding.message.facts) == {
            "loss": "binary_cross_entropy",
            "given": "mean_squared_error",
        }


def test_a_multiple_of_the_mean_that_the_text_defines():
    """Four samples and one output: the sum of halves has m/2 = 2 times the slope of the mean."""
    for finding in of_code("001"):
        assert finding.message.key == "code.times"
        assert finding.message.facts["given"] == "mean_squared_error"
        assert finding.message.facts["factor"] == "m/2"
        assert finding.message.facts["number"] == "2"
        assert [told.code for told in finding.mistakes] == ["M06"]
