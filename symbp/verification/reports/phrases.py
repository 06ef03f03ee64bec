"""Parts of findings in words, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symbp.equations.equality import Witness
from symbp.verification.finding import Bound, Finding, Report
from symbp.verification.reports.columns import visible
from symbp.verification.reports.saying import MARKS, Teller
from symbp.verification.reports.summary import counts


class Phrases:
    """What ``say`` says about parts of a report, on one line each and safe to show."""

    def __init__(self, say: Teller) -> None:
        self.say = say

    def reasons(self, finding: Finding) -> Iterator[str]:
        """The message, the conditions, and what it follows from."""
        yield visible(self.say.say(finding.message))
        is_told = finding.message.key.endswith(".follows")
        for condition in finding.conditions:
            if not (is_told and condition.key.endswith(".follows")):
                yield self.say("report.condition", condition=visible(self.say.say(condition)))
        if finding.follows_from is not None and not is_told:
            yield self.say("report.follows", line=finding.follows_from)

    def remarks(self, report: Report) -> Iterator[str]:
        """What was noted about the whole file."""
        for spot, said in report.notes:
            place = f"{spot.line}:{spot.column}  " if spot else ""
            yield place + visible(self.say.say(said))

    def evidence(self, finding: Finding, *, solution: bool) -> Iterator[str]:
        """What is wrong, where the two sides differ, and the right line if that is asked for."""
        if finding.wrong and finding.wrong not in finding.text:
            yield self.say("report.wrong", wrong=visible(finding.wrong))
        if finding.witness is not None:
            yield self.witness(finding.witness)
        if solution and finding.right:
            yield self.say("report.right", right=visible(finding.right))

    def witness(self, witness: Witness) -> str:
        """Where two sides differ: sizes, the entry, both values."""
        each = (self.size(axis, count) for axis, count in witness.sizes.items())
        sizes = self.say("listing.comma").join(each)
        entry = ", ".join(str(n + 1) for n in witness.entry)
        values = {"left": visible(witness.left), "right": visible(witness.right)}
        said = self.say("report.witness", **values)
        if entry:
            said = self.say("report.witness_entry", entry=entry, **values)
        return self.say("report.witness_sizes", witness=said, sizes=sizes) if sizes else said

    def size(self, axis: str, count: int) -> str:
        """``3 units in layer 2`` for the axis ``unit@2``."""
        name, _, place = visible(axis).partition("@")
        key = {"unit": "size_units", "sample": "size_samples"}.get(name, "size_other")
        return self.say(f"report.{key}", axis=name, place=place, count=count)

    def bound(self, row: Bound) -> tuple[str, str, str]:
        """The glyph, its role, and how that is known."""
        key = "report.origin_line" if row.line else "report.origin"
        origin = visible(self.say.word("origin", row.origin))
        return (
            visible(row.glyph),
            visible(self.say.word("role", row.role)),
            self.say(key, origin=origin, line=row.line),
        )

    def counted(self, reports: Iterable[Report]) -> str:
        """How many claims got which verdict: ``12 claims: ✓ 9 proved, ✗ 3 refuted``."""
        found = {verdict: count for verdict, count in counts(reports).items() if count}
        total = sum(found.values())
        if not total:
            return self.say("report.no_claims")
        parts = [
            f"{MARKS[verdict]} {count} {self.say(f'short.{verdict}')}"
            for verdict, count in found.items()
        ]
        key = "report.counted_one" if total == 1 else "report.counted"
        return self.say(key, total=total, counts=self.say("listing.comma").join(parts))
