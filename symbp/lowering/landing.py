"""Where values land: Σ_i [s i + p = r] f(i), and positions of maxima within windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, KroneckerDelta

from symbp.equations.axis import Index
from symbp.equations.calculus import ArgLargest


def opened(factors: list[Expr], bound: Sequence[Index]) -> tuple[list[Expr], list[Index]]:
    """[r = 2k + arg max_p z] -> Σ_p [p = arg max_p z] [r = 2k + p], the inverse of a collapse."""
    left = list(bound)
    while (largest := _within(factors)) is not None:
        taken = set(left).union(*(f.atoms(Index) for f in factors))
        index = largest.index.axis.fresh(taken)
        factors = [f.xreplace({largest: index}) for f in factors]
        factors.append(KroneckerDelta(index, largest))
        left.append(index)
    return factors, left


def _within(factors: Sequence[Expr]) -> ArgLargest | None:
    """A position of a maximum that stands within an index, and has none in itself."""
    for factor in factors:
        places = [side for d in factor.atoms(KroneckerDelta) for side in d.args]
        found = {
            node
            for place in places
            if not isinstance(place, ArgLargest)
            for node in place.atoms(ArgLargest)
        }
        inner = [n for n in found if not any(a.has(ArgLargest) for a in n.args)]
        if inner:
            return min(inner, key=str)
    return None


@dataclass(frozen=True)
class Landing:
    """A factor [at = place]: all indices of ``at`` are summed over, and ``place`` is not."""

    delta: KroneckerDelta
    at: Expr
    place: Index


def landing(factors: Sequence[Expr], bound: Sequence[Index]) -> Landing | None:
    """The first factor [s i + p = r] that says where values are put, if there is one.

    r must not stand in what depends on i and p: then nothing is put anywhere, but compared.
    """
    for factor in factors:
        if not isinstance(factor, KroneckerDelta):
            continue
        for at, place in (factor.args, factor.args[::-1]):
            over = at.atoms(Index)
            if not isinstance(place, Index) or place in bound or not over:
                continue
            if not over <= set(bound) or isinstance(at, ArgLargest) or at.has(ArgLargest):
                continue
            others = (f for f in factors if f is not factor and f.has_free(*bound))
            if not any(f.has_free(place) for f in others):
                return Landing(factor, at, place)
    return None
