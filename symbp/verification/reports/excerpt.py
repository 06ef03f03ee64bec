"""The line of a submission that a finding speaks of, and which part of it."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.verification.finding import Finding
from symbp.verification.reports.columns import columns, visible

LONGEST = 2000
"""Characters of a line that are shown; of a longer one, those around what is marked."""


@dataclass(frozen=True)
class Excerpt:
    """A line of the source: what stands before the marked part, the part, what stands after."""

    line: int
    before: str
    marked: str
    after: str

    @property
    def shown(self) -> str:
        """The line as a terminal shows it."""
        return visible(self.before) + visible(self.marked) + visible(self.after)

    @property
    def underline(self) -> str:
        """Blanks and signs that lie under the marked part of ``shown``."""
        blank = " " * columns(visible(self.before))
        return blank + "^" * max(1, columns(visible(self.marked)))


def excerpt(lines: list[str], finding: Finding) -> Excerpt | None:
    """Where ``finding`` points; None where the source has no such line."""
    number = finding.at.line
    if not 1 <= number <= len(lines):
        return None
    line = lines[number - 1]
    start, stop = span(line, finding)
    first, last = max(0, start - LONGEST // 2), min(len(line), stop + LONGEST // 2)
    return Excerpt(number, line[first:start], line[start:stop], line[stop:last])


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
    return start, min(max(stop, start), start + LONGEST)
