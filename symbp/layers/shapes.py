"""Layers that only put values elsewhere, or add them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import prod

from symbp.errors import SpecErrors, fault
from symbp.layers import checks
from symbp.layers.convolution import affine
from symbp.layers.entrywise import along
from symbp.layers.forward import Forward
from symbp.layers.written import ANY_AXIS, Layer, Sizes

LETTERS = "crsabpqfghijlmotuvwxyz"
EACH = "ijlmopqrstuvwxyz"
"""A letter for each of what is put together; not k, and none of those behind an axis."""


@dataclass(frozen=True)
class Flatten(Layer):
    """``z[n, k = R S c + S r + s] = x[n, c, r, s]``: the axes from ``first`` on as one."""

    first: int = 1
    kind = "flatten"

    def forward(self, *shapes: Sizes) -> Forward:
        start = self.first - (None not in shapes[0])  # one sample has no axis for samples
        checks.refuse(checks.axes(self, shapes[0], start + 1))
        sizes = [n or 0 for n in shapes[0][start:]]
        letters = LETTERS[: len(sizes)]
        steps = [prod(sizes[k + 1 :]) for k in range(len(sizes))]
        at = affine(*zip(steps, letters, strict=True))
        own = {"k": prod(sizes)}
        x = f"x[..., {', '.join(letters)}]"
        return Forward((x,), (f"z[..., k = {at}] = {x}",), own)


@dataclass(frozen=True)
class Add(Layer):
    """``z = x1 + x2 + …``"""

    kind = "add"

    def forward(self, *shapes: Sizes) -> Forward:
        if len(shapes) < 2:
            raise SpecErrors([fault("layer_reads", "from", given=len(shapes), wanted=2)])
        reads = tuple(f"x{k}[...]" for k in range(1, len(shapes) + 1))
        return Forward(reads, (f"z[...] = {' + '.join(reads)}",))


@dataclass(frozen=True)
class Concatenate(Layer):
    """``z[n, k = i] = x1[n, i]``, then ``z[n, k = I + j] = x2[n, j]``: one behind the other.

    Along the last axis, unless another is given.
    """

    axis: int = -1
    kind = "concatenate"
    least = ANY_AXIS

    def forward(self, *shapes: Sizes) -> Forward:
        wanted = min(max(len(shapes), 2), len(EACH))
        few = [fault("layer_reads", "from", given=len(shapes), wanted=wanted)]
        checks.refuse(
            few if len(shapes) != wanted else (),
            *(checks.axis(self, "axis", shape) for shape in shapes),
        )
        sizes = [shape[self.axis] or 0 for shape in shapes]
        k = along(self.axis, shapes[0], "k")
        reads, terms, equations = [], [], []
        starts = [0, *accumulate(sizes)][:-1]
        for number, (letter, start) in enumerate(zip(EACH, starts, strict=False), 1):
            x = f"x{number}[{along(self.axis, shapes[number - 1], letter)}]"
            at = along(self.axis, shapes[0], f"k = {affine((1, letter), start)}")
            reads.append(x)
            equations.append(f"v{number}[{at}] = {x}")
            terms.append(f"v{number}[{k}]")
        z = f"z[{k}] = {' + '.join(terms)}"
        return Forward(tuple(reads), (*equations, z), {"k": sum(sizes)})
