"""Whether two expressions mean the same, and how surely: four answers, never merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sympy import Expr

from symbp.equations.arrays import Named
from symbp.equations.axis import Axis
from symbp.equations.canonical import canonical
from symbp.equations.evaluation import Evaluator
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.program import Program

POINTS = 2
"""Random points; modulo 2^61 − 1, with degrees below 2^20, each lies with a chance of 2^-41."""


class Verdict(StrEnum):
    PROVED = "proved"
    PROBABLE = "proved_probabilistically"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Witness:
    """Where two sides differ: sizes by axis, the entry, and both values there."""

    sizes: Mapping[str, int]
    entry: tuple[int, ...]
    left: str
    right: str


@dataclass(frozen=True)
class Certificate:
    """How surely an equality holds.

    ``points`` random points were tried; the answer is wrong with a chance of at most ``error``.
    """

    verdict: Verdict
    points: int = 0
    error: float = 0.0
    witness: Witness | None = None

    @property
    def holds(self) -> bool:
        return self.verdict in (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED)


def compare(
    left: Expr, right: Expr, program: Program, *, sizes: Mapping[Axis, int] | None = None
) -> Certificate:
    """Compare two expressions about ``program``: by canonical form, modulo a prime, in reals."""
    if left == right or canonical(left) == canonical(right):
        return Certificate(Verdict.PROVED)
    for exact, verdict in ((True, Verdict.PROBABLE), (False, Verdict.CONFIRMED)):
        try:
            witness = _difference(left, right, program, exact=exact, sizes=sizes)
        except NoPoint:
            continue
        if witness is None:
            return Certificate(verdict, POINTS, 2.0 ** (-41 * POINTS) if exact else 0.0)
        if not exact:
            return Certificate(Verdict.REFUTED, POINTS, witness=witness)
    return Certificate(Verdict.UNDECIDED)


def _difference(
    left: Expr, right: Expr, program: Program, *, exact: bool, sizes: Mapping[Axis, int] | None
) -> Witness | None:
    for seed in range(1, POINTS + 1):
        evaluator, sides = fingerprint(program, left, right, seed=seed, exact=exact, sizes=sizes)
        if (witness := _differing_entry(evaluator, *sides)) is not None:
            return witness
    return None


def _differing_entry(evaluator: Evaluator, left: Named, right: Named) -> Witness | None:
    indices = tuple(dict.fromkeys((*left.indices, *right.indices)))
    a, b = np.broadcast_arrays(left.along(indices), right.along(indices))
    for at in np.ndindex(*a.shape):
        if not evaluator.field.same(a[at], b[at]):
            sizes = {axis.key: n for axis, n in evaluator.sizes.items()}
            return Witness(sizes, at, str(a[at])[:12], str(b[at])[:12])
    return None
