"""Sums of which a Kronecker delta leaves one term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Add, Expr, KroneckerDelta, Mul, Sum

from symbp.equations.axis import Index
from symbp.equations.canonical import (
    CANONICAL,
    Term,
    bound_in,
    collapsible,
    contracted,
    drawn_out,
    terms,
)
from symbp.equations.nodes import nodes, ordered


class Collapse:
    """Σ_i [i = a] f(i) -> f(a): of the sum only the term i = a is left."""

    def __call__(self, expr: Expr) -> Expr | None:
        after = expr.replace(lambda e: isinstance(e, Sum), self._sum)
        return after if after != expr else None

    def _sum(self, expr: Sum) -> Expr:
        bound = bound_in(expr)
        addends = Add.make_args(expr.function)
        if not any(collapsible(a, bound) for a in addends) or _waits(addends, bound):
            return expr
        return Add(*(drawn_out(contracted(Term(bound, a))) for a in addends))


class Distribute:
    """Σ_i a_i ([i = j] − b) -> Σ_i a_i [i = j] − b Σ_i a_i, where a collapse waits for it."""

    def __call__(self, expr: Expr) -> Expr | None:
        for node in nodes(expr, Sum):
            bound = bound_in(node)
            if _waits(Add.make_args(node.function), bound):
                after = with_letters(Add(*(drawn_out(term) for term in terms(expr))), expr)
                return after if after != expr else None
        return None


def with_letters(expr: Expr, before: Expr) -> Expr:
    """``expr`` with the letters of ``before`` for the bound indices of canonical forms."""
    found = ordered(i for i in expr.atoms(Index) if i.letter.startswith(CANONICAL))
    taken = nodes(expr, Index)
    # Equal axes may have other first letters: those of what is written here count.
    axes = {i.axis: i.axis for i in ordered(before.atoms(Index))}
    renaming: dict[Index, Index] = {}
    for index in found:
        axis = axes.get(index.axis, index.axis)
        renaming[index] = axis.fresh(taken | set(renaming.values()))
    return expr.xreplace(renaming)


def under_sums(expr: Expr) -> Expr:
    """z Σ_k a_k -> Σ_k a_k z: one product under all sums, where no letter stands in the way."""
    if isinstance(expr, Add):
        return Add(*map(under_sums, expr.args))
    if isinstance(expr, Sum):
        return expr.func(under_sums(expr.function), *expr.limits)
    sums = [f for f in Mul.make_args(expr) if isinstance(f, Sum)]
    if len(sums) != 1 or expr == sums[0]:
        return expr
    rest = expr / sums[0]
    if set(bound_in(sums[0])) & rest.free_symbols:
        return expr
    return sums[0].func(under_sums(sums[0].function * rest), *sums[0].limits)


def _waits(addends: Iterable[Expr], bound: Sequence[Index]) -> bool:
    """Whether a delta that could collapse a sum is no factor of its addend."""
    return any(
        any(collapsible(d, bound) for d in nodes(a, KroneckerDelta)) and not collapsible(a, bound)
        for a in addends
    )
