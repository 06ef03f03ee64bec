"""Products and powers: what becomes a fraction, what is drawn under a Σ, what stands in front."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Mul, Pow, Rational, S, Sum

from symbp.equations.calculus import Partial
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.arranger import Arranger

LIGHT = order.SIZE
"""Factors up to this rank (numbers, constants, sizes) stand in front of a Σ."""


def reciprocal_aware_power(arrange: Arranger, expr: Pow) -> tree.Formula:
    """``x^2``, ``√x``; with a negative exponent, ``1 / x^2``."""
    base, exponent = expr.args
    if isinstance(exponent, Rational) and exponent < 0:
        return arranged_product(arrange, expr)
    if exponent == S.Half:
        return tree.Root(arrange(base))
    if isinstance(base, sympy.Function) and isinstance(exponent, Integer):
        inner = arrange(base)
        if isinstance(inner, tree.Call):
            return inner._replace(power=arrange(exponent))
        return tree.Power(inner, arrange(exponent))
    return tree.Power(arrange(base), arrange(exponent))


def arranged_product(arrange: Arranger, expr: Expr) -> tree.Formula:
    """``-(1/N) Σ … δ w f′ z (y − d) [i = j]`` with what divides it below a line."""
    above, below, number = _split(_drawn(Mul.make_args(expr)))
    above, number = drawn_out(above, number)
    negative = number < 0
    number = abs(number)
    sign = tree.negated if negative else _same
    if isinstance(number, Rational):
        if number.p != 1:
            above.insert(0, Integer(number.p))
        if number.q != 1:
            below.insert(0, Integer(number.q))
    else:
        above.insert(0, number)
    above, below = _roots_joined(above), _roots_joined(below)
    above = order.factors(tuple(above), arrange.convention.weight_first)
    light = [f for f in above if order.rank(f) <= LIGHT]
    heavy = [f for f in above if order.rank(f) > LIGHT]
    divisors = order.factors(tuple(below), False)
    if not divisors:
        return sign(tree.product([*map(arrange, light), *_sums_last(arrange, heavy)]))
    if _stands_in_front(light, heavy, divisors):
        front = _fraction(arrange, light, [], divisors)
        return sign(tree.product([front, *_sums_last(arrange, heavy)]))
    slopes = [f for f in heavy if isinstance(f, Partial)]
    rest = [f for f in heavy if not isinstance(f, Partial)]
    front = _fraction(arrange, light, rest, divisors)
    return sign(tree.product([front, *map(arrange, slopes)]))


def _drawn(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """``factors`` with what is light in a Σ among them set before it, numbers multiplied."""
    out: list[Expr] = []
    for factor in factors:
        if isinstance(factor, Sum):
            front, inner = light_in_front(factor)
            out += [*Mul.make_args(front), inner]
        else:
            out.append(factor)
    numbers = [f for f in out if isinstance(f, sympy.Number)]
    return (Mul(*numbers), *(f for f in out if not isinstance(f, sympy.Number)))


def _same(formula: tree.Formula) -> tree.Formula:
    return formula


def _split(args: tuple[Expr, ...]) -> tuple[list[Expr], list[Expr], Expr]:
    above: list[Expr] = []
    below: list[Expr] = []
    number: Expr = S.One
    for factor in args:
        if isinstance(factor, sympy.Number):
            number = factor
        elif isinstance(factor, Pow) and _is_below(factor):
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    # √2/2 is 1/√2.
    for factor in [f for f in above if isinstance(number, Rational) and _is_root(f)]:
        if number.q % factor.base == 0:
            number *= factor.base
            above.remove(factor)
            below.append(factor)
    return above, below, number


def drawn_out(above: list[Expr], number: Expr) -> tuple[list[Expr], Expr]:
    """2 from 2y - 2d, and the sign from -(d - y) and from sign(d - y), which is -sign(y - d)."""
    out: list[Expr] = []
    for factor in above:
        if isinstance(factor, sympy.Add):
            if number < 0 and (inner := order.turned(factor)) != factor:
                number, factor = -number, inner  # noqa: PLW2901
            content = {abs(order.coefficient(term)) for term in factor.args}
            if len(content) == 1 and (common := content.pop()) != 1:
                number *= common
                factor = sympy.Add(*(term / common for term in factor.args))  # noqa: PLW2901
        elif isinstance(factor, sympy.sign):
            inner = order.turned(factor.args[0])
            if inner != factor.args[0]:
                number, factor = -number, sympy.sign(inner)  # noqa: PLW2901
        out.append(factor)
    return out, number


def _is_below(factor: Pow) -> bool:
    return isinstance(factor.exp, Rational) and bool(factor.exp < 0)


def _is_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == S.Half and isinstance(factor.base, Integer)


def _roots_joined(factors: list[Expr]) -> list[Expr]:
    """``√2 √π`` -> ``√(2π)``, unevaluated because SymPy would take it apart."""
    roots = [f for f in factors if isinstance(f, Pow) and f.exp == S.Half and f.base.is_number]
    if len(roots) < 2:
        return factors
    inside = Mul(*(root.base for root in roots))
    joined = Pow(inside, S.Half, evaluate=False)
    return [joined, *(f for f in factors if f not in roots)]


def _stands_in_front(light: list[Expr], heavy: list[Expr], divisors: list[Expr]) -> bool:
    """Whether the light factors make a fraction of their own: 1/N Σ …, but (y − d)/N."""
    if not heavy or any(order.rank(d) > LIGHT and not d.is_number for d in divisors):
        return False
    only_numbers = all(isinstance(d, Integer) for d in divisors)
    opened = order.rank(heavy[0]) == order.SUM or isinstance(heavy[0], sympy.Piecewise)
    return bool(only_numbers or opened or light or len(heavy) > 1)


def _fraction(
    arrange: Arranger, light: list[Expr], heavy: list[Expr], divisors: list[Expr]
) -> tree.Formula:
    top = tree.product([*map(arrange, light), *_sums_last(arrange, heavy)])
    return tree.Fraction(top, tree.product([arrange(d) for d in divisors]))


def _sums_last(arrange: Arranger, heavy: list[Expr]) -> list[tree.Formula]:
    """The heavy factors, a Σ behind the others: c Σ_k a_k needs no brackets.

    A factor that a textbook writes after all that stands under the Σ is drawn under it, so that
    (Σ_k δ_k w_jk) f' is Σ_k δ_k w_jk f'.
    """
    sums = [f for f in heavy if isinstance(f, Sum)]
    others = [f for f in heavy if not isinstance(f, Sum)]
    if len(sums) != 1:
        return [arrange(f) for f in (*others, *sums)]
    body = Mul.make_args(sums[0].function)
    bound = set(sums[0].bound_symbols)
    latest = max(map(order.rank, body))
    under = [f for f in others if order.rank(f) > latest and not bound & f.free_symbols]
    before = [arrange(f) for f in others if f not in under]
    return [*before, arrange.over(sums[0], Mul(*body, *under, evaluate=False))]


def arranged_sum(arrange: Arranger, expr: Sum) -> tree.Formula:
    """``-(1/N) Σ a``: numbers, constants and sizes in front of the Σ, the sign with them."""
    front, inner = light_in_front(expr)
    if front == 1:
        return arrange.over(inner, inner.function)
    return arranged_product(arrange, Mul(*Mul.make_args(front), inner, evaluate=False))


def light_in_front(expr: Sum) -> tuple[Expr, Sum]:
    """Σ c a as c and Σ a, where c are the factors that are numbers, constants or sizes."""
    front: list[Expr] = []
    kept: list[Expr] = []
    for factor in Mul.make_args(expr.function):
        if isinstance(factor, Sum):
            outer, factor = light_in_front(factor)  # noqa: PLW2901
            front.append(outer)
            kept.append(factor)
        else:
            (front if order.rank(factor) <= LIGHT else kept).append(factor)
    if not kept:
        return S.One, expr
    body = kept[0] if len(kept) == 1 else Mul(*kept, evaluate=False)
    return Mul(*front), expr.func(body, *expr.limits)
