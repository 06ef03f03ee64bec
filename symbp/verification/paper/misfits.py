"""Lines of matrices whose shapes do not fit: wrong where one change makes them right."""

from __future__ import annotations

from dataclasses import replace

from symbp.notation.read_error import ReadError
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.claims import Claims
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judgement import Judgement, conditional
from symbp.verification.paper.trial import holds
from symbp.verification.paper.world import World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict

CODES: dict[str, str] = {"swapped": "M12", "entrywise": "M13", "multiplied": "M13"}
"""Kind of change -> the mistake that it takes back."""


def code_of(kind: str, weight: str) -> str:
    """The mistake that a change takes back: a transpose is M11 at a weight, M12 elsewhere."""
    if kind.startswith("transposed "):
        return "M11" if kind.removeprefix("transposed ").lower() == weight.lower() else "M12"
    return CODES[kind]


def misshapen(
    world: World, claims: Claims, statement: Statement, error: ReadError, weight: str
) -> list[tuple[Claim, Judgement]]:
    """The claim whose shapes do not fit, judged; nothing where it is not understood."""
    if error.line is None:
        return []
    chain = claims.misshapen(statement, error)
    typed = [claim for claim in chain.claims if claim.at <= statement.text.at(error.column - 1)]
    if not typed:
        return []
    blamed = typed[-1]
    found: dict[str, Judgement] = {}
    for kind, sides in claims.repaired(statement):
        code = code_of(kind, weight)
        if code in found:
            continue
        here = world.speaking_of(*sides)
        if all(holds(here.stack, blamed, (sides[0], side)) for side in sides[1:]):
            found[code] = Judgement(
                Verdict.REFUTED,
                Ground("paper.refuted"),
                codes=(code,),
                right=(sides[0], sides[-1]),
            )
    if found:
        order = sorted(found)
        return [(blamed, replace(found[order[0]], codes=tuple(order)))]
    return _as_numbers(world, chain.claims)


def _as_numbers(world: World, claims: tuple[Claim, ...]) -> list[tuple[Claim, Judgement]]:
    """What holds for numbers and not for matrices."""
    ground = Ground("condition.scalars")
    return [
        (claim, conditional(ground))
        for claim in claims
        if holds(world.speaking_of(claim.left, claim.right).stack, claim)
    ]
