"""Lines of matrices whose shapes do not fit.

They are wrong where one change makes them right. They are wrong, too, where they fail for numbers:
with one unit in each layer and one sample, all ways in which matrices may be multiplied are one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Expr

from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, is_entry, tensor_of
from symbp.notation.read_error import ReadError
from symbp.notation.repairs import Change
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.claims import Claims
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judge import Judge
from symbp.verification.paper.judgement import Judgement, conditional
from symbp.verification.paper.ones import of_ones
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.standing import Standing
from symbp.verification.paper.trial import holds
from symbp.verification.paper.world import World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict

Judged = list[tuple[Claim, Judgement]]

HOLDING = (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED)


def _target(left: Expr) -> Role | None:
    """What E is differentiated by in ``left``."""
    if isinstance(left, Partial) and is_entry(left.wrt):
        return tensor_of(left.wrt).role
    return None


def _transposed(change: Change, left: Expr, weight: str) -> str | None:
    return "M11" if change.of.lower() == weight.lower() else "M12"


def _dropped(change: Change, left: Expr, weight: str) -> str | None:
    return "M17" if _target(left) is Role.BIAS else None


CODES: dict[str, Callable[[Change, Expr, str], str | None]] = {
    "transposed": _transposed,
    "swapped": lambda change, left, weight: "M12",
    "entrywise": lambda change, left, weight: "M13",
    "multiplied": lambda change, left, weight: "M13",
    "shifted": lambda change, left, weight: "M10",
    "dropped": _dropped,
    "summed": _dropped,
    "raised": lambda change, left, weight: "M29",
}
"""Kind of change -> the mistake that it takes back; None where it is none that people make."""

TURNS = ("transposed", "swapped", "entrywise", "multiplied")
"""Changes of how matrices are multiplied: what the quantities are stays."""


@dataclass(frozen=True)
class Misfits:
    """Judges lines whose shapes do not fit, about ``world``; ``weight`` is how weights are called.

    ``slips`` were found further up the page; ``standing`` is what has been seen to hold there.
    """

    world: World
    claims: Claims
    weight: str
    slips: tuple[Slip, ...]
    standing: Standing

    def __call__(self, statement: Statement, error: ReadError) -> Judged:
        """The claims that shapes do not fit in, judged; nothing where they are not understood."""
        if error.code != "shapes":
            return []
        return self.repaired(statement, error) or self.as_numbers(statement, error)

    def repaired(self, statement: Statement, error: ReadError) -> Judged:
        """The claim where the shapes part, refuted, where one change makes the line right."""
        found: dict[str, tuple[Claim, Expr, Expr]] = {}
        for change, claims in self.claims.repaired(statement, error):
            code = CODES[change.kind](change, claims[0].left, self.weight) if claims else None
            if code is None or code in found:
                continue
            is_same = change.kind in (*TURNS, "raised")
            if (is_same or self._is_sure(claims)) and all(map(self._holds, claims)):
                here = statement.text.at(error.column - 1)
                blamed = [claim for claim in claims if claim.at <= here] or claims
                found[code] = blamed[-1], claims[-1].left, claims[-1].right
        if not found:
            return []
        order = tuple(sorted(found))
        claim, left, right = found[order[0]]
        refuted = Judgement(Verdict.REFUTED, Ground("paper.refuted"), codes=order)
        return [(claim, replace(refuted, right=(left, right)))]

    def _is_sure(self, claims: Sequence[Claim]) -> bool:
        return all(self.standing.has(claim.left, claim.right) for claim in claims)

    def _holds(self, claim: Claim) -> bool:
        return holds(self.world.speaking_of(claim.left, claim.right).stack, claim)

    def as_numbers(self, statement: Statement, error: ReadError) -> Judged:
        """What holds for numbers, and not for matrices; what does not even hold for them."""
        if error.line is None:
            return []
        chain = self.claims.misshapen(statement, error)
        judge = Judge(of_ones(self.world), self.slips)
        judged = [(claim, judge(replace(claim, misfit=None))) for claim in chain.claims]
        # Among numbers most mistakes look alike: which it was is not looked for.
        refuted = ((c, j) for c, j in judged if j.verdict is Verdict.REFUTED)
        wrong = [(claim, replace(judgement, stack=None)) for claim, judgement in refuted]
        if wrong:
            return wrong if self._is_sure(chain.claims) else []
        says_nothing = None in self.world.stack.formulas.values()  # a softmax of one is always 1
        if says_nothing or not all(_holds_for_numbers(judgement) for _, judgement in judged):
            return []
        return [(claim, conditional(Ground("condition.scalars"))) for claim, _ in judged]


def _holds_for_numbers(judgement: Judgement) -> bool:
    is_below_last = any(each.key == "condition.below_last" for each in judgement.conditions)
    return judgement.verdict in HOLDING or is_below_last
