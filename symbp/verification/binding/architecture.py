"""The network that a page builds in its own letters: layer by layer, each sign at its place.

A page that gives every layer letters of its own says by its forward equations which sign belongs
where, and that wins over any notation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.chain import Sides, as_numbers, chain, is_of_numbers
from symbp.verification.binding.forward import IDENTITY, Applied, Summed, forward
from symbp.verification.binding.naming import Key, deltas_of, is_predicting, loss_of, target_of
from symbp.verification.binding.peek import parts

MOST = 5
"""Layers with letters of their own."""


@dataclass(frozen=True)
class Architecture:
    """Layers 1 … ``depth``; ``signs`` are the names of their tensors.

    ``wide`` says of layers 0 … depth whether they have units, ``biased`` which have a bias,
    ``names`` which activation each has, where it is told by a formula or by its name, and
    ``functions`` the glyph of the function that is applied where it is called by a letter.
    """

    depth: int
    signs: Mapping[Key, Sign]
    wide: tuple[bool, ...]
    biased: frozenset[int]
    names: Mapping[int, str] = field(default_factory=dict)
    order: str = ""
    is_matrix: bool = False
    loss: str = ""
    functions: Mapping[int, str] = field(default_factory=dict)


def architecture_of(lines: Sequence[Sides]) -> Architecture | None:
    """The layers that the forward equations among ``lines`` build; None where they build none.

    They must be a chain from an input to an output, in which no sign has two meanings.
    """
    if any(_is_general(p) for sides in lines for p in parts(sides) if isinstance(p, Sign)):
        return None
    if not _has_letters(lines):
        lines = [with_labels(sides) for sides in lines]
    found = list(_forward(lines))
    if is_of_numbers(lines):
        found = [as_numbers(each) for each in found]
    layers = chain(found)
    if not layers or len(layers) > MOST:
        return None
    signs: dict[Key, Sign] = {("z", 0): layers[0].summed.fed}
    for place, layer in enumerate(layers, 1):
        signs["z", place] = layer.left
        signs["w", place] = layer.summed.weight
        if layer.unit is not None and layer.unit != layer.left:
            signs["u", place] = layer.unit
        if layer.summed.bias is not None:
            signs["b", place] = layer.summed.bias
    if len(set(signs.values())) < len(signs):
        return None
    depth = len(layers)
    if layers[-1].unit is None and layers[-1].name == IDENTITY and not is_predicting(lines, layers):
        return None
    target, loss = target_of(lines, signs["z", depth]), loss_of(lines, set(signs.values()))
    if target is not None and target not in signs.values():
        signs["d", None] = target
    signs |= deltas_of(lines, signs, depth)
    wide = (layers[0].summed.wide[0], *(layer.summed.wide[1] for layer in layers))
    orders = {layer.summed.order for layer in layers} - {""}
    if any(wide[p] != layers[p].summed.wide[0] for p in range(depth)) or len(orders) > 1:
        return None
    return Architecture(
        depth,
        signs,
        wide,
        frozenset(p for p, layer in enumerate(layers, 1) if layer.summed.has_bias),
        {p: layer.name for p, layer in enumerate(layers, 1) if layer.name},
        next(iter(orders), ""),
        any(layer.summed.is_matrix for layer in layers),
        loss,
        {p: layer.glyph for p, layer in enumerate(layers, 1) if layer.glyph},
    )


def _is_general(sign: Sign) -> bool:
    """Whether a sign stands at a layer in general, l or L."""
    return any(letter in sign.place for letter in "lLℓ")


def _has_letters(lines: Sequence[Sides]) -> bool:
    """Whether anything bears a letter as its index."""
    signs = (p for sides in lines for p in parts(sides) if isinstance(p, Sign))
    return any(isinstance(index, Sign) for sign in signs for index in sign.indices)


def with_labels(formula: Any) -> Any:
    """``formula`` with each single number below as part of the name, as in ``z1 = w1 x + b1``."""
    if isinstance(formula, Sign):
        numbers = [index for index in formula.indices if isinstance(index, tree.Number)]
        is_one = len(formula.indices) == len(numbers) == 1 and not formula.label
        return formula._replace(indices=(), label=numbers[0].text) if is_one else formula
    if isinstance(formula, tuple):
        found = tuple(map(with_labels, formula))
        return found if type(formula) is tuple else type(formula)(*found)
    return formula


def _forward(lines: Sequence[Sides]) -> Iterator[Summed | Applied]:
    for sides in lines:
        yield from forward(sides)
