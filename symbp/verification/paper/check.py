"""A page from statements to findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symbp.notation.read_error import ReadError
from symbp.verification.finding import Finding, Said
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.claims import Chain, Claims
from symbp.verification.paper.findings import Author
from symbp.verification.paper.judge import Judge
from symbp.verification.paper.judgement import Judgement
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.world import World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict


@dataclass
class Check:
    """Goes down a page: what is found wrong further up is known further down."""

    world: World
    claims: Claims
    author: Author
    slips: list[Slip] = field(default_factory=list)

    def findings(self, statements: Sequence[Statement]) -> Iterator[Finding]:
        """A finding for each claim, and one for each statement that could not be read."""
        for statement in statements:
            chain = self.claims.chain(statement)
            if chain.trouble is not None:
                yield unread(statement, chain.trouble)
            yield from self.judged(chain)

    def judged(self, chain: Chain) -> Iterator[Finding]:
        for claim in chain.claims:
            judgement = Judge(self.world, tuple(self.slips))(claim)
            finding = self.author.finding(claim, judgement)
            if finding.verdict is Verdict.REFUTED:
                self.slips.append(self._slip(claim, judgement))
            yield finding

    def _slip(self, claim: Claim, judgement: Judgement) -> Slip:
        left, written = judgement.sides or (claim.left, claim.right)
        return Slip(left, written, claim.at.line)


def unread(statement: Statement, error: ReadError) -> Finding:
    """What could not be read, where, and why."""
    facts = {key: _plain(value) for key, value in error.facts.items()}
    text = statement.text
    return Finding(
        text.at(error.column - 1),
        text.content,
        Verdict.NOT_UNDERSTOOD,
        Said(f"paper.unread.{error.code}", facts),
        end=text.at(len(text)),
        label=" ".join(statement.labels),
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
