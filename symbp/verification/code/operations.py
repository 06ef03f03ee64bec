"""What NumPy does entry by entry."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sympy import (
    Abs,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.equations.axis import Size
from symbp.equations.calculus import ArgLargest
from symbp.equations.tensor import is_entry, tensor_of
from symbp.verification.code.arrays import Unsupported, truth
from symbp.verification.code.limits import BITS
from symbp.verification.code.machine import TINY, Machine, Restart
from symbp.verification.code.values import Arr, Value, number

MOST_POWER = 64


def powered(base: Expr, power: Expr) -> Expr:
    """base^power. Raises ``Unsupported`` where the number would be too long."""
    if power.is_Rational and abs(power) > MOST_POWER:
        raise Unsupported("a large power")
    return Pow(base, power)


def larger(a: Expr, b: Expr) -> Expr:
    """The branch that varies comes first: ReLU is (u where u > 0, else 0)."""
    if a.is_number and not b.is_number:
        a, b = b, a
    return Piecewise((a, Gt(a, b, evaluate=False)), (b, True)) if a != b else a


def smaller(a: Expr, b: Expr) -> Expr:
    if a.is_number and not b.is_number:
        a, b = b, a
    return Piecewise((a, Lt(a, b, evaluate=False)), (b, True)) if a != b else a


UNARY: Mapping[str, Callable[[Expr], Expr]] = {
    "exp": exp,
    "log": log,
    "tanh": tanh,
    "sin": sin,
    "cos": cos,
    "sinh": sinh,
    "cosh": cosh,
    "arctan": atan,
    "abs": Abs,
    "absolute": Abs,
    "fabs": Abs,
    "sign": sign,
    "sqrt": sqrt,
    "negative": lambda x: -x,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "log1p": lambda x: log(1 + x),
    "expm1": lambda x: exp(x) - 1,
    "log2": lambda x: log(x) / log(2),
    "log10": lambda x: log(x) / log(10),
    "exp2": lambda x: 2**x,
    "erf": erf,
    "erfc": lambda x: 1 - erf(x),
    "expit": lambda x: 1 / (1 + exp(-x)),
    "positive": lambda x: x,
    "cbrt": lambda x: x ** Rational(1, 3),
    "atan": atan,
}

BINARY: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "true_divide": lambda a, b: a / b,
    "power": powered,
    "pow": powered,
    "maximum": larger,
    "minimum": smaller,
    "fmax": larger,
    "fmin": smaller,
    "float_power": powered,
    "logaddexp": lambda a, b: log(exp(a) + exp(b)),
}

RELATIONS: Mapping[str, Callable[..., Any]] = {
    "greater": Gt,
    "greater_equal": Ge,
    "less": Lt,
    "less_equal": Le,
    "equal": Eq,
    "not_equal": Ne,
}

LOGIC: Mapping[str, Callable[..., Any]] = {"logical_and": And, "logical_or": Or, "logical_not": Not}

REDUCTIONS = {
    "sum": "sum",
    "nansum": "sum",
    "mean": "mean",
    "average": "mean",
    "nanmean": "mean",
    "max": "max",
    "amax": "max",
    "min": "min",
    "amin": "min",
}


def binary(m: Machine, name: str, left: Arr, right: Arr, node: ast.AST) -> Arr:
    """An operation entry by entry; a tiny number added to a quantity is taken for nothing."""
    m.meet(left, right)
    if name in ("add", "subtract"):
        for mine, other in ((left, right), (right, left)):
            value = m.numeric(mine)
            if (
                value is not None
                and value.is_Rational
                and 0 < abs(value) <= TINY
                and not other.body.is_number
            ):
                m.taken.append(("tiny", node))
                return other if mine is right or name == "add" else m.on.each(lambda x: -x, other)
    if name == "power":
        value = m.numeric(right)
        right = number(value) if value is not None and value.is_Integer else right
    made = m.on.each(BINARY[name], left, right)
    if made.body.is_Rational and max(made.body.p.bit_length(), made.body.q.bit_length()) > BITS:
        raise Unsupported("a long number")
    return made


def related(m: Machine, name: str, left: Arr, right: Arr) -> Value:
    """A comparison: of known numbers it is decided."""
    a, b = m.numeric(left), m.numeric(right)
    if a is not None and b is not None:
        return bool(RELATIONS[name](a, b))
    if name in ("equal", "not_equal") and any(_position(m, x) for x in (left, right)):
        if not all(_position(m, x) or x.body.is_Integer for x in (left, right)):
            raise Unsupported("labels compared with numbers")
        for mine, other in ((left, right), (right, left)):
            if isinstance(mine.body, ArgLargest) and not other.body.is_Integer:
                m.on.position(other.body, mine.body.index.axis)
        same = m.on.each(KroneckerDelta, left, right)
        found = same if name == "equal" else m.on.each(lambda x: 1 - x, same)
        return replace(found, condition=truth(found))
    if (
        name in ("equal", "not_equal")
        and (equal := _same_size(m, left.body, right.body)) is not None
    ):
        return equal is (name == "equal")
    rule = RELATIONS[name]
    return m.on.tests(lambda x, y: rule(x, y, evaluate=False), left, right)


def _same_size(m: Machine, left: Expr, right: Expr) -> bool | None:
    """Whether two products of sizes are one, as in ``t.size == y.size``.

    Who asks that takes targets of both kinds: labels are those that no guess is needed for.
    """
    factors = [Mul.make_args(side) for side in (left, right)]
    if not all(isinstance(f, Size) for side in factors for f in side):
        return None
    one, other = ([m.on.axes.find(f.axis) for f in side] for side in factors)
    if len(one) != len(other):
        return False
    if set(one) == set(other):
        return True
    for tensor, name in m.guesses.items():
        last = [m.on.axes.find(axis) for axis in tensor.axes[1:]]
        if m.kinds.get(tensor) == "data" and set(last) & (set(one) ^ set(other)):
            raise Restart((f"rank {name}", 0, 0), "1")
    return None


def _position(m: Machine, arr: Arr) -> bool:
    from symbp.equations.axis import Index

    return isinstance(arr.body, (ArgLargest, Index)) or (
        is_entry(arr.body) and tensor_of(arr.body) in m.on.labels
    )
