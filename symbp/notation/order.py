"""The order in which a textbook writes factors and terms.

A table gives each type of expression its rank; equal ranks keep SymPy's order, which is the same
in every run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import (
    Add,
    Expr,
    Float,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Number,
    Piecewise,
    Pow,
    Rational,
    Sum,
    exp,
)
from sympy import Symbol as SympySymbol

from symbp.equations.axis import L, Size, l
from symbp.equations.calculus import Functional, Largest, Opaque, Partial
from symbp.equations.tensor import Role, TensorSymbol, is_entry, tensor_of

NUMBER, CONSTANT, OF_CONSTANTS, SIZE, SUM, ROOT = range(6)
DELTA, WEIGHT, SLOPE, ENTRY, POWER, DIFFERENCE, FUNCTION, INDICATOR, IVERSON = range(10, 100, 10)

ROLES = {
    Role.CONSTANT: CONSTANT,
    Role.DELTA: DELTA,
    Role.ADJOINT: DELTA,
    Role.LOSS: DELTA,
    Role.TERM: DELTA,
    Role.WEIGHT: WEIGHT,
    Role.STATE: WEIGHT,
}
"""Rank of an entry by the role of its tensor; ENTRY for all others."""

SLOPES = {
    (Role.PREACTIVATION, Role.PREACTIVATION): WEIGHT,
    (Role.PREACTIVATION, Role.ACTIVATION): WEIGHT,
    (Role.PREACTIVATION, Role.WEIGHT): ENTRY,
    (Role.PREACTIVATION, Role.BIAS): ENTRY,
}
"""Rank of ∂a/∂b by the roles of a and b, as a chain rule is written; SLOPE for all others."""


def _entry(expr: Expr) -> int:
    if tensor_of(expr).axes and tensor_of(expr).role is Role.CONSTANT:
        return WEIGHT  # it stays within the sum over its index
    return ROLES.get(tensor_of(expr).role, ENTRY)


def _partial(expr: Partial) -> int:
    if not is_entry(expr.of):
        return DELTA if isinstance(expr.of, Functional) else SLOPE
    of = tensor_of(expr.of).role
    if ROLES.get(of) == DELTA or not is_entry(expr.wrt):
        return DELTA
    return SLOPES.get((of, tensor_of(expr.wrt).role), SLOPE)


def _power(expr: Pow) -> int:
    if isinstance(expr.base, Number):
        return ROOT
    return rank(expr.base)


def _is_target(term: Expr) -> bool:
    """Whether ``term`` is -d, or a multiple of it."""
    entry = term.args[-1] if is_negative(term) and len(term.args) == 2 else None
    return entry is not None and is_entry(entry) and tensor_of(entry).role is Role.TARGET


def _difference(expr: Add) -> int:
    """What is made of constants alone stands among the constants: (1 - β) g."""
    if any(_is_target(term) for term in expr.args):
        return DELTA  # y - d is where δ comes from, and stands where δ stands
    parts = (factor for term in expr.args for factor in Mul.make_args(term))
    return OF_CONSTANTS if all(rank(part) <= SIZE for part in parts) else DIFFERENCE


RANK: dict[type, int | Callable[[Any], int]] = {
    Number: NUMBER,
    Size: SIZE,
    Sum: SUM,
    Indexed: _entry,
    TensorSymbol: _entry,
    SympySymbol: ENTRY,
    Partial: _partial,
    Opaque: lambda e: SLOPE if e.order else FUNCTION,
    Pow: _power,
    Add: _difference,
    exp: POWER,
    Largest: FUNCTION + 1,
    Piecewise: INDICATOR,
    KroneckerDelta: IVERSON,
}


def rank(expr: Expr) -> int:
    """The rank of a factor; named functions follow differences."""
    for kind in type(expr).__mro__:
        if kind in RANK:
            found = RANK[kind]
            return found if isinstance(found, int) else found(expr)
    return FUNCTION


_PLACES = {l: 1000, L: 1_000_000}


def height(expr: Expr) -> int:
    """How near the output a factor is: of two alike, the later layer comes first."""
    base = expr.base if isinstance(expr, Pow) else expr
    if not is_entry(base):
        return 0
    place = tensor_of(base).place
    return 0 if place is None else int(place.xreplace(_PLACES))


def factors(parts: tuple[Expr, ...], weight_first: bool) -> list[Expr]:
    """``parts`` of a product in textbook order."""

    def key(factor: Expr) -> tuple[int, int]:
        found = rank(factor)
        if weight_first and found in (DELTA, WEIGHT) and not isinstance(factor, Partial):
            found = DELTA + WEIGHT - found
        return found, -height(factor)

    return sorted(parts, key=key)


FORMULA, PLAIN = 3, 5
TERM_ORDER = {
    Role.TERM: 1,
    Role.WEIGHT: 1,
    Role.STATE: 2,
    Role.PREACTIVATION: 4,
    Role.ACTIVATION: 4,
    Role.TARGET: 6,
    Role.BIAS: 7,
}
"""Where an entry stands among terms: FORMULA is for all that are no entries, PLAIN for others."""


def is_negative(term: Expr) -> bool:
    """Whether a minus stands in front of ``term``."""
    head = term.args[0] if isinstance(term, Mul) else term
    return isinstance(head, (Rational, Float)) and bool(head < 0)


def place_among_terms(term: Expr) -> int:
    """The rank of a term, its sign apart."""
    if isinstance(term, Number):
        return 0
    return TERM_ORDER.get(tensor_of(term).role, PLAIN) if is_entry(term) else FORMULA


def coefficient(term: Expr) -> Expr:
    """The integer in front of a term; 1 for any other number too."""
    head = term.args[0] if isinstance(term, Mul) else term
    return head if isinstance(head, Integer) else Integer(1)


def turned(expr: Expr) -> Expr:
    """y - d for d - y: what is alike but for its sign, the prediction first."""
    if not isinstance(expr, Add):
        return expr
    other = Add(*(-term for term in expr.args))
    first, first_turned = (terms(side.args)[0] for side in (expr, other))
    return other if place_among_terms(first_turned) < place_among_terms(first) else expr


def terms(parts: tuple[Expr, ...]) -> list[Expr]:
    """``parts`` of a sum: positive before negative ones, numbers and products first."""

    def key(term: Expr) -> tuple[int, ...]:
        inside = Mul.make_args(term)
        brackets = sum(isinstance(factor, Add) for factor in inside)
        heavy = [found for found in map(rank, inside) if found > SIZE]
        place = place_among_terms(term)
        return is_negative(term), place, SUM not in heavy, brackets, min(heavy, default=0)

    return sorted(parts, key=key)
