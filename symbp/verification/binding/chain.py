"""Sums and functions joined into layers, one behind the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.forward import IDENTITY, Applied, Summed
from symbp.verification.binding.patterns import WEIGHTS
from symbp.verification.binding.peek import parts

Sides = tuple[tree.Formula, ...]


@dataclass(frozen=True)
class Layer:
    """What is fed, what is computed of it, and by which activation, as far as that is said."""

    summed: Summed
    left: Sign
    unit: Sign | None
    name: str = ""
    glyph: str = ""


def chain(found: list[Summed | Applied]) -> list[Layer]:
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


def is_of_numbers(lines: Sequence[Sides]) -> bool:
    """Whether nothing on the page is a vector: no index, no capital, no sign of matrices."""
    every = [p for sides in lines for p in parts(sides)]
    if any(isinstance(p, (tree.Transposed, tree.Norm, tree.Big)) for p in every):
        return False
    signs = [p for p in every if isinstance(p, Sign)]
    return not any((s.glyph in WEIGHTS and s.glyph.isupper()) or s.indices for s in signs)


def as_numbers(each: Summed | Applied) -> Summed | Applied:
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
