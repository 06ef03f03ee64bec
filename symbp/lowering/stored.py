"""Entries of tensors as arrays in memory: their names, and the order of their axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Expr, Integer

from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.recurrence import shift_of
from symbp.equations.tensor import Tensor, indices_of, is_entry, tensor_of
from symbp.errors import SymbpError
from symbp.lowering.arrays import (
    Einsum,
    Element,
    Name,
    Neighbour,
    Pick,
    Slice,
    Steps,
    Take,
    Value,
    Window,
)
from symbp.lowering.shape import ordered

Layout = Mapping[Tensor, tuple[int, ...]]
"""For a tensor not stored in the order of its axes: which axis is stored first, second, …."""


class NotLowered(SymbpError):
    """An expression that the array language has no words for: ``what`` is it, ``code`` says why."""

    def __init__(self, code: str, what: Any) -> None:
        self.code = code
        self.what = what
        super().__init__(f"{code}: {what}")


def target(lhs: Expr, layout: Layout, loop: Index | None = None) -> Name | Slice:
    """What an equation assigns to; a gradient is stored as its parameter is."""
    if isinstance(lhs, Partial):
        if not (is_entry(lhs.of) and is_entry(lhs.wrt)):
            raise NotLowered("derivative", lhs)
        of = Partial(tensor_of(lhs.of).entry, tensor_of(lhs.wrt).entry)
        return replace(target(lhs.wrt, layout, loop), of=of)
    if not is_entry(lhs) or not all(isinstance(i, Index) for i in indices_of(lhs)):
        raise NotLowered("left-side", lhs)
    name = entry(lhs, layout, loop)
    assert isinstance(name, (Name, Slice))
    return name


def entry(expr: Expr, layout: Layout, loop: Index | None = None) -> Value:
    """A tensor as stored, read where its indices lead: windows, labels, single positions.

    ``loop`` is the index that a loop counts: no axis runs along it.
    """
    tensor, indices = tensor_of(expr), indices_of(expr)
    order = layout.get(tensor, tuple(range(len(indices))))
    stored = tuple(indices[p] for p in order)
    for position, index in enumerate(stored):
        if loop is not None and (shift := shift_of(index, loop)) is not None:
            rest = tuple(i for i in stored if i != index)
            if not all(isinstance(i, Index) and i != loop for i in rest):
                raise NotLowered("index", expr)
            if shift and tensor.axes[order[position]] != loop.axis:
                raise NotLowered("index", expr)  # it ends at another time than the loop
            if shift:
                return Neighbour(tensor, position, loop, shift, axes=rest)
            return Slice(tensor, position, loop, axes=rest)
    labels = [p for p, index in enumerate(stored) if is_entry(index)]
    if labels and (taken := _taken(expr, stored, labels, layout)) is not None:
        return taken
    taken_letters = set[Index]().union(*(index.atoms(Index) for index in stored))
    axes: list[Index] = []
    for position, index in enumerate(stored):
        axis = tensor.axes[order[position]]
        plain = isinstance(index, Index) and index.axis == axis and index not in axes
        axes.append(index if plain else axis.fresh(taken_letters | set(axes)))
    value: Value = Name(tensor, axes=tuple(axes))
    for index, own in zip(stored, tuple(axes), strict=True):
        if index != own:
            value = _read(value, own, index, layout)
    return _diagonal(value)


def _read(value: Value, own: Index, at: Expr, layout: Layout) -> Value:
    """``value`` with its axis ``own`` read at ``at``."""
    position = value.axes.index(own)
    before, after = value.axes[:position], value.axes[position + 1 :]
    if isinstance(at, Integer):
        return Element(value, position, int(at), axes=before + after)
    if is_entry(at):
        labels = entry(at, layout)
        return Pick((value, labels), position, axes=(*before, *labels.axes, *after))
    indices, steps = affine(at)
    return Window(value, position, steps, axes=(*before, *indices, *after))


def affine(at: Expr) -> tuple[tuple[Index, ...], Steps]:
    """The indices of ``start + Σ step · index`` in a reproducible order. Raises NotLowered."""
    indices = tuple(sorted(at.atoms(Index), key=lambda i: (-abs(_step(at, i)), str(i))))
    start = at.xreplace(dict.fromkeys(indices, Integer(0)))
    steps = tuple(_step(at, index) for index in indices)
    whole = start + sum(s * i for s, i in zip(steps, indices, strict=True))
    if not isinstance(start, Integer) or whole != at or min(steps, default=0) < 1:
        raise NotLowered("index", at)
    return indices, Steps(tuple(i.axis for i in indices), steps, int(start))


def _step(at: Expr, index: Index) -> int:
    step = at.coeff(index) if at != index else Integer(1)
    return int(step) if step.is_Integer else 0


def _diagonal(value: Value) -> Value:
    """``value`` with one axis for an index that stands in several places."""
    axes = tuple(dict.fromkeys(value.axes))
    if len(axes) == len(value.axes):
        return value
    letter = dict(zip(axes, "abcdefghijklmnopqrstuvwxyz", strict=False))
    spelled = ["".join(letter[i] for i in each) for each in (value.axes, axes)]
    return Einsum((value,), "->".join(spelled), axes=axes)


def _taken(expr: Expr, stored: tuple[Any, ...], picked: list[int], layout: Layout) -> Value | None:
    """``z[n, t[n]]``: one of each row; ``z[n, s, t[n, s]]`` where a row has two numbers."""
    label, along = stored[picked[0]], tuple(i for i in stored if isinstance(i, Index))
    known = is_entry(label) and indices_of(label) == along and len(along) == len(stored) - 1
    axis = tensor_of(label).labels if known else None
    if axis is None:
        return None
    unit = axis.fresh(along)
    axes = tuple(index if isinstance(index, Index) else unit for index in stored)
    array = ordered(Name(tensor_of(expr), axes=axes), (*along, unit))
    return Take((array, entry(label, layout)), tuple(i.axis for i in along), axes=along)
