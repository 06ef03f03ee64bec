"""Numbers beside arrays are arrays without axes, made once: NumPy has less to ask about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Integer, Rational

from symbp.lowering.arrays import Assign, Call, Const, Name, Range, Scalar, Temporary, Value, walk
from symbp.lowering.passes.numbers import is_number

CALLED = {Integer(0): "zero", Integer(1): "one", Integer(2): "two", Rational(1, 2): "half"}
"""Numbers that have names; the others are counted."""

APART = ("power", "where")
"""Operations that are faster with a number, or do not compute with it."""


def scalars(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with numbers in front of those that read them."""
    made: dict[Value, Name] = {}
    rest = [each.computing(_with_names(each.value, made)) for each in statements]
    once = [Assign(name, Scalar(number)) for number, name in made.items()]
    return (*once, *rest)


def _with_names(value: Value, made: dict[Value, Name]) -> Value:
    if not isinstance(value, Call) or value.op in APART or not value.axes:
        return value
    if any(isinstance(part, Range) for part in walk(value)):
        return value  # places are whole numbers
    args = tuple(
        made.setdefault(arg, _name(arg, made)) if is_number(arg) else arg for arg in value.args
    )
    return replace(value, args=args)


def _name(number: Value, made: dict[Value, Name]) -> Name:
    label = CALLED.get(number.number) if isinstance(number, Const) else None
    counted = sum(1 for each in made.values() if each.of.label == "number")
    return Name(Temporary(label, 0) if label else Temporary("number", counted + 1))
