"""Functions that NumPy lacks, where their textbook formula would overflow or cancel.

Generated modules get a copy of those that they use: this file is read, not imported, by symbp.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), of which only exp(-|u|) is computed: it cannot overflow."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1, e) / (1 + e)


def softmax(u: Array, axis: int = -1) -> Array:
    """exp(u_j) / Σ_k exp(u_k), shifted by the largest u: exp is 1 at most."""
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(u: Array, axis: int = -1) -> Array:
    """log softmax(u), which stays finite where softmax(u) is 0."""
    return u - log_sum_exp(u, axis=axis, keepdims=True)


def log_not_softmax(u: Array, axis: int = -1) -> Array:
    """log(1 - softmax(u)); where softmax(u) may be 1, from the sum over all other units."""
    top = u.argmax(axis=axis, keepdims=True)
    others = u.copy()
    np.put_along_axis(others, top, -np.inf, axis)
    out = np.log1p(-np.minimum(softmax(u, axis), 0.5))
    rest = log_sum_exp(others, axis, keepdims=True) - log_sum_exp(u, axis, keepdims=True)
    np.put_along_axis(out, top, rest, axis)
    return out


def log_sum_exp(u: Array, axis: int = -1, keepdims: bool = False) -> Array:
    """log Σ_k exp(u_k), shifted by the largest u."""
    top = u.max(axis=axis, keepdims=True)
    whole = top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))
    return whole if keepdims else whole.squeeze(axis)


def erf(x: Array) -> Array:
    """The error function, entry by entry."""
    return np.vectorize(math.erf, otypes=[x.dtype])(x)


def erfc(x: Array) -> Array:
    """1 - erf(x), without cancellation where erf(x) is close to 1."""
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)
