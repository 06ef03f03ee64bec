"""Layers that only put values elsewhere, or add them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import prod

from symbp.errors import SpecErrors, fault
from symbp.layers.convolution import affine
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

LETTERS = "crsabpdefghijlmnoqtuvwxy"


@dataclass(frozen=True)
class Flatten(Layer):
    """``z[n, k = R S c + S r + s] = x[n, c, r, s]``: the axes from ``first`` on as one."""

    first: int = 1
    kind = "flatten"

    def forward(self, *shapes: Sizes) -> Forward:
        if self.first >= len(shapes[0]):
            given, wanted = len(shapes[0]) - 1, self.first
            raise SpecErrors([fault("layer_axes", given=given, wanted=wanted, name=self.kind)])
        sizes = [n or 0 for n in shapes[0][self.first :]]
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
    """``z[n, k = i] = x1[n, i]``, then ``z[n, k = I + j] = x2[n, j]``: one behind the other."""

    kind = "concatenate"

    def forward(self, *shapes: Sizes) -> Forward:
        if len(shapes) < 2:
            raise SpecErrors([fault("layer_reads", "from", given=len(shapes), wanted=2)])
        if len(shapes) > len(LETTERS):
            facts = {"given": len(shapes), "limit": len(LETTERS)}
            raise SpecErrors([fault("reads_many", "from", **facts)])
        sizes = [shape[-1] or 0 for shape in shapes]
        starts = [0, *accumulate(sizes)][:-1]
        reads, terms, equations = [], [], []
        for number, (letter, start) in enumerate(zip(LETTERS, starts, strict=False), 1):
            reads.append(f"x{number}[..., {letter}]")
            at = affine((1, letter), start)
            equations.append(f"v{number}[..., k = {at}] = x{number}[..., {letter}]")
            terms.append(f"v{number}[..., k]")
        z = f"z[..., k] = {' + '.join(terms)}"
        return Forward(tuple(reads), (*equations, z), {"k": sum(sizes)})
