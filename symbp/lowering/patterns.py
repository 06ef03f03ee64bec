"""What the rewriting rules look for in an expression."""

from __future__ import annotations

from sympy import Add, Expr, Sum, exp

from symbp.equations.axis import Index
from symbp.equations.tensor import entries, indices_of, tensor_of
from symbp.lowering.terms import over_axes


def one_plus_exp(expr: Expr) -> Expr | None:
    """x of 1 + exp(x)."""
    rest = expr - 1
    return rest.args[0] if isinstance(rest, exp) else None


def cosh_of(expr: Expr) -> Expr | None:
    """x of exp(x) + exp(-x)."""
    if not (isinstance(expr, Add) and len(expr.args) == 2):
        return None
    a, b = expr.args
    if not (isinstance(a, exp) and isinstance(b, exp) and a.args[0] == -b.args[0]):
        return None
    return b.args[0] if a.args[0].could_extract_minus_sign() else a.args[0]


def sum_of_exp(expr: Expr) -> tuple[Expr, Index] | None:
    """u_k and k of Σ_k exp(u_k)."""
    if isinstance(expr, Sum) and isinstance(expr.function, exp):
        over = over_axes(expr)
        if over and len(over) == 1:
            return expr.function.args[0], over[0]
    return None


def places(exponent: Expr, body: Expr, k: Index) -> list[Expr]:
    """What may stand for k so that the body becomes the exponent, or a part of it."""
    standing = {
        (tensor_of(e), p) for e in entries(body) for p, i in enumerate(indices_of(e)) if i == k
    }
    found = {
        indices_of(e)[p]
        for e in entries(exponent)
        for tensor, p in standing
        if tensor_of(e) == tensor
    }
    return sorted(found, key=str)
