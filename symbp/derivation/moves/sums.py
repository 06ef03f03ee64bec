"""Sums of which a Kronecker delta leaves one term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Add, Expr, KroneckerDelta, Mul, Sum

from symbp.equations.axis import Index
from symbp.equations.canonical import Term, bound_in, collapsible, contracted, drawn_out, terms


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
        for node in expr.atoms(Sum):
            bound = bound_in(node)
            deltas = [d for d in node.function.atoms(KroneckerDelta) if set(d.args) & set(bound)]
            if deltas and _waits(Add.make_args(node.function), bound):
                return Add(*(drawn_out(term) for term in terms(expr)))
        return None


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
    """Whether a delta in some addend is no factor that could collapse."""
    return any(a.has(KroneckerDelta) and not collapsible(a, bound) for a in addends)
