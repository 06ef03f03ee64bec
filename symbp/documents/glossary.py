"""The table of symbols: each kind of quantity in a lesson once, sizes, and letters of indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, KroneckerDelta

from symbp.documents.words import Words
from symbp.equations.axis import Axis, Index, Size
from symbp.equations.nodes import nodes
from symbp.equations.tensor import CHANGE, Entry, Role, Tensor, indices_of
from symbp.notation import formula as tree
from symbp.notation.notation import Notation

COMMON = ("u", "z", "w", "b")
"""Names that mean the same in every layer, unless its words say otherwise."""

KINDS = "layer_"
"""What the groups of words about one kind of layer begin with."""


def stem(name: str) -> str:
    """``w`` for ``w_q``, ``v`` for ``v1``; marks stay: ``x_hat``."""
    head, _, label = name.partition("_")
    return name if len(label) > 1 else head.rstrip("0123456789")


def is_change(tensor: Tensor) -> bool:
    """Whether it is what an update adds to a parameter."""
    return tensor.name in ("dw", "db") or tensor.name.endswith(CHANGE)


@dataclass(frozen=True)
class Glossary:
    """What the things in a network are called, by the ``kinds`` of its layers."""

    words: Words
    kinds: Mapping[Expr, str]

    def group(self, place: Expr | None) -> Mapping[str, str]:
        """The words about the layer at ``place``; none where its kind has none."""
        kind = self.kinds.get(place, "") if place is not None else ""
        family = kind.removesuffix("1d").removesuffix("2d")
        return self.words.groups.get(f"{KINDS}{family}", {})

    def name(self, place: Expr) -> str:
        """What the layer at ``place`` is called: ``LSTM``; empty where nobody says."""
        return self.words.groups["layer"].get(self.kinds.get(place, ""), "")

    def meaning(self, tensor: Tensor) -> str | None:
        """What a tensor of a layer is: ``forget gate``; None where only the field's words do."""
        group = self.group(tensor.place)
        for name in (tensor.name, stem(tensor.name)):
            if name in group:
                return group[name]
        known = stem(tensor.name) in COMMON or tensor.role is not Role.OTHER or is_change(tensor)
        if known or tensor.place not in self.kinds:
            return None
        return self.words.groups["symbol"]["part"]

    def key(self, tensor: Tensor) -> str:
        """Tensors with one key are told once."""
        return f"{self.kinds.get(tensor.place, '')}.{stem(tensor.name)}"

    def along(self, axis: Axis) -> str:
        """What an index along ``axis`` counts."""
        group = self.group(axis.place)
        name = axis.name.rstrip("0123456789") if axis.place is None else axis.name
        common = self.words.groups["axis"]
        return group.get(f"axis_{axis.name}") or common.get(name) or common["other"]

    def sizes(self, notation: Notation, lines: Iterable[tuple[Expr, Expr]]) -> Iterator[Expr]:
        """The sizes that are written down, in the order of reading."""
        seen: set[tree.Sign] = set()
        for sides in lines:
            sizes = {notation.spelling.size(s.axis): s for e in sides for s in nodes(e, Size)}
            if not sizes.keys() - seen:
                continue
            for sign in signs_in(notation.arranged(*sides)):
                if sign in sizes and sign not in seen:
                    seen.add(sign)
                    yield sizes[sign]


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
