"""Programs as people write them: lists of layers, sizes from outside, caches, single numbers."""

from pathlib import Path

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

STYLES = Path(__file__).parent / "styles"

LINES = {
    # program: lines with a verdict
    "counts_unsaid": 4,
    "dataclass_layers": 7,
    "layer_objects": 6,
    "layers_with_caches": 9,
    "lists_of_layers": 6,
    "masks_by_name": 6,
    "single_numbers": 5,
    "sizes_from_outside": 5,
    "tables_by_layer": 5,
}

SLIPS = [
    # program, what is typed in it, what instead, line, codes of which one is told
    ("counts_unsaid", "+ reg * W\n", "+ 2 * reg * W\n", 12, {"M20"}),
    ("dataclass_layers", "self.W.T, dz", "self.W, dz", 30, {"M11"}),
    ("lists_of_layers", "W[i].T) * (z[i - 1] > 0)", "W[i].T)", 35, {"M02"}),
    ("lists_of_layers", "delta.sum(axis=0)", "delta.mean(axis=0)", 33, {"M07", "M17"}),
    ("masks_by_name", "        dout[self.mask] = 0\n", "", 33, {"M02"}),
    ("single_numbers", "w = w - lr", "w = w + lr", 14, {"M05"}),
    ("sizes_from_outside", " @ delta) * outputs[l] * (1 - outputs[l])", " @ delta)", 26, {"M02"}),
    ("tables_by_layer", "W[l + 1].T", "W[l].T", 39, {"M10"}),
    ("tables_by_layer", "z[l - 1].T @ delta[l]", "-z[l - 1].T @ delta[l]", 41, {"M05"}),
]


def judged(source: str):
    return verify_file("program.py", source, Options(seconds=60)).findings


def text(name: str) -> str:
    return (STYLES / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LINES)
def test_right_programs(name):
    findings = judged(text(name))
    assert len(findings) == LINES[name]
    for finding in findings:
        guessed = {c.key for c in finding.conditions} == {"condition.loss"}
        assert finding.verdict.holds or guessed, finding


@pytest.mark.parametrize(("name", "old", "new", "line", "codes"), SLIPS)
def test_slips(name, old, new, line, codes):
    source = text(name)
    assert source.count(old) == 1
    findings = judged(source.replace(old, new))
    wrong = [f for f in findings if f.verdict is Verdict.REFUTED or f.mistakes]
    assert [f.at.line for f in wrong][:1] == [line]
    assert {m.code for m in wrong[0].mistakes} & codes
