"""Axes and the indices that run along them.

An axis has a name, and a place where layers have one: the units of layer ``l`` and those of layer
``l + 1`` are different axes. Its size is a symbol: no derivation ever needs the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import Any

from sympy import Expr, Integer, Sum, Symbol, Tuple, symbols

from symbp.equations.nodes import in_order, written

LETTERS = "ijkmpqrs"

KEPT = 2**14
"""Symbols and entries of one kind that are remembered.

What is asked for again is then the same object, which SymPy need not compare part by part.
"""

l, L = symbols("l L", integer=True, positive=True)
"""A layer in general, and the last one."""


@dataclass(frozen=True)
class Axis:
    """A direction along which tensors extend; ``letter`` is what its indices are called first."""

    name: str
    place: Expr | None = None
    letter: str = field(default="i", compare=False)

    @cached_property
    def key(self) -> str:
        """The one text that tells this axis from every other."""
        return self.spelled(written)

    @cached_property
    def symbol_name(self) -> str:
        """The same for SymPy, which puts symbols in the order of their names."""
        return self.spelled(in_order)

    def spelled(self, place: Callable[[Expr], str]) -> str:
        """Name and place, which ``place`` spells."""
        return self.name if self.place is None else f"{self.name}@{place(self.place)}"

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.place))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def size(self) -> Size:
        return Size(self)

    def index(self, letter: str | None = None) -> Index:
        """The index called ``letter`` along this axis: the same letter is the same index."""
        return Index(letter or self.letter, self)

    def fresh(self, taken: Iterable[Index], letter: str | None = None) -> Index:
        """An index along this axis whose letter none of ``taken`` bears."""
        used = {index.letter for index in taken}
        wanted = letter or self.letter
        others = LETTERS if wanted[0] in LETTERS else wanted
        primed = (c + "'" * n for n, c in product(range(1, len(used) + 2), others))
        return self.index(next(c for c in chain([wanted], others, primed) if c not in used))

    def __reduce__(self) -> tuple[Any, ...]:
        # Not the cached size, which points back here.
        return Axis, (self.name, self.place, self.letter)


class AxisSymbol(Symbol):
    """A symbol that knows its axis. Its SymPy name is unique, so that orders are reproducible."""

    __slots__ = ("axis",)
    axis: Axis

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.axis,), {}


class Size(AxisSymbol):
    """The number of entries along an axis: a positive integer, never a number in a derivation."""

    def __new__(cls, axis: Axis) -> Size:
        return _size(axis, axis.letter)


class Index(AxisSymbol):
    """An integer from 0 up to, not including, the size of its axis."""

    __slots__ = ("letter",)
    letter: str

    def __new__(cls, letter: str, axis: Axis) -> Index:
        return _index(letter, axis, axis.letter)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.letter, self.axis), {}

    @property
    def limits(self) -> tuple[Index, Expr, Expr]:
        """What SymPy's Sum wants: the whole axis."""
        return (self, Integer(0), self.axis.size - 1)


@lru_cache(maxsize=KEPT)
def _size(axis: Axis, first: str) -> Size:
    """Axes that differ only in their ``first`` letter are equal, and yet have symbols each."""
    size: Size = Symbol.__xnew__(Size, f"size({axis.symbol_name})", integer=True, positive=True)
    size.axis = axis
    return size


@lru_cache(maxsize=KEPT)
def _index(letter: str, axis: Axis, first: str) -> Index:
    index: Index = Symbol.__xnew__(Index, f"{letter}({axis.symbol_name})", integer=True)
    index.axis = axis
    index.letter = letter
    return index


class Total(Sum):
    """SymPy's Sum, except that it leaves its body as it stands.

    SymPy drags the branches of a Piecewise out of a sum, which turns Σ_k w_k 1[u > 0] into cases of
    sums. Σ 0 is 0.
    """

    def __new__(cls, body: Expr, *limits: Any, **_: Any) -> Any:
        if body == 0:
            return body
        total = Expr.__new__(cls)
        total._args = (body, *(Tuple(*limit) for limit in limits))
        total.is_commutative = True
        return total


def total(body: Expr, *indices: Index) -> Expr:
    """The sum of ``body`` over the whole axes of ``indices``: ``Σ_i Σ_j body``."""
    return Total(body, *(i.limits for i in reversed(indices))) if indices else body
