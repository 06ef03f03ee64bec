"""Rewriting rules: each turns one kind of node into an equal one, or returns None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, Mul, Pow, S, erf, exp, log, tanh

from symbp.equations.axis import Index
from symbp.lowering.functions import (
    LogSoftmax,
    LogSumExp,
    Softmax,
    erfc,
    expm1,
    log1p,
    sigmoid,
    softplus,
)
from symbp.lowering.patterns import cosh_of, one_plus_exp, places, sum_of_exp

Rules = tuple[tuple[type, Callable[[Any], Expr | None]], ...]


def reciprocal(power: Pow) -> Expr | None:
    """(1 + exp(x))^-k -> sigmoid(-x)^k and (exp(x) + exp(-x))^-2 -> sigmoid(2x) sigmoid(-2x)"""
    base, exponent = power.args
    if not (exponent.is_Integer and exponent < 0 and isinstance(base, Add)):
        return None
    if (x := one_plus_exp(base)) is not None:
        return sigmoid(-x) ** -exponent
    if exponent == -2 and (x := cosh_of(base)) is not None:
        return sigmoid(2 * x) * sigmoid(-2 * x)
    return None


def exp_times_sigmoid(product: Mul) -> Expr | None:
    """exp(m x) sigmoid(-x)^k -> sigmoid(x)^m sigmoid(-x)^(k - m)"""
    for power in product.args:
        base, k = power.as_base_exp()
        if not (isinstance(base, sigmoid) and k.is_Integer):
            continue
        x = -base.args[0]
        for factor in product.args:
            m = factor.args[0] / x if isinstance(factor, exp) else S.Zero
            if m.is_Integer and 0 < m <= k:
                return product / power / factor * sigmoid(x) ** m * sigmoid(-x) ** (k - m)
    return None


def softmax(product: Mul) -> Expr | None:
    """exp(u_j) / Σ_k exp(u_k) -> softmax over k at j"""
    for power in product.args:
        base, exponent = power.as_base_exp()
        found = sum_of_exp(base) if exponent.is_Integer and exponent < 0 else None
        for factor in product.args:
            if found is None or not isinstance(factor, exp):
                continue
            body, k = found
            for at in places(factor.args[0], body, k):
                rest = factor.args[0] - body.xreplace({k: at})
                if rest == 0 or rest.count_ops() < factor.args[0].count_ops():
                    left = product / power / factor * base ** (exponent + 1)
                    return left * Softmax(body, k, at) * exp(rest)
    return None


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


def exp_less_one(sum_: Add) -> Expr | None:
    """a exp(x) - a -> a expm1(x)"""
    return _with_constant(sum_, exp, lambda x, sign: expm1(x) if sign < 0 else None)


def one_plus_erf(sum_: Add) -> Expr | None:
    """a + a erf(x) -> a erfc(-x) and a - a erf(x) -> a erfc(x)"""
    return _with_constant(sum_, erf, lambda x, sign: sign * erfc(-sign * x))


def log_of_sigmoid(node: log) -> Expr | None:
    """log sigmoid(x) -> -softplus(-x)"""
    inner = node.args[0]
    return -softplus(-inner.args[0]) if isinstance(inner, sigmoid) else None


def log_of_softmax(node: log) -> Expr | None:
    """log softmax -> u_j - log-sum-exp"""
    inner = node.args[0]
    if not isinstance(inner, Softmax):
        return None
    if isinstance(inner.at, Index):
        return LogSoftmax(*inner.args)
    return inner.body.xreplace({inner.index: inner.at}) - LogSumExp(inner.body, inner.index)


def log_of_sum(node: log) -> Expr | None:
    """log Σ_k exp(u_k) -> log-sum-exp"""
    found = sum_of_exp(node.args[0])
    return LogSumExp(*found) if found else None


def log_of_one_plus(node: log) -> Expr | None:
    """log(1 + exp(x)) -> softplus(x) and log(1 + x) -> log1p(x)"""
    inner = node.args[0]
    if not isinstance(inner, Add):
        return None
    if (x := one_plus_exp(inner)) is not None:
        return softplus(x)
    return log1p(inner - 1) if S.One in inner.args else None


def _with_constant(
    sum_: Add, function: Any, made: Callable[[Expr, int], Expr | None]
) -> Expr | None:
    """a f(x) ± a, replaced by a · made(x, ±1)."""
    for term in sum_.args:
        factors = [f for f in Mul.make_args(term) if isinstance(f, function)]
        if len(factors) != 1:
            continue
        rest = term / factors[0]
        for sign in (1, -1):
            if sign * rest in sum_.args and (new := made(factors[0].args[0], sign)) is not None:
                return sum_ - term - sign * rest + rest * new
    return None


RULES: Rules = (
    (Pow, reciprocal),
    (Mul, exp_times_sigmoid),
    (Mul, softmax),
    (Add, complement),
    (Add, exp_less_one),
    (Add, one_plus_erf),
    (log, log_of_sigmoid),
    (log, log_of_softmax),
    (log, log_of_sum),
    (log, log_of_one_plus),
)

BEFORE_PARTS: Rules = ((Mul, ratio_is_tanh),)
"""Rules that must see a node before its parts have been rewritten."""
