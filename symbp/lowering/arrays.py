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
               | Join(values, position)    arrays side by side along an axis
               | Cut(value, position)      one of these again
               | Part(value, position)     the same, to be written to
               | Scalar(value)             a number as an array without axes
               | Places(labels, start)     where labels lead to in an array laid out in one row
               | Places(labels, step, start)   the same, where entries are apart
               | Places(labels)            the same, each counted from the beginning
               | At(value, places)         what stands there
               | Range(index)              0, 1, ... along an axis
               | Ones()                    1 everywhere
               | Tensordot(a, b, over)     several axes of one with as many of the other
               | Window(value, at)         value[start + Σ step · index], 0 outside
               | Overlay(value, at)        what stands at start + Σ step · index, added up
               | Pick(value, labels)       value[labels]
               | Collect(value, labels)    Σ of what has the same label
               | Rows(op, value, axis)     softmax and the like: one result a row, by position
               | First(value, top)         where along axes the first entry is that equals top
               | Reshape(value, axes)      the same entries, one after the other, by other axes
               | Copy(value)               the same in an array of its own
               | Bordered(value)           a matrix with a last column of ones

Every value carries ``axes``: for each array axis the index that runs along it, None where its
length is 1. Axes are a note for those who build values; two values that compute the same are
equal whatever their indices are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from operator import is_
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
    of: Any = None  # what it is a neighbour of


@dataclass(frozen=True)
class Neighbours:
    """A matrix and one more row, which lies behind it in memory: as one matrix."""

    first: Any
    last: Any


Named = Any
"""What a Name stands for: a tensor, a ``Partial`` between two entries, a ``Size``, a temporary,
neighbours."""


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

    def mapped(self, change: Callable[[Value], Value]) -> Value:
        """The same operation on what ``change`` makes of its parts; itself if they stay."""
        parts = self.parts
        changed = tuple(map(change, parts))
        return self if all(map(is_, changed, parts)) else self.over(changed)

    @cached_property
    def all(self) -> tuple[Value, ...]:
        """Itself and everything in it, parts first."""
        return (*chain.from_iterable(part.all for part in self.parts), self)

    @cached_property
    def names(self) -> frozenset[Any]:
        """What the names in it stand for, and the sizes that it asks for."""
        return frozenset(_asked(self)).union(*(part.names for part in self.parts))


@dataclass(frozen=True)
class Name(Value):
    of: Named


@dataclass(frozen=True)
class Const(Value):
    number: Expr


@dataclass(frozen=True)
class Loop:
    """For each position of ``along``, ``backwards`` from the last; ``number`` tells two apart."""

    along: Index
    backwards: bool
    number: int


@dataclass(frozen=True)
class Slice(Value):
    """What ``of`` is at the time of the loop: ``of[:, t]``; ``position`` is that of its axis."""

    of: Named
    position: int
    along: Index


@dataclass(frozen=True)
class Neighbour(Slice):
    """The same at another time, ``shift`` steps on; 0 where there is no such time."""

    shift: int = 0


@dataclass(frozen=True)
class Empty(Value):
    """Room for what a loop computes, ``like`` another array, or of the type of ``typed``."""

    like: Name | None
    typed: Named


@dataclass(frozen=True)
class Range(Value):
    along: Axis


@dataclass(frozen=True)
class Ones(Value):
    along: tuple[Axis, ...]


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
    """``args`` are the array and its labels, which both run ``along`` the same axes, if any."""

    along: tuple[Axis, ...]


@dataclass(frozen=True)
class Places(_Many):
    """``args`` are labels and where in a row of all entries each begins to count, if not at 0.

    Between the two stands how far apart the entries are, if not side by side.
    """


@dataclass(frozen=True)
class At(_Many):
    """``args`` are an array and places in the row of all its entries, its axes in ``order``."""

    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Joined(Axis):
    """Several axes, one behind the other."""

    parts: tuple[Axis, ...] = ()

    @staticmethod
    def of(parts: Sequence[Axis]) -> Joined:
        return Joined(" + ".join(part.key for part in parts), parts=tuple(parts))

    __hash__ = Axis.__hash__


@dataclass(frozen=True)
class Counted(Axis):
    """An axis of known size that no equation has."""

    count: int = 0

    __hash__ = Axis.__hash__


@dataclass(frozen=True)
class Join(_Many):
    """Arrays one behind the other along the axis at ``position``."""

    position: int


