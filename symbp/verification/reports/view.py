"""Reports made ready for templates, which hold layout only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symbp.verification.finding import Finding, Report
from symbp.verification.reports.columns import visible
from symbp.verification.reports.excerpt import span
from symbp.verification.reports.explained import Explanation, explanation
from symbp.verification.reports.phrases import Phrases
from symbp.verification.reports.saying import MARKS, Teller
from symbp.verification.reports.terminal import is_quiet
from symbp.verification.verdict import Verdict

KINDS = {
    Verdict.REFUTED: "bad",
    Verdict.CONDITIONAL: "doubtful",
    Verdict.NOT_UNDERSTOOD: "unread",
}
"""What verdicts look like; all others look good."""

MOST_LINES = 20_000
"""Lines of a source that are shown."""


@dataclass(frozen=True)
class Note:
    """A finding beside its line; ``is_quiet`` where a few words say all."""

    kind: str
    mark: str
    place: str
    label: str
    verdict: str
    is_quiet: bool
    reasons: tuple[str, ...]
    mistakes: tuple[Explanation, ...]
    evidence: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the source: pieces with the look of what is marked, or none; its findings."""

    number: int
    pieces: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]

    @property
    def content(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class PageView:
    """All that a page about one file shows."""

    file: str
    kind: str
    notation: str
    counted: str
    unusable: str
    binding: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]
    lines: tuple[Line, ...]
    elsewhere: tuple[Note, ...]

    @property
    def fence(self) -> str:
        """Backquotes that no line of the source can close."""
        runs = [len(run) for line in self.lines for run in _runs(line.content)]
        return "`" * max(3, 1 + max(runs, default=0))

    @property
    def blocks(self) -> Iterator[tuple[Line, ...]]:
        """The lines in stretches; only the last of each bears findings."""
        stretch: list[Line] = []
        for line in self.lines:
            stretch.append(line)
            if line.notes:
                yield tuple(stretch)
                stretch = []
        if stretch:
            yield tuple(stretch)


def _runs(text: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in text).split()


def view(report: Report, say: Teller, *, solution: bool) -> PageView:
    """``report`` as a page shows it; every text in it is on one line and does nothing."""
    phrases = Phrases(say)
    by_line: dict[int, list[Finding]] = {}
    for finding in report.findings:
        by_line.setdefault(finding.at.line, []).append(finding)
    source = report.source.rstrip("\n").split("\n")[:MOST_LINES] if report.source else []
    lines = tuple(
        Line(
            number,
            tuple(_pieces(text, by_line.get(number, []))),
            tuple(_note(each, say, solution) for each in by_line.pop(number, [])),
        )
        for number, text in enumerate(source, 1)
    )
    left = [_note(each, say, solution) for found in by_line.values() for each in found]
    return PageView(
        file=visible(report.file),
        kind=visible(say.word("kind", report.kind)),
        notation=visible(report.notation),
        counted=phrases.counted([report]),
        unusable=visible(say.say(report.unusable)) if report.unusable else "",
        binding=tuple(map(phrases.bound, report.binding)),
        remarks=tuple(phrases.remarks(report)),
        lines=lines,
        elsewhere=tuple(left),
    )


def _note(finding: Finding, say: Teller, solution: bool) -> Note:
    phrases = Phrases(say)
    return Note(
        kind=KINDS.get(finding.verdict, "good"),
        mark=MARKS[finding.verdict],
        place=f"{finding.at.line}:{finding.at.column}",
        label=visible(finding.label),
        verdict=say.verdict(finding),
        is_quiet=is_quiet(finding),
        reasons=tuple(phrases.reasons(finding)),
        mistakes=tuple(explanation(told, say) for told in finding.mistakes),
        evidence=tuple(phrases.evidence(finding, solution=solution)),
        text=visible(finding.text),
    )


def _pieces(text: str, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """``text`` cut where marks begin and end; of marks that overlap, the first is shown."""
    at = 0
    spans = [(*span(text, each), each) for each in findings if not is_quiet(each)]
    for start, stop, finding in sorted(spans, key=lambda each: each[:2]):
        if start >= at and stop > start:
            yield visible(text[at:start]), ""
            yield visible(text[start:stop]), KINDS.get(finding.verdict, "good")
            at = stop
    yield visible(text[at:]), ""
