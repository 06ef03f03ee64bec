"""The networks that are trained, by their sizes: what every peer builds in its own way.

Names and shapes of parameters are those of a module that symbp generates. A layer without
parameters has a number, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Network:
    """What all networks have, besides what each has for itself.

    ``shapes`` are those of the parameters, ``reads`` that of the inputs of a sample, ``gives``
    that of its targets: numbers of units from 0, one of ``classes``. ``forward`` counts the
    multiplications in matrix products for one sample, ``unread`` those of the gradient of the
    inputs, which nobody needs.
    """

    @property
    def gives(self) -> tuple[int, ...]:
        return ()

    def example(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and targets of ``count`` samples: those of a class are like each other."""
        typical = np.random.default_rng(1).standard_normal((self.classes, *self.reads))
        at_all = (count, *self.gives)
        d = rng.integers(self.classes, size=at_all)
        x = 0.7 * rng.standard_normal((count, *self.reads))
        if self.gives:  # a target at each time, which the inputs at that time tell
            x += typical[d, np.arange(self.gives[0])]
        else:
            x = np.maximum(x + typical[d] - 0.5, 0)  # mostly nothing, as on images
        return x, d


@dataclass(frozen=True)
class Dense(Network):
    """Fully connected layers that end in a softmax."""

    widths: tuple[int, ...]
    activation: str

    @property
    def shapes(self) -> Shapes:
        shapes: Shapes = {}
        for place, (i, j) in enumerate(pairwise(self.widths), 1):
            shapes |= {f"w{place}": (i, j), f"b{place}": (j,)}
        return shapes

    @property
    def reads(self) -> tuple[int, ...]:
        return self.widths[:1]

    @property
    def classes(self) -> int:
        return self.widths[-1]

    @property
    def forward(self) -> int:
        return sum(i * j for i, j in pairwise(self.widths))

    @property
    def unread(self) -> int:
        return self.widths[0] * self.widths[1]


@dataclass(frozen=True)
class Xor(Dense):
    """A hidden layer and one sigmoid unit, which learn all there is to know of XOR."""

    widths: tuple[int, ...] = (2, 3, 1)
    activation: str = "tanh"

    def example(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The table of XOR, in any order."""
        order = rng.permutation(count)
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[order % 4]
        return x.astype(np.float64), (x.sum(axis=1, keepdims=True) % 2).astype(np.float64)


@dataclass(frozen=True)
class Convolution(Network):
    """Twice a convolution, ReLU and the largest of 2 × 2; then a layer of all that is left."""

    side: int = 28
    filters: tuple[int, int] = (8, 16)
    kernel: int = 5
    classes: int = 10

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Of the outputs of both convolutions, each before and after pooling."""
        first = self.side - self.kernel + 1
        second = first // 2 - self.kernel + 1
        return first, first // 2, second, second // 2

    @property
    def shapes(self) -> Shapes:
        (a, b), k = self.filters, self.kernel
        flat = b * self.sides[3] ** 2
        shapes: Shapes = {"w1": (a, 1, k, k), "b1": (a,), "w3": (b, a, k, k), "b3": (b,)}
        return shapes | {"w6": (flat, self.classes), "b6": (self.classes,)}

    @property
    def reads(self) -> tuple[int, ...]:
        return 1, self.side, self.side

    @property
    def forward(self) -> int:
        shapes, sides = self.shapes, self.sides
        return self.unread + prod(shapes["w3"]) * sides[2] ** 2 + prod(shapes["w6"])

    @property
    def unread(self) -> int:
        return prod(self.shapes["w1"]) * self.sides[0] ** 2


@dataclass(frozen=True)
class Recurrent(Network):
    """An LSTM, and a softmax at each time."""

    inputs: int = 32
    units: int = 64
    times: int = 50
    classes: int = 10

    @property
    def shapes(self) -> Shapes:
        shapes: Shapes = {}
        for gate in "ifgo":
            shapes[f"w_{gate}1"] = self.inputs, self.units
            shapes[f"r_{gate}1"] = self.units, self.units
            shapes[f"b_{gate}1"] = (self.units,)
        return shapes | {"w2": (self.units, self.classes), "b2": (self.classes,)}

    @property
    def reads(self) -> tuple[int, ...]:
        return self.times, self.inputs

    @property
    def gives(self) -> tuple[int, ...]:
        return (self.times,)

    @property
    def forward(self) -> int:
        gates = 4 * self.units * (self.inputs + self.units)
        return self.times * (gates + self.units * self.classes)

    @property
    def unread(self) -> int:
        return self.times * 4 * self.units * self.inputs


@dataclass(frozen=True)
class Transformer(Network):
    """One block, each part behind a normalisation and beside a path that skips it; a softmax."""

    width: int = 64
    heads: int = 4
    times: int = 64
    hidden: int = 256
    classes: int = 10

    @property
    def shapes(self) -> Shapes:
        width, heads = self.width, (self.heads, self.width // self.heads)
        shapes: Shapes = {"gamma1": (width,), "beta1": (width,)}
        for name in "qkv":
            shapes |= {f"w_{name}2": (width, *heads), f"b_{name}2": heads}
        return shapes | {
            "w_o2": (*heads, width),
            "b_o2": (width,),
            "gamma4": (width,),
            "beta4": (width,),
            "w5": (width, self.hidden),
            "b5": (self.hidden,),
            "w6": (self.hidden, width),
            "b6": (width,),
            "w8": (width, self.classes),
            "b8": (self.classes,),
        }

    @property
    def reads(self) -> tuple[int, ...]:
        return self.times, self.width

    @property
    def gives(self) -> tuple[int, ...]:
        return (self.times,)

    @property
    def forward(self) -> int:
        own = 4 * self.width**2 + 2 * self.width * self.hidden + self.width * self.classes
        return self.times * (own + 2 * self.times * self.width)

    @property
    def unread(self) -> int:
        return 0  # through the skip connection the inputs' gradient stops at a normalisation's
