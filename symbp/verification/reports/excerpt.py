"""The line of a submission that a finding speaks of, and which part of it."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.verification.finding import Finding
from symbp.verification.reports.columns import WIDTH, columns, cut, visible

ROOM = WIDTH - 9
"""Columns of a line that are shown; of a longer line, those around what is marked."""


@dataclass(frozen=True)
class Excerpt:
    """A line of the source: what stands before the marked part, the part, what stands after.

    All as a terminal shows it.
    """

    line: int
    before: str
    marked: str
    after: str

    @property
    def shown(self) -> str:
        """The line, or what there is room for."""
        return self.before + self.marked + self.after

    @property
    def underline(self) -> str:
        """Blanks and signs that lie under the marked part of ``shown``."""
        return " " * columns(self.before) + "^" * max(1, columns(self.marked))


def excerpt(lines: list[str], finding: Finding) -> Excerpt | None:
    """Where ``finding`` points; None where the source has no such line."""
    number = finding.at.line
    if not 1 <= number <= len(lines):
        return None
    line = lines[number - 1]
    start, stop = span(line, finding)
    before, marked, after = map(visible, (line[:start], line[start:stop], line[stop:]))
    marked = cut(marked, ROOM)
    left = ROOM - columns(marked)
    # What stands before tells more than what comes after; either gets what the other leaves.
    least = min(columns(after), left // 3)
    before = cut(before[::-1], left - least)[::-1]
    return Excerpt(number, before, marked, cut(after, left - columns(before)))


def span(line: str, finding: Finding) -> tuple[int, int]:
    """From where to where the marked part reaches in ``line``, counted from 0.

    That is the smallest wrong part if it can be found inside the claim; else the claim as far as
    it stands on this line.
    """
    start = min(max(finding.at.column - 1, 0), len(line))
    stop = len(line.rstrip())
    if finding.end is not None and finding.end.line == finding.at.line:
        stop = min(max(finding.end.column - 1, start), len(line))
    elif finding.end is None and line.startswith(finding.text, start):
        stop = start + len(finding.text)
    wrong = finding.wrong
    if wrong and line.count(wrong, start, stop) == 1:
        start = line.index(wrong, start, stop)
        stop = start + len(wrong)
    return start, max(stop, start)
