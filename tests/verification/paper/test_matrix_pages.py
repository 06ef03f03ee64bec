"""What is said of derivations in matrices: right lines hold, wrong ones are refuted by name."""

from __future__ import annotations

import re

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file
from tests.verification.paper.pages import PAGES

MARK = re.compile(r" *<!-- (\S+) -->")
OPEN = (Verdict.REFUTED, Verdict.NOT_UNDERSTOOD)


@pytest.mark.parametrize("name", PAGES)
def test_lines_of_a_page(name: str) -> None:
    """``ok`` holds, as does a line without a mark; a code is that of its slip, or "wrong"."""
    page = PAGES[name]
    marks = {
        number: found[1]
        for number, line in enumerate(page.split("\n"), 1)
        if (found := MARK.search(line))
    }
    report = verify_file("page.md", MARK.sub("", page), Options())
    assert set(marks) <= {finding.at.line for finding in report.findings}
    for finding in report.findings:
        mark = marks.get(finding.at.line, "ok")
        told = {each.code for each in finding.mistakes}
        if mark == "ok":
            assert finding.verdict not in OPEN, (finding.text, finding.message)
        else:
            assert finding.verdict is Verdict.REFUTED, finding.text
            assert mark == "wrong" or mark in told, (finding.text, told)
