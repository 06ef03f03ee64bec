"""Formula -> expression: the inverse of ``arrange``, a table from type to function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr, Integer

from symbp.equations.axis import Total
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.tensor import Tensor, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation.meaning import Meaning, Rule
from symbp.notation.read_error import ReadError

LARGEST_POWER = 100
"""Of a number: what is larger would be computed."""

FUNCTIONS = {
    "log": sympy.log,
    "tanh": sympy.tanh,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "atan": sympy.atan,
    "erf": sympy.erf,
    "sign": sympy.sign,
    "max": sympy.Max,
    "min": sympy.Min,
}
RELATIONS = {
    ">": sympy.StrictGreaterThan,
    "≥": sympy.GreaterThan,
    "<": sympy.StrictLessThan,
    "≤": sympy.LessThan,
    "=": sympy.Equality,
    "≠": sympy.Unequality,
}
JUNCTIONS = {"∧": sympy.And, "∨": sympy.Or}


def _number(_meaning: Meaning, formula: tree.Number) -> Expr:
    text = formula.text
    return sympy.Float(text) if "." in text else Integer(int(text))


def _terms(meaning: Meaning, formula: tree.Terms) -> Expr:
    signed = [(negative, meaning(part)) for negative, part in formula.parts]
    return sympy.Add(*(-part if negative else part for negative, part in signed))


def _power(meaning: Meaning, formula: tree.Power) -> Expr:
    base, exponent = meaning(formula.base), meaning(formula.exponent)
    if exponent.is_number and not abs(exponent) <= LARGEST_POWER:
        raise ReadError("number_too_large", meaning.column(formula.base), found=str(exponent))
    return base**exponent


def _call(meaning: Meaning, formula: tree.Call) -> Expr:
    if formula.name not in FUNCTIONS:
        raise ReadError("unknown_sign", meaning.column(formula), found=formula.name, similar=())
    arguments = [meaning(argument) for argument in formula.arguments]
    value = FUNCTIONS[formula.name](*arguments)
    if formula.name == "sign":
        # SymPy picks one of |x| and |-x|, and its derivative bears the sign of that one.
        value = sympy.Abs(arguments[0])
        inner = value.args[0] if isinstance(value, sympy.Abs) else arguments[0]
        value = sympy.sign(inner) if inner == arguments[0] else -sympy.sign(inner)
    return value if formula.power is None else value ** meaning(formula.power)


def _apply(meaning: Meaning, formula: tree.Apply) -> Expr:
    symbol = meaning.lexicon.functions.get(formula.function._replace(primes=0))
    if symbol is not None:
        return Opaque(symbol, meaning(formula.arguments[0]), formula.function.primes)
    tensors = tuple(_whole(meaning, argument) for argument in formula.arguments)
    if tensors in meaning.lexicon.functionals:
        return meaning.lexicon.functionals[tensors]
    return Functional(*(tensor.entry for tensor in tensors))


def _whole(meaning: Meaning, formula: tree.Formula) -> Tensor:
    """The tensor that a sign without indices names."""
    found = meaning.lexicon.tensors.get(formula) if isinstance(formula, tree.Sign) else None
    if not found:
        raise ReadError("unexpected", meaning.column(formula), found="", expected=("tensor",))
    return found[0]


def _big(meaning: Meaning, formula: tree.Big) -> Expr:
    """Binds the letters from left to right, then reads the body."""
    limits = []
    for bound in formula.bounds:
        index = meaning.letters.bind(meaning.neutral(bound.letter), meaning.column(bound.letter))
        limits.append(_limits(meaning, index, bound))
    body = meaning(formula.body)
    for _ in limits:
        meaning.letters.release()
    return BIG[formula.operator](body, limits)


def _limits(meaning: Meaning, index: Any, bound: tree.Bound) -> tuple[Expr, Expr, Expr]:
    """The whole axis, unless bounds say otherwise."""
    if bound.lower is None or bound.upper is None:
        return index.limits
    base = meaning.convention.base
    return index, meaning(bound.lower) - base, meaning(bound.upper) - base


BIG: dict[str, Callable[[Expr, list[tuple[Expr, Expr, Expr]]], Expr]] = {
    "Σ": lambda body, limits: Total(body, *reversed(limits)),
    "max": lambda body, limits: Largest(body, limits[0][0]),
    "argmax": lambda body, limits: ArgLargest(body, limits[0][0]),
}


def _iverson(meaning: Meaning, formula: tree.Iverson) -> Expr:
    condition = formula.condition
    if not isinstance(condition, tree.Relation) or condition.operator != "=":
        return _indicator(meaning, tree.Indicator(condition))
    left, right = meaning.position(condition.left), meaning.position(condition.right)
    meaning.letters.tie(left, right)
    for one, other in ((left, right), (right, left)):
        if isinstance(other, ArgLargest):
            meaning.letters.tie(one, other.index)
        elif is_entry(other) and (labels := tensor_of(other).labels) is not None:
            meaning.letters.stands(one, labels)
    return sympy.KroneckerDelta(left, right)


def _indicator(meaning: Meaning, formula: tree.Indicator) -> Expr:
    return sympy.Piecewise((Integer(1), meaning.condition(formula.condition)), (Integer(0), True))


def _cases(meaning: Meaning, formula: tree.Cases) -> Expr:
    pieces = [
        (meaning(value), True if c is None else meaning.condition(c)) for value, c in formula.pieces
    ]
    if len(pieces) == 2 and pieces[1][1] == sympy.Not(pieces[0][1]):
        pieces[1] = (pieces[1][0], True)  # the other case
    return sympy.Piecewise(*pieces)


def _relation(meaning: Meaning, formula: tree.Relation) -> Any:
    return RELATIONS[formula.operator](meaning(formula.left), meaning(formula.right))


def _junction(meaning: Meaning, formula: tree.Junction) -> Any:
    return JUNCTIONS[formula.operator](*map(meaning.condition, formula.parts))


RULES: dict[type, Rule] = {
    tree.Number: _number,
    tree.Sign: lambda meaning, f: meaning.sign(f),
    tree.Terms: _terms,
    tree.Product: lambda meaning, f: sympy.Mul(*map(meaning, f.factors)),
    tree.Fraction: lambda meaning, f: meaning(f.top) / meaning(f.bottom),
    tree.Power: _power,
    tree.Root: lambda meaning, f: sympy.sqrt(meaning(f.inner)),
    tree.Exponential: lambda meaning, f: sympy.exp(meaning(f.argument)),
    tree.Modulus: lambda meaning, f: sympy.Abs(meaning(f.inner)),
    tree.Call: _call,
    tree.Apply: _apply,
    tree.Big: _big,
    tree.Derivative: lambda meaning, f: Partial(meaning(f.of), meaning(f.wrt)),
    tree.Relation: _relation,
    tree.Junction: _junction,
    tree.Iverson: _iverson,
    tree.Indicator: _indicator,
    tree.Cases: _cases,
}
"""Type of formula -> how its meaning is found."""
