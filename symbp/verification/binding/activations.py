"""Which activation a formula on a page is: ``f(u) = 1/(1 + e^{-u})``, ``z_j = max(0, u_j)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr

from symbp.activations.activation import Scalar, U
from symbp.activations.table import ACTIVATIONS
from symbp.layers.layer import units
from symbp.notation import formula as tree
from symbp.notation.formula import Sign

FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "log": sympy.log,
    "exp": sympy.exp,
    "tanh": sympy.tanh,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "erf": sympy.erf,
    "max": sympy.Max,
    "min": sympy.Min,
}
"""What activations are made of."""
POINTS = (sympy.Rational(3, 7), sympy.Rational(-5, 4), sympy.Rational(13, 6))
"""Where two formulas are compared: on both sides of every kink."""


J = units(sympy.Integer(1)).index("j")


class NoFormula(Exception):
    """Not a formula of one variable, or not one that activations consist of."""


def activation_named(formula: tree.Formula, argument: Sign | None = None) -> str | None:
    """The name of the activation with this formula in ``argument``; None where it is none known.

    Without ``argument`` whatever single sign occurs is the argument.
    """
    if _is_softmax(formula):
        return "softmax"
    if isinstance(formula, tree.Call) and formula.name in ACTIVATIONS:
        return formula.name
    try:
        found = _Formula(argument)(formula)
    except NoFormula:
        return None
    for name, activation in ACTIVATIONS.items():
        is_one_formula = isinstance(activation, Scalar) and not activation.constants
        if is_one_formula and all(_same(found, activation.of(U, J, {}), p) for p in POINTS):
            return name
    return None


def _same(one: Expr, other: Expr, point: Expr) -> bool:
    difference = (one - other).xreplace({U: point}).evalf()
    return bool(difference.is_number and abs(difference) < 1e-9)


def _is_softmax(formula: tree.Formula) -> bool:
    """``e^{u_j} / Σ_k e^{u_k}``"""
    match formula:
        case tree.Fraction(tree.Exponential(Sign() as above), tree.Big("Σ", _, body)):
            match body:
                case tree.Exponential(Sign() as below):
                    return above.glyph == below.glyph and above.place == below.place
    return False


class _Formula:
    """Reads a formula as one of ``U``."""

    def __init__(self, argument: Sign | None) -> None:
        self.argument = argument
        self.is_given = argument is not None

    def __call__(self, formula: tree.Formula) -> Expr:
        rule = RULES.get(type(formula))
        if rule is None:
            raise NoFormula
        return rule(self, formula)


def _sign(read: _Formula, sign: Sign) -> Expr:
    if read.argument is None:
        read.argument = sign
    is_power = not read.is_given and sign.place.isdigit() and not sign.indices
    if sign != read.argument or is_power:
        raise NoFormula
    return U


def _power(read: _Formula, formula: tree.Power) -> Expr:
    exponent = formula.exponent
    is_number = isinstance(exponent, tree.Number) and len(exponent.text) == 1
    is_minus_one = exponent == tree.Terms(((True, tree.Number("1")),))
    if not is_number and not is_minus_one:
        raise NoFormula
    return read(formula.base) ** read(exponent)


def _call(read: _Formula, formula: tree.Call) -> Expr:
    if formula.name not in FUNCTIONS or formula.power is not None:
        raise NoFormula
    return FUNCTIONS[formula.name](*map(read, formula.arguments))


def _number(_read: _Formula, formula: tree.Number) -> Expr:
    if len(formula.text) > 6:
        raise NoFormula
    return sympy.Rational(formula.text)


def _cases(read: _Formula, formula: tree.Cases) -> Expr:
    pieces = []
    for value, condition in formula.pieces:
        if condition is None:
            pieces.append((read(value), True))
        elif isinstance(condition, tree.Relation) and condition.operator in COMPARE:
            sides = read(condition.left), read(condition.right)
            pieces.append((read(value), COMPARE[condition.operator](*sides)))
        else:
            raise NoFormula
    return sympy.Piecewise(*pieces)


COMPARE: dict[str, Callable[..., Any]] = {
    ">": sympy.Gt,
    "≥": sympy.Ge,
    "<": sympy.Lt,
    "≤": sympy.Le,
}
RULES: dict[type, Callable[[_Formula, Any], Expr]] = {
    tree.Number: _number,
    Sign: _sign,
    tree.Terms: lambda read, f: sympy.Add(*(-read(p) if n else read(p) for n, p in f.parts)),
    tree.Product: lambda read, f: sympy.Mul(*map(read, f.factors)),
    tree.Fraction: lambda read, f: read(f.top) / read(f.bottom),
    tree.Power: _power,
    tree.Root: lambda read, f: sympy.sqrt(read(f.inner)),
    tree.Exponential: lambda read, f: sympy.exp(read(f.argument)),
    tree.Call: _call,
    tree.Cases: _cases,
}
