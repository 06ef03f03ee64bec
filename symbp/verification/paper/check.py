"""A page from statements to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from symbp.equations.equality import compare
from symbp.equations.tensor import Role
from symbp.notation.formula import Sign
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.verification.binding.local import Local
from symbp.verification.binding.peek import peek
from symbp.verification.finding import Finding, Said, Told
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.claims import Chain, Claims
from symbp.verification.paper.findings import Author
from symbp.verification.paper.forward import is_weighted
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judge import Judge
from symbp.verification.paper.judgement import Judgement, conditional, plain
from symbp.verification.paper.misfits import Misfits
from symbp.verification.paper.settling import settled, speaks_of_delta
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.standing import Standing
from symbp.verification.paper.strays import stray
from symbp.verification.paper.training import Training
from symbp.verification.paper.trial import WEAKER
from symbp.verification.paper.understanding import (
    claims_of,
    depth_told,
    doubted,
    in_order,
    with_last,
)
from symbp.verification.paper.weaken import names_output_slope, of_single_losses
from symbp.verification.paper.world import UNLIKE, World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict

T = TypeVar("T")

READING, SETTLING = 0.4, 0.6
"""Shares of the time by which a page is read, and by which it is known what it means by δ."""

DELTA_UNREAD = "condition.delta_unread"


class Within(Protocol):
    """Things, as long as there is time: no more than ``share`` of all of it."""

    def __call__(self, things: Iterable[T], share: float = 1.0, /) -> Iterator[T]: ...


def always(things: Iterable[T], share: float = 1.0, /) -> Iterator[T]:
    """All ``things``."""
    return iter(things)


@dataclass
class Check:
    """Goes down a page: what is found wrong further up is known further down.

    ``at_depth`` makes the world for a network of as many layers as the page turns out to have.
    """

    world: World
    claims: Claims
    author: Author
    local: Sequence[Local] = ()
    training: Training | None = None
    at_depth: Callable[[int], World] | None = None
    slips: list[Slip] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    is_delta_unread: bool = False

    def findings(
        self, statements: Iterable[Statement], within: Within = always
    ) -> Iterator[Finding]:
        """A finding for each claim, and one for each statement that could not be read.

        All is read before anything is judged; ``within`` a time that is given.
        """
        page = in_order([self.read(statement) for statement in within(statements, READING)])
        depth = depth_told(page)
        if depth is not None and self.at_depth is not None:
            page, self.world = with_last(page, depth), self.at_depth(depth)
        claims = [claim for read in page for claim in claims_of(read)]
        is_any = any(map(names_output_slope, claims))
        of_samples = of_single_losses(claims)
        self.world = replace(self.world, is_output_any=is_any, is_of_samples=of_samples)
        self.world = settled(self.world, list(within(claims, SETTLING)))
        self.world = doubted(self.world, page, within(claims, SETTLING))
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
            if judgement.verdict is Verdict.REFUTED and self.rests_on_unread(claim):
                judgement = conditional(Ground(DELTA_UNREAD), message="paper.not_shown")
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
        judged = [] if any(self.rests_on_unread(claim) for claim, _ in judged) else judged
        if not self.world.is_given and any(is_weighted(claim) for claim, _ in judged):
            self.world = replace(self.world, doubt=UNLIKE)
            judged = []
        for claim, judgement in judged:
            yield self.author.finding(claim, judgement)
        if not judged:
            self.is_delta_unread = self.is_delta_unread or self.introduces_delta(statement)
            yield unread(statement, error)

    def introduces_delta(self, statement: Statement) -> bool:
        """Whether the first side of a line is a δ."""
        sides = peek(statement.text.content)
        glyph = self.author.notation.convention.glyphs[Role.DELTA]
        return bool(sides) and isinstance(sides[0], Sign) and sides[0].glyph == glyph

    def rests_on_unread(self, claim: Claim) -> bool:
        """Whether a claim speaks of a δ, of which it is not known what the page means by it."""
        return self.is_delta_unread and speaks_of_delta(claim)

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
        Said(f"paper.unread.{_reason(error)}", plain(error)),
        end=text.at(len(text)),
        label=" ".join(statement.labels),
    )


def _reason(error: ReadError) -> str:
    """Its code; of two columns side by side, that they are no product."""
    fits = error.facts.get("fits", ())
    is_of_columns = error.code == "shapes" and isinstance(fits, tuple) and "entrywise" in fits
    return "columns" if is_of_columns else error.code
