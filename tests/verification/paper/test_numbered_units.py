"""Units by their numbers, in layers of any size."""

from __future__ import annotations

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

LINES = (
    (r"u^1_{n1} = \sum_i w^1_{i1} x_{ni} + w^1_{01}", "proved_probabilistically"),
    (r"\frac{\partial E}{\partial w^1_{12}} = \sum_n \delta^1_{n2} x_{n1}", "proved"),
    (r"u^1_{n1} = w^1_{11}x_{n1} + w^1_{21}x_{n2} + w^1_{01}", "refuted"),
    (r"u^1_{n1} = w^1_{784,1}x_{n,784} + w^1_{01}", "not_understood"),
)
"""Lines about a layer of 784 inputs; derivatives by all weights would need 75 GB."""


@pytest.mark.parametrize(("line", "verdict"), LINES)
def test_large_layers_are_compared_at_a_few_units(line: str, verdict: str) -> None:
    report = verify_file("page.md", f"${line}$\n", Options("mnist", "jp-uz"))
    assert [finding.verdict.value.startswith(verdict[:6]) for finding in report.findings] == [True]


def test_small_layers_have_the_units_that_they_have() -> None:
    line = r"u^1_{n1} = w^1_{11}x_{n1} + w^1_{21}x_{n2} + w^1_{01}"
    (finding,) = verify_file("page.md", f"${line}$\n", Options("xor", "jp-uz")).findings
    assert finding.verdict.holds
