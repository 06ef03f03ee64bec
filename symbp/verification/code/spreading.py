"""Sizes of axes at a point at which a program is looked at: no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import prod

from symbp.equations.axis import Axis, Index
from symbp.equations.program import Program

PRIMES = (3, 5, 7, 11, 13, 17, 19)
LARGE = 30_000
"""Numbers in one equation that take long to work out."""


def spread(
    program: Program, seed: int, fixed: Mapping[Axis, int], typed: Collection[int] = ()
) -> dict[Axis, int]:
    """Sizes, pairwise different: odd primes, so that none is taken for a factor 2 or a product.

    None is one of the numbers ``typed`` either. Where arrays would get large, what most extends
    along is short.
    """
    free = sorted((a for a in program.axes if a not in fixed), key=lambda axis: axis.key)
    primes = [p for p in PRIMES if p not in fixed.values() and p not in typed]
    primes += [p for p in PRIMES if p not in primes and p not in fixed.values()]
    turned = [*free[seed % max(len(free), 1) :], *free[: seed % max(len(free), 1)]]
    chosen = {**fixed, **dict(zip(turned, primes, strict=False))}
    together = [_extended(equation.lhs, equation.rhs) for equation in program.equations]
    if all(prod(chosen.get(axis, 2) for axis in axes) <= LARGE for axes in together):
        return chosen
    weights: Counter[Axis] = Counter()
    for axes in together:
        for axis in axes:
            weights[axis] += len(axes) ** 2
    short = sorted(free, key=lambda axis: (-weights[axis], axis.key))
    return {**fixed, **dict(zip(_swapped(short, seed), sorted(primes), strict=False))}


def _extended(*sides: object) -> list[Axis]:
    """The axes of all indices in an equation, each as often as it has one."""
    found = {i for side in sides for i in side.atoms(Index)}  # type: ignore[attr-defined]
    return [i.axis for i in found]


def _swapped(axes: Sequence[Axis], seed: int) -> list[Axis]:
    """Neighbours change places at every other point."""
    out = list(axes)
    for k in range(seed % 2, len(out) - 1, 2):
        if not seed % 2:
            out[k], out[k + 1] = out[k + 1], out[k]
    return out
