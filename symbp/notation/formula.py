"""What stands on paper, before it is spelled: a tree of signs in reading order.

``arrange`` and ``matrix`` make it from expressions, ``latex`` and ``unicode`` spell it, the reader
makes it from text. Numbers in it are not negative: a sign belongs to ``Terms``.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

Formula: TypeAlias = tuple[Any, ...]
"""Any of the tuples below. As their union, which holds itself, it takes mypy minutes to compare."""


class Number(NamedTuple):
    """``12``, ``0.5``"""

    text: str


class Sign(NamedTuple):
    """``w^{l}_{ij}``: a glyph, what is always written below it, its place, its indices, primes."""

    glyph: str
    label: str = ""
    place: str = ""
    indices: tuple[Formula, ...] = ()
    primes: int = 0


class Terms(NamedTuple):
    """``a + b - c``: pairs of (is negative, what)."""

    parts: tuple[tuple[bool, Formula], ...]


class Product(NamedTuple):
    """``a b c``"""

    factors: tuple[Formula, ...]


class Fraction(NamedTuple):
    top: Formula
    bottom: Formula


class Power(NamedTuple):
    base: Formula
    exponent: Formula


class Root(NamedTuple):
    """``√inner``"""

    inner: Formula


class Exponential(NamedTuple):
    """``e^{argument}``"""

    argument: Formula


class Modulus(NamedTuple):
    """``|inner|``"""

    inner: Formula


class Call(NamedTuple):
    """``tanh(x)``, ``tanh²(x)``: a function that has a name of its own."""

    name: str
    arguments: tuple[Formula, ...]
    power: Formula | None = None
    primes: int = 0


class Apply(NamedTuple):
    """``f^{l}(u)``, ``E(z)``: a function that is a sign."""

    function: Sign
    arguments: tuple[Formula, ...]


class Bound(NamedTuple):
    """``i``, ``i = lower … upper``, or ``i`` from 0 up to, not including, ``size``."""

    letter: Sign
    lower: Formula | None = None
    upper: Formula | None = None
    size: Formula | None = None


class Big(NamedTuple):
    """``Σ_i Σ_j body``, ``max_i body``: the operator reaches to the end of the product."""

    operator: str  # a key of latex.BIG
    bounds: tuple[Bound, ...]
    body: Formula


class Derivative(NamedTuple):
    """``∂of/∂wrt``"""

    of: Formula
    wrt: Formula


class Relation(NamedTuple):
    """``left < right``; ``operator`` is the Unicode character."""

    left: Formula
    operator: str
    right: Formula


class Junction(NamedTuple):
    """``a ∧ b``"""

    operator: str
    parts: tuple[Formula, ...]


class Iverson(NamedTuple):
    """``[i = j]``"""

    condition: Formula


class Indicator(NamedTuple):
    """``𝟙[u > 0]``"""

    condition: Formula


class Cases(NamedTuple):
    """Pairs of (value, condition); the condition of what is left over is None."""

    pieces: tuple[tuple[Formula, Formula | None], ...]


class Transposed(NamedTuple):
    """``Wᵀ``"""

    inner: Formula


class Hadamard(NamedTuple):
    """``A ⊙ B``: the product entry by entry."""

    factors: tuple[Formula, ...]


class Norm(NamedTuple):
    """``‖inner‖``; its square is the sum of the squares of all entries."""

    inner: Formula


class Sample(NamedTuple):
    """``^{(i)}``: the index of a sample, written above."""

    which: Formula


class Entry(NamedTuple):
    """``softmax(u)_j``: an entry of what is computed."""

    inner: Formula
    indices: tuple[Formula, ...]


class Dots(NamedTuple):
    """``…``, between terms."""


class Note(NamedTuple):
    """``E(u, v)``: what ``function`` depends on; the value is that of ``function``."""

    function: Sign
    arguments: tuple[Formula, ...]


ONE = Number("1")


def negated(formula: Formula) -> Formula:
    """``-formula``"""
    parts = formula.parts if isinstance(formula, Terms) else ((False, formula),)
    return Terms(tuple((not negative, part) for negative, part in parts))


def product(factors: list[Formula]) -> Formula:
    """The product of any number of factors."""
    return ONE if not factors else factors[0] if len(factors) == 1 else Product(tuple(factors))
