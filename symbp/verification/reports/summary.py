"""Many findings in few numbers: what a class gets wrong, and how a command ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symbp.verification.finding import Report
from symbp.verification.verdict import Verdict

FINE, REFUTED, UNUSABLE = 0, 1, 2

CHECKED = frozenset(Verdict) - {Verdict.NOT_UNDERSTOOD}


@dataclass(frozen=True)
class Often:
    """A mistake: how many claims bear it, in how many files."""

    code: str
    count: int
    files: int


def counts(reports: Iterable[Report]) -> dict[Verdict, int]:
    """How many claims got which verdict; every verdict is there, in its order."""
    found = Counter(finding.verdict for report in reports for finding in report.findings)
    return {verdict: found[verdict] for verdict in Verdict}


def mistakes(reports: Iterable[Report]) -> list[Often]:
    """The mistakes that were made, the most frequent first."""
    claims: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for report in reports:
        each = [{told.code for told in finding.mistakes} for finding in report.findings]
        claims.update(code for codes in each for code in codes)
        files.update(set().union(*each))
    ranked = sorted(claims, key=lambda code: (-claims[code], code))
    return [Often(code, claims[code], files[code]) for code in ranked]


def is_unusable(report: Report) -> bool:
    """Whether nothing in the file could be checked."""
    found = {finding.verdict for finding in report.findings}
    return report.unusable is not None or not found & CHECKED


def exit_code(reports: Sequence[Report]) -> int:
    """1 where something is refuted; else 2 where a file is unusable, or there is none; else 0."""
    if any(f.verdict is Verdict.REFUTED for report in reports for f in report.findings):
        return REFUTED
    return UNUSABLE if not reports or any(map(is_unusable, reports)) else FINE
