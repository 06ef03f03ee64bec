"""The updates as tutorials write them: an array a parameter, new arrays all the time."""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]


class Sgd:
    def __init__(self, params: Arrays, rate: float) -> None:
        self.rate = rate

    def update(self, params: Arrays, grads: Arrays) -> None:
        for name in params:
            params[name] -= self.rate * grads[name]


class Momentum:
    def __init__(self, params: Arrays, rate: float, mu: float = 0.9) -> None:
        self.rate, self.mu = rate, mu
        self.v = {name: np.zeros_like(w) for name, w in params.items()}

    def update(self, params: Arrays, grads: Arrays) -> None:
        for name in params:
            self.v[name] = self.mu * self.v[name] - self.rate * grads[name]
            params[name] += self.v[name]


class Adam:
    def __init__(self, params: Arrays, rate: float) -> None:
        self.rate, self.beta1, self.beta2, self.count = rate, 0.9, 0.999, 0
        self.m = {name: np.zeros_like(w) for name, w in params.items()}
        self.v = {name: np.zeros_like(w) for name, w in params.items()}

    def update(self, params: Arrays, grads: Arrays) -> None:
        self.count += 1
        for name, g in grads.items():
            self.m[name] = self.beta1 * self.m[name] + (1 - self.beta1) * g
            self.v[name] = self.beta2 * self.v[name] + (1 - self.beta2) * g**2
            m_hat = self.m[name] / (1 - self.beta1**self.count)
            v_hat = self.v[name] / (1 - self.beta2**self.count)
            params[name] -= self.rate * m_hat / (np.sqrt(v_hat) + 1e-8)


UPDATES = {"sgd": Sgd, "momentum": Momentum, "adam": Adam}
