"""A verdict and its grounds, before anything is spelled."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.equality import Witness
from symbp.equations.relocate import Places
from symbp.notation.read_error import ReadError
from symbp.verification.diagnosis import Explained
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.stack import Stack
from symbp.verification.verdict import Verdict


@dataclass(frozen=True)
class Judgement:
    """``codes`` are mistakes that are seen without a search; ``follows`` the line of a slip.

    ``stack`` and ``places`` say where a refuted claim was found wrong, ``sides`` what was compared
    there, where that is not what was typed; ``right`` is the right line where it is known already.
    """

    verdict: Verdict
    message: Ground
    conditions: tuple[Ground, ...] = ()
    codes: tuple[str, ...] = ()
    explained: tuple[Explained, ...] = ()
    follows: int | None = None
    witness: Witness | None = None
    error: float = 0.0
    stack: Stack | None = None
    places: Places = field(default_factory=dict)
    sides: tuple[Expr, Expr] | None = None
    right: tuple[Expr, Expr] | None = None


def conditional(*conditions: Ground, message: str = "paper.conditional") -> Judgement:
    """True under conditions."""
    return Judgement(Verdict.CONDITIONAL, Ground(message), conditions)


def unread(code: str, **facts: str) -> Judgement:
    """Not understood, and why."""
    return Judgement(Verdict.NOT_UNDERSTOOD, Ground(f"paper.unread.{code}", facts))


def plain(error: ReadError) -> dict[str, str]:
    """What a reader says of a line, as facts in plain text."""
    return {k: _text(v) for k, v in error.facts.items() if k != "sides"}


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
