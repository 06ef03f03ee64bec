"""Numbers beside arrays are arrays without axes, made once: NumPy has less to ask about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Integer, Rational

from symbp.equations.axis import Size
from symbp.lowering.arrays import Assign, Call, Const, Name, Range, Scalar, Temporary, Value, walk
from symbp.lowering.passes.numbers import is_number
from symbp.lowering.passes.steps import Sizes

CALLED = {Integer(0): "zero", Integer(1): "one", Integer(2): "two", Rational(1, 2): "half"}
"""Numbers that have names; the others are counted."""

APART = ("power", "where")
"""Operations that are faster with a number, or do not compute with it."""


def scalars(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, with numbers in front of those that read them: equal ones once."""
    made: dict[Value, Assign] = {}
    rest = [each.computing(_with_names(each.value, made, sizes)) for each in statements]
    return (*made.values(), *rest)


def _with_names(value: Value, made: dict[Value, Assign], sizes: Sizes) -> Value:
    if not isinstance(value, Call) or value.op in APART or not value.axes:
        return value
    if any(isinstance(part, Range) for part in walk(value)):
        return value  # places are whole numbers
    args = tuple(_named(arg, made, sizes) if is_number(arg) else arg for arg in value.args)
    return replace(value, args=args)


def _named(number: Value, made: dict[Value, Assign], sizes: Sizes) -> Value:
    known = _counted(number, sizes)
    if known not in made:
        made[known] = Assign(_name(number, list(made)), Scalar(number))
    return made[known].target


def _counted(number: Value, sizes: Sizes) -> Value:
    """The number with the sizes in it that are known."""
    if isinstance(number, Name):
        known = isinstance(number.of, Size) and number.of.axis in sizes
        return Const(Integer(sizes[number.of.axis])) if known else number
    return number.mapped(lambda part: _counted(part, sizes))


def _name(number: Value, others: Sequence[Value]) -> Name:
    labels = [_label(each) for each in others]
    label = _label(number)
    return Name(Temporary(label, 0) if label else Temporary("number", labels.count(None) + 1))


def _label(number: Value) -> str | None:
    """What a number is called, if not by a count."""
    return CALLED.get(number.number) if isinstance(number, Const) else None
