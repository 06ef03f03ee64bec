"""A fixed random network in NumPy, whose derivatives are taken by complex steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from tests.benchmarks.mutation.spec import Spec

STEP = 1e-30
Spot = tuple[str, int, tuple[int, ...]]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def generic(x):
    """Smooth, monotone, and no textbook's activation."""
    return 0.7 * np.tanh(1.3 * x) + 0.2 * x + 0.15 * x * x


def generic_slope(x):
    return 0.91 / np.cosh(1.3 * x) ** 2 + 0.2 + 0.3 * x


ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "identity": (lambda x: x + 0, lambda x: 0 * x + 1),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "relu": (lambda x: np.where(np.real(x) > 0, x, 0), lambda x: (np.real(x) > 0) * 1.0),
    "generic": (generic, generic_slope),
    "generic2": (lambda x: np.sin(x) + 1.7 * x, lambda x: np.cos(x) + 1.7),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x),
}


def softmax(u):
    e = np.exp(u)
    return e / e.sum(axis=1, keepdims=True)


class World:
    """One network with its data, possibly with one quantity changed by a complex step."""

    def __init__(self, spec: Spec, seed: int = 0, change: Spot | None = None) -> None:
        self.spec, self.seed, self.change = spec, seed, change
        self.last = len(spec.sizes) - 1
        rng = np.random.default_rng(seed + 17)
        n, m = spec.sizes, spec.samples
        self.values: dict[tuple[str, int], np.ndarray] = {}
        self.put("act", 0, rng.uniform(-1.5, 1.5, (m, n[0])))
        for l in range(1, self.last + 1):
            self.put("weight", l, rng.normal(size=(n[l - 1], n[l])))
            bias = rng.normal(size=n[l])
            self.put("bias", l, 0 * bias if "no_bias" in spec.extras else bias)
        target = rng.uniform(0.1, 0.9, (m, n[-1]))
        if spec.loss == "ce":
            target /= target.sum(axis=1, keepdims=True)
        if spec.targets == "one_hot":
            target = np.eye(n[-1])[rng.integers(0, n[-1], m)]
        self.target = target
        self.rate, self.decay = 0.37, 0.23
        self.forward()

    def put(self, role: str, layer: int, value: np.ndarray) -> None:
        value = np.asarray(value, complex)
        if self.change and self.change[:2] == (role, layer):
            value = value.copy()
            value[self.change[2]] += 1j * STEP
        self.values[role, layer] = value

    def forward(self) -> None:
        for l in range(1, self.last + 1):
            below, w = self.values["act", l - 1], self.values["weight", l]
            self.put("pre", l, below @ w + self.values["bias", l])
            kind = self.spec.activations[l - 1]
            u = self.values["pre", l]
            self.put("act", l, softmax(u) if kind == "softmax" else ACTIVATIONS[kind][0](u))
        self.losses = self.each_loss(self.values["act", self.last], self.target)
        divisor = self.spec.samples if self.spec.scale == "mean" else 1
        self.data = self.losses.sum() / divisor
        squares = sum((v**2).sum() for (role, _), v in self.values.items() if role == "weight")
        factor = {"": 0, "half": 0.5, "one": 1, "half_m": 0.5 / self.spec.samples}
        self.penalty = self.decay * factor[self.spec.decay] * squares
        self.loss = self.data + self.penalty

    def each_loss(self, y, d):
        kinds = {
            "half_se": lambda: 0.5 * ((y - d) ** 2).sum(axis=1),
            "se": lambda: ((y - d) ** 2).sum(axis=1),
            "unit_mse": lambda: ((y - d) ** 2).mean(axis=1),
            "bce": lambda: -(d * np.log(y) + (1 - d) * np.log(1 - y)).sum(axis=1),
            "ce": lambda: -(d * np.log(y)).sum(axis=1),
        }
        return kinds[self.spec.loss]()

    def changed(self, role: str, layer: int, place: tuple[int, ...]) -> World:
        """This network with one entry of one quantity moved by i times a tiny step."""
        return moved(self.spec_key(), self.seed, (role, layer, place))

    def spec_key(self) -> int:
        KNOWN[id(self.spec)] = self.spec
        return id(self.spec)

    def slope(self, role: str, layer: int) -> np.ndarray:
        """∂loss/∂quantity, entry by entry."""
        key = ("slope " + role, layer)
        if key not in self.values:
            like = self.values[role, layer]
            made = np.empty(like.shape)
            for place in np.ndindex(like.shape):
                made[place] = self.changed(role, layer, place).loss.imag / STEP
            self.values[key] = made.astype(complex)
        return self.values[key]


KNOWN: dict[int, Spec] = {}


@lru_cache(maxsize=20000)
def moved(key: int, seed: int, change: Spot) -> World:
    return World(KNOWN[key], seed, change)
