"""A page from statements to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from symbp.equations.equality import compare
from symbp.equations.tensor import Role
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.verification.binding.local import Local
from symbp.verification.finding import Finding, Said, Told
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.claims import Chain, Claims
from symbp.verification.paper.findings import Author
from symbp.verification.paper.judge import Judge
from symbp.verification.paper.judgement import Judgement, plain
from symbp.verification.paper.misfits import Misfits, is_forward
from symbp.verification.paper.settling import settled
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.standing import Standing
from symbp.verification.paper.strays import stray
from symbp.verification.paper.training import Training
from symbp.verification.paper.trial import WEAKER
from symbp.verification.paper.weaken import names_output_slope, of_single_losses
from symbp.verification.paper.world import World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict

T = TypeVar("T")

READING, SETTLING = 0.4, 0.6
"""Shares of the time by which a page is read, and by which it is known what it means by δ."""


class Within(Protocol):
    """Things, as long as there is time: no more than ``share`` of all of it."""

    def __call__(self, things: Iterable[T], share: float = 1.0, /) -> Iterator[T]: ...


def always(things: Iterable[T], share: float = 1.0, /) -> Iterator[T]:
    """All ``things``."""
    return iter(things)


@dataclass
class Check:
    """Goes down a page: what is found wrong further up is known further down."""

    world: World
    claims: Claims
    author: Author
    local: Sequence[Local] = ()
    training: Training | None = None
    slips: list[Slip] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)

    def findings(
        self, statements: Iterable[Statement], within: Within = always
    ) -> Iterator[Finding]:
        """A finding for each claim, and one for each statement that could not be read.

        All is read before anything is judged; ``within`` a time that is given.
        """
        page = [self.read(statement) for statement in within(statements, READING)]
        claims = [c for read in page if isinstance(read, Chain) for c in read.claims]
        is_any = any(map(names_output_slope, claims))
        of_samples = of_single_losses(claims)
        self.world = replace(self.world, is_output_any=is_any, is_of_samples=of_samples)
        self.world = settled(self.world, list(within(claims, SETTLING)))
        before: list[Chain] = []
        for read in within(page):
            if isinstance(read, Finding):
                yield read
                continue
            if read.trouble is not None:
                yield from self.unread(read.statement, read.trouble)
            yield from self.with_strays(read, before, self.judged(read))
            before.append(read)

    def read(self, statement: Statement) -> Chain | Finding:
        """The claims of a statement, or what is found of it without reading it as one."""
        found = self.in_local_world(statement) or self.in_training(statement)
        return found if found is not None else self.claims.chain(statement)

    def with_strays(
        self, chain: Chain, before: Iterable[Chain], findings: Iterator[Finding]
    ) -> Iterator[Finding]:
        """``findings``, the first of which tells of a letter that strays, where one does."""
        found = stray(chain, before, self.author.notation.convention.letter)
        for finding in findings:
            if found is not None and finding.verdict is not Verdict.REFUTED:
                facts = {"letter": found.letter, "meant": found.meant}
                message = Said("note.letter_two_layers", facts)
                told = Told("M09", Said("seen"))
                yield replace(finding, message=message, mistakes=(*finding.mistakes, told))
                found = None
            else:
                yield finding

    def in_local_world(self, statement: Statement) -> Finding | None:
        """The finding on a line about what the words around it say depends on what, as E(x(y))."""
        lines = {remark.at.line for remark in statement.remarks if remark.kind == "depends"}
        text = statement.text.content
        for world in self.local:
            if lines & set(world.lines) and world.covers(text):
                try:
                    left, right = Reader(world.notation, world.scope).equation(text)
                    certificate = compare(left, right, world.program)
                except (ReadError, NotImplementedError):
                    return None
                verdict = WEAKER.get(certificate.verdict, Verdict.REFUTED)
                message = Said("paper.local" if certificate.holds else "paper.unknown_cause")
                at, end = statement.text.at(0), statement.text.at(len(text))
                witness = certificate.witness
                error = certificate.error
                return Finding(at, text, verdict, message, end, witness=witness, error=error)
        return None

    def in_training(self, statement: Statement) -> Finding | None:
        """The finding on a line about what an optimizer keeps, where one is declared."""
        return self.training.finding(statement) if self.training is not None else None

    def judged(self, chain: Chain) -> Iterator[Finding]:
        for claim in chain.claims:
            judgement = Judge(self.world, tuple(self.slips))(claim)
            finding = self.author.finding(claim, judgement)
            self.standing.note(claim, finding.verdict)
            if finding.verdict is Verdict.REFUTED:
                self.slips.append(self._slip(claim, judgement))
            yield finding

    def unread(self, statement: Statement, error: ReadError) -> Iterator[Finding]:
        """What is wrong with a line that could not be read as it stands, or why it could not."""
        weight = self.author.notation.convention.glyphs[Role.WEIGHT]
        misfits = Misfits(self.world, self.claims, weight, tuple(self.slips), self.standing)
        judged = [] if self.world.doubt else misfits(statement, error)
        if not self.world.is_given and any(is_forward(claim) for claim, _ in judged):
            # How the page writes its own layers is no mistake: it was read in the wrong way.
            self.world = replace(self.world, doubt="condition.forward_unlike")
            judged = []
        for claim, judgement in judged:
            yield self.author.finding(claim, judgement)
        if not judged:
            yield unread(statement, error)

    def _slip(self, claim: Claim, judgement: Judgement) -> Slip:
        left, written = judgement.sides or (claim.left, claim.right)
        return Slip(left, written, claim.at.line)


def unread(statement: Statement, error: ReadError) -> Finding:
    """What could not be read, where, and why."""
    text = statement.text
    return Finding(
        text.at(error.column - 1),
        text.content,
        Verdict.NOT_UNDERSTOOD,
        Said(f"paper.unread.{error.code}", plain(error)),
        end=text.at(len(text)),
        label=" ".join(statement.labels),
    )
