"""What keeps a formula small: numbers that SymPy can look at without computing for ever."""

from __future__ import annotations

from sympy import Expr, I, Rational, nan, oo, zoo

from symbp.errors import SpecErrors, fault
from symbp.specification.tokens import Token

LARGEST_POWER = 64
MOST_BITS = 512
LARGEST = 1e60
LARGEST_TEN = 30
"""The largest exponent of ten in a number such as 1e-8."""


def number(token: Token) -> Expr:
    """The exact value of a number as it is written."""
    mantissa, _, ten = token.text.lower().partition("e")
    if ten and abs(int(ten)) > LARGEST_TEN:
        raise error("formula_digits", token, limit=LARGEST_TEN)
    whole, _, decimals = mantissa.partition(".")
    value = Rational(int(whole + decimals or "0"), 10 ** len(decimals))
    return value * Rational(10) ** int(ten or 0)


def is_small(exponent: Expr) -> bool:
    """Whether a power with this exponent can be computed."""
    if not isinstance(exponent, Rational):
        return False
    return abs(exponent) <= LARGEST_POWER and exponent.q <= LARGEST_POWER


def sound(value: Expr, token: Token) -> Expr:
    """``value``, unless it is no real number, or too large or too long to compute with.

    That no number in it is large is what keeps SymPy from looking at one digit by digit.
    """
    if value.has(zoo, nan, oo, -oo, I) or (value.is_number and value.is_real is False):
        raise error("formula_undefined", token)
    for number in value.atoms(Rational):
        if number.p.bit_length() + number.q.bit_length() > MOST_BITS:
            raise error("formula_large", token)
    if value.is_number and value and not 1 / LARGEST < abs(value.evalf(15)) < LARGEST:
        raise error("formula_large", token)
    return value


def error(code: str, token: Token, **details: object) -> SpecErrors:
    """The error ``code`` at the column of ``token``."""
    return SpecErrors([fault(code, at=token.at, **details)])
