"""What the things in a network are called, by the kinds of its layers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Expr, KroneckerDelta

from symbp.documents.words import Words
from symbp.equations.axis import Axis, Index, Size, l
from symbp.equations.nodes import nodes
from symbp.equations.tensor import CHANGE, PARAMETERS, Entry, Role, Tensor, indices_of
from symbp.notation import formula as tree
from symbp.notation.notation import Notation

COMMON = ("u", "z", "w", "b")
"""Names that mean the same in every layer, unless its words say otherwise."""

KINDS = "layer_"
"""What the groups of words about one kind of layer begin with."""


def stem(name: str) -> str:
    """``w`` for ``w_q`` and ``w'``, ``v`` for ``v1``; marks stay: ``x_hat``."""
    name = name.rstrip("'")
    head, _, label = name.partition("_")
    return name if len(label) > 1 else head.rstrip("0123456789")


def is_change(tensor: Tensor) -> bool:
    """Whether it is what an update adds to a parameter."""
    return tensor.name in ("dw", "db") or tensor.name.endswith(CHANGE)


@dataclass(frozen=True)
class Glossary:
    """What the things in a network are called, by the ``kinds`` of its layers.

    Where layers are told in general, ``here`` is one that l stands for.
    """

    words: Words
    kinds: Mapping[Expr, str]
    here: Expr | None = None

    def at(self, here: Expr | None) -> Glossary:
        """The same where l stands for the layer ``here``."""
        return self if here == self.here else replace(self, here=here)

    def kind(self, place: Expr | None) -> str:
        """The kind of the layer at ``place``; empty where nobody says."""
        there = self._there(place)
        return "" if there is None else self.kinds.get(there, "")

    def _there(self, place: Expr | None) -> Expr | None:
        if place is None or self.here is None:
            return place
        there: Expr = place.xreplace({l: self.here})
        return there

    def group(self, place: Expr | None) -> Mapping[str, str]:
        """The words about the layer at ``place``; none where its kind has none."""
        family = self.kind(place).removesuffix("1d").removesuffix("2d")
        return self.words.groups.get(f"{KINDS}{family}", {})

    def name(self, place: Expr) -> str:
        """What the layer at ``place`` is called: ``LSTM``; empty where nobody says."""
        return self.words.groups["layer"].get(self.kind(place), "")

    def meaning(self, tensor: Tensor, near: Expr | None = None) -> str | None:
        """What a tensor of a layer is: ``forget gate``; None where only the field's words do.

        A constant is that of the layer whose equations have it, the one at ``near``.
        """
        place = self._place(tensor, near)
        group = self.group(place)
        for name in (tensor.name, stem(tensor.name)):
            if name in group:
                return group[name]
        is_known = stem(tensor.name) in COMMON or is_change(tensor) or tensor.place is None
        if is_known or self._there(place) not in self.kinds:
            return None
        common = self.words.groups["symbol"]
        if tensor.role in PARAMETERS:
            return common["parameter"]
        return common["part"] if tensor.role is Role.OTHER else None

    def key(self, tensor: Tensor, near: Expr | None = None) -> str:
        """Tensors with one key are told once."""
        return f"{self.kind(self._place(tensor, near))}.{stem(tensor.name)}"

    def _place(self, tensor: Tensor, near: Expr | None) -> Expr | None:
        is_constant = tensor.role is Role.CONSTANT and tensor.place is None
        return near if is_constant else tensor.place

    def along(self, axis: Axis) -> str:
        """What an index along ``axis`` counts."""
        group = self.group(axis.place)
        name = axis.name.rstrip("0123456789") if axis.place is None else axis.name
        common = self.words.groups["axis"]
        return group.get(f"axis_{axis.name}") or common.get(name) or common["other"]


def sizes_in(
    notation: Notation, sides: tuple[Expr, Expr], known: Collection[tree.Sign]
) -> Iterator[tuple[tree.Sign, Expr]]:
    """The sizes that an equation writes down, in order of reading; no sign that is ``known``."""
    sizes = {notation.spelling.size(s.axis): s for side in sides for s in nodes(side, Size)}
    if sizes.keys() - known:
        for sign in dict.fromkeys(signs_in(notation.arranged(*sides))):
            if sign in sizes and sign not in known:
                yield sign, sizes[sign]


def signs_in(formula: Any) -> Iterator[tree.Sign]:
    """All signs of a formula, those that stand as indices among them."""
    if isinstance(formula, tree.Sign):
        yield formula
        yield from signs_in(formula.indices)
    elif isinstance(formula, tuple):
        for part in formula:
            yield from signs_in(part)


def has_sums_as_indices(sides: Iterable[Expr]) -> bool:
    """Whether positions are reckoned, as in z_{2i + p} and in h_{t - 1}."""
    positions = (
        position
        for side in sides
        for entry in nodes(side, Entry, KroneckerDelta)
        for position in (indices_of(entry) or entry.args)
    )
    return any(isinstance(position, Add) for position in positions)


def letters(sides: Iterable[Expr]) -> dict[str, list[Axis]]:
    """Each letter and the axes that it runs along, in the order of reading."""
    found: dict[str, list[Axis]] = {}
    for side in sides:
        for index in sorted(nodes(side, Index), key=lambda i: i.sort_key()):
            axes = found.setdefault(index.letter, [])
            if index.axis not in axes:
                axes.append(index.axis)
    return found
