"""From expressions to formulas in textbook order: a table from type to function.

The context keeps which letter each index has been given, so that different indices never share one
within the reach of each other.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sympy
from sympy import Expr, S
from sympy.core.relational import Relational

from symbp.equations.axis import LETTERS, Index, L, Size, l
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.tensor import Role, TensorSymbol, indices_of, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.fractions import arranged_product, reciprocal_aware_power
from symbp.notation.spelling import BIAS_UNIT, Spelling, is_weight, named, place_text


class Arranger:
    """Arranges the expressions of one line; ``arrange`` may be called for each side of it."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.convention = spelling.convention
        self.letters: dict[Index, str] = {}

    def __call__(self, expr: Any) -> tree.Formula:
        """The formula of an expression or a condition. Raises TypeError for a foreign type."""
        return _rule(type(expr))(self, expr)

    def letter(self, index: Index) -> tree.Sign:
        """The letter of an index: its own, unless another index in reach bears it."""
        if index not in self.letters:
            taken = set(self.letters.values())
            free = (c for c in LETTERS if c not in taken)
            self.letters[index] = index.letter if index.letter not in taken else next(free)
        return self.spelling.letter(self.letters[index])

    def bind(self, indices: list[Index]) -> dict[Index, str]:
        """Gives bound indices their letters; returns what to restore when their reach ends."""
        before = dict(self.letters)
        for index in indices:
            self.letters.pop(index, None)
            self.letter(index)
        return before

    def release(self, indices: list[Index], before: dict[Index, str]) -> None:
        for index in indices:
            del self.letters[index]
        self.letters.update({i: c for i, c in before.items() if i in indices})

    def over(self, sum_: sympy.Sum, body: Expr) -> tree.Formula:
        """``Σ body`` over the indices of ``sum_``, outermost first."""
        limits = list(reversed(sum_.limits))
        indices = [limit[0] for limit in limits]
        before = self.bind(indices)
        bounds = tuple(_bound(self, *limit) for limit in limits)
        inner = self(body)
        self.release(indices, before)
        if isinstance(inner, tree.Big) and inner.operator == "Σ":
            return tree.Big("Σ", bounds + inner.bounds, inner.body)
        return tree.Big("Σ", bounds, inner)

    def position(self, expr: Expr) -> tree.Formula:
        """An index expression; numbers count from the convention's first unit."""
        if isinstance(expr, Index):
            return self.letter(expr)
        if isinstance(expr, sympy.Integer):
            return tree.Number(str(int(expr) + self.convention.base))
        return self(expr)

    def entry(self, entry: Expr, as_value: bool = True) -> tree.Sign:
        """``t[n, j]`` with its indices in the order of the convention."""
        tensor = tensor_of(entry)
        sign = self.spelling.tensor(tensor, as_value)
        if not tensor.axes:
            return sign
        indices = tuple(self.position(i) for i in indices_of(entry))
        if self.spelling.is_bias_as_weight(tensor):
            indices = (BIAS_UNIT, *indices)
            turned = self.convention.weight_to_from
        else:
            turned = is_weight(tensor) and self.convention.weight_to_from
        return sign._replace(indices=indices[::-1] if turned else indices)


Rule = Callable[[Arranger, Any], tree.Formula]


def _rule(kind: type) -> Rule:
    for base in kind.__mro__:
        if base in RULES:
            return RULES[base]
    raise TypeError(kind.__name__)


def _number(arrange: Arranger, expr: Any) -> tree.Formula:
    if expr < 0:
        return tree.negated(_number(arrange, -expr))
    if isinstance(expr, sympy.Rational) and expr.q != 1:
        return tree.Fraction(tree.Number(str(expr.p)), tree.Number(str(expr.q)))
    return tree.Number(str(expr) if isinstance(expr, sympy.Rational) else decimal(expr))


def decimal(number: sympy.Float) -> str:
    """The shortest decimals that give the number back: no exponent."""
    return format(Decimal(repr(float(number))), "f")


def _sum_of_terms(arrange: Arranger, expr: sympy.Add) -> tree.Formula:
    parts: list[tuple[bool, tree.Formula]] = []
    for term in order.terms(expr.args):
        inner = arrange(term)
        parts += inner.parts if isinstance(inner, tree.Terms) else [(False, inner)]
    return tree.Terms(tuple(parts))


def _total(arrange: Arranger, expr: sympy.Sum) -> tree.Formula:
    return arrange.over(expr, expr.function)


def _bound(arrange: Arranger, index: Index, lower: Expr, upper: Expr) -> tree.Bound:
    letter = arrange.letter(index)
    whole = lower == 0 and upper == index.axis.size - 1
    if whole and not arrange.convention.limits:
        return tree.Bound(letter)
    base = arrange.convention.base
    return tree.Bound(letter, arrange(lower + base), arrange(upper + base))


def _largest(operator: str) -> Rule:
    def rule(arrange: Arranger, expr: Any) -> tree.Formula:
        before = arrange.bind([expr.index])
        big = tree.Big(operator, (tree.Bound(arrange.letter(expr.index)),), arrange(expr.body))
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


def cases(arrange: Callable[[Any], tree.Formula], expr: sympy.Piecewise) -> tree.Formula:
    """``{a if c; b if not c}``, or 𝟙[c] for 1 and 0; ``arrange`` does the parts."""
    first, *others = expr.args
    if len(others) == 1 and others[0].cond == sympy.true:
        if (first.expr, others[0].expr) == (1, 0):
            return tree.Indicator(arrange(first.cond))
        if isinstance(first.cond, Relational):
            # Two branches need no word: the second holds where the first does not.
            second = (arrange(others[0].expr), arrange(first.cond.negated))
            return tree.Cases(((arrange(first.expr), arrange(first.cond)), second))
    always = sympy.true
    return tree.Cases(
        tuple((arrange(p.expr), None if p.cond == always else arrange(p.cond)) for p in expr.args)
    )


def relation(arrange: Callable[[Any], tree.Formula], expr: Any) -> tree.Formula:
    """``left < right``; what is judged on the left, what it is measured by on the right."""
    left, right, sign = expr.lhs, expr.rhs, RELATIONS[expr.func]
    if order.rank(left) <= order.SIZE < order.rank(right):
        left, right, sign = right, left, MIRRORED[sign]
    return tree.Relation(arrange(left), sign, arrange(right))


RELATIONS = {
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: "≥",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "≤",
    sympy.Equality: "=",
    sympy.Unequality: "≠",
}
MIRRORED = {">": "<", "≥": "≤", "<": ">", "≤": "≥", "=": "=", "≠": "≠"}


def _modulus(arrange: Arranger, expr: sympy.Abs) -> tree.Formula:
    """``|y - d|`` for |d - y|, which is the same."""
    return tree.Modulus(arrange(order.turned(expr.args[0])))


def _junction(operator: str) -> Rule:
    return lambda arrange, e: tree.Junction(operator, tuple(arrange(a) for a in e.args))


def _delta(arrange: Arranger, expr: sympy.KroneckerDelta) -> tree.Formula:
    left, right = (arrange.position(a) for a in expr.args)
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
    sympy.Sum: _total,
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
    sympy.And: _junction("∧"),
    sympy.Or: _junction("∨"),
    Partial: _partial,
    Opaque: _opaque,
    Functional: _functional,
    Largest: _largest("max"),
    ArgLargest: _largest("argmax"),
}
"""Type -> how it is arranged; a class without an entry takes that of its nearest base."""
