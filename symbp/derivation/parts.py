"""Finding what stands in an expression, and putting something else in its place."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Sum

from symbp.equations.calculus import Partial
from symbp.equations.nodes import written
from symbp.equations.tensor import Role, is_entry, tensor_of

RANKS = {Role.LOSS: 1, Role.ACTIVATION: 3}


def partials(expr: Expr) -> list[Partial]:
    """The unevaluated derivatives in ``expr``, those of the loss first, then from the output in."""
    found = expr.atoms(Partial)
    return sorted(found, key=_rank) if len(found) > 1 else list(found)


def _rank(partial: Partial) -> tuple[int, str]:
    if not is_entry(partial.of):
        return 0, written(partial)
    return RANKS.get(tensor_of(partial.of).role, 2), written(partial)


def put(expr: Expr, known: dict[Expr, Expr]) -> Expr:
    """``expr`` with ``known`` put in, letters and all."""
    if expr in known:
        return known[expr]
    if isinstance(expr, Sum):
        return expr.func(put(expr.function, known), *expr.limits)
    if isinstance(expr, Add):
        return Add(*(put(a, known) for a in expr.args))
    if isinstance(expr, Mul):
        return Mul(*(put(a, known) for a in expr.args))
    return expr.xreplace(known)
