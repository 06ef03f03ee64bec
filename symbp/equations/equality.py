"""Whether two expressions mean the same, and how surely: four answers, never merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from sympy import Expr, Integer

from symbp.equations.arrays import Named
from symbp.equations.axis import Axis, Index
from symbp.equations.canonical import canonical
from symbp.equations.evaluation import Evaluator
from symbp.equations.fingerprint import NoPoint, are_many, axes_of, enough, fingerprint
from symbp.equations.neighbourhood import neighbourhoods
from symbp.equations.program import Program, is_rational


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


Positions = tuple[tuple[Expr, Axis], ...]
"""Index expressions, each with the axis on which it must lie."""


def compare(
    left: Expr,
    right: Expr,
    program: Program,
    *,
    sizes: Mapping[Axis, int] | None = None,
    within: Positions = (),
    is_shown: bool = True,
) -> Certificate:
    """Compare two expressions about ``program``: by canonical form, modulo a prime, in reals.

    Modulo a prime, a part of the program may do where the whole has no values: roots of roots.
    Only where all positions of ``within`` exist, such as t + 1 for u[n, t + 1, j]. Where it is not
    to be shown that two sides differ, rational ones that do so modulo a prime need no real witness.
    """
    if left == right or canonical(left) == canonical(right):
        return Certificate(Verdict.PROVED)
    tried = partial(_tried, left, right, sizes=sizes, within=within)
    found = tried(program, exact=True)
    if found.holds:
        return found
    is_decided = found.verdict is not Verdict.UNDECIDED
    if is_decided and not is_shown and program.is_rational and is_rational(left, right):
        return Certificate(Verdict.REFUTED, found.points)
    found = tried(program, exact=False)
    if is_decided or not found.holds:
        return found
    parts = (tried(part, exact=True) for part in neighbourhoods(program, left, right))
    return next((each for each in parts if each.holds), found)


def _tried(
    left: Expr,
    right: Expr,
    program: Program,
    *,
    exact: bool,
    sizes: Mapping[Axis, int] | None,
    within: Positions,
) -> Certificate:
    """What is found at random points: modulo a prime where it is to be ``exact``."""
    axes = axes_of(program, left, right)
    points = enough(len(axes), small=are_many(axes, program))
    try:
        witness = _difference(left, right, program, points, exact, sizes, within)
    except NoPoint:
        return Certificate(Verdict.UNDECIDED)
    if witness is not None:
        return Certificate(Verdict.REFUTED, points, witness=witness)
    if exact:
        return Certificate(Verdict.PROBABLE, points, 2.0 ** (-41 * points))
    return Certificate(Verdict.CONFIRMED, points)


def _difference(
    left: Expr,
    right: Expr,
    program: Program,
    points: int,
    exact: bool,
    sizes: Mapping[Axis, int] | None,
    within: Positions,
) -> Witness | None:
    for seed in range(1, points + 1):
        evaluator, sides = fingerprint(program, left, right, seed=seed, exact=exact, sizes=sizes)
        one, other = sides
        if (witness := _differing_entry(evaluator, one, other, within)) is not None:
            return witness
    return None


def _differing_entry(
    evaluator: Evaluator, left: Named, right: Named, within: Positions
) -> Witness | None:
    indices = tuple(dict.fromkeys((*left.indices, *right.indices)))
    a, b = np.broadcast_arrays(left.along(indices), right.along(indices))
    for at in np.ndindex(*a.shape):
        if not evaluator.field.same(a[at], b[at]) and _exists(evaluator, indices, at, within):
            sizes = {axis.key: n for axis, n in evaluator.sizes.items()}
            return Witness(sizes, at, str(a[at])[:12], str(b[at])[:12])
    return None


def _exists(
    evaluator: Evaluator, indices: tuple[Index, ...], at: tuple[int, ...], within: Positions
) -> bool:
    """Whether all positions lie on their axes where ``indices`` have the values ``at``."""
    values = {index: Integer(n) for index, n in zip(indices, at, strict=True)}
    places = ((place.xreplace(values), evaluator.sizes[axis]) for place, axis in within)
    return all(not place.is_Integer or 0 <= place < size for place, size in places)
