"""How tightly each kind of formula binds: what decides where brackets stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symbp.notation import formula as tree

TERMS, HADAMARD, BIG, PRODUCT, QUOTIENT, POWER, ATOM = range(7)


def _sign(formula: tree.Sign) -> int:
    # A second superscript would stand on top of the first.
    return POWER if formula.place or formula.primes else ATOM


def _call(formula: tree.Call) -> int:
    if is_bare(formula):
        return BIG if isinstance(formula.arguments[0], tree.Big) else PRODUCT
    return POWER


def is_bare(formula: tree.Call) -> bool:
    """Whether a logarithm is written without brackets: log y, log Σ …"""
    bare = isinstance(formula.arguments[0], (tree.Sign, tree.Number, tree.Big))
    return formula.name == "log" and formula.power is None and bare


LEVELS: dict[type, int | Callable[[Any], int]] = {
    tree.Number: ATOM,
    tree.Sign: _sign,
    tree.Terms: TERMS,
    tree.Hadamard: HADAMARD,
    tree.Big: BIG,
    tree.Cases: BIG,
    tree.Product: PRODUCT,
    tree.Fraction: QUOTIENT,
    tree.Derivative: QUOTIENT,
    tree.Call: _call,
    tree.Apply: POWER,
    tree.Power: POWER,
    tree.Exponential: POWER,
    tree.Transposed: POWER,
    tree.Root: ATOM,
    tree.Modulus: ATOM,
    tree.Iverson: ATOM,
    tree.Indicator: ATOM,
    tree.Relation: TERMS,
    tree.Junction: TERMS,
    tree.Norm: ATOM,
    tree.Note: POWER,
    tree.Entry: POWER,
    tree.Sample: ATOM,
    tree.Dots: ATOM,
}


def level(formula: tree.Formula) -> int:
    """The level of ``formula``: the higher, the tighter."""
    found = LEVELS[type(formula)]
    return found if isinstance(found, int) else found(formula)
