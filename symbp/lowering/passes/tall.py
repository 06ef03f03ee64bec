"""A sum over samples and positions has more rows than columns: that is the faster product.

∂E/∂w[o, c, p] = Σ δ · windows   ->   a[c, p, o] = Σ windows · δ;  ∂E/∂w = a.transpose(2, 0, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from symbp.equations.calculus import Partial
from symbp.lowering.arrays import Assign, Axes, Name, Temporary, Tensordot, Transpose
from symbp.lowering.passes.steps import Sizes, looks_through_windows

LABEL = "tall"


def tall(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, with such gradients the other way round first."""
    if not looks_through_windows(statements):
        return tuple(statements)
    out: list[Assign] = []
    for count, statement in enumerate(statements):
        value = statement.value
        if isinstance(statement.target.of, Partial) and isinstance(value, Tensordot):
            rest = _rest(value)
            longer = all(rest) and _size(rest[1], sizes) > _size(rest[0], sizes)
            if longer and _is_sum_over_samples(value, sizes):
                turned = replace(
                    value,
                    args=value.args[::-1],
                    meeting=value.meeting[::-1],
                    axes=(*rest[1], *rest[0]),
                )
                name = Name(Temporary(LABEL, count), axes=turned.axes)
                out.append(replace(statement, target=name, value=turned))
                first, second = len(rest[0]), len(rest[1])
                order = (*range(second, first + second), *range(second))
                value = Transpose(name, order, axes=value.axes)
        out.append(statement.computing(value))
    return tuple(out)


def _rest(value: Tensordot) -> tuple[Axes, Axes]:
    """The axes of both arguments that are not summed over."""
    pairs = zip(value.args, value.meeting, strict=True)
    first, second = (
        tuple(index for p, index in enumerate(arg.axes) if p not in met) for arg, met in pairs
    )
    return first, second


def _is_sum_over_samples(value: Tensordot, sizes: Sizes) -> bool:
    met = (value.args[0].axes[p] for p in value.meeting[0])
    return any(index is not None and index.axis not in sizes for index in met)


def _size(axes: Axes, sizes: Sizes) -> int:
    return prod(sizes.get(index.axis, 1) for index in axes if index is not None)
