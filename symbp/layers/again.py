"""Layers that are the same but for their place: one is put together, the others are moved there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.equation import Equation
from symbp.equations.nodes import written
from symbp.equations.relocate import located
from symbp.equations.tensor import Tensor
from symbp.layers.placed import Placed

Sizes = Sequence[int | None]


@dataclass
class Putting:
    """Puts layers at their places."""

    known: dict[object, tuple[Placed, Sequence[Tensor]]] = field(default_factory=dict)
    """By a layer and what it reads: where it was put, and what it read there."""

    def __call__(
        self, layer: Any, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sizes]
    ) -> Placed:
        """``layer`` at ``place``. Raises SpecErrors for whatever does not fit."""
        key = layer, _looks(reads), tuple(shapes)
        try:
            found = self.known.get(key)
        except TypeError:  # the options of somebody's layer may be lists
            return layer.put(place, reads, shapes)
        if found is not None:
            return _Move.between(*found, place, reads).placed()
        placed = layer.put(place, reads, shapes)
        self.known[key] = placed, reads
        return placed


def _looks(reads: Sequence[Tensor]) -> object:
    """What a layer can tell of ``reads``: neither places, nor axes but by which are the same."""
    numbers: dict[Axis, int] = {}

    def seen(axis: Axis | None) -> object:
        return axis and (axis.name, axis.letter, numbers.setdefault(axis, len(numbers)))

    return tuple((t.name, t.role, tuple(map(seen, t.axes)), seen(t.labels)) for t in reads)


@dataclass(frozen=True)
class _Move:
    """A layer put elsewhere, where other tensors with other ``axes`` are read."""

    before: Placed
    place: Expr
    reads: Mapping[Tensor, Tensor]
    axes: Mapping[Axis, Axis]

    @staticmethod
    def between(
        before: Placed, read: Sequence[Tensor], place: Expr, reads: Sequence[Tensor]
    ) -> _Move:
        tensors = dict(zip(read, reads, strict=True))
        axes = {a: b for old, new in tensors.items() for a, b in _pairs(old, new)}
        return _Move(before, place, tensors, axes)

    def placed(self) -> Placed:
        old = self.before
        sides = [side for e in self._equations for side in (e.lhs, e.rhs)]
        atoms = {atom: self.atom(atom) for side in sides for atom in located(side)}

        def moved(equations: Iterable[Equation]) -> tuple[Equation, ...]:
            return tuple(
                Equation(
                    f"{e.id.partition('@')[0]}@{written(self.place)}",
                    e.lhs.xreplace(atoms),
                    e.rhs.xreplace(atoms),
                )
                for e in equations
            )

        return replace(
            old,
            place=self.place,
            equations=moved(old.equations),
            output=self.tensor(old.output),
            parameters=tuple(replace(p, tensor=self.tensor(p.tensor)) for p in old.parameters),
            constants={self.tensor(t): value for t, value in old.constants.items()},
            sizes={self.axis(axis): size for axis, size in old.sizes.items()},
            merged=tuple(tuple(map(self.axis, group)) for group in old.merged),
            drawn=tuple((self.tensor(t), number) for t, number in old.drawn),
            states=tuple((self.tensor(t), number) for t, number in old.states),
            updates=moved(old.updates),
            inference=moved(old.inference),
        )

    @property
    def _equations(self) -> tuple[Equation, ...]:
        return (*self.before.equations, *self.before.updates, *self.before.inference)

    def atom(self, atom: Expr) -> Expr:
        match atom:
            case Index():
                return Index(atom.letter, self.axis(atom.axis))
            case Size():
                return self.axis(atom.axis).size
            case FunctionSymbol():
                return FunctionSymbol(atom.label, self._at(atom.place))
        return self.tensor(atom.tensor).symbol

    def tensor(self, tensor: Tensor) -> Tensor:
        if tensor in self.reads:
            return self.reads[tensor]
        return replace(
            tensor,
            axes=tuple(map(self.axis, tensor.axes)),
            place=self._at(tensor.place),
            labels=tensor.labels and self.axis(tensor.labels),
        )

    def axis(self, axis: Axis) -> Axis:
        return self.axes.get(axis) or replace(axis, place=self._at(axis.place))

    def _at(self, place: Expr | None) -> Expr | None:
        return self.place if place == self.before.place else place


def _pairs(old: Tensor, new: Tensor) -> Iterable[tuple[Axis, Axis]]:
    """The axes of two tensors that a layer cannot tell apart."""
    yield from zip(old.axes, new.axes, strict=True)
    if old.labels and new.labels:
        yield old.labels, new.labels
