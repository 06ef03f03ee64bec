"""Formulas that overflow or cancel, rewritten into equal ones that do not.

    exp(u_j) / Σ_k exp(u_k)     -> softmax               log Σ_k exp(u_k)    -> log-sum-exp
    1 / (1 + exp(-u))           -> sigmoid(u)            log softmax         -> u_j - log-sum-exp
    exp(-u) / (1 + exp(-u))²    -> sigmoid(u) sigmoid(-u)
    1 - sigmoid(u)              -> sigmoid(-u)           log sigmoid(u)      -> -softplus(-u)
    log(1 + exp(u))             -> softplus(u)           log(1 + x)          -> log1p(x)
    a exp(u) - a                -> a expm1(u)            a + a erf(u)        -> a erfc(-u)
    u > 0 ? a : f(exp(u))       -> u > 0 ? a : f(exp(min(u, 0)))

No layer, loss or activation asks for this: the expressions themselves are recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Add, Basic, Expr, Mul, Piecewise, Pow, S, Sum, erf, exp, log, tanh
from sympy.core.relational import Relational

from symbp.equations.axis import Index
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.lowering.functions import (
    LogSoftmax,
    LogSumExp,
    Softmax,
    atleast,
    atmost,
    erfc,
    expm1,
    log1p,
    sigmoid,
    softplus,
)
from symbp.lowering.terms import over_axes

Definitions = Mapping[Tensor, Equation]
Rule = Callable[[Any], Expr | None]


def stable(expr: Expr, definitions: Definitions | None = None) -> Expr:
    """``expr`` in a form that can be computed for all inputs.

    ``definitions`` say what an entry inside a logarithm stands for: the logarithm of a softmax is
    computed from what the softmax is taken of.
    """
    known = definitions or {}

    def rewritten(node: Basic) -> Basic:
        if isinstance(node, log):
            inlined = log(_inlined(node.args[0], known), evaluate=False)
            found = _applied(inlined.func(_bottom_up(inlined.args[0]), evaluate=False))
            if found.func is not log:
                return found
        if isinstance(node, Piecewise):
            node = _clipped(node)
        args = [rewritten(arg) for arg in node.args]
        changed = node.func(*args) if tuple(args) != node.args else node
        return _applied(changed)

    return rewritten(expr)


def _bottom_up(node: Basic) -> Basic:
    args = [_bottom_up(arg) for arg in node.args]
    return _applied(node.func(*args) if tuple(args) != node.args else node)


def _applied(node: Basic) -> Basic:
    """``node`` after every rule that applies to it, again and again."""
    for kind, rule in RULES:
        if isinstance(node, kind) and (found := rule(node)) is not None:
            return _applied(found)
    return node


# ---------------------------------------------------------------- what stands inside a logarithm


def _inlined(expr: Expr, definitions: Definitions) -> Expr:
    """``expr`` with the entries that ``definitions`` define replaced by their right sides."""
    found = [e for e in entries(expr) if tensor_of(e) in definitions]
    return expr.xreplace({e: _unfolded(e, definitions[tensor_of(e)], expr) for e in found})


def _unfolded(entry: Expr, definition: Equation, around: Expr) -> Expr:
    """The right side of ``definition`` at the indices of ``entry``."""
    formal, actual = indices_of(definition.lhs), indices_of(entry)
    free = around.atoms(Index) | entry.atoms(Index) | set(formal)
    bound = {i for s in definition.rhs.atoms(Sum) for i in over_axes(s) or ()}
    renaming: dict[Expr, Expr] = {}
    for index in sorted(bound & free, key=str):
        taken = free | definition.rhs.atoms(Index) | set(renaming.values())
        renaming[index] = index.axis.fresh(taken)
    rhs = definition.rhs.xreplace(renaming)
    return rhs.xreplace(dict(zip(formal, actual, strict=True)))


# ---------------------------------------------------------------- the rules


def reciprocal(power: Pow) -> Expr | None:
    """(1 + exp(x))^-k -> sigmoid(-x)^k and (exp(x) + exp(-x))^-2 -> sigmoid(2x) sigmoid(-2x)"""
    base, exponent = power.args
    if not (exponent.is_Integer and exponent < 0 and isinstance(base, Add)):
        return None
    if (x := _one_plus_exp(base)) is not None:
        return sigmoid(-x) ** -exponent
    if exponent == -2 and (x := _cosh(base)) is not None:
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
        found = _sum_of_exp(base) if exponent.is_Integer and exponent < 0 else None
        for factor in product.args:
            if found is None or not isinstance(factor, exp):
                continue
            body, k = found
            for at in _candidates(factor.args[0], body, k):
                rest = factor.args[0] - body.xreplace({k: at})
                if rest == 0 or rest.count_ops() < factor.args[0].count_ops():
                    left = product / power / factor * base ** (exponent + 1)
                    return left * Softmax(body, k, at) * exp(rest)
    return None


def ratio_is_tanh(product: Mul) -> Expr | None:
    """(exp(x) - exp(-x))^k / (exp(x) + exp(-x))^k -> tanh(x)^k"""
    for power in product.args:
        base, k = power.as_base_exp()
        x = _cosh(base)
        if x is None or not (k.is_Integer and k < 0):
            continue
        above = (exp(x) - exp(-x)) ** -k
        for factor in product.args:
            if factor in (above, -above):
                return product / power / factor * (factor / above) * tanh(x) ** -k
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
    return LogSoftmax(*inner.args) if isinstance(inner, Softmax) else None


def log_of_sum(node: log) -> Expr | None:
    """log Σ_k exp(u_k) -> log-sum-exp"""
    found = _sum_of_exp(node.args[0])
    return LogSumExp(*found) if found else None


def log_of_one_plus(node: log) -> Expr | None:
    """log(1 + exp(x)) -> softplus(x) and log(1 + x) -> log1p(x)"""
    inner = node.args[0]
    if not isinstance(inner, Add):
        return None
    if (x := _one_plus_exp(inner)) is not None:
        return softplus(x)
    return log1p(inner - 1) if S.One in inner.args else None


RULES: tuple[tuple[type, Rule], ...] = (
    (Pow, reciprocal),
    (Mul, exp_times_sigmoid),
    (Mul, softmax),
    (Mul, ratio_is_tanh),
    (Add, complement),
    (Add, exp_less_one),
    (Add, one_plus_erf),
    (log, log_of_sigmoid),
    (log, log_of_softmax),
    (log, log_of_sum),
    (log, log_of_one_plus),
)


# ---------------------------------------------------------------- branches


def _clipped(cases: Piecewise) -> Piecewise:
    """Each branch with its exponentials kept to where the branch is chosen.

    Both branches are computed everywhere: exp(u) must not overflow where u > 0 picks the other.
    """
    condition = cases.args[0][1]
    if len(cases.args) != 2 or not isinstance(condition, Relational) or condition.rhs.free_symbols:
        return cases
    if condition.rel_op not in (">", ">=", "<", "<="):
        return cases
    variable, limit = condition.lhs, condition.rhs
    first, second = (atleast, atmost) if condition.rel_op[0] == ">" else (atmost, atleast)
    (inside, _), (outside, _) = cases.args
    return Piecewise(
        (_exponents(inside, variable, first(variable, limit)), condition),
        (_exponents(outside, variable, second(variable, limit)), True),
    )


def _exponents(expr: Expr, variable: Expr, kept: Expr) -> Expr:
    growing = {
        e
        for e in expr.atoms(exp)
        if e.args[0].has(variable)
        and _may_grow(e.args[0], variable, upwards=isinstance(kept, atmost))
    }
    return expr.xreplace({e: exp(e.args[0].xreplace({variable: kept})) for e in growing})


def _may_grow(argument: Expr, variable: Expr, *, upwards: bool) -> bool:
    slope = argument.coeff(variable)
    linear = not (argument - slope * variable).has(variable)
    return not linear or not slope.is_number or bool(slope > 0) == upwards


# ---------------------------------------------------------------- what the rules look for


def _one_plus_exp(expr: Expr) -> Expr | None:
    """x of 1 + exp(x)."""
    rest = expr - 1
    return rest.args[0] if isinstance(rest, exp) else None


def _cosh(expr: Expr) -> Expr | None:
    """x of exp(x) + exp(-x)."""
    if not (isinstance(expr, Add) and len(expr.args) == 2):
        return None
    a, b = expr.args
    if not (isinstance(a, exp) and isinstance(b, exp) and a.args[0] == -b.args[0]):
        return None
    return b.args[0] if a.args[0].could_extract_minus_sign() else a.args[0]


def _sum_of_exp(expr: Expr) -> tuple[Expr, Index] | None:
    """u_k and k of Σ_k exp(u_k)."""
    if isinstance(expr, Sum) and isinstance(expr.function, exp):
        over = over_axes(expr)
        if over and len(over) == 1:
            return expr.function.args[0], over[0]
    return None


def _candidates(exponent: Expr, body: Expr, k: Index) -> list[Expr]:
    """What may stand for k so that the body becomes the exponent, or a part of it."""
    places = {
        (tensor_of(e), p) for e in entries(body) for p, i in enumerate(indices_of(e)) if i == k
    }
    found = {
        indices_of(e)[p]
        for e in entries(exponent)
        for tensor, p in places
        if tensor_of(e) == tensor
    }
    return sorted(found, key=str)


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
