"""From expressions to formulas in textbook order: a table from type to function."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sympy
from sympy import S
from sympy.core.relational import Relational

from symbp.equations.axis import Index, L, Size, l
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.tensor import Role, TensorSymbol, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.arranger import Arranger, Rule, whole
from symbp.notation.conditions import cases, junction, relation
from symbp.notation.fractions import arranged_product, arranged_sum, reciprocal_aware_power
from symbp.notation.spelling import Spelling, named, place_text

LONGEST = 9
"""Numbers with more digits, all but the first of which are 0, are written with a power of ten."""


def arranger(spelling: Spelling) -> Arranger:
    """What arranges the expressions of one line; it may be called for each side of it."""
    return Arranger(spelling, RULES)


def _number(arrange: Arranger, expr: Any) -> tree.Formula:
    if expr < 0:
        return tree.negated(_number(arrange, -expr))
    if isinstance(expr, sympy.Rational) and expr.q != 1:
        return tree.Fraction(tree.Number(str(expr.p)), tree.Number(str(expr.q)))
    digits = str(expr)
    if isinstance(expr, sympy.Integer) and len(digits) > LONGEST and set(digits[1:]) == {"0"}:
        power = tree.Power(tree.Number("10"), tree.Number(str(len(digits) - 1)))
        return power if digits[0] == "1" else tree.product([tree.Number(digits[0]), power])
    return tree.Number(digits if isinstance(expr, sympy.Rational) else decimal(expr))


def decimal(number: sympy.Float) -> str:
    """The shortest decimals that give the number back: no exponent."""
    return format(Decimal(repr(float(number))), "f")


def _sum_of_terms(arrange: Arranger, expr: sympy.Add) -> tree.Formula:
    parts: list[tuple[bool, tree.Formula]] = []
    for term in order.terms(expr.args):
        inner = arrange(term)
        parts += inner.parts if isinstance(inner, tree.Terms) else [(False, inner)]
    return tree.Terms(tuple(parts))


def _largest(operator: str) -> Rule:
    def rule(arrange: Arranger, expr: Any) -> tree.Formula:
        before = arrange.bind([expr.index])
        bound = whole(arrange, expr.index, expr.body)
        big = tree.Big(operator, (bound,), arrange(expr.body))
        arrange.release([expr.index], before)
        return big

    return rule


def _partial(arrange: Arranger, expr: Partial) -> tree.Formula:
    named_ = is_entry(expr.of)
    of = arrange.entry(expr.of, as_value=False) if named_ else arrange(expr.of)
    # Next to its formula the prediction is called y throughout.
    within = named_ or isinstance(expr.of, (Opaque, Functional))
    if is_entry(expr.wrt):
        return tree.Derivative(of, arrange.entry(expr.wrt, as_value=not within))
    return tree.Derivative(of, arrange(expr.wrt))


def _opaque(arrange: Arranger, expr: Opaque) -> tree.Formula:
    return tree.Apply(arrange.spelling.function(expr.symbol, expr.order), (arrange(expr.argument),))


def _functional(arrange: Arranger, expr: Functional) -> tree.Formula:
    glyph = named(arrange.convention.glyphs[Role.LOSS])
    spelled = arrange.spelling.tensor
    return tree.Apply(glyph, tuple(spelled(tensor_of(e), as_value=False) for e in expr.entries))


def _modulus(arrange: Arranger, expr: sympy.Abs) -> tree.Formula:
    """``|y - d|`` for |d - y|, which is the same."""
    return tree.Modulus(arrange(order.turned(expr.args[0])))


def _delta(arrange: Arranger, expr: sympy.KroneckerDelta) -> tree.Formula:
    sides = sorted(expr.args, key=lambda side: isinstance(side, (sympy.Add, sympy.Integer)))
    left, right = map(arrange.position, sides)
    return tree.Iverson(tree.Relation(left, "=", right))


def _call(arrange: Arranger, expr: Any) -> tree.Formula:
    name = CALLS.get(expr.func, expr.func.__name__)
    return tree.Call(name, tuple(arrange(a) for a in expr.args))


def _always(formula: tree.Formula) -> Rule:
    return lambda _arrange, _expr: formula


def _sign(arrange: Arranger, expr: sympy.sign) -> tree.Formula:
    """``sign(y - d)``, with a minus in front for sign(d - y)."""
    inner = order.turned(expr.args[0])
    call = tree.Call("sign", (arrange(inner),))
    return call if inner == expr.args[0] else tree.negated(call)


def _symbol(_arrange: Arranger, expr: sympy.Symbol) -> tree.Formula:
    return tree.Sign(place_text(expr)) if expr in (l, L) else named(expr.name)


CALLS: dict[Any, str] = {sympy.Max: "max", sympy.Min: "min"}
"""Functions whose name on paper is not that of their class."""

RULES: dict[type, Rule] = {
    sympy.Number: _number,
    type(S.Pi): _always(tree.Sign("π")),
    type(S.Exp1): _always(tree.Exponential(tree.ONE)),
    sympy.Add: _sum_of_terms,
    sympy.Mul: arranged_product,
    sympy.Pow: reciprocal_aware_power,
    sympy.exp: lambda arrange, e: tree.Exponential(arrange(e.args[0])),
    sympy.Sum: arranged_sum,
    sympy.Indexed: lambda arrange, e: arrange.entry(e),
    TensorSymbol: lambda arrange, e: arrange.entry(e),
    Index: lambda arrange, e: arrange.letter(e),
    Size: lambda arrange, e: arrange.spelling.size(e.axis),
    sympy.Symbol: _symbol,
    sympy.Abs: _modulus,
    sympy.sign: _sign,
    sympy.Function: _call,
    sympy.Max: _call,
    sympy.Min: _call,
    sympy.KroneckerDelta: _delta,
    sympy.Piecewise: cases,
    Relational: relation,
    sympy.And: junction,
    sympy.Or: junction,
    Partial: _partial,
    Opaque: _opaque,
    Functional: _functional,
    Largest: _largest("max"),
    ArgLargest: _largest("argmax"),
}
"""Type -> how it is arranged; a class without an entry takes that of its nearest base."""
