"""Formula -> expression: the inverse of ``arrange``, a table from type to function."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Integer

from symbp.equations.calculus import (
    ArgLargest,
    Functional,
    FunctionSymbol,
    Opaque,
    Partial,
)
from symbp.equations.tensor import PARAMETERS, Role, Tensor, entries, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation import signs
from symbp.notation.calls import LARGEST_POWER, call, entry
from symbp.notation.line import Remark
from symbp.notation.meaning import Meaning, Rule
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError
from symbp.notation.sums import big

LARGEST_BITS = 400
"""Of a number that comes out."""


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


def _fraction(meaning: Meaning, formula: tree.Fraction) -> Expr:
    top, bottom = meaning(formula.top), meaning(formula.bottom)
    if bottom.is_zero:
        raise ReadError("division_by_zero", meaning.column(formula))
    return top / bottom


def _power(meaning: Meaning, formula: tree.Power) -> Expr:
    if isinstance(formula.base, tree.Norm):
        if formula.exponent != tree.Number("2"):
            raise meaning.unexpected(formula.base, "square")
        return meaning.squares(formula.base.inner)
    base, exponent = meaning(formula.base), meaning(formula.exponent)
    too_large = ReadError("number_too_large", meaning.column(formula.base), found="")
    if exponent.is_number and not (exponent.is_Rational and abs(exponent) <= LARGEST_POWER):
        raise too_large
    if base.is_number and exponent.is_number:
        if not base.is_Rational and not (base.is_Float or exponent.is_Integer):
            raise too_large
        if exponent.is_Rational and abs(exponent.q) > LARGEST_POWER:
            raise too_large
        if base.is_zero and exponent.is_negative:
            raise ReadError("division_by_zero", meaning.column(formula))
        if _bits(base) * int(abs(exponent) + 1) > LARGEST_BITS * 2:
            raise too_large
    return base**exponent


def _bits(number: Expr) -> int:
    return max(number.p.bit_length(), number.q.bit_length()) if number.is_Rational else 53


def _apply(meaning: Meaning, formula: tree.Apply) -> Expr:
    symbol = meaning.lexicon.function(formula.function)
    if symbol is None or len(formula.arguments) != 1:
        raise meaning.unexpected(formula, "argument")
    argument = meaning(formula.arguments[0])
    if symbol.place is not None and not formula.function.place:
        place = _place_of(argument)
        symbol = symbol if place is None else FunctionSymbol(symbol.label, place)
    return Opaque(symbol, argument, formula.function.primes)


def _place_of(argument: Expr) -> Expr | None:
    """The layer of what is given to an activation function."""
    tensors = [tensor_of(entry) for entry in entries(argument)]
    for role in (Role.PREACTIVATION, Role.WEIGHT, Role.BIAS):
        for tensor in tensors:
            if tensor.role is role:
                return tensor.place
    return next((t.place for t in tensors if t.place is not None), None)


def _note(meaning: Meaning, formula: tree.Note) -> Expr:
    """``E(z)``: a scalar of which no more is known, where the scope has such; else E itself."""
    lexicon = meaning.lexicon
    tensors = tuple(_whole(meaning, each) for each in formula.arguments)
    found = tuple(tensor for tensor in tensors if tensor is not None)
    is_of_signals = len(found) == len(tensors) and all(t.role not in PARAMETERS for t in found)
    if lexicon.functionals and is_of_signals:
        if found in lexicon.functionals:
            return lexicon.functionals[found]
        return Functional(*(tensor.entry for tensor in found))
    column = meaning.column(formula.function)
    meaning.remarks.append(Remark("depends", column, {"found": formula.function.glyph}))
    return meaning(formula.function)


def _whole(meaning: Meaning, formula: tree.Formula) -> Tensor | None:
    """The tensor that a sign without indices names."""
    found = meaning.lexicon.tensors.get(formula) if isinstance(formula, tree.Sign) else None
    return found[0] if found else None


def _iverson(meaning: Meaning, formula: tree.Iverson) -> Expr:
    condition = formula.condition
    if not isinstance(condition, tree.Relation) or condition.operator != "=":
        return _indicator(meaning, tree.Indicator(condition))
    left, right = position(meaning, condition.left), position(meaning, condition.right)
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
    if formula.operator not in RELATIONS:
        raise meaning.unexpected(formula, "condition")
    if _is_letter(meaning, formula.left) and _is_letter(meaning, formula.right):
        left, right = position(meaning, formula.left), position(meaning, formula.right)
    else:
        left, right = meaning(formula.left), meaning(formula.right)
    if not (left.is_extended_real is not False and right.is_extended_real is not False):
        raise meaning.unexpected(formula, "condition")
    return RELATIONS[formula.operator](left, right)


def _is_letter(meaning: Meaning, formula: tree.Formula) -> bool:
    """Whether it is an index: a letter that is nothing else, or is one already in this line."""
    if not isinstance(formula, tree.Sign) or formula.indices or formula.place or formula.label:
        return False
    if not meaning.lexicon.has(formula):
        return True
    is_number = formula in meaning.lexicon.scalars
    return not is_number and meaning.letters.has(meaning.neutral(formula))


def _junction(meaning: Meaning, formula: tree.Junction) -> Any:
    return JUNCTIONS[formula.operator](*map(meaning.condition, formula.parts))


RULES: dict[type, Rule] = {
    tree.Number: _number,
    tree.Sign: signs.value,
    tree.Terms: _terms,
    tree.Product: lambda meaning, f: sympy.Mul(*map(meaning, f.factors)),
    tree.Fraction: _fraction,
    tree.Power: _power,
    tree.Root: lambda meaning, f: sympy.sqrt(meaning(f.inner)),
    tree.Exponential: lambda meaning, f: sympy.exp(meaning(f.argument)),
    tree.Modulus: lambda meaning, f: sympy.Abs(meaning(f.inner)),
    tree.Call: call,
    tree.Apply: _apply,
    tree.Hadamard: lambda meaning, f: sympy.Mul(*map(meaning, f.factors)),
    tree.Note: _note,
    tree.Entry: entry,
    tree.Big: big,
    tree.Derivative: lambda meaning, f: Partial(meaning(f.of), meaning(f.wrt)),
    tree.Relation: _relation,
    tree.Junction: _junction,
    tree.Iverson: _iverson,
    tree.Indicator: _indicator,
    tree.Cases: _cases,
}
"""Type of formula -> how its meaning is found."""
