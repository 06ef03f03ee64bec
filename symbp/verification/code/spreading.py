"""Sizes of axes at a point at which a program is looked at: no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

from sympy import Expr, Integer, Sum

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.landings import landing
from symbp.equations.program import Program

PRIMES = (3, 5, 7, 11, 13, 17, 19)
SHORT = (3, 4, 5)
"""Sizes of which several axes have the same, where arrays would get large with any others."""
LARGE = 30_000
"""Numbers in one equation that take long to work out."""


Tie: TypeAlias = tuple[Axis, Expr]
"""An axis, and its size as an expression in others."""


def spread(
    program: Program,
    seed: int,
    fixed: Mapping[Axis, int],
    typed: Collection[int] = (),
    ties: Sequence[Tie] = (),
) -> dict[Axis, int]:
    """Sizes, pairwise different: odd primes, so that none is taken for a factor 2 or a product.

    None is one of the numbers ``typed`` either. Where arrays would get large, what most extends
    along is short. Raises ``LookupError`` where sizes cannot be as ``ties`` say.
    """
    whole = {axis for axis, _ in ties}
    parts = {s.axis for _, size in ties for s in size.atoms(Size)}
    every = program.axes | parts
    free = sorted((a for a in every if a not in fixed and a not in whole), key=lambda a: a.key)
    return tied(_spread(program, seed, fixed, typed, free, ties), ties)


def tied(sizes: Mapping[Axis, int], ties: Sequence[Tie]) -> dict[Axis, int]:
    """``sizes`` with those that others make. Raises ``LookupError`` where they do not fit."""
    found, left = dict(sizes), list(ties)
    while left:
        ready = [t for t in left if all(s.axis in found for s in t[1].atoms(Size))]
        if not ready:
            raise LookupError
        for axis, size in ready:
            value = size.xreplace({s: Integer(found[s.axis]) for s in size.atoms(Size)})
            if not value.is_Integer or value < 1 or found.setdefault(axis, int(value)) != value:
                raise LookupError
        left = [t for t in left if t not in ready]
    return found


def _spread(
    program: Program,
    seed: int,
    fixed: Mapping[Axis, int],
    typed: Collection[int],
    free: Sequence[Axis],
    ties: Sequence[Tie],
) -> dict[Axis, int]:
    primes = [p for p in PRIMES if p not in fixed.values() and p not in typed]
    primes += [p for p in PRIMES if p not in primes and p not in fixed.values()]
    turned = [*free[seed % max(len(free), 1) :], *free[: seed % max(len(free), 1)]]
    chosen = {**fixed, **dict(zip(turned, primes, strict=False))}
    together = [_extended(equation.lhs, equation.rhs) for equation in program.equations]
    if _is_small(chosen, ties, together):
        return chosen
    weights: Counter[Axis] = Counter()
    for axes in together:
        for axis in axes:
            weights[axis] += len(axes) ** 2
    short = sorted(free, key=lambda axis: (-weights[axis], axis.key))
    chosen = {**fixed, **dict(zip(_swapped(short, seed), sorted(primes), strict=False))}
    if _is_small(chosen, ties, together):
        return chosen
    return {**fixed, **{axis: SHORT[(k + seed) % 3] for k, axis in enumerate(short)}}


def _is_small(
    sizes: Mapping[Axis, int], ties: Sequence[Tie], together: Sequence[Sequence[Axis]]
) -> bool:
    """Whether no equation has more numbers in it than can be worked out in a moment."""
    known = tied(sizes, ties)
    return all(prod(known.get(axis, 2) for axis in axes) <= LARGE for axes in together)


def _extended(*sides: object) -> list[Axis]:
    """The axes of all indices in an equation, each as often as it has one."""
    found = {i for side in sides for i in side.atoms(Index)}  # type: ignore[attr-defined]
    found -= {k for side in sides for k in _landing(side)}
    return [i.axis for i in found]


def _swapped(axes: Sequence[Axis], seed: int) -> list[Axis]:
    """Neighbours change places at every other point."""
    out = list(axes)
    for k in range(seed % 2, len(out) - 1, 2):
        if not seed % 2:
            out[k], out[k + 1] = out[k + 1], out[k]
    return out


def _landing(side: Any) -> set[Index]:
    """The indices that only say where values belong."""
    sums = (landing(each) for each in side.atoms(Sum))
    return {k for found in sums if found is not None for k, _ in found.places}
