"""Counts, and how a command ends."""

import pytest

from symbp.verification.reports.saying import Teller
from symbp.verification.reports.summary import exit_code, is_unusable, mistakes
from symbp.verification.reports.table import as_text, table
from tests.verification.reports.samples import FINE, FULL, UNREADABLE, UNUSABLE


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([FINE], 0),
        ([FULL], 1),
        ([UNUSABLE], 2),
        ([UNREADABLE], 2),
        ([], 2),
        ([FINE, FINE], 0),
        ([FINE, UNUSABLE], 2),
        ([FINE, UNUSABLE, FULL], 1),
    ],
)
def test_exit_code(reports, expected):
    assert exit_code(reports) == expected


def test_nothing_read_is_nothing_checked():
    assert is_unusable(UNREADABLE)
    assert not is_unusable(FINE)


def test_mistakes_are_ranked():
    assert [(m.code, m.count, m.files) for m in mistakes([FULL, FULL, FINE])] == [("M01", 2, 2)]


def test_the_table_of_a_class():
    say = Teller("en")
    lines = as_text(table([FULL, FINE, UNUSABLE], say), say).splitlines()
    assert lines[0].split() == ["File", "✓", "≈", "△", "✗", "≔", "←", "?", "Mistakes"]
    assert lines[1].split() == ["class/学生.md", "2", "1", "1", "1", "1", "1", "1", "M01"]
    assert lines[2].split() == ["b.md", "1", "0", "0", "0", "0", "1", "0"]
    assert lines[3].split(maxsplit=2) == [
        "c.md",
        "unusable:",
        "There is no such file. Check the path.",
    ]
    assert lines[4].split() == ["All", "3", "1", "1", "1", "1", "2", "1"]
    assert any(line.split()[:5] == ["M01", "claims:", "1,", "files:", "1"] for line in lines)
