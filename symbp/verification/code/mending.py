"""What a repair tells of a program: the line of the slip, its mistake, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from symbp.network import Network
from symbp.verification.code.indentation import Doubt
from symbp.verification.code.interpreter import NOTHING, trace
from symbp.verification.code.judge import Judged, judge
from symbp.verification.code.recognise import Recognised, core
from symbp.verification.code.repairs.places import behind, statement_at
from symbp.verification.code.repairs.search import OF_RANKS, OF_SHAPES, OF_VALUES, Repaired, Search
from symbp.verification.code.repairs.source import Source
from symbp.verification.code.settling import looks_right
from symbp.verification.code.trace import Trace
from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.code.values import Hints
from symbp.verification.finding import Finding, Said, Told
from symbp.verification.statement import Remark
from symbp.verification.text import WIDTH, Spot, Text
from symbp.verification.verdict import Verdict

GUESSES = ("branch",)


UNSURE = frozenset({"M08", "M23"})
"""What is told of a line where a slip before it would look the same."""


def _is_unnamed(finding: Finding) -> bool:
    """A pair of loss and activation that gives the very line is told by name."""
    return all(t.code in UNSURE and t.say.key != "pair" for t in finding.mistakes)


def _on_condition(finding: Finding, said: tuple[Said, ...]) -> Finding:
    """``finding``, which is no refutation where something was taken for granted."""
    if finding.verdict is not Verdict.REFUTED or not said:
        return finding
    conditions = (*finding.conditions, *said)
    return replace(finding, verdict=Verdict.CONDITIONAL, conditions=conditions)


def _rank(misfit: CodeTrouble, side: str) -> int:
    """How many axes a side has that is told as ``(7, 5)``."""
    return sum(bool(size.strip()) for size in misfit.facts[side].strip("()").split(","))


@dataclass(frozen=True)
class Mending:
    """``judged`` is what was found in ``traced``, the program ``text``."""

    text: Text
    traced: Trace
    judged: Judged
    network: Network | None = None
    loss: str | None = None
    words: Sequence[Remark] = ()
    doubts: Sequence[Doubt] = ()
    hints: Hints = NOTHING

    def mended(self) -> Judged:
        """What was found, with slips that a repair shows."""
        misfit = self._misfit()
        judged = self._of_shapes(misfit) if misfit is not None else self._of_values()
        found = tuple(f if f.end else replace(f, end=self._end(f)) for f in judged.findings)
        return replace(judged, findings=tuple(map(self._weakened, found)))

    def laid_out(self, layouts: Iterable[Trace]) -> Mending:
        """The same in the first of ``layouts`` in which all is right: what is right for one is."""
        for other in layouts:
            if looks_right(other, self.network, self.loss):
                words = tuple(self.words)
                judged = judge(other, network=self.network, loss=self.loss, words=words)
                return replace(self, traced=other, judged=judged)
        return self

    def unmended(self, *, is_open: bool) -> Judged:
        """What was found, where there is no time to mend.

        Where it ``is_open`` how arrays lie, nothing is refuted.
        """
        misfit = self._misfit()
        judged = self.judged if misfit is None or is_open else self._clashing(misfit)
        more = (Said("condition.layout"),) if is_open else ()
        found = tuple(_on_condition(self._weakened(finding), more) for finding in judged.findings)
        return replace(judged, findings=found)

    def _weakened(self, finding: Finding) -> Finding:
        """No guess about how a program runs is the ground of a refutation."""
        return _on_condition(finding, tuple(self._guessed()))

    def _guessed(self) -> Iterator[Said]:
        """What was taken for granted of the course of the program."""
        branch = next((t for t in self.traced.troubles if t.code == "branch"), None)
        if branch is not None:
            yield Said("condition.branch", {"line": str(branch.line)})
        for doubt in self.doubts:
            where = "inside" if doubt.inside else "outside"
            facts = {"line": str(doubt.at.line), "head": str(doubt.head)}
            yield Said(f"condition.indentation_{where}", facts)

    def _of_values(self) -> Judged:
        for finding in self.judged.findings:
            if finding.verdict is Verdict.REFUTED and _is_unnamed(finding):
                return self._named(finding)
        return self.judged

    def _end(self, finding: Finding) -> Spot:
        """Where what a finding is about ends."""
        first = finding.at.line * WIDTH + finding.at.column
        position = next((p for p, place in enumerate(self.text.places) if place >= first), 0)
        return self.text.at(position + max(len(finding.text) - 1, 0))

    # ---- shapes ---------------------------------------------------------------------------------

    def _misfit(self) -> CodeTrouble | None:
        """The first place where shapes do not go together, whatever the data."""
        wrong = [t for t in self.traced.troubles if t.code == "shapes"]
        if any(t.code in GUESSES for t in self.traced.troubles):
            return None
        certain = [t for t in wrong if t.facts.get("left", "?") != "?"]
        return min(certain, key=lambda t: (t.line, t.column)) if certain else None

    def _of_shapes(self, misfit: CodeTrouble) -> Judged:
        line = self._line_of(misfit.at)
        is_sum = _rank(misfit, "left") != _rank(misfit, "right")
        repaired = self._search().repair(line, OF_RANKS if is_sum else OF_SHAPES)
        if repaired is None:
            return self._clashing(misfit)
        clash = self._clash(misfit)
        place, typed = self._place(Source(self.text), repaired.statement)
        if repaired.statement.lineno == line:
            return self._retold(repaired, self._slip(repaired, clash.message, place, typed))
        said = Said("code.slip", {"line": str(clash.at.line)})
        slip = self._slip(repaired, said, place, typed)
        return self._retold(repaired, slip, self._follows(clash, place.line))

    def _clash(self, misfit: CodeTrouble) -> Finding:
        """The line in which shapes do not fit, as wrong."""
        source = Source(self.text)
        shown = statement_at(source, self._line_of(misfit.at))
        at, text = (misfit.at, "") if shown is None else self._place(source, shown)
        return Finding(at, text, Verdict.REFUTED, Said("code.shapes", dict(misfit.facts)))

    def _clashing(self, misfit: CodeTrouble) -> Judged:
        """No more than that shapes do not fit."""
        clash = self._clash(misfit)
        return self._with(self._doubted(clash.at.line), clash)

    def _doubted(self, line: int) -> tuple[Finding, ...]:
        """What is wrong elsewhere may be so only because of what could not be computed."""
        return tuple(
            self._follows(f, line) if f.verdict is Verdict.REFUTED else f
            for f in self.judged.findings
        )

    # ---- values ---------------------------------------------------------------------------------

    def _named(self, finding: Finding) -> Judged:
        """``finding`` with the mistake whose repair makes the program right."""
        repaired = self._search().repair(self._line_of(finding.at), OF_VALUES)
        if repaired is None:
            return self.judged
        source = Source(self.text)
        place, typed = self._place(source, repaired.statement)
        if place.line == finding.at.line or finding.text in typed:
            kept = (t for t in finding.mistakes if t.code != "M23")
            told = (Told(repaired.edit.code, Said("seen", {})), *kept)
            right = finding.right or repaired.right
            named = replace(finding, mistakes=told, right=right, wrong=self._typed(repaired))
            found = tuple(named if f is finding else f for f in self.judged.findings)
            return replace(self.judged, findings=found)
        said = Said("code.slip", {"line": str(finding.at.line)})
        return self._retold(repaired, self._slip(repaired, said, place, typed))

    # ---- both -----------------------------------------------------------------------------------

    def _search(self) -> Search:
        troubles = len([t for t in self.traced.troubles if t.code not in GUESSES])
        updates = len(self.traced.updates)
        learnt = {core(p.name) for p in Recognised(self.traced).parameters}

        def is_right(text: Text) -> bool:
            try:
                again = trace(text, hints=self.hints)
            except CodeTrouble:
                return False
            new = [t for t in again.troubles if t.code not in GUESSES]
            if len(again.updates) < updates or len(new) > troubles:
                return False
            if any(t.code == "shapes" for t in new):
                return False
            if not learnt <= {core(p.name) for p in Recognised(again).parameters}:
                return False
            return looks_right(again, self.network, self.loss)

        return Search(self.text, is_right)

    def _slip(self, repaired: Repaired, said: Said, at: Spot, text: str) -> Finding:
        told = (Told(repaired.edit.code, Said("seen", {})),)
        wrong = self._typed(repaired)
        return Finding(
            at, text, Verdict.REFUTED, said, mistakes=told, wrong=wrong, right=repaired.right
        )

    def _typed(self, repaired: Repaired) -> str:
        return self.text.content[repaired.edit.start : repaired.edit.stop].strip()

    def _retold(self, repaired: Repaired, slip: Finding, *more: Finding) -> Judged:
        """What is found once the slip is repaired; what reads the wrong line follows from it."""
        again = judge(
            trace(repaired.text, hints=self.hints),
            network=self.network,
            loss=self.loss,
            words=tuple(self.words),
        )
        source = Source(self.text)
        last = self.text.at(source.span(repaired.statement)[1] - 1)
        out = []
        for finding in again.findings:
            if slip.at <= finding.at <= last or finding.at in [m.at for m in more]:
                continue
            node = statement_at(source, self._line_of(finding.at))
            reads = node is not None and any(
                s.lineno == repaired.statement.lineno for s in behind(source, node)
            )
            later = finding.at > slip.at
            out.append(self._follows(finding, slip.at.line) if reads and later else finding)
        return self._with(out, slip, *more, judged=again)

    @staticmethod
    def _follows(finding: Finding, line: int) -> Finding:
        said = Said("code.follows", {"line": str(line)})
        return Finding(
            finding.at, finding.text, Verdict.CONDITIONAL, said, follows_from=line, end=finding.end
        )

    def _with(
        self, found: Sequence[Finding], *more: Finding, judged: Judged | None = None
    ) -> Judged:
        places = {(m.at.line, m.at.column) for m in more}
        kept = [f for f in found if (f.at.line, f.at.column) not in places]
        base = judged or self.judged
        return replace(base, findings=tuple(sorted([*kept, *more], key=lambda f: f.at)))

    def _line_of(self, at: Spot) -> int:
        """The line of the text as it is read in which something stands that was typed at ``at``."""
        wanted = at.line * WIDTH + at.column
        for position, place in enumerate(self.text.places):
            if place >= wanted:
                return self.text.content.count("\n", 0, position) + 1
        return 1

    def _place(self, source: Source, statement: object) -> tuple[Spot, str]:
        start, stop = source.span(statement)  # type: ignore[arg-type]
        return self.text.at(start), self.text.content[start:stop]
