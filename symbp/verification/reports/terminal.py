"""Findings for a terminal: each with its line of the source and a mark under what is wrong."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from symbp.verification.finding import Bound, Finding, Report, Said
from symbp.verification.reports.colours import Paint
from symbp.verification.reports.columns import WIDTH, columns, cut, pad, visible, wrapped
from symbp.verification.reports.excerpt import excerpt
from symbp.verification.reports.explained import Explanation, explanation
from symbp.verification.reports.phrases import Phrases
from symbp.verification.reports.saying import MARKS, Teller, brief_condition
from symbp.verification.verdict import Verdict

QUIET = frozenset(v for v in Verdict if v.holds) | {Verdict.DEFINITION, Verdict.ASSIGNMENT}
"""Verdicts that a line is enough for, unless something is noted with them."""


@dataclass(frozen=True)
class Terminal:
    """Lays reports out as lines of text.

    ``shows_all`` tells in full what holds, too; ``is_class`` leaves out the short lines for it,
    since many files are shown; ``solution`` adds the right line to a wrong one.
    """

    say: Teller
    paint: Paint
    shows_all: bool = False
    is_class: bool = False
    solution: bool = False

    def report(self, report: Report) -> str:
        """All about one file."""
        return "\n".join(self._report(report)) + "\n"

    def _report(self, report: Report) -> Iterator[str]:
        yield self.paint.strong(self._header(report))
        if report.unusable is not None:
            yield from self._indented(self.paint.bad("✗ ") + self._said(report.unusable), 2)
            return
        yield from self._binding(report.binding)
        if report.notes:
            yield ""
        for remark in Phrases(self.say).remarks(report):
            yield from self._indented(remark, 2)
        lines = report.source.split("\n")
        was_long = True
        told: set[tuple[str, ...]] = set()
        for finding in report.findings:
            reasons = tuple(Phrases(self.say).reasons(finding))
            is_long = self.shows_all or not (is_quiet(finding) or is_again(finding, reasons, told))
            told.add(reasons)
            if not is_long and self.is_class:
                continue
            if is_long or was_long:
                yield ""
            yield from self._long(finding, lines) if is_long else self._short(finding)
            was_long = is_long
        yield ""
        yield self.paint.strong(Phrases(self.say).counted([report]))

    def _header(self, report: Report) -> str:
        parts = [visible(report.file), visible(self.say.word("kind", report.kind))]
        if report.notation:
            parts.append(self.say("report.notation", notation=visible(report.notation)))
        return " · ".join(parts)

    def _binding(self, rows: Sequence[Bound]) -> Iterator[str]:
        if not rows:
            return
        yield ""
        yield f"  {self.say('report.binding')}"
        table = [Phrases(self.say).bound(row) for row in rows]
        first, second = (max(columns(row[place]) for row in table) for place in (0, 1))
        for glyph, role, origin in table:
            yield f"    {pad(glyph, first)}   {pad(role, second)}   {origin}".rstrip()

    def _short(self, finding: Finding) -> Iterator[str]:
        mark, place = self._mark(finding), f"{finding.at.line}:{finding.at.column}"
        brief = brief_condition(finding) or finding.verdict
        verdict = self.say(f"short.{brief}", line=finding.follows_from)
        text = " ".join(visible(finding.text).split())
        begun = f"{place.rjust(7)}  {pad(verdict, 14)}  "
        yield f"{mark} {begun}{cut(text, WIDTH - columns(begun) - 2)}"

    def _long(self, finding: Finding, lines: list[str]) -> Iterator[str]:
        place = f"{finding.at.line}:{finding.at.column}"
        label = f" ({visible(finding.label)})" if finding.label else ""
        verdict = self.say.verdict(finding)
        yield f"{self._mark(finding)} {self.paint.strong(place + label)}  {verdict}"
        yield from self._source(finding, lines)
        phrases = Phrases(self.say)
        for line in phrases.reasons(finding):
            yield from self._indented(line, 4)
        for told in finding.mistakes:
            yield from self._mistake(explanation(told, self.say))
        for line in phrases.evidence(finding, solution=self.solution):
            yield from self._indented(line, 4)

    def _mistake(self, mistake: Explanation) -> Iterator[str]:
        first, *rest = [text for text in (mistake.here, mistake.what) if text] or [""]
        head, *more = wrapped(first, WIDTH - 9)
        yield f"    {self.paint.code(mistake.code)}: {head}"
        for line in more:
            yield " " * 9 + line
        why = (mistake.why,) if self.shows_all and mistake.why else ()
        fix = (self.say("report.fix", fix=mistake.fix),) if mistake.fix else ()
        for text in (*rest, *why, *fix):
            yield from self._indented(text, 9)

    def _source(self, finding: Finding, lines: list[str]) -> Iterator[str]:
        found = excerpt(lines, finding)
        if found is None:
            return
        number, bar = str(found.line).rjust(6), self.paint.faint("│")
        yield f"{self.paint.faint(number)} {bar} {found.shown}".rstrip()
        under = found.underline
        blank = len(under) - len(under.lstrip())
        yield f"{' ' * 6} {bar} {under[:blank]}{self._coloured(finding.verdict, under[blank:])}"

    def _mark(self, finding: Finding) -> str:
        return self._coloured(finding.verdict, MARKS[finding.verdict])

    def _coloured(self, verdict: Verdict, text: str) -> str:
        if verdict is Verdict.REFUTED:
            return self.paint.bad(text)
        if verdict in (Verdict.CONDITIONAL, Verdict.NOT_UNDERSTOOD):
            return self.paint.doubtful(text)
        return self.paint.good(text)

    def _said(self, said: Said) -> str:
        return visible(self.say.say(said))

    def _indented(self, text: str, blanks: int) -> Iterator[str]:
        for line in wrapped(text, WIDTH - blanks):
            yield " " * blanks + line


def is_again(finding: Finding, reasons: tuple[str, ...], told: Container[tuple[str, ...]]) -> bool:
    """Whether a finding holds under a condition that was told already, word for word."""
    more = finding.mistakes or finding.witness or finding.wrong or finding.right
    return finding.verdict is Verdict.CONDITIONAL and not more and reasons in told


def is_quiet(finding: Finding) -> bool:
    """Whether a short line says all that matters."""
    if brief_condition(finding):
        return True
    noted = finding.mistakes or finding.conditions or finding.follows_from
    return finding.verdict in QUIET and not noted
