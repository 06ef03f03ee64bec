"""Rewriting rules: each turns one kind of node into an equal one, or returns None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, KroneckerDelta, Mul, Pow, S, erf, exp, log

from symbp.equations.axis import Index
from symbp.lowering.functions import (
    LogNotSoftmax,
    LogSoftmax,
    LogSumExp,
    Softmax,
    erfc,
    expm1,
    log1p,
    sigmoid,
    softplus,
)
from symbp.lowering.patterns import one_plus_exp, places, sum_of_exp
from symbp.lowering.sigmoids import complement, exp_times_sigmoid, ratio_is_tanh, reciprocal

Rules = tuple[tuple[type, Callable[[Any], Expr | None]], ...]


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


def log_of_not_softmax(node: log) -> Expr | None:
    """log(1 - softmax)"""
    inner = 1 - node.args[0]
    known = isinstance(inner, Softmax) and isinstance(inner.at, Index)
    return LogNotSoftmax(*inner.args) if known else None


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


def picked_by_delta(product: Mul) -> Expr | None:
    """[t_n = j] z[n, t_n] -> [t_n = j] z[n, j], where what is picked may then cancel"""
    for delta in product.args:
        if not isinstance(delta, KroneckerDelta):
            continue
        rest = product / delta
        for index, label in (delta.args, delta.args[::-1]):
            if isinstance(index, Index) and not isinstance(label, Index) and rest.has(label):
                return delta * rest.xreplace({label: index})
    return None


def one_power(product: Mul) -> Expr | None:
    """b^γ / b -> b^(γ − 1), which has a value where b is 0"""
    powers = [(factor, *factor.as_base_exp()) for factor in product.args]
    for factor, base, exponent in powers:
        if exponent.is_number or base.is_number:
            continue
        for other, same, number in powers:
            if same == base and number.is_Integer and number < 0:
                return product / factor / other * base ** (exponent + number)
    return None


RULES: Rules = (
    (Pow, reciprocal),
    (Mul, exp_times_sigmoid),
    (Mul, softmax),
    (Mul, one_power),
    (Add, complement),
    (Add, exp_less_one),
    (Add, one_plus_erf),
    (log, log_of_sigmoid),
    (log, log_of_softmax),
    (log, log_of_sum),
    (log, log_of_not_softmax),
    (log, log_of_one_plus),
)

BEFORE_PARTS: Rules = ((Mul, ratio_is_tanh), (Mul, picked_by_delta))
"""Rules that must see a node before its parts have been rewritten."""
