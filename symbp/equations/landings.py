"""Sums that put values where they belong: Σ_i Σ_p [k = 2i + p] f(i, p).

Each f(i, p) goes to one k, so there is no need to go through all k for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, KroneckerDelta, Mul, Sum

from symbp.equations.axis import Index, Size
from symbp.equations.nodes import has
from symbp.equations.wellformed import free_indices


@dataclass(frozen=True)
class Landing:
    """``body`` is summed over ``bound``; each term goes to where ``places`` say."""

    body: Expr
    bound: tuple[Index, ...]
    places: tuple[tuple[Index, Expr], ...]


def landing(expr: Sum) -> Landing | None:
    """``expr`` as a landing, if it is one."""
    if not has(expr, KroneckerDelta):
        return None
    bound: list[Index] = []
    factors: list[Expr] = []
    waiting: list[Expr] = [expr]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Sum) and not set(bound) & {limit[0] for limit in part.limits}:
            bound += [limit[0] for limit in part.limits]
            waiting.append(part.function)
        elif isinstance(part, Mul):
            waiting += part.args
        else:
            factors.append(part)
    places: dict[Index, Expr] = {}
    rest = []
    for factor in factors:
        found = _place(factor, bound)
        if found is None or found[0] in places:
            rest.append(factor)
        else:
            places[found[0]] = found[1]
    body = Mul(*rest)
    if not places or free_indices(body) & set(places) or not set(bound) <= _all(body, places):
        return None
    return Landing(body, tuple(bound), tuple(places.items()))


def _place(factor: Expr, bound: list[Index]) -> tuple[Index, Expr] | None:
    """k and where it is, of [k = 2i + p] with bound letters there and none in k."""
    if isinstance(factor, KroneckerDelta):
        for one, other in (factor.args, factor.args[::-1]):
            inside = other.atoms(Index)
            is_counted = not other.free_symbols - inside - other.atoms(Size)
            if isinstance(one, Index) and one not in bound and inside & set(bound) and is_counted:
                return one, other
    return None


def _all(body: Expr, places: dict[Index, Expr]) -> set[Index]:
    return free_indices(body).union(*(place.atoms(Index) for place in places.values()))
