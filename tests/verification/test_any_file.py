"""Whatever is handed in, a report comes back: right pages and programs, cut and stirred."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbp.verification.finding import Report
from symbp.verification.options import Options
from symbp.verification.verify import verify_file

KEPT = Path(__file__).parents[1] / "benchmarks/mutation"
FILES = sorted([*KEPT.glob("derivations/*.*"), *KEPT.glob("programs/*.py")])
PIECES = (
    "$", "$$", "\\(", "\\]", "{", "}", "(", ")", "[", "]", "^", "_", "\\frac", "\\sum",
    "\\partial", "=", ":=", "+=", "&", "\\\\", "\\begin{align}", "\\end{align}", "'", "0", "1",
    "9999999999", "l", "L", "j", "n", "T", "E", "w", "\\sigma", "f(u)", "|", "⊙", "∂", "Σ", "・",
    "①", "の場合", "where", "\n", "\n\n", "\t", "```", "#", '"', "\\", "\\newcommand{\\a}{\\a}",
    "\\def", "__class__", "@", ".T", "for", "while", "def", "return", "lambda", ":", ";", "-=",
    "**", "np.", "1e999", "\x00",
)  # fmt: skip
SHORT = Options(seconds=0.5)


@st.composite
def stirred(draw):
    """The name and the text of a file in which a few places were changed."""
    path = draw(st.sampled_from(FILES))
    text = path.read_text("utf-8")
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        stop = start + draw(st.sampled_from((0, 0, 1, 2, 5, 40)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[stop:]
    start = draw(st.integers(0, len(text)))
    return path.name, text[start : start + draw(st.sampled_from((300, 700, 3000)))]


def checked(file):
    name, text = file
    report = verify_file(name, text, SHORT)
    assert isinstance(report, Report)
    assert report.source is not None
    for finding in report.findings:
        assert finding.at.line >= 1
        assert finding.at.column >= 1


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(stirred())
def test_a_report_comes_back(file):
    checked(file)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(stirred())
def test_a_report_comes_back_many_times(file):
    checked(file)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from((".md", ".tex", ".txt", ".ipynb", ".py")), st.text(max_size=200))
def test_a_report_on_anything(ending, text):
    assert isinstance(verify_file(f"file{ending}", text, SHORT), Report)
