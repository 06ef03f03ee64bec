"""The softmax and the cross-entropy in buffers made once: units in rows, samples in columns."""

from __future__ import annotations

import numpy as np


class CrossEntropy:
    """−Σ log y at the labels, and its slope by u: over ``units`` for ``count`` samples.

    ``factor`` multiplies the mean of the slopes. Reductions over units run along columns, which is
    fast for few units; sums are products with ones.
    """

    def __init__(self, units: int, count: int, dtype: str, factor: float) -> None:
        self.u = np.empty((units, count), dtype)
        self.flat = self.u.ravel()
        self.count = count
        self.top, self.total = (np.empty(count, dtype) for _ in range(2))
        self.wanted = np.empty(count, dtype)
        self.ones, self.units = np.ones(count, dtype), np.ones(units, dtype)
        self.columns = np.arange(count)
        self.at = np.empty(count, np.intp)
        self.stride = np.array(count)
        self.factor = np.array(factor / count, dtype)

    def step(self, t: np.ndarray) -> float:
        """The mean loss of what is in ``u``, which becomes the slope, for the labels ``t``."""
        u, flat, at, top, total = self.u, self.flat, self.at, self.top, self.total
        np.multiply(t, self.stride, out=at)
        np.add(at, self.columns, out=at)
        np.maximum.reduce(u, axis=0, out=top)
        np.subtract(u, top, out=u)
        flat.take(at, out=self.wanted, mode="clip")
        np.exp(u, out=u)
        np.dot(self.units, u, out=total)
        np.divide(self.factor, total, out=top)
        np.multiply(u, top, out=u)
        flat[at] -= self.factor
        np.log(total, out=total)
        np.subtract(total, self.wanted, out=total)
        return np.dot(self.ones, total) / self.count
