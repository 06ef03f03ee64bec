"""One vector for all parameters, and optimizers that are a handful of passes over it.

The gradient goes into a vector of the same kind, of which every part is a view: whoever computes
it writes there, and multiplies it by ``factor`` while it is still small. Adam keeps m/(1 − β₁)
and v/(1 − β₂), so that a step takes ten passes and two scalars; what is out of use in m is set to
0 before it becomes subnormal, which would take a hundred times as long. Vectors that no cache
holds are updated in slices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from math import prod

import numpy as np

from tests.benchmarks.networks import Shapes

LARGE, SLICE = 1 << 20, 1 << 16
FLUSH, GONE = 256, 1e-25
"""0.9 ** 256 of GONE is not yet subnormal."""


class Flat:
    """Views of the vectors ``w`` and ``g`` in these shapes, in ``blocks`` and ``slopes``."""

    def __init__(self, shapes: Shapes, dtype: str) -> None:
        sizes = [prod(shape) for shape in shapes.values()]
        bounds = np.cumsum([0, *sizes])
        self.w, self.g = (np.zeros(int(bounds[-1]), dtype) for _ in range(2))
        cuts = [slice(a, b) for a, b in pairwise(map(int, bounds))]
        self.blocks, self.slopes = (
            {name: v[cut].reshape(shapes[name]) for name, cut in zip(shapes, cuts, strict=True)}
            for v in (self.w, self.g)
        )


def slices(*vectors: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
    """The vectors in parts that a cache holds; whole, where they are not large."""
    size = len(vectors[0])
    step = SLICE if size > LARGE else size
    for low in range(0, size, step):
        yield tuple(v[low : low + step] for v in vectors)


class Sgd:
    """The gradient comes multiplied by −η."""

    def __init__(self, flat: Flat, rate: float) -> None:
        self.factor = -rate
        self.parts = list(slices(flat.w, flat.g))

    def step(self) -> None:
        for w, g in self.parts:
            np.add(w, g, out=w)


class Momentum:
    """The gradient comes multiplied by −η."""

    def __init__(self, flat: Flat, rate: float, mu: float = 0.9) -> None:
        self.factor, self.mu = -rate, np.array(mu, flat.w.dtype)
        self.v = np.zeros_like(flat.w)
        self.parts = list(slices(flat.w, flat.g, self.v))
        self.count = 0

    def step(self) -> None:
        mu = self.mu
        for w, g, v in self.parts:
            np.multiply(v, mu, out=v)
            np.add(v, g, out=v)
            np.add(w, v, out=w)
        self.count += 1
        if self.count % FLUSH == 0:
            self.v[np.abs(self.v) < GONE] = 0


class Adam:
    """m ← β₁ m + g, v ← β₂ v + g², w ← w − a m/(√v + c), with a and c of the step."""

    factor = 1.0

    def __init__(self, flat: Flat, rate: float) -> None:
        self.rate, self.count = rate, 0
        self.beta1, self.beta2, self.a, self.c = (
            np.array(number, flat.w.dtype) for number in (0.9, 0.999, 0, 0)
        )
        self.m, self.v, r = (np.zeros_like(flat.w) for _ in range(3))
        self.parts = list(slices(flat.w, flat.g, self.m, self.v, r))

    def step(self) -> None:
        self.count += 1
        scale = math.sqrt((1 - 0.999) / (1 - 0.999**self.count))
        self.a[()] = self.rate * 0.1 / (1 - 0.9**self.count) / scale
        self.c[()] = 1e-8 / scale
        beta1, beta2, a, c = self.beta1, self.beta2, self.a, self.c
        for w, g, m, v, r in self.parts:
            np.multiply(m, beta1, out=m)
            np.add(m, g, out=m)
            np.multiply(g, g, out=g)
            np.multiply(v, beta2, out=v)
            np.add(v, g, out=v)
            np.sqrt(v, out=r)
            np.add(r, c, out=r)
            np.divide(m, r, out=r)
            np.multiply(r, a, out=r)
            np.subtract(w, r, out=w)
        if self.count % FLUSH == 0:
            self.m[np.abs(self.m) < GONE] = 0


OPTIMIZERS = {"sgd": Sgd, "momentum": Momentum, "adam": Adam}
