"""A verdict and its grounds, before anything is spelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.equality import Witness
from symbp.equations.relocate import Places
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.stack import Stack
from symbp.verification.verdict import Verdict


@dataclass(frozen=True)
class Judgement:
    """``codes`` are mistakes that are seen without a search; ``follows`` the line of a slip.

    ``stack`` and ``places`` say where a refuted claim was found wrong, ``sides`` what was compared
    there, where that is not what was typed.
    """

    verdict: Verdict
    message: Ground
    conditions: tuple[Ground, ...] = ()
    codes: tuple[str, ...] = ()
    follows: int | None = None
    witness: Witness | None = None
    error: float = 0.0
    stack: Stack | None = None
    places: Places = field(default_factory=dict)
    sides: tuple[Expr, Expr] | None = None


def conditional(*conditions: Ground, message: str = "paper.conditional") -> Judgement:
    """True under conditions."""
    return Judgement(Verdict.CONDITIONAL, Ground(message), conditions)


def unread(code: str, **facts: str) -> Judgement:
    """Not understood, and why."""
    return Judgement(Verdict.NOT_UNDERSTOOD, Ground(f"paper.unread.{code}", facts))


def shown(facts: Mapping[str, str]) -> str:
    """Facts in one line."""
    return ", ".join(f"{key}: {value}" for key, value in facts.items())
