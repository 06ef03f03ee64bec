"""Layers forward and backward, as tutorials write them."""

from __future__ import annotations

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def softmax(u):
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def cross_entropy(y, t):
    """The mean of −log y at the labels ``t``, and its slope before the softmax."""
    wanted = np.eye(y.shape[-1], dtype=y.dtype)[t]
    loss = -np.sum(wanted * np.log(y + 1e-30)) / t.size
    return loss, (y - wanted) / t.size


def conv(x, w, b):
    """A convolution by a product with a copy of all windows: (samples, r, s, channels p q)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    windows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(len(x), *windows.shape[2:4], -1)
    u = windows @ w.reshape(len(w), -1).T + b
    return u.transpose(0, 3, 1, 2), windows


def conv_backward(delta, w, windows, shape):
    """The gradients of weights, biases, and inputs where these have a ``shape``."""
    rows = delta.transpose(0, 2, 3, 1)
    flat = rows.reshape(-1, len(w))
    dw = (flat.T @ windows.reshape(len(flat), -1)).reshape(w.shape)
    if shape is None:
        return dw, flat.sum(axis=0), None
    spread = (rows @ w.reshape(len(w), -1)).reshape(*rows.shape[:3], *w.shape[1:])
    dx = np.zeros(shape, delta.dtype)
    for p in range(w.shape[2]):
        for q in range(w.shape[3]):
            height, width = rows.shape[1:3]
            dx[:, :, p : p + height, q : q + width] += spread[..., p, q].transpose(0, 3, 1, 2)
    return dw, flat.sum(axis=0), dx


def pool(z):
    """The largest of each 2 × 2."""
    n, c, r, s = z.shape
    return z.reshape(n, c, r // 2, 2, s // 2, 2).max(axis=(3, 5))


def pool_backward(dz, z, largest):
    """``dz`` where the largest stood; where several are largest, all that ReLU lets pass."""
    n, c, r, s = z.shape
    parts = z.reshape(n, c, r // 2, 2, s // 2, 2)
    hit = parts == largest[:, :, :, None, :, None]
    return (hit * dz[:, :, :, None, :, None]).reshape(z.shape)


def norm(x, gamma, beta):
    """Mean 0 and variance 1 for each token, then a scale and a shift."""
    mean = np.mean(x, axis=-1, keepdims=True)
    std = np.sqrt(np.var(x, axis=-1, keepdims=True) + np.asarray(1e-5, x.dtype))
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def norm_backward(dz, cache):
    """The gradients of the inputs, the scale and the shift."""
    x_hat, std, gamma = cache
    dx_hat = dz * gamma
    mean = np.mean(dx_hat, axis=-1, keepdims=True)
    along = np.mean(dx_hat * x_hat, axis=-1, keepdims=True)
    dx = (dx_hat - mean - x_hat * along) / std
    return dx, np.sum(dz * x_hat, axis=(0, 1)), np.sum(dz, axis=(0, 1))
