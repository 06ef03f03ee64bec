"""Tensors: named quantities with axes. ``t[n, j]`` is a SymPy ``Indexed`` that knows its tensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from symbp.equations.axis import KEPT, Axis, AxisSymbol
from symbp.equations.nodes import in_order, nodes, written


class Role(StrEnum):
    """What a tensor is to the network; a notation maps each role to a glyph."""

    ACTIVATION = "activation"
    PREACTIVATION = "preactivation"
    WEIGHT = "weight"
    BIAS = "bias"
    PARAMETER = "parameter"  # learnt, and neither weight nor bias
    INPUT = "input"  # data that is read, where it has a name of its own
    MASK = "mask"  # data that is read: 1 where something counts, 0 elsewhere
    TARGET = "target"
    DELTA = "delta"  # the adjoint of a pre-activation
    ADJOINT = "adjoint"  # the derivative of the loss with respect to anything else
    LOSS = "loss"
    TERM = "term"  # an addend of the loss: the data term, the penalty
    CONSTANT = "constant"  # chosen, not computed: learning rate, slope, decay
    STATE = "state"  # what is remembered between steps, and not learnt by descent
    DRAWN = "drawn"  # random, drawn anew for each step
    OTHER = "other"


PARAMETERS = (Role.WEIGHT, Role.BIAS, Role.PARAMETER)


CHANGE = "_change"
"""How the name of what is added to a parameter ends, but for the dw and db of the field."""

ALONG, LINEAR = " along", " linear"
"""How the name of a tangent ends, and that of an adjoint in which the layers count as linear.

With a blank, as nobody can name a tensor: w_linear is somebody's own.
"""

HESSIAN, GAUSS_NEWTON = " hessian", " gauss newton"
"""How the names of the products of these matrices with a direction end."""


@dataclass(frozen=True)
class Tensor:
    """A quantity ``name`` with ``axes``, at a ``place`` (a layer) where it has one.

    ``labels`` is the axis whose positions the entries are, for a tensor of integer class labels.
    """

    name: str
    axes: tuple[Axis, ...] = ()
    role: Role = Role.OTHER
    place: Expr | None = None
    labels: Axis | None = None

    @cached_property
    def key(self) -> str:
        """The one text that tells this tensor from every other."""
        return self._spelled(written)

    @cached_property
    def symbol_name(self) -> str:
        """The same for SymPy, which puts symbols in the order of their names."""
        return self._spelled(in_order)

    def _spelled(self, place: Callable[[Expr], str]) -> str:
        own = "" if self.place is None else f"@{place(self.place)}"
        labels = f" in {self.labels.spelled(place)}" if self.labels else ""
        axes = ",".join(axis.spelled(place) for axis in self.axes)
        return f"{self.name}{own}[{axes}]{labels} {self.role}"

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.axes, self.role, self.place, self.labels))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def symbol(self) -> TensorSymbol:
        return TensorSymbol(self)

    @cached_property
    def base(self) -> Base:
        return Base(self.symbol)

    def __getitem__(self, indices: Expr | tuple[Expr, ...]) -> Expr:
        """The entry at ``indices``; ``t[()]`` is the scalar itself."""
        indices = indices if isinstance(indices, tuple) else (indices,)
        if len(indices) != len(self.axes):
            raise IndexError(f"{self.name} has {len(self.axes)} axes, not {len(indices)}")
        return self.base[indices] if indices else self.symbol

    @property
    def entry(self) -> Expr:
        """The entry at the axes' own letters, primed where two axes want the same one."""
        taken: list[Any] = []
        for axis in self.axes:
            taken.append(axis.fresh(taken))
        return self[tuple(taken)]

    def __reduce__(self) -> tuple[Any, ...]:
        return Tensor, (self.name, self.axes, self.role, self.place, self.labels)


def after(tensor: Tensor) -> Tensor:
    """What ``tensor`` is after a step: ``w'`` for ``w``."""
    return replace(tensor, name=f"{tensor.name}'")


def change_name(parameter: Tensor) -> str:
    """The name of what an update adds to a parameter."""
    is_plain = parameter.role in (Role.WEIGHT, Role.BIAS)
    return f"d{parameter.name}" if is_plain else f"{parameter.name}{CHANGE}"


class TensorSymbol(Symbol):
    """The symbol under a tensor; real, except that labels are integers. Named by its key."""

    __slots__ = ("tensor",)
    tensor: Tensor

    def __new__(cls, tensor: Tensor) -> TensorSymbol:
        labels = (tensor.labels,) if tensor.labels else ()
        return _symbol(tensor, tuple(axis.letter for axis in (*tensor.axes, *labels)))

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.tensor,), {}


