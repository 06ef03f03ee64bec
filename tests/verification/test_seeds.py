"""The documents that the project comes from, where they are at hand."""

from functools import cache
from pathlib import Path

import pytest

from symbp.verification.finding import Report
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"


@cache
def seed(number: str, ending: str) -> Report:
    found = sorted(SEEDS.glob(f"{number}_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the documents in ../shared/seeds are not here")
    return verify_file(f"seed.{ending}", found[0].read_text("utf-8"), Options())


def told(report: Report, line: int, text: str = "") -> list[tuple[str, list[str], list[str]]]:
    """Verdict, codes and conditions of what is said on a line about what contains ``text``."""
    return [
        (f.verdict.value, [m.code for m in f.mistakes], [c.key for c in f.conditions])
        for f in report.findings
        if f.at.line == line and text in f.text
    ]


def test_all_equations_of_the_derivation_are_understood() -> None:
    report = seed("002", "md")
    unread = [f for f in report.findings if f.verdict is Verdict.NOT_UNDERSTOOD]
    assert not unread
    assert len(report.findings) >= 54
    assert report.notation == "jp-uz"


def test_nothing_right_is_refuted_in_the_derivation() -> None:
    refuted = [f for f in seed("002", "md").findings if f.verdict is Verdict.REFUTED]
    assert [(f.text, [m.code for m in f.mistakes]) for f in refuted] == [
        ("(y_j-d_j)=δ^L_k", ["M09"])
    ]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        (126, r"E=\dfrac{1}{2}(y_j", ("conditional", [], ["condition.derivative"])),
        (158, "u^{l+1}_j=", ("definition", ["M09"], [])),
        (162, r"w^{l+1}_{jk}", ("conditional", [], ["condition.below_last"])),
        (159, "=1", ("conditional", [], ["condition.identity"])),
        (129, "δ^L_j=(y_j-d_j)", ("proved", [], [])),
        (60, "w=w+Δw", ("assignment", ["M28"], [])),
        (83, "∂v", ("proved_probabilistically", [], [])),
        (167, r"=\sum\limits_{k}δ^L_k", ("conditional", [], ["condition.left_guessed"])),
    ],
)
def test_what_is_said_of_the_derivation(
    line: int, text: str, expected: tuple[str, list[str], list[str]]
) -> None:
    assert expected in told(seed("002", "md"), line, text)


def test_what_holds_for_numbers_only() -> None:
    findings = seed("000", "txt").findings
    verdicts = {f.text: (f.verdict.value, [c.key for c in f.conditions]) for f in findings}
    of_weights = [v for text, v in verdicts.items() if r"{\partial L}{\partial W} =" in text]
    assert of_weights
    assert all(v == ("conditional", ["condition.scalars"]) for v in of_weights)
    assert not [f for f in findings if f.verdict in (Verdict.REFUTED, Verdict.NOT_UNDERSTOOD)]


def test_a_number_that_its_own_formula_does_not_give() -> None:
    refuted = [f for f in seed("001", "txt").findings if f.verdict is Verdict.REFUTED]
    assert [(f.text, [m.code for m in f.mistakes]) for f in refuted] == [("0.02", ["M26"])]
    assert refuted[0].message.facts["own"] == "0.04"
    assert refuted[0].message.facts["fits"] == "half_mean_squared"