@dataclass(frozen=True)
class Tensordot(_Many):
    """``meeting`` are the positions in each of the two arguments that are summed over."""

    meeting: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Pick(_Many):
    """``args`` are an array and labels: ``array[labels]`` along ``position``."""

    position: int


@dataclass(frozen=True)
class First(_Many):
    """``args`` are an array and its largest entries along ``positions``: true at the first of them.

    ``counts`` are how many entries there are along each; the last of them counts fastest.
    """

    positions: tuple[int, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Collect(_Many):
    """``args`` are an array and labels, which are its first axes: what has one label is added up.

    The result has ``along`` in their place.
    """

    along: Axis


@dataclass(frozen=True)
class Steps:
    """Where along an axis indices lead: ``start + Σ step · index``; ``along`` are their axes."""

    along: tuple[Axis, ...]
    steps: tuple[int, ...]
    start: int


@dataclass(frozen=True)
class _One(Value):
    arg: Value

    @property
    def parts(self) -> tuple[Value, ...]:
        return (self.arg,)

    def over(self, parts: tuple[Value, ...]) -> Value:
        return replace(self, arg=parts[0])


@dataclass(frozen=True)
class Scalar(_One):
    """A number in the precision of the module."""


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
class Window(_One):
    """The axis at ``position`` read at ``at``, an axis for each of its indices in its place."""

    position: int
    at: Steps


@dataclass(frozen=True)
class Overlay(_One):
    """The axes at ``positions`` laid over each other, ``at``, as one axis ``along``: the first."""

    positions: tuple[int, ...]
    at: Steps
    along: Axis


@dataclass(frozen=True)
class Cut(_One):
    """The entries of ``along`` at ``position``, where those of ``before`` come first."""

    position: int
    before: tuple[Axis, ...]
    along: Axis


@dataclass(frozen=True)
class Part(Cut):
    """The same, not in an array of its own: what is written to it is written there."""


@dataclass(frozen=True)
class Element(_One):
    """``value[..., number, ...]`` along the axis at ``position``."""

    position: int
    number: int


@dataclass(frozen=True)
class Reshape(_One):
    """The entries in the order of the axes, the last of which counts fastest, ``along`` others."""

    along: tuple[Axis, ...]


@dataclass(frozen=True)
class Copy(_One):
    pass


@dataclass(frozen=True)
class Bordered(_One):
    """The border is there already, in memory behind what the samples have."""


@dataclass(frozen=True)
class Transpose(_One):
    order: tuple[int, ...]


@dataclass(frozen=True)
class Expand(_One):
    """``new`` are the positions, in the result, of the axes put in."""

    new: tuple[int, ...]


@dataclass(frozen=True)
class Assign:
    """``target = value``, because of ``equation``; ``target += value`` where it ``adds``.

    ``through`` are the equations of what has gone into it, and is nowhere else.
    """

    target: Name | Slice
    value: Value
    equation: Equation | None = None
    loop: Loop | None = None
    adds: bool = False
    through: tuple[Equation, ...] = ()

    def computing(self, value: Value, into: Name | Slice | None = None) -> Assign:
        """The same statement with another value and target; itself if it has these."""
        target = into or self.target
        if value is self.value and target is self.target:
            return self
        return replace(self, value=value, target=target)


def walk(value: Value) -> Iterator[Value]:
    """``value`` and everything in it, parts first."""
    return iter(value.all)


def long_axes(axes: Sequence[Index | None]) -> tuple[Axis, ...]:
    """The axes that indices run along: those of length 1 left out."""
    return tuple(index.axis for index in axes if index is not None)


def names_in(value: Value) -> frozenset[Any]:
    """What the names in ``value`` stand for, and the sizes that it asks for."""
    return value.names


def _asked(part: Value) -> Iterator[Any]:
    """The same of an operation by itself."""
    if isinstance(part, (Name, Slice)):
        yield part.of
    elif isinstance(part, Empty):
        yield part.like.of if part.like else part.typed
    for axis in _measured(part):
        yield axis.size


def _measured(part: Value) -> tuple[Axis, ...]:
    """The axes whose sizes an operation wants to know."""
    match part:
        case Range(along=along) | Collect(along=along):
            return (along,)
        case Cut(before=before, along=along):
            return (*before, along)
        case Ones(along=along) | Take(along=along) | Reshape(along=along):
            return along
        case Neighbour(along=along):
            return (along.axis,)
        case Empty(like=None):
            return long_axes(part.axes)
        case Window(at=at):
            return at.along
        case Overlay(at=at, along=along):
            return (*at.along, along)
    return ()
