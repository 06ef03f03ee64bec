"""The array language: what an equation becomes before any target spells it.

    statement := Assign(Name, value, equation)
    value     := Name                      a tensor, a gradient, a size, a temporary
               | Const                     a number
               | Call(op, values)          entry by entry, broadcasting from the right as NumPy does
               | MatMul(value, value)      the last axis of one with the first (or last but one)
               | Einsum(subscripts, values)
               | Reduce(op, value, over)   sum, max, argmax
               | Transpose(value, order)
               | Expand(value, new)        axes of length 1 put in
               | Take(value, labels)       value[n, labels[n]]
               | Range(index)              0, 1, ... along an axis
               | Rows(op, value, axis)     softmax and the like: one result a row, by position

Every value carries ``axes``: for each array axis the index that runs along it, None where its
length is 1. Axes are a note for those who build values; two values that compute the same are
equal whatever their indices are called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis, Index
from symbp.equations.equation import Equation

Axes = tuple[Index | None, ...]


@dataclass(frozen=True)
class Temporary:
    """A value shared between statements; ``label`` says what it is, ``number`` keeps it unique."""

    label: str
    number: int


Named = Any
"""What a Name stands for: a tensor, a ``Partial`` between two entries, a ``Size``, a temporary."""


@dataclass(frozen=True)
class Value:
    axes: Axes = field(default=(), compare=False, kw_only=True)

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that this one is computed from."""
        return ()

    def over(self, parts: tuple[Value, ...]) -> Value:
        """The same operation on other parts."""
        return self


@dataclass(frozen=True)
class Name(Value):
    of: Named


@dataclass(frozen=True)
class Const(Value):
    number: Expr


@dataclass(frozen=True)
class Range(Value):
    along: Axis


@dataclass(frozen=True)
class _Many(Value):
    args: tuple[Value, ...]

    @property
    def parts(self) -> tuple[Value, ...]:
        return self.args

    def over(self, parts: tuple[Value, ...]) -> Value:
        return replace(self, args=parts)


@dataclass(frozen=True)
class Call(_Many):
    op: str


@dataclass(frozen=True)
class MatMul(_Many):
    pass


@dataclass(frozen=True)
class Einsum(_Many):
    subscripts: str


@dataclass(frozen=True)
class Take(_Many):
    """``args`` are the array and its labels, which both run ``along`` an axis, if any."""

    along: Axis | None


@dataclass(frozen=True)
class _One(Value):
    arg: Value

    @property
    def parts(self) -> tuple[Value, ...]:
        return (self.arg,)

    def over(self, parts: tuple[Value, ...]) -> Value:
        return replace(self, arg=parts[0])


@dataclass(frozen=True)
class Reduce(_One):
    op: str
    positions: tuple[int, ...]
    keep: bool = False


@dataclass(frozen=True)
class Rows(_One):
    op: str
    position: int


@dataclass(frozen=True)
class Transpose(_One):
    order: tuple[int, ...]


@dataclass(frozen=True)
class Expand(_One):
    """``new`` are the positions, in the result, of the axes put in."""

    new: tuple[int, ...]


@dataclass(frozen=True)
class Assign:
    """``target = value``, because of ``equation``."""

    target: Name
    value: Value
    equation: Equation | None = None


def walk(value: Value) -> Iterator[Value]:
    """``value`` and everything in it, parts first."""
    for part in value.parts:
        yield from walk(part)
    yield value


def names_in(value: Value) -> set[Any]:
    """What the names in ``value`` stand for, and the sizes that it asks for."""
    found = {part.of for part in walk(value) if isinstance(part, Name)}
    along = {part.along for part in walk(value) if isinstance(part, (Range, Take))}
    return found | {axis.size for axis in along if axis is not None}