@lru_cache(maxsize=KEPT)
def _symbol(tensor: Tensor, letters: tuple[str, ...]) -> TensorSymbol:
    """Tensors whose axes differ only in their ``letters`` are equal, and yet have symbols each."""
    kind = {"integer": True} if tensor.labels else {"real": True}
    symbol: TensorSymbol = Symbol.__xnew__(TensorSymbol, tensor.symbol_name, **kind)
    symbol.tensor = tensor
    return symbol


class Base(IndexedBase):
    """What SymPy puts between a tensor's symbol and its entries; one for each symbol."""

    def __new__(cls, label: TensorSymbol) -> Base:
        return _base(label)

    def __getitem__(self, indices: Any, **_: Any) -> Expr:
        return Entry(self, *(indices if isinstance(indices, tuple) else (indices,)))

    def _hashable_content(self) -> tuple[Any, ...]:
        return tuple(self.args)  # what SymPy assumes of it, its symbol knows


class Entry(Indexed):
    """``t[i, j]``: one object for each base and indices, that assumes what the symbol does."""

    def __new__(cls, base: Base, *indices: Any) -> Entry:
        return _entry(base, tuple(Integer(i) if isinstance(i, int) else i for i in indices))

    def _hashable_content(self) -> tuple[Any, ...]:
        return tuple(self.args)

    def _xreplace(self, rule: Mapping[Any, Any]) -> tuple[Any, bool]:
        """As SymPy's, short of looking into the base for anything but the symbol."""
        if self in rule:
            return rule[self], True
        base, *indices = self.args
        label = base.label
        moved = [index._xreplace(rule) for index in indices]
        symbol = rule.get(label, label)
        if symbol is label and not any(changed for _, changed in moved):
            return self, False
        return symbol.tensor.base[tuple(index for index, _ in moved)], True


# SymPy puts factors in order by the names of their classes.
Base.__name__, Entry.__name__ = IndexedBase.__name__, Indexed.__name__


@lru_cache(maxsize=KEPT)
def _base(label: TensorSymbol) -> Base:
    base: Base = Expr.__new__(Base, label)
    base._shape, base._offset, base._strides = None, Integer(0), None
    base._name = label.name
    base._assumptions = label._assumptions
    return base


@lru_cache(maxsize=KEPT)
def _entry(base: Base, indices: tuple[Expr, ...]) -> Entry:
    entry: Entry = Expr.__new__(Entry, base, *indices)
    entry._assumptions = base._assumptions
    return entry


def is_entry(expr: Expr) -> bool:
    """Whether ``expr`` is an entry of a tensor, scalars included."""
    return isinstance(expr, (Indexed, TensorSymbol))


def tensor_of(entry: Expr) -> Tensor:
    """The tensor of an entry ``t[i, j]`` or of a scalar."""
    symbol = entry.base.label if isinstance(entry, Indexed) else entry
    tensor: Tensor = symbol.tensor
    return tensor


def indices_of(entry: Expr) -> tuple[Expr, ...]:
    """The index expressions of an entry; none for a scalar."""
    return tuple(entry.indices) if isinstance(entry, Indexed) else ()


def entries(expr: Expr, tensor: Tensor | None = None) -> list[Expr]:
    """The entries in ``expr``, of ``tensor`` if given, in a reproducible order."""
    found = _entries(expr)
    return [entry for entry in found if tensor is None or tensor_of(entry) == tensor]


@lru_cache(maxsize=KEPT)
def _entries(expr: Expr) -> tuple[Expr, ...]:
    found = set(nodes(expr, Indexed))
    bases = {entry.base.label for entry in found}
    found |= nodes(expr, TensorSymbol) - bases
    return tuple(sorted(found, key=lambda entry: entry.sort_key()))


def tensors_in(*exprs: Expr) -> set[Tensor]:
    """The tensors that ``exprs`` speak of."""
    return {symbol.tensor for expr in exprs for symbol in nodes(expr, TensorSymbol)}


@lru_cache(maxsize=KEPT)
def axes_in(expr: Expr) -> frozenset[Axis]:
    """The axes of the indices, the sizes and the tensors in ``expr``."""
    along = {symbol.axis for symbol in nodes(expr, AxisSymbol)}
    return frozenset(along.union(*(tensor.axes for tensor in tensors_in(expr))))
