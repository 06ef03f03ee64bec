"""One operation a statement, so that each result can be put somewhere.

delta = (y − d) z (1 − z)   ->   a = y − d;  b = a z;  c = 1 − z;  delta = b c
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Float, Integer, Rational

from symbp.lowering.arrays import (
    Assign,
    Call,
    Const,
    Element,
    Empty,
    Name,
    Reduce,
    Rows,
    Temporary,
    Value,
)
from symbp.lowering.passes.numbers import VIEWS, is_leaf, is_number

ZERO, ONE = Const(Integer(0)), Const(Integer(1))

CHAINED = ("add", "mul")
"""Operations of two or more arguments."""

LABEL = "work"
"""What a result without a name of its own is labelled."""


def single(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation on leaves."""
    splitter = _Splitter()
    for statement in statements:
        splitter.add(statement)
    return tuple(splitter.out)


@dataclass
class _Splitter:
    out: list[Assign] = field(default_factory=list)
    count: int = 0

    def add(self, statement: Assign) -> None:
        if statement.adds:
            self._add_to(statement)
        elif isinstance(statement.value, Empty):
            self.out.append(statement)
        else:
            value = self._on_leaves(statement.value, statement)
            self.out.append(statement.computing(value))

    def _add_to(self, statement: Assign) -> None:
        """What is added to an array, one addend after the other."""
        value = statement.value
        addends = value.args if isinstance(value, Call) and value.op == "add" else (value,)
        for addend in addends:
            self.out.append(statement.computing(self._leaf(addend, statement)))

    def _on_leaves(self, value: Value, owner: Assign) -> Value:
        """``value`` as one operation; what it is made of has been computed before."""
        if is_leaf(value):
            return value
        value = _paired(written_out(value))
        return value.over(tuple(self._leaf(part, owner) for part in value.parts))

    def _leaf(self, value: Value, owner: Assign) -> Value:
        """A name for ``value``, if it needs one; single numbers are computed where they stand."""
        value = written_out(value)
        if is_leaf(value):
            return value
        if isinstance(value, VIEWS):
            return value.over((self._leaf(value.arg, owner),))
        computed = self._on_leaves(value, owner)
        if not value.axes:
            return computed
        self.count += 1
        name = Name(Temporary(LABEL, self.count), axes=value.axes)
        self.out.append(replace(owner, target=name, value=computed, adds=False))
        return name


def _paired(value: Value) -> Value:
    """Sums and products of many as those of two; the numbers of a product make one number."""
    if not isinstance(value, Call) or value.op not in CHAINED:
        return value
    numbers = [arg for arg in value.args if is_number(arg)]
    arrays = [arg for arg in value.args if not is_number(arg)]
    if value.op == "mul" and len(numbers) > 1:
        numbers = [Call(tuple(numbers), "mul")]
    first, *rest = sorted([*arrays, *numbers], key=lambda arg: not arg.axes)
    for arg in rest:
        first = Call((first, arg), value.op, axes=_wider(first, arg))
    return replace(first, axes=value.axes)


def _wider(a: Value, b: Value) -> tuple[Any, ...]:
    """The axes of what two arrays make together."""
    rank = max(len(a.axes), len(b.axes))
    padded = [(*(None,) * (rank - len(each.axes)), *each.axes) for each in (a, b)]
    return tuple(p if p is not None else q for p, q in zip(*padded, strict=True))


# ---- functions, written out in operations -------------------------------------------------------


def written_out(value: Value) -> Value:
    """A function as the operations that it consists of, if there are any known."""
    known = WRITTEN.get(getattr(value, "op", ""))
    return known(value) if known else value


def _sigmoid(value: Call) -> Value:
    """1 / (1 + exp(−u)): where exp(−u) is beyond all numbers, it is 0."""
    (u,), axes = value.args, value.axes
    e = Call((Call((u,), "neg", axes=axes),), "exp", axes=axes)
    return Call((Call((e, ONE), "add", axes=axes),), "reciprocal", axes=axes)


