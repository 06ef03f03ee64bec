"""Whether δ leaves out that the loss is a mean: a sum has nothing to leave out."""

from __future__ import annotations

from dataclasses import replace

from symbp.layers.layer import SAMPLE
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.cost import Cost, is_of_many, written


def as_summed(binding: Binding) -> Binding:
    """``binding`` with δ as the slope of E itself, where the page writes E as a sum."""
    notation = binding.notation
    if not notation.convention.delta_scale:
        return binding
    cost = written(binding.lines, binding)
    if cost is None or not _is_sum(cost):
        return binding
    return replace(binding, notation=notation.as_read())


def _is_sum(cost: Cost) -> bool:
    """Whether it is a sum over the samples, and no mean."""
    if cost.loss is not None:
        return cost.loss.reduction == "sum"
    return cost.own is not None and is_of_many(cost.own) and not cost.own.has(SAMPLE.size)
