"""What the rewriting rules look for in an expression."""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Mul, Sum, exp, factor

from symbp.equations.axis import Index
from symbp.equations.tensor import entries, indices_of, tensor_of
from symbp.lowering.terms import over_axes

MOST_TERMS = 8
"""Longer sums are not factored."""


def one_plus_exp(expr: Expr) -> Expr | None:
    """x of 1 + exp(x)."""
    rest = expr - 1
    return rest.args[0] if isinstance(rest, exp) else None


def factored(expr: Expr) -> list[Expr] | None:
    """The factors of a polynomial in exp(x), one of which is a power of 1 + exp(x)."""
    exponents = {e.args[0] for e in expr.atoms(exp)}
    if len(exponents) < 2 or len(expr.args) > MOST_TERMS or expr.has(Sum):
        return None
    x = min(exponents, key=lambda each: (abs(each.as_coeff_Mul()[0]), str(each)))
    if not all((each / x).is_Integer and each / x > 0 for each in exponents):
        return None
    q = Dummy("q")
    whole = factor(expr.xreplace({exp(each): q ** (each / x) for each in exponents}))
    factors = Mul.make_args(whole)
    if not any(each.as_base_exp()[0] == 1 + q for each in factors):
        return None
    return [each.xreplace({q: exp(x)}) for each in factors]


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
