"""The network that a page builds in its own letters: layer by layer, each sign at its place.

A page that gives every layer letters of its own says by its forward equations which sign belongs
where, and that wins over any notation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.forward import IDENTITY, Applied, Summed, bare, forward
from symbp.verification.binding.patterns import LOSSES, WEIGHTS, compared
from symbp.verification.binding.peek import parts

Sides = tuple[tree.Formula, ...]
Key = tuple[str, int | None]
"""The neutral name of a tensor and the number of its layer."""

MOST = 5
"""Layers with letters of their own."""


@dataclass(frozen=True)
class Layer:
    """What is fed, what is computed of it, and by which activation, as far as that is said."""

    summed: Summed
    left: Sign
    unit: Sign | None
    name: str = ""
    glyph: str = ""


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
    if _is_of_numbers(lines):
        found = [_as_numbers(each) for each in found]
    layers = _chain(found)
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
    if (
        layers[-1].unit is None
        and layers[-1].name == IDENTITY
        and not _is_predicting(lines, layers)
    ):
        return None
    target, loss = _target(lines, signs["z", depth]), _loss(lines, set(signs.values()))
    if target is not None and target not in signs.values():
        signs["d", None] = target
    signs |= _deltas(lines, signs, depth)
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


def _chain(found: list[Summed | Applied]) -> list[Layer]:
    """The layers in order; none where the equations are not one chain."""
    weights: set[Sign] = set()
    sums: list[tuple[Summed, Applied | None]] = []
    applied: dict[Sign, Applied] = {}
    for each in found:
        summed = each if isinstance(each, Summed) else each.unit
        if isinstance(summed, Summed):
            if summed.weight in weights:
                if not _is_repeated(summed, sums):
                    return []
                sums = [_joined(known, summed, each) for known in sums]
                continue
            weights.add(summed.weight)
            sums.append((summed, each if isinstance(each, Applied) else None))
        elif isinstance(each, Applied) and isinstance(each.unit, Sign):
            applied.setdefault(each.unit, each)
    layers = [_layer(summed, by, applied) for summed, by in sums]
    starts = {layer.summed.fed: layer for layer in layers}
    ends = {layer.left for layer in layers}
    if len(starts) != len(layers) or len(ends) != len(layers):
        return []
    heads = [layer for layer in layers if layer.summed.fed not in ends]
    chain = heads[:1] if len(heads) == 1 else []
    while chain and chain[-1].left in starts:
        chain.append(starts[chain[-1].left])
    return chain if len(chain) == len(layers) else []


def _is_repeated(summed: Summed, sums: list[tuple[Summed, Applied | None]]) -> bool:
    """Whether a sum is one that was written before, with the unit or inside of a function."""
    return any(
        (known.weight, known.fed) == (summed.weight, summed.fed)
        and (known.unit is None or summed.unit is None or known.unit == summed.unit)
        for known, _ in sums
    )


def _joined(
    known: tuple[Summed, Applied | None], summed: Summed, each: Summed | Applied
) -> tuple[Summed, Applied | None]:
    """A sum that is written twice, once with its unit and once inside of its function."""
    before, by = known
    if before.weight != summed.weight:
        return known
    unit = before.unit or summed.unit
    return replace(before, unit=unit), by or (each if isinstance(each, Applied) else None)


def _is_of_numbers(lines: Sequence[Sides]) -> bool:
    """Whether nothing on the page is a vector: no index, no capital, no sign of matrices."""
    every = [p for sides in lines for p in parts(sides)]
    if any(isinstance(p, (tree.Transposed, tree.Norm, tree.Big)) for p in every):
        return False
    signs = [p for p in every if isinstance(p, Sign)]
    return not any((s.glyph in WEIGHTS and s.glyph.isupper()) or s.indices for s in signs)


def _as_numbers(each: Summed | Applied) -> Summed | Applied:
    if isinstance(each, Summed):
        return replace(each, wide=(False, False), is_matrix=False, order="")
    if isinstance(each.unit, Summed):
        return replace(
            each, unit=replace(each.unit, wide=(False, False), is_matrix=False, order="")
        )
    return each


def _layer(summed: Summed, by: Applied | None, applied: Mapping[Sign, Applied]) -> Layer:
    if by is not None:
        return Layer(summed, by.left, summed.unit, by.name, by.glyph)
    assert summed.unit is not None
    out = applied.get(summed.unit)
    if out is None:
        return Layer(summed, summed.unit, None, IDENTITY)
    return Layer(summed, out.left, summed.unit, out.name, out.glyph)


# ---- what else is named -------------------------------------------------------------------------


def _is_predicting(lines: Sequence[Sides], layers: Sequence[Layer]) -> bool:
    """Whether what the last layer sums up is what is compared with a target."""
    return _target(lines, layers[-1].left) is not None


def _target(lines: Sequence[Sides], prediction: Sign) -> Sign | None:
    """What the prediction is compared with in a loss."""
    for sides in lines:
        for part in parts(sides):
            pair = compared(part)
            names = [bare(sign) for sign in pair or ()]
            if prediction in names:
                others = [name for name in names if name != prediction]
                if others:
                    return others[0]
    return None


def _loss(lines: Sequence[Sides], known: set[Sign]) -> str:
    """What is differentiated by something known and is neither a layer's nor indexed."""
    for sides in lines:
        for part in parts(sides):
            if isinstance(part, tree.Derivative) and isinstance(part.of, Sign):
                of, wrt = part.of, part.wrt
                is_plain = not (of.indices or of.place or of.label or of.primes)
                is_known = isinstance(wrt, Sign) and bare(wrt) in known
                if is_plain and is_known and (of.glyph in LOSSES or bare(of) not in known):
                    return of.glyph
    return ""


def _deltas(lines: Sequence[Sides], signs: Mapping[Key, Sign], depth: int) -> dict[Key, Sign]:
    """What δ of each layer is called: as it is defined, else as the layer's other signs are."""
    layers = {sign: key for key, sign in signs.items() if key[0] in ("u", "z")}
    said: dict[int, Sign] = {}
    for sides in lines:
        for left, right in _equalities(sides):
            wrt = right.wrt if isinstance(right, tree.Derivative) else None
            if isinstance(left, Sign) and isinstance(wrt, Sign) and bare(left) not in layers:
                name, place = layers.get(bare(wrt), ("", None))
                is_unit = name == "u" or (name == "z" and ("u", place) not in signs)
                if is_unit and place and left.indices == wrt.indices:
                    said.setdefault(place, bare(left))
    glyph = next((sign.glyph for sign in said.values()), "δ")
    found: dict[Key, Sign] = {}
    for place in range(1, depth + 1):
        own = said.get(place)
        others = [sign for other, sign in said.items() if other != place]
        if own is not None and (
            own.place or own.label or own.primes or _is_alone(own, others, lines)
        ):
            found["delta", place] = own
        else:
            at = next((s.place for n in "uzw" if (s := signs.get((n, place))) and s.place), "")
            found["delta", place] = Sign(own.glyph if own else glyph, place=at or str(place))
    return found


def _is_alone(own: Sign, others: Sequence[Sign], lines: Sequence[Sides]) -> bool:
    """Whether a sign without a place stands for one layer only, as its letters show."""
    if own in others:
        return False
    every = (p for sides in lines for p in parts(sides) if isinstance(p, Sign))
    return len({sign.indices for sign in every if bare(sign) == own}) == 1


def _equalities(sides: Sides) -> Iterator[tuple[tree.Formula, tree.Formula]]:
    for number, left in enumerate(sides):
        for right in sides[number + 1 :]:
            yield left, right
