"""Entries of tensors as arrays in memory: their names, and the order of their axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Expr

from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Tensor, indices_of, is_entry, tensor_of
from symbp.errors import SymbpError
from symbp.lowering.arrays import Name, Take, Value
from symbp.lowering.shape import ordered

Layout = Mapping[Tensor, tuple[int, ...]]
"""For a tensor not stored in the order of its axes: which axis is stored first, second, …."""


class NotLowered(SymbpError):
    """An expression that the array language has no words for: ``what`` is it, ``code`` says why."""

    def __init__(self, code: str, what: Any) -> None:
        self.code = code
        self.what = what
        super().__init__(f"{code}: {what}")


def target(lhs: Expr, layout: Layout) -> Name:
    """The name that an equation assigns to; a gradient is stored as its parameter is."""
    if isinstance(lhs, Partial):
        if not (is_entry(lhs.of) and is_entry(lhs.wrt)):
            raise NotLowered("derivative", lhs)
        of = Partial(tensor_of(lhs.of).entry, tensor_of(lhs.wrt).entry)
        return replace(target(lhs.wrt, layout), of=of)
    if not is_entry(lhs) or not all(isinstance(i, Index) for i in indices_of(lhs)):
        raise NotLowered("left-side", lhs)
    name = entry(lhs, layout)
    assert isinstance(name, Name)
    return name


def entry(expr: Expr, layout: Layout) -> Value:
    """A tensor as stored; ``z[n, t[n]]`` as what its labels pick."""
    tensor, indices = tensor_of(expr), indices_of(expr)
    order = layout.get(tensor, tuple(range(len(indices))))
    stored = tuple(indices[p] for p in order)
    picked = [p for p, index in enumerate(stored) if not isinstance(index, Index)]
    if picked:
        return _taken(expr, stored, picked, layout)
    if len(set(stored)) != len(stored):
        raise NotLowered("diagonal", expr)
    return Name(tensor, axes=stored)


def _taken(expr: Expr, stored: tuple[Any, ...], picked: list[int], layout: Layout) -> Value:
    label, along = stored[picked[0]], tuple(i for i in stored if isinstance(i, Index))
    known = is_entry(label) and indices_of(label) == along and len(along) == len(stored) - 1 < 2
    axis = tensor_of(label).labels if known else None
    if axis is None:
        raise NotLowered("index", expr)
    unit = axis.fresh(along)
    axes = tuple(index if isinstance(index, Index) else unit for index in stored)
    array = ordered(Name(tensor_of(expr), axes=axes), (*along, unit))
    return Take((array, entry(label, layout)), along[0].axis if along else None, axes=along)
