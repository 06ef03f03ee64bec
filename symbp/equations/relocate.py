"""The same equations at another place: layer 17 for layer l."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from sympy import Expr

from symbp.equations.axis import KEPT, Axis, Index, Size, l
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.nodes import nodes
from symbp.equations.tensor import Tensor, TensorSymbol

Places = Mapping[Expr, Expr]


def substitution(exprs: Iterable[Expr], places: Places) -> dict[Expr, Expr]:
    """What ``xreplace`` wants to move every atom of ``exprs`` that stands at one of ``places``."""
    found: dict[Expr, Expr] = {}
    for expr in exprs:
        for atom in located(expr):
            if atom in found:
                continue
            before = _places(atom)
            after = tuple(places.get(place, place) for place in before)
            if after != before:
                found[atom] = _moved(atom, _letters(atom), after)
    return found


def places_of(*exprs: Expr) -> set[Expr]:
    """The places at which the atoms of ``exprs`` stand."""
    found: set[Expr] = set()
    for expr in exprs:
        found |= _places_of(expr)
    return found


@lru_cache(maxsize=KEPT)
def located(expr: Expr) -> frozenset[Expr]:
    """What in ``expr`` stands at places."""
    return nodes(expr, Index, Size, TensorSymbol, FunctionSymbol)


@lru_cache(maxsize=KEPT)
def _places_of(expr: Expr) -> frozenset[Expr]:
    return frozenset().union(*map(_places, located(expr)))


@cache
def _places(atom: Expr) -> tuple[Expr, ...]:
    """The places that ``atom`` stands at, each once."""
    match atom:
        case Index() | Size():
            found = [atom.axis.place]
        case FunctionSymbol():
            found = [atom.place]
        case _:
            tensor = atom.tensor
            axes = (*tensor.axes, tensor.labels) if tensor.labels else tensor.axes
            found = [tensor.place, *(axis.place for axis in axes)]
    return tuple(place for place in dict.fromkeys(found) if place is not None)


def _letters(atom: Expr) -> tuple[str, ...]:
    """What the axes of ``atom`` call their indices, by which equal axes can still differ."""
    match atom:
        case Index() | Size():
            return (atom.axis.letter,)
        case TensorSymbol():
            return tuple(axis.letter for axis in atom.tensor.axes)
    return ()


def counted_from(here: Expr, *exprs: Expr) -> dict[Expr, Expr]:
    """What ``xreplace`` wants to count all places from l, where ``here`` is l."""
    return substitution(exprs, {place: l + (place - here) for place in places_of(*exprs)})


def renaming(exprs: Iterable[Expr], axes: Mapping[Axis, Axis]) -> dict[Expr, Expr]:
    """What ``xreplace`` wants to have every atom of ``exprs`` run along other axes."""
    found: dict[Expr, Expr] = {}
    for atom in frozenset().union(*map(located, exprs)):
        match atom:
            case Index():
                moved: Expr = Index(atom.letter, axes.get(atom.axis, atom.axis))
            case Size():
                moved = axes.get(atom.axis, atom.axis).size
            case TensorSymbol():
                moved = along(atom.tensor, axes).symbol
            case _:
                continue
        if moved != atom:
            found[atom] = moved
    return found


def along(tensor: Tensor, axes: Mapping[Axis, Axis]) -> Tensor:
    """``tensor`` with other axes."""
    return replace(
        tensor,
        axes=tuple(axes.get(axis, axis) for axis in tensor.axes),
        labels=axes.get(tensor.labels, tensor.labels) if tensor.labels else None,
    )


@lru_cache(maxsize=KEPT)
def _moved(atom: Expr, letters: tuple[str, ...], after: tuple[Expr, ...]) -> Expr:
    """``atom``, whose axes have these ``letters``, with its places ``after`` one another."""
    places = dict(zip(_places(atom), after, strict=True))
    match atom:
        case Index():
            return Index(atom.letter, axis_at(atom.axis, places))
        case Size():
            return axis_at(atom.axis, places).size
        case FunctionSymbol():
            return FunctionSymbol(atom.label, places.get(atom.place, atom.place))
    return tensor_at(atom.tensor, places).symbol


def axis_at(axis: Axis, places: Places) -> Axis:
    """``axis`` with its place moved."""
    return replace(axis, place=places[axis.place]) if axis.place in places else axis


def tensor_at(tensor: Tensor, places: Places) -> Tensor:
    """``tensor`` with its place and its axes' places moved."""
    return replace(
        tensor,
        axes=tuple(axis_at(axis, places) for axis in tensor.axes),
        place=places.get(tensor.place, tensor.place),
        labels=tensor.labels and axis_at(tensor.labels, places),
    )
