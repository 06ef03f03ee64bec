"""The programs that symbp writes, handed in: nothing is refuted, and all gradients hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbp import gallery
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

GENERATED = Path(__file__).parents[2] / "generated"
HOLDING = (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED)


@pytest.mark.parametrize("network", gallery.names())
def test_gradients_of_a_generated_program_hold(network: str) -> None:
    """A line a gradient, in each of them; of training, a sentence says that it is not followed."""
    name = f"{network}_numpy.py"
    source = (GENERATED / network / name).read_text(encoding="utf-8")
    report = verify_file(name, source, Options())
    assert {finding.verdict for finding in report.findings} <= set(HOLDING)
    parameters = [f.text for f in report.findings if f.text.startswith("dE_d")]
    assert len(parameters) == source.count("    dE_d")
    assert "note.gradients_alone" in {said.key for _, said in report.notes}


@pytest.mark.long
def test_a_slip_in_a_generated_program_is_found() -> None:
    source = (GENERATED / "table341" / "table341_numpy.py").read_text(encoding="utf-8")
    wrong = source.replace("(delta2 @ w2.T) * z1 * (1 - z1)", "(delta2 @ w2.T) * z1")
    report = verify_file("wrong_numpy.py", wrong.partition("def predict")[0], Options())
    assert [f.text for f in report.findings if f.verdict is Verdict.REFUTED] == [
        "delta1 = (delta2 @ w2.T) * z1"
    ]
