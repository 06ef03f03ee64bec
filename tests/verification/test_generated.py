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


LAYERED = ("char_lstm", "char_transformer", "lenet")
"""Windows by strides, loops over times, labels that are collected."""

SLIPS = [
    # module, what is typed in it, what instead, the name of a gradient that is wrong then
    ("lenet", "dE_dw3 = np.tensordot(", "dE_dw3 = -np.tensordot(", "dE_dw3"),
    ("lenet", "(12, 2, 2), (4, 2, 1), 0) * (u3 > 0)", "(12, 2, 2), (4, 2, 1), 0)", "dE_dw3"),
    ("lenet", "np.tensordot(delta3, w3,", "np.tensordot(delta3, w3.transpose(0, 1, 3, 2),", ""),
    ("char_lstm", "delta_f2[:, t_] = f2", "delta_f2[:, t_] = -f2", "dE_db_f2"),
    ("char_lstm", "c_bar2_after * f2_after + h_bar2[", "h_bar2[", "dE_db_f2"),
    ("char_lstm", "delta_f2_after @ r_f2.T", "delta_f2_after @ r_f2", "dE_db_f2"),
    ("char_transformer", "k_bar4 = (S_bar4", "k_bar4 = -(S_bar4", "k_bar4"),
    ("char_transformer", " - (p4 * p_bar4).sum(axis=3, keepdims=True)", "", "dE_dw_k4"),
    (
        "char_transformer",
        "transpose(0, 1, 3, 2) @ p4)",
        "transpose(0, 1, 3, 2) @ np.swapaxes(p4, 2, 3))",
        "",
    ),
]


def text(network: str) -> str:
    return (GENERATED / network / f"{network}_numpy.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("network", [*gallery.names(), *LAYERED])
def test_gradients_of_a_generated_program_hold(network: str) -> None:
    """A line a gradient, in each of them; of training, a sentence says that it is not followed."""
    source = text(network)
    report = verify_file(f"{network}_numpy.py", source, Options(seconds=60))
    assert {finding.verdict for finding in report.findings} <= set(HOLDING)
    parameters = [f.text for f in report.findings if f.text.startswith("dE_d")]
    functions, _, _ = source.partition("\ndef prepared(")
    assert len(parameters) == functions.count("    dE_d")
    assert "note.gradients_alone" in {said.key for _, said in report.notes}


@pytest.mark.long
def test_a_slip_in_a_generated_program_is_found() -> None:
    source = text("table341")
    wrong = source.replace("(delta2 @ w2.T) * z1 * (1 - z1)", "(delta2 @ w2.T) * z1")
    report = verify_file("wrong_numpy.py", wrong.partition("def predict")[0], Options())
    assert [f.text for f in report.findings if f.verdict is Verdict.REFUTED] == [
        "delta1 = (delta2 @ w2.T) * z1"
    ]


@pytest.mark.long
@pytest.mark.parametrize(("network", "old", "new", "where"), SLIPS)
def test_a_slip_in_a_program_of_layers_is_found(
    network: str, old: str, new: str, where: str
) -> None:
    """What does not hang on the slip still holds: the last layer comes first on the way back."""
    source = text(network)
    assert source.count(old) == 1
    found = verify_file("wrong_numpy.py", source.replace(old, new), Options(seconds=60)).findings
    refuted = [f.text for f in found if f.verdict is Verdict.REFUTED]
    assert refuted
    assert not where or any(line.startswith(where) for line in refuted)
    last = max(f.at for f in found if f.text.startswith("dE_db") and f.verdict in HOLDING)
    assert last > min(f.at for f in found)
