"""Functions that have a name of their own: log, tanh, softmax."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr

from symbp.equations.axis import Index, Total
from symbp.notation import formula as tree
from symbp.notation.letters import IMPLIED
from symbp.notation.meaning import Meaning
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError

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
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "relu": lambda u: sympy.Piecewise((u, u > 0), (0, True)),
    "identity": lambda u: u,
}
SEVERAL = ("max", "min")
"""Functions of any number of arguments, though not of very many; all others take one."""

MOST = 8
LARGEST_POWER = 100
"""Of a number: what is larger would be computed."""

ARGUMENT = sympy.Symbol("argument", real=True)


def call(meaning: Meaning, formula: tree.Call) -> Expr:
    if formula.name == "softmax":
        return _softmax(meaning, formula)
    if formula.name not in FUNCTIONS:
        raise ReadError("unknown_sign", meaning.column(formula), found=formula.name, similar=())
    arguments = [meaning(argument) for argument in formula.arguments]
    if not 1 <= len(arguments) <= (MOST if formula.name in SEVERAL else 1):
        raise meaning.unexpected(formula, "argument")
    value = _called(meaning, formula, arguments)
    return value if formula.power is None else _raised(meaning, value, formula.power)


def _called(meaning: Meaning, formula: tree.Call, arguments: list[Expr]) -> Expr:
    function: Any = FUNCTIONS[formula.name]
    if formula.primes:
        if formula.name in SEVERAL or formula.primes > 3:
            raise meaning.unexpected(formula, "function")
        return function(ARGUMENT).diff(ARGUMENT, formula.primes).xreplace({ARGUMENT: arguments[0]})
    if formula.name == "log" and arguments[0].is_zero:
        raise ReadError("division_by_zero", meaning.column(formula))
    value = function(*arguments)
    if formula.name == "sign":
        # SymPy picks one of |x| and |-x|, and its derivative bears the sign of that one.
        value = sympy.Abs(arguments[0])
        inner = value.args[0] if isinstance(value, sympy.Abs) else arguments[0]
        value = sympy.sign(inner) if inner == arguments[0] else -sympy.sign(inner)
    return value


def _raised(meaning: Meaning, value: Expr, power: tree.Formula) -> Expr:
    exponent = meaning(power)
    if exponent.is_number and not (exponent.is_Integer and abs(exponent) <= LARGEST_POWER):
        raise meaning.unexpected(power, "power")
    return value**exponent


def _softmax(meaning: Meaning, formula: tree.Call) -> Expr:
    """The entry at the free unit of its argument: exp(u_j) / Σ_k exp(u_k)."""
    if len(formula.arguments) != 1 or formula.primes or formula.power is not None:
        raise meaning.unexpected(formula, "function")
    u = meaning(formula.arguments[0])
    unit = unit_of(meaning, u)
    if unit is None:
        raise meaning.unexpected(formula, "index")
    own = meaning.another(unit)
    if own is not None:
        return sympy.exp(u) / Total(sympy.exp(u.xreplace({unit: own})), own.limits)
    used = {i.letter.removeprefix(IMPLIED) for i in u.atoms(Index)}
    inner = meaning.letters.bind(next(c for c in "kjimpqrs" if c not in used), 1)
    meaning.letters.release()
    axis = meaning.letters.axis(unit)
    if axis is None:
        raise meaning.unexpected(formula.arguments[0], "index")
    meaning.letters.stands(inner, axis)
    body = sympy.exp(u.xreplace({unit: inner}))
    return sympy.exp(u) / Total(body, inner.limits)


def unit_of(meaning: Meaning, expr: Expr) -> Index | None:
    """The one free index of ``expr`` that runs along units."""
    free = [i for i in expr.free_symbols if isinstance(i, Index)]
    units = [i for i in free if (meaning.letters.axis(i) or i.axis).name == "unit"]
    return units[0] if len(units) == 1 else None


def entry(meaning: Meaning, formula: tree.Entry) -> Expr:
    """``softmax(u)_j``: what is inside, its one unit called j."""
    inner = meaning(formula.inner)
    unit = unit_of(meaning, inner)
    if unit is None or len(formula.indices) != 1:
        raise meaning.unexpected(formula, "index")
    place = position(meaning, formula.indices[0])
    axis = meaning.letters.axis(unit)
    if axis is not None:
        meaning.letters.stands(place, axis)
    if unit.letter.startswith(IMPLIED):
        meaning.letters.forget(unit)
        meaning.bare.pop()
    return inner.xreplace({unit: place})
