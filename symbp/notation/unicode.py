"""Formulas as plain Unicode, for terminals and comments in code: a table from type to function.

Small characters are used where all that are needed exist, ``^{…}`` and ``_{…}`` elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from symbp.notation import formula as tree
from symbp.notation.glyphs import ONES, SUBSCRIPTS, SUPERSCRIPTS, VULGAR, script
from symbp.notation.indices import KEPT, below, is_flat
from symbp.notation.levels import ATOM, BIG, HADAMARD, POWER, QUOTIENT, is_bare, level

PRIME = "′"
BIG_SIGNS = {"Σ": "Σ", "max": "max", "argmax": "arg max"}


def write(formula: tree.Formula) -> str:
    """``formula`` in one line of plain text."""
    return WRITE[type(formula)](formula)


def at_least(least: int, formula: tree.Formula) -> str:
    """``formula``, in brackets if it binds more weakly than ``least``."""
    text = write(formula)
    enclosed = isinstance(formula, tree.Cases)  # in braces of its own
    return text if enclosed or level(formula) >= least else f"({text})"


def sign(formula: tree.Sign) -> str:
    above = _above(formula.place) if formula.place else ""
    under = (_known_below if is_flat(formula.indices) else _below)(formula.label, formula.indices)
    return f"{formula.glyph}{above}{PRIME * formula.primes}{under}"


@lru_cache(maxsize=KEPT)
def _above(place: str) -> str:
    return script(place, SUPERSCRIPTS, "^")


def _below(label: str, indices: tuple[tree.Formula, ...]) -> str:
    under = below(label, indices, write)
    return script(under, SUBSCRIPTS, "_") if under else ""


_known_below = lru_cache(maxsize=KEPT)(_below)


def _terms(formula: tree.Terms) -> str:
    (negative, first), *rest = formula.parts
    text = ("−" if negative else "") + at_least(HADAMARD, first)
    return text + "".join(f" {'−' if n else '+'} {at_least(HADAMARD, part)}" for n, part in rest)


def _product(formula: tree.Product) -> str:
    text = ""
    for factor, following in pairwise(formula.factors):
        text += at_least(QUOTIENT, factor) + _between(factor, following)
    return text + at_least(BIG, formula.factors[-1])


def _between(factor: tree.Formula, following: tree.Formula) -> str:
    if isinstance(factor, tree.Derivative) or isinstance(following, tree.Derivative):
        return " · "  # keeps what follows out of the denominator
    return "" if isinstance(factor, tree.Number) and isinstance(following, tree.Sign) else " "


def _fraction(formula: tree.Fraction) -> str:
    numbers = (write(formula.top), write(formula.bottom))
    if numbers in VULGAR:
        return VULGAR[numbers]
    top = formula.top
    plain = isinstance(top, tree.Product) and not any(
        HADAMARD <= level(factor) < POWER or _is_of_matrices(factor) for factor in top.factors
    )
    return f"{write(top) if plain else at_least(POWER, top)}/{at_least(POWER, formula.bottom)}"


def _is_of_matrices(factor: tree.Formula) -> bool:
    """Whether it shows that a product is one of matrices: (X 𝟏)/v is not X (𝟏/v)."""
    return isinstance(factor, tree.Transposed) or factor == tree.Sign(ONES)


def _power(formula: tree.Power) -> str:
    return at_least(ATOM, formula.base) + script(write(formula.exponent), SUPERSCRIPTS, "^")


def _call(formula: tree.Call) -> str:
    name = formula.name
    if formula.power is not None:
        name += script(write(formula.power), SUPERSCRIPTS, "^")
    if is_bare(formula):
        return f"{name} {write(formula.arguments[0])}"
    return f"{name}({', '.join(map(write, formula.arguments))})"


def _root(formula: tree.Root) -> str:
    inner = write(formula.inner)
    return f"√{inner}" if isinstance(formula.inner, (tree.Number, tree.Sign)) else f"√({inner})"


def _big(formula: tree.Big) -> str:
    glyph = BIG_SIGNS[formula.operator]
    heads = " ".join(glyph + _bound(formula.operator, bound) for bound in formula.bounds)
    return f"{heads} {at_least(BIG, formula.body)}"


def _bound(operator: str, bound: tree.Bound) -> str:
    letter = write(bound.letter)
    if bound.size is not None:
        size = write(bound.size)
        return f"_{{{letter}=0}}^{{{size}−1}}" if operator == "Σ" else f"_{{0≤{letter}<{size}}}"
    if bound.lower is None or bound.upper is None:
        return script(letter, SUBSCRIPTS, "_")
    return f"_{{{letter}={write(bound.lower)}}}^{{{write(bound.upper)}}}"


def _derivative(formula: tree.Derivative) -> str:
    if isinstance(formula.of, (tree.Sign, tree.Apply)):
        return f"∂{write(formula.of)}/∂{write(formula.wrt)}"
    return f"∂/∂{write(formula.wrt)} ({write(formula.of)})"


def _cases(formula: tree.Cases) -> str:
    pieces = (
        f"{write(value)} otherwise" if c is None else f"{write(value)} if {write(c)}"
        for value, c in formula.pieces
    )
    return "{" + "; ".join(pieces) + "}"


WRITE: dict[type, Callable[[Any], str]] = {
    tree.Number: lambda f: f.text,
    tree.Sign: sign,
    tree.Terms: _terms,
    tree.Product: _product,
    tree.Fraction: _fraction,
    tree.Power: _power,
    tree.Root: _root,
    tree.Exponential: lambda f: f"exp({write(f.argument)})",
    tree.Modulus: lambda f: f"|{write(f.inner)}|",
    tree.Call: _call,
    tree.Apply: lambda f: f"{sign(f.function)}({', '.join(map(write, f.arguments))})",
    tree.Big: _big,
    tree.Derivative: _derivative,
    tree.Relation: lambda f: f"{write(f.left)} {f.operator} {write(f.right)}",
    tree.Junction: lambda f: f" {f.operator} ".join(map(write, f.parts)),
    tree.Iverson: lambda f: f"[{write(f.condition)}]",
    tree.Indicator: lambda f: f"𝟙[{write(f.condition)}]",
    tree.Cases: _cases,
    tree.Transposed: lambda f: f"{at_least(ATOM, f.inner)}ᵀ",
    tree.Hadamard: lambda f: " ⊙ ".join(at_least(QUOTIENT, part) for part in f.factors),
}
