"""What names of a program stand for while it is read."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index

Value = Any
"""Arr, Cell, Open, Unknown, Range, Function, Class, Instance, Module, Builtin, Words, or a plain
bool, str, None, list, tuple, dict or slice. Numbers are arrays without dimensions."""


@dataclass(frozen=True)
class Arr:
    """An array: its entry ``body`` at ``idx``; a dimension of one entry to be repeated is None.

    No two arrays share a free index. ``condition`` says when the entry is true, for booleans;
    ``of`` what its entries are parts of, where none of them are copied.
    """

    idx: tuple[Index | None, ...]
    body: Expr
    condition: Any = None
    of: tuple[Part, ...] = field(default=(), compare=False, repr=False)

    @property
    def rank(self) -> int:
        return len(self.idx)

    @property
    def real(self) -> tuple[Index, ...]:
        return tuple(i for i in self.idx if i is not None)


def number(value: Any) -> Arr:
    """A number as an array without dimensions."""
    return Arr((), value if isinstance(value, Expr) else Integer(value))


@dataclass(eq=False)
class Cell:
    """An array that names refer to: who changes it in place changes it for all of them."""

    value: Arr
    name: str
    depth: int = 0  # the loops over samples around the place where it was made
    node: ast.AST | None = None  # the call that made it, where it was filled with a constant
    used: bool = False  # read elsewhere than in its own update
    lost: bool = False  # changed in a way that is not followed: of ``value`` the shape alone holds
    changes: int = 0  # in place
    of: tuple[Part, ...] = ()  # what it is a view of
    views: WeakSet[Cell] = field(default_factory=WeakSet)  # those of it that have a name


@dataclass(frozen=True)
class Part:
    """Entries of ``cell``: those at ``places``, or any of them where that is None.

    They were taken when the array had been changed ``changes`` times.
    """

    cell: Cell
    places: tuple[Any, ...] | None = None
    changes: int = 0

    @property
    def is_stale(self) -> bool:
        """Whether the entries are others by now."""
        return self.cell.lost or self.cell.changes != self.changes


@dataclass(eq=False)
class Open:
    """An argument or a piece of data of which nothing is known but the ``name``.

    It becomes what it is used as: an array or number (``cell``) or a container (``items``).
    ``of``: what it may hold, having been made of that; ``owner``: what it is a member of.
    """

    name: str
    cell: Any = None
    items: dict[Any, Value] = field(default_factory=dict)
    of: tuple[Value, ...] = ()
    owner: Value = None


@dataclass(frozen=True)
class Unknown:
    """A value that could not be followed, and so is everything computed from it.

    Who changes it may change what it is made ``of``.
    """

    why: str = ""
    of: tuple[Value, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Yielded:
    """What a generator gives, one after the other: each may be a part of what that was given."""

    of: tuple[Value, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Words:
    """A text with numbers in it that are known at run time only."""


@dataclass(frozen=True)
class Range:
    start: Arr
    stop: Arr
    step: int = 1


@dataclass(frozen=True)
class Samples:
    """Positions that a run draws: a shuffle of an axis, or a selection with an axis of its own."""

    key: str
    axis: Axis
    shuffle: bool = False


@dataclass(eq=False)
class Frame:
    """Names of one call, and where else to look for a name."""

    names: dict[str, Value] = field(default_factory=dict)
    outer: Frame | None = None
    function: str = ""
    globals: set[str] = field(default_factory=set)
    returned: list[ast.Return] = field(default_factory=list)


@dataclass(eq=False)
class Function:
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    outer: Frame
    defaults: dict[str, Value] = field(default_factory=dict)
    self: Value = None
    owner: Class | None = None
    kind: str = ""  # staticmethod, classmethod, property
    is_known: bool = True  # no decorator makes another function of it


@dataclass(eq=False)
class Class:
    name: str
    bases: tuple[Class, ...]
    members: dict[str, Value]
    is_known: bool = True  # whether all bases are

    def find(self, name: str) -> Value:
        """The member ``name``, here or in a base; ``KeyError`` where there is none."""
        if name in self.members:
            return self.members[name]
        for base in self.bases:
            try:
                return base.find(name)
            except KeyError:
                continue
        raise KeyError(name)


@dataclass(eq=False)
class Instance:
    cls: Class
    items: dict[Any, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A field of a dataclass: whether it is an argument, and what makes its value where none is."""

    is_argument: bool = True
    default: Value = None
    factory: Value = None


@dataclass(frozen=True)
class Super:
    self: Instance
    owner: Class


@dataclass(frozen=True)
class Module:
    name: str


@dataclass(frozen=True)
class Builtin:
    """A function of NumPy or of Python by its name, or a method of ``self``."""

    name: str
    self: Value = None
    numeric: bool = False  # NumPy's, where Python has one of this name too


@dataclass(frozen=True)
class Hints:
    """What is known from outside: shapes of arguments (None: any size), the function to begin with.

    ``is_pair``: that carries a derivative back through what another function computes.
    ``is_wary``: what other files define may change all that it is given.
    ``seconds`` of processor time are left to follow the program.

    ``shapes`` are looked up by argument name; a size of 1 is a dimension that is repeated.
    """

    shapes: dict[str, tuple[int | None, ...]] = field(default_factory=dict)
    entry: str = ""
    is_pair: bool = False
    is_wary: bool = False
    seconds: float = 3.0


@dataclass(frozen=True)
class Zip:
    """Arrays whose first axes are gone through together; ``counted`` with the position before."""

    parts: tuple[Value, ...]
    counted: bool = False
