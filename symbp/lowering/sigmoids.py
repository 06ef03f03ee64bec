"""Rewriting rules for what is made of exp(x) and 1 + exp(x)."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow, S, exp, tanh

from symbp.lowering.functions import expm1, sigmoid
from symbp.lowering.patterns import cosh_of, factored, one_plus_exp


def reciprocal(power: Pow) -> Expr | None:
    """(1 + exp(x))^-k -> sigmoid(-x)^k and (exp(x) + exp(-x))^-2 -> sigmoid(2x) sigmoid(-2x)

    Also where the power of 1 + exp(x) was multiplied out.
    """
    base, exponent = power.args
    if not (exponent.is_Integer and exponent < 0 and isinstance(base, Add)):
        return None
    if (x := one_plus_exp(base)) is not None:
        return sigmoid(-x) ** -exponent
    if (factors := factored(base)) is not None:
        powers = [factor**exponent for factor in factors]
        return Mul(*((isinstance(p, Pow) and reciprocal(p)) or p for p in powers))
    if exponent == -2 and (x := cosh_of(base)) is not None:
        return sigmoid(2 * x) * sigmoid(-2 * x)
    return None


def exp_times_sigmoid(product: Mul) -> Expr | None:
    """exp(m x) sigmoid(-x)^k -> sigmoid(x)^m sigmoid(-x)^(k - m), also for a sum of such exp(m x)

    and expm1(x) sigmoid(-x) -> tanh(x / 2).
    """
    for power in product.args:
        base, k = power.as_base_exp()
        if not (isinstance(base, sigmoid) and k.is_Integer):
            continue
        x = -base.args[0]
        for factor in product.args:
            rest = product / power / factor
            if factor == expm1(x):
                return rest * base ** (k - 1) * tanh(x / 2)
            most = max(_multiple(addend, x) for addend in Add.make_args(factor))
            if 0 < most <= k:
                whole = Add(*(_balanced(a, x, most) for a in Add.make_args(factor)))
                return rest * base ** (k - most) * whole
    return None


def _multiple(term: Expr, x: Expr) -> int:
    """m of a term exp(m x) ..., 0 if it has no such factor or one of another kind."""
    for factor in Mul.make_args(term):
        ratio = factor.args[0] / x if isinstance(factor, exp) else S.Zero
        if ratio.is_Integer and ratio > 0:
            return int(ratio)
    return 0


def _balanced(term: Expr, x: Expr, k: int) -> Expr:
    """exp(m x) ... sigmoid(-x)^k without exp."""
    m = _multiple(term, x)
    return term / exp(m * x) * sigmoid(x) ** m * sigmoid(-x) ** (k - m)


def ratio_is_tanh(product: Mul) -> Expr | None:
    """(exp(x) - exp(-x))^k / (exp(x) + exp(-x))^k -> tanh(x)^k"""
    for power in product.args:
        base, k = power.as_base_exp()
        x = cosh_of(base)
        if x is None or not (k.is_Integer and k < 0):
            continue
        above = exp(x) - exp(-x)
        for factor in product.args:
            root, m = factor.as_base_exp()
            if root in (above, -above) and m.is_Integer and 0 < m <= -k:
                sign = S.One if root == above else S.NegativeOne**m
                return product / power / factor * base ** (k + m) * sign * tanh(x) ** m
    return None


def complement(sum_: Add) -> Expr | None:
    """1 - sigmoid(x) -> sigmoid(-x)"""
    for term in sum_.args:
        if len(sum_.args) == 2 and isinstance(-term, sigmoid) and sum_ - term == 1:
            return sigmoid(-(-term).args[0])
    return None
