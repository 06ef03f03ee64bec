"""Activations of the user's own: a SymPy expression of one variable."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Float,
    I,
    Interval,
    Max,
    Min,
    Mul,
    Number,
    Piecewise,
    Pow,
    Rational,
    Reals,
    Set,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    nan,
    oo,
    pi,
    sign,
    sin,
    sinh,
    tanh,
    true,
    zoo,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symbp.activations.activation import Scalar, U, constant
from symbp.activations.branches import (
    COMPARE,
    Tree,
    choose,
    each,
    expression_of,
    larger,
    smaller,
)
from symbp.activations.table import ACTIVATIONS
from symbp.errors import Fault, SpecErrors, fault
from symbp.naming import constant_faults, name_faults

UNDERSTOOD: tuple[type[Any], ...] = (
    *(Number, Symbol, Add, Mul, Pow, exp, log, Abs, sign, tanh, sinh, cosh, sin, cos, atan, erf),
    *(Piecewise, ExprCondPair, Relational, BooleanAtom, type(pi)),
)
"""What a formula may consist of."""

GAINS = ("glorot", "he")


def activation(
    name: str,
    formula: Expr,
    outputs: tuple[float, float] | None = None,
    gain: str = "glorot",
    **constants: float,
) -> Scalar:
    """The activation ``name`` with z = ``formula``, whose free symbols are u and ``constants``.

    ``outputs`` are bounds of its values, if a loss must know that they are probabilities.
    Raises SpecErrors for a name that cannot be used and a formula that is none of one variable.
    """
    faults = list(own_name_faults(name))
    for key in constants:
        faults += constant_faults(key, "constants", key)
    if outputs is not None and not outputs[0] < outputs[1]:
        faults.append(fault("outputs_order", "outputs", given=outputs))
    if gain not in GAINS:
        faults.append(fault("unknown_word", "gain", given=gain, meant=None, known=GAINS))
    try:
        formula = exact(formula)
        faults += _formula_faults(formula, constants)
    except SpecErrors as error:
        faults += error.faults
    if faults:
        raise SpecErrors(faults)
    known = {s: constant(s.name) for s in formula.free_symbols if s.name in constants}
    (variable,) = formula.free_symbols - set(known)
    own = tuple((key, float(value)) for key, value in constants.items())
    return Scalar(name, formula.xreplace({variable: U, **known}), span(outputs), gain, own)


def own_name_faults(name: object) -> list[Fault]:
    """What keeps ``name`` from being that of a user's activation."""
    if isinstance(name, str) and name in ACTIVATIONS:
        return [fault("name_taken", given=name)]
    return name_faults(name)


def span(outputs: tuple[float, float] | None) -> Set:
    """The set of numbers between two bounds; all numbers without any."""
    return Reals if outputs is None else Interval(*outputs)


def exact(formula: Expr) -> Expr:
    """``formula`` with fractions for decimal numbers, and with all branches outermost."""
    fractions = {f: Rational(str(f)) for f in formula.atoms(Float)}
    return expression_of(_tree(formula.xreplace(fractions)))


def _tree(formula: Expr) -> Tree:
    """``formula`` with its maxima, minima and branches taken apart."""
    if not formula.has(Max, Min, Piecewise):
        return formula
    if isinstance(formula, Piecewise):
        return _arms(formula.args)
    choose_one = {Max: larger, Min: smaller}.get(formula.func)
    parts = [_tree(part) for part in formula.args]
    return reduce(choose_one, parts) if choose_one else each(formula.func, *parts)


def _arms(arms: tuple[tuple[Expr, Any], ...]) -> Tree:
    """The branches of a Piecewise: the first whose condition holds, and nothing if none does."""
    if not arms:
        return nan
    (value, condition), *others = arms
    if condition is true:
        return _tree(value)
    if not isinstance(condition, Relational) or condition.rel_op not in COMPARE:
        raise SpecErrors([fault("formula_function", "expression", given=type(condition).__name__)])
    left, right = _tree(condition.lhs), _tree(condition.rhs)
    return choose(left, condition.rel_op, right, _tree(value), _arms(tuple(others)))


def _formula_faults(formula: Expr, constants: dict[str, float]) -> list[Fault]:
    if formula.has(zoo, nan, oo, -oo, I):
        return [fault("formula_undefined", "expression")]
    strange = {type(part).__name__ for part in _parts(formula) if not isinstance(part, UNDERSTOOD)}
    faults = [fault("formula_function", "expression", given=name) for name in sorted(strange)]
    names = {symbol.name for symbol in formula.free_symbols if isinstance(symbol, Symbol)}
    variables = sorted(names - set(constants))
    if not variables:
        faults.append(fault("formula_no_variable", "expression"))
    if len(variables) > 1:
        faults.append(fault("formula_variables", "expression", given=tuple(variables)))
    return faults


def _parts(formula: Any) -> list[Any]:
    return [formula, *(part for child in formula.args for part in _parts(child))]
