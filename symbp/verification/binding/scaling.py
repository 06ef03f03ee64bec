"""Whether δ leaves out that the loss is a mean: a sum has nothing to leave out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from symbp.layers.layer import SAMPLE
from symbp.notation import formula as tree
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.chain import Sides
from symbp.verification.binding.cost import Cost, is_of_many, written


def as_summed(binding: Binding) -> Binding:
    """``binding`` with δ as the slope of E itself, where the page writes E as a sum."""
    notation = binding.notation
    if not notation.convention.delta_scale or any(_is_scaled(line.sides) for line in binding.lines):
        return binding
    cost = written(binding.lines, binding)
    if cost is None or not _is_sum(cost):
        return binding
    return replace(binding, notation=notation.as_read())


def _is_scaled(sides: Sides) -> bool:
    """``dZ = m ∂J/∂Z``, as the page says itself."""
    return any(
        isinstance(left, tree.Sign)
        and left.glyph in ("dZ", "dz")
        and isinstance(right, tree.Product)
        and any(isinstance(factor, tree.Derivative) for factor in right.factors)
        for left, right in pairwise(sides)
    )


def _is_sum(cost: Cost) -> bool:
    """Whether it is a sum over the samples, and no mean."""
    if cost.loss is not None:
        return cost.loss.reduction == "sum"
    return cost.own is not None and is_of_many(cost.own) and not cost.own.has(SAMPLE.size)
