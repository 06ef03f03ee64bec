"""What keeps a formula small: numbers that SymPy can look at without computing for ever.

SymPy evaluates constants of its own accord: a tower of powers digit by digit, the sign of a
difference to as many digits as it takes. So functions are applied to simple constants only, and no
constant becomes large.
"""

from __future__ import annotations

from math import comb, prod

from sympy import Add, Expr, I, Mul, Pow, Rational, Symbol, nan, oo, pi, zoo

from symbp.errors import SpecErrors, fault
from symbp.formulas.tokens import Token

LARGEST_POWER = 64
MOST_BITS = 512
LARGEST = 1e60
LARGEST_TEN = 30
"""The largest exponent of ten in a number such as 1e-8."""

MOST_TERMS = 500
TOO_MANY = 10**9
"""Counted no further."""

OF_PI = ("sqrt", "log")
"""Functions that are also applied to a fraction times π or over π."""


def number(token: Token) -> Expr:
    """The exact value of a number as it is written."""
    mantissa, _, ten = token.text.lower().partition("e")
    if ten and abs(int(ten)) > LARGEST_TEN:
        raise error("formula_digits", token, limit=LARGEST_TEN)
    whole, _, decimals = mantissa.partition(".")
    value = Rational(int(whole + decimals or "0"), 10 ** len(decimals))
    return value * Rational(10) ** int(ten or 0)


def argument(value: Expr, token: Token) -> Expr:
    """``value``, if the function that ``token`` names may be applied to it."""
    if not value.is_number:
        return value
    plain = value / pi if token.text in OF_PI and (value / pi).is_Rational else value
    plain = value * pi if token.text in OF_PI and (value * pi).is_Rational else plain
    if not plain.is_Rational:
        raise error("formula_constant", token, given=token.text)
    if abs(plain) > LARGEST_POWER and token.text not in {"sqrt", "log", "abs", "sign"}:
        raise error("formula_large", token)
    return value


def power(base: Expr, exponent: Expr, token: Token) -> Expr:
    """``base ** exponent``, where the exponent is a small number, or such a one times a name."""
    factor, rest = exponent.as_coeff_Mul()
    plain = rest == 1 or isinstance(rest, Symbol)
    if not (plain and factor.is_Rational and _is_small(factor)):
        raise error("formula_exponent", token, limit=LARGEST_POWER)
    if base.is_zero and not exponent.is_positive:
        raise error("formula_undefined", token)
    return sound(base**exponent, token)


def divided(value: Expr, by: Expr, token: Token) -> Expr:
    """``value / by``."""
    if by.is_zero:
        raise error("formula_undefined", token)
    return sound(value / by, token)


def sound(value: Expr, token: Token) -> Expr:
    """``value``, unless it is no real number, or too large or too long to compute with."""
    if value.has(zoo, nan, oo, -oo, I) or value.is_real is False:
        raise error("formula_undefined", token)
    for part in value.atoms(Rational):
        if part.p.bit_length() + part.q.bit_length() > MOST_BITS:
            raise error("formula_large", token)
    if value.is_number and value and not 1 / LARGEST < abs(value.evalf(15)) < LARGEST:
        raise error("formula_large", token)
    return value


def terms(value: Expr) -> int:
    """About how many terms ``value`` has once products are multiplied out, parts included."""
    inner = [terms(arg) for arg in value.args if isinstance(arg, Expr)]
    if isinstance(value, Add):
        return min(sum(inner), TOO_MANY)
    if isinstance(value, Mul):
        return min(prod(inner), TOO_MANY)
    if isinstance(value, Pow) and value.exp.is_Integer:
        base, exponent = inner[0], abs(int(value.exp))
        return min(comb(base + exponent - 1, exponent), TOO_MANY)
    return max(inner, default=1)


def error(code: str, token: Token, **details: object) -> SpecErrors:
    """The error ``code`` at the column of ``token``."""
    return SpecErrors([fault(code, at=token.at, **details)])


def _is_small(factor: Expr) -> bool:
    return abs(factor) <= LARGEST_POWER and factor.q <= LARGEST_POWER