def _softplus(value: Call) -> Value:
    """log(1 + exp(u)), which is log(exp(u) + exp(0))."""
    return Call((*value.args, ZERO), "logaddexp", axes=value.axes)


def _softmax(value: Rows) -> Value:
    _, e, whole = _exponentials(value.arg, value.position)
    return Call((e, whole), "div", axes=value.axes)


def _log_softmax(value: Rows) -> Value:
    """u − max u − log Σ exp(u − max u)"""
    shifted, _, whole = _exponentials(value.arg, value.position)
    return Call((shifted, Call((whole,), "log", axes=whole.axes)), "sub", axes=value.axes)


def _log_sum_exp(value: Reduce) -> Value:
    if len(value.positions) != 1:
        return value
    (position,) = value.positions
    *_, whole = _exponentials(value.arg, position)
    top = _top(value.arg, position)
    kept = Call((top, Call((whole,), "log", axes=whole.axes)), "add", axes=whole.axes)
    return kept if value.keep else Element(kept, position, 0, axes=value.axes)


def _exponentials(u: Value, position: int) -> tuple[Value, Value, Value]:
    """u − max u, the exponential of that, and the sum of these."""
    shifted = Call((u, _top(u, position)), "sub", axes=u.axes)
    e = Call((shifted,), "exp", axes=u.axes)
    return shifted, e, Reduce(e, "sum", (position,), keep=True, axes=_without(u, position))


def _top(u: Value, position: int) -> Value:
    return Reduce(u, "max", (position,), keep=True, axes=_without(u, position))


def _without(u: Value, position: int) -> tuple[Any, ...]:
    return tuple(None if p == position else index for p, index in enumerate(u.axes))


LARGEST = 4
"""Up to this exponent, products and roots are faster than a power."""


def _power(value: Call) -> Value:
    """Whole and half powers as products and roots: u³ = u² u, u^(−3/2) = 1 / (√u u)."""
    base, exponent = value.args
    number = exponent.number if isinstance(exponent, Const) else None
    number = Rational(number) if isinstance(number, Float) else number
    if not isinstance(number, Rational) or not value.axes:
        return value
    if not 0 < abs(number) <= LARGEST or number.q > HALF or number == 1:
        return value
    whole, half = divmod(abs(number.p) * HALF // number.q, HALF)
    factors = [Call((base,), "sqrt", axes=value.axes)] * half + _whole(base, whole)
    found = factors[0] if len(factors) == 1 else Call(tuple(factors), "mul", axes=value.axes)
    return found if number > 0 else Call((found,), "reciprocal", axes=value.axes)


HALF = 2
"""The denominator of the exponent of a root."""


def _whole(base: Value, exponent: int) -> list[Value]:
    """The factors of a whole power."""
    if exponent < 2:
        return [base] * exponent
    square = Call((base,), "square", axes=base.axes)
    twice = Call((square,), "square", axes=base.axes)
    return [twice] if exponent == 4 else [square, *[base] * (exponent - 2)]


def _quotient(value: Call) -> Value:
    """A division by a number is a product: that is faster. Numbers above come last: a / b c."""
    whole, by = value.args
    if not value.axes or is_number(whole):
        return value
    if is_number(by):
        return Call((whole, Call((ONE, by), "div")), "mul", axes=value.axes)
    factors = whole.args if isinstance(whole, Call) and whole.op == "mul" else ()
    numbers = tuple(arg for arg in factors if is_number(arg))
    if not numbers:
        return value
    arrays = tuple(arg for arg in factors if not is_number(arg))
    rest = arrays[0] if len(arrays) == 1 else Call(arrays, "mul", axes=whole.axes)
    return Call((Call((rest, by), "div", axes=value.axes), *numbers), "mul", axes=value.axes)


WRITTEN: dict[str, Callable[[Any], Value]] = {
    "sigmoid": _sigmoid,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "softplus": _softplus,
    "log_sum_exp": _log_sum_exp,
    "power": _power,
    "div": _quotient,
}
"""By the name of an operation: what it consists of."""
