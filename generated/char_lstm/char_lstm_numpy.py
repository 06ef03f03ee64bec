# symbp:sha256=6fa52553f4ffaa9a
"""An LSTM that predicts the next character

The number above a statement is that of its equation in derivation.en.md and derivation.ja.md.
Needs NumPy and nothing else. From the command line:

    python char_lstm_numpy.py train DATA      learn, write char_lstm.npz
    python char_lstm_numpy.py predict DATA    print what the network in char_lstm.npz predicts
    python char_lstm_numpy.py check [DATA]    compare the gradients with finite differences

DATA is an .npz file with the arrays x (inputs) and d (targets), a row a sample, or a .csv file with
the columns of x and then those of d.

From Python:

    trainer = Trainer(seed=1)
    history = trainer.fit(x, d)
    predicted = predict(trainer.params, x)

Shapes, for N samples:
    x                                           (N, 20)      inputs
    z1                                          (N, 20, 16)
    u_i2, u_f2, u_g2, u_o2, i2, f2, g2, o2, c2  (N, 20, 48)
    h2                                          (N, 20, 48)
    u3                                          (N, 20, 64)
    y                                           (N, 20, 64)  predictions
    t                                           (N, 20)      targets: the number of the right unit, from 0
    w1                                          (64, 16)
    w_i2                                        (16, 48)
    r_i2                                        (48, 48)
    b_i2                                        (48,)
    w_f2                                        (16, 48)
    r_f2                                        (48, 48)
    b_f2                                        (48,)
    w_g2                                        (16, 48)
    r_g2                                        (48, 48)
    b_g2                                        (48,)
    w_o2                                        (16, 48)
    r_o2                                        (48, 48)
    b_o2                                        (48,)
    w3                                          (48, 64)
    b3                                          (64,)
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
import zipfile
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Params = dict[str, Array]
State = tuple[Array, ...]
History = dict[str, list[float]]

INPUT, OUTPUT = (20,), (20, 64)  # the shapes of one sample
TOKENS = 64
SHAPES = {
    "w1": (64, 16),
    "w_i2": (16, 48),
    "r_i2": (48, 48),
    "b_i2": (48,),
    "w_f2": (16, 48),
    "r_f2": (48, 48),
    "b_f2": (48,),
    "w_g2": (16, 48),
    "r_g2": (48, 48),
    "b_g2": (48,),
    "w_o2": (16, 48),
    "r_o2": (48, 48),
    "b_o2": (48,),
    "w3": (48, 64),
    "b3": (64,),
}
# Standard deviations of the first weights: sqrt(2 / (in + out)) after Glorot. All else starts at
# 0.
SPREAD = {
    "w1": 1.0,
    "w_i2": math.sqrt(2 / (16 + 48)),
    "r_i2": math.sqrt(2 / (48 + 48)),
    "w_f2": math.sqrt(2 / (16 + 48)),
    "r_f2": math.sqrt(2 / (48 + 48)),
    "w_g2": math.sqrt(2 / (16 + 48)),
    "r_g2": math.sqrt(2 / (48 + 48)),
    "w_o2": math.sqrt(2 / (16 + 48)),
    "r_o2": math.sqrt(2 / (48 + 48)),
    "w3": math.sqrt(2 / (48 + 64)),
}


# ------------------------------------------------------------------------------ the network


Values = namedtuple("Values", "z1 u_i2 u_f2 u_g2 u_o2 i2 f2 g2 o2 c2 h2 u3 y")


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), of which only exp(-|u|) is computed: it cannot overflow."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1, e) / (1 + e)


def softmax(u: Array, axis: int = -1) -> Array:
    """exp(u_j) / Σ_k exp(u_k), shifted by the largest u: exp is 1 at most."""
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_sum_exp(u: Array, axis: int = -1, keepdims: bool = False) -> Array:
    """log Σ_k exp(u_k), shifted by the largest u."""
    top = u.max(axis=axis, keepdims=True)
    whole = top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))
    return whole if keepdims else whole.squeeze(axis)


def windows(
    x: Array, axis: int, counts: tuple[int, ...], steps: tuple[int, ...], start: int = 0
) -> Array:
    """``x`` at ``start + Σ steps * i``, with an axis for each i in place of ``axis``; 0 outside.

    A view, of x itself where nothing lies outside: no entry is copied but for the margins.
    """
    reach = start + sum(step * (count - 1) for step, count in zip(steps, counts, strict=True))
    margins = (max(0, -start), max(0, reach + 1 - x.shape[axis]))
    if any(margins):
        x = np.pad(x, [margins if k == axis else (0, 0) for k in range(x.ndim)])
    first = x[(slice(None),) * axis + (slice(start + margins[0], None),)]
    shape = (*x.shape[:axis], *counts, *x.shape[axis + 1 :])
    strides = (*x.strides[:axis], *(s * x.strides[axis] for s in steps), *x.strides[axis + 1 :])
    return np.lib.stride_tricks.as_strided(first, shape, strides, writeable=False)


def collected(g: Array, labels: Array, size: int) -> Array:
    """Σ of the entries of ``g`` that have the same label, for each of ``size`` labels."""
    out = np.zeros((size, *g.shape[labels.ndim :]), g.dtype)
    np.add.at(out, labels, g)
    return out


def forward(params: Params, x: Array) -> Values:
    """The values of all layers for the inputs ``x``."""
    (
        w1, w_i2, r_i2, b_i2, w_f2, r_f2, b_f2, w_g2, r_g2, b_g2, w_o2, r_o2, b_o2, w3, b3,
    ) = (params[name] for name in SHAPES)
    # (1) z¹ₙₜⱼ = w¹_{xₙₜ,j}
    z1 = w1[x]
    # (2) u²_{i,ntj} = Σₖ r²_{i,kj} h²_{n,t − 1,k} + Σₘ w²_{i,mj} z¹ₙₜₘ + b²_{i,j}
    u_i2 = z1 @ w_i2 + b_i2
    # (4) u²_{f,ntj} = Σₖ r²_{f,kj} h²_{n,t − 1,k} + Σₘ w²_{f,mj} z¹ₙₜₘ + b²_{f,j}
    u_f2 = z1 @ w_f2 + b_f2
    # (6) u²_{g,ntj} = Σₖ r²_{g,kj} h²_{n,t − 1,k} + Σₘ w²_{g,mj} z¹ₙₜₘ + b²_{g,j}
    u_g2 = z1 @ w_g2 + b_g2
    # (8) u²_{o,ntj} = Σₖ r²_{o,kj} h²_{n,t − 1,k} + Σₘ w²_{o,mj} z¹ₙₜₘ + b²_{o,j}
    u_o2 = z1 @ w_o2 + b_o2
    i2 = np.empty_like(u_i2)
    f2 = np.empty_like(u_i2)
    g2 = np.empty_like(u_i2)
    o2 = np.empty_like(u_i2)
    c2 = np.empty_like(u_i2)
    h2 = np.empty_like(u_i2)
    for t_ in range(20):
        h2_before = h2[:, t_ - 1] if t_ > 0 else np.zeros_like(h2[:, t_])
        c2_before = c2[:, t_ - 1] if t_ > 0 else np.zeros_like(c2[:, t_])
        # (2) u²_{i,ntj} = Σₖ r²_{i,kj} h²_{n,t − 1,k} + Σₘ w²_{i,mj} z¹ₙₜₘ + b²_{i,j}
        u_i2[:, t_] += h2_before @ r_i2
        # (3) i²ₙₜⱼ = 1/(1 + exp(−u²_{i,ntj}))
        i2[:, t_] = sigmoid(u_i2[:, t_])
        # (4) u²_{f,ntj} = Σₖ r²_{f,kj} h²_{n,t − 1,k} + Σₘ w²_{f,mj} z¹ₙₜₘ + b²_{f,j}
        u_f2[:, t_] += h2_before @ r_f2
        # (5) f²ₙₜⱼ = 1/(1 + exp(−u²_{f,ntj}))
        f2[:, t_] = sigmoid(u_f2[:, t_])
        # (6) u²_{g,ntj} = Σₖ r²_{g,kj} h²_{n,t − 1,k} + Σₘ w²_{g,mj} z¹ₙₜₘ + b²_{g,j}
        u_g2[:, t_] += h2_before @ r_g2
        # (7) g²ₙₜⱼ = tanh(u²_{g,ntj})
        g2[:, t_] = np.tanh(u_g2[:, t_])
        # (8) u²_{o,ntj} = Σₖ r²_{o,kj} h²_{n,t − 1,k} + Σₘ w²_{o,mj} z¹ₙₜₘ + b²_{o,j}
        u_o2[:, t_] += h2_before @ r_o2
        # (9) o²ₙₜⱼ = 1/(1 + exp(−u²_{o,ntj}))
        o2[:, t_] = sigmoid(u_o2[:, t_])
        # (10) c²ₙₜⱼ = c²_{n,t − 1,j} f²ₙₜⱼ + g²ₙₜⱼ i²ₙₜⱼ
        c2[:, t_] = g2[:, t_] * i2[:, t_] + c2_before * f2[:, t_]
        # (11) h²ₙₜⱼ = o²ₙₜⱼ tanh(c²ₙₜⱼ)
        h2[:, t_] = o2[:, t_] * np.tanh(c2[:, t_])
    # (12) u³ₙₜⱼ = Σᵢ w³ᵢⱼ h²ₙₜᵢ + w³₀ⱼ
    u3 = h2 @ w3 + b3
    # (13) yₙₜⱼ = exp(u³ₙₜⱼ)/(Σₖ exp(u³ₙₜₖ))
    y = softmax(u3)
    return Values(z1, u_i2, u_f2, u_g2, u_o2, i2, f2, g2, o2, c2, h2, u3, y)


def loss(params: Params, x: Array, t: Array) -> float:
    """The loss E of what is predicted for ``x``, where ``t`` is wanted."""
    N = len(x)
    u3 = forward(params, x).u3
    # (14) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
    E = (log_sum_exp(u3) - u3[np.arange(N)[:, None], np.arange(20), t]).sum() / (N * 20)
    return float(E)


def loss_and_grads(params: Params, x: Array, t: Array) -> tuple[float, Params]:
    """The loss E, and its derivative by every parameter."""
    (
        _w1, w_i2, r_i2, _b_i2, w_f2, r_f2, _b_f2, w_g2, r_g2, _b_g2, w_o2, r_o2, _b_o2, w3, _b3,
    ) = (params[name] for name in SHAPES)
    N = len(x)
    z1, _u_i2, _u_f2, _u_g2, _u_o2, i2, f2, g2, o2, c2, h2, u3, y = forward(params, x)
    # (14) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
    E = (log_sum_exp(u3) - u3[np.arange(N)[:, None], np.arange(20), t]).sum() / (N * 20)
    # (37) δ³ₙₜⱼ = (yₙₜⱼ − [j = tₙₜ])/(N T)
    delta3 = (y - (t[:, :, None] == np.arange(64))) / (N * 20)
    # (20) ∂E/∂w³ᵢⱼ = Σₙ Σₜ δ³ₙₜⱼ h²ₙₜᵢ
    dE_dw3 = np.tensordot(h2, delta3, ((0, 1), (0, 1)))
    # (24) ∂E/∂w³₀ⱼ = Σₙ Σₜ δ³ₙₜⱼ
    dE_db3 = delta3.sum(axis=(0, 1))
    # (62) h̄²ₙₜⱼ = Σᵢ δ²_{f,n,t + 1,i} r²_{f,ji} + Σᵢ δ²_{g,n,t + 1,i} r²_{g,ji} + Σᵢ δ²_{i,n,t +
    #     1,i} r²_{i,ji} + Σᵢ δ²_{o,n,t + 1,i} r²_{o,ji} + Σᵢ δ³ₙₜᵢ w³ⱼᵢ
    h_bar2 = delta3 @ w3.T
    c_bar2 = np.empty_like(h_bar2)
    o_bar2 = np.empty_like(h_bar2)
    delta_o2 = np.empty_like(h_bar2)
    g_bar2 = np.empty_like(h_bar2)
    delta_g2 = np.empty_like(h_bar2)
    f_bar2 = np.empty_like(h_bar2)
    delta_f2 = np.empty_like(h_bar2)
    i_bar2 = np.empty_like(h_bar2)
    delta_i2 = np.empty_like(h_bar2)
    for t_ in reversed(range(20)):
        delta_f2_after = delta_f2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(delta_f2[:, t_])
        delta_g2_after = delta_g2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(delta_g2[:, t_])
        delta_i2_after = delta_i2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(delta_i2[:, t_])
        delta_o2_after = delta_o2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(delta_o2[:, t_])
        c_bar2_after = c_bar2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(c_bar2[:, t_])
        f2_after = f2[:, t_ + 1] if t_ + 1 < 20 else np.zeros_like(f2[:, t_])
        c2_before = c2[:, t_ - 1] if t_ > 0 else np.zeros_like(c2[:, t_])
        h_bar2[:, t_] += (
            delta_f2_after @ r_f2.T
            + delta_g2_after @ r_g2.T
            + delta_i2_after @ r_i2.T
            + delta_o2_after @ r_o2.T
        )
        # (71) c̄²ₙₜⱼ = c̄²_{n,t + 1,j} f²_{n,t + 1,j} + h̄²ₙₜⱼ o²ₙₜⱼ (1 − tanh²(c²ₙₜⱼ))
        tanh_1 = np.tanh(c2[:, t_])
        c_bar2[:, t_] = c_bar2_after * f2_after + h_bar2[:, t_] * o2[:, t_] * (1 - tanh_1**2)
        # (77) ō²ₙₜⱼ = h̄²ₙₜⱼ tanh(c²ₙₜⱼ)
        o_bar2[:, t_] = h_bar2[:, t_] * tanh_1
        # (99) δ²_{o,ntj} = ō²ₙₜⱼ o²ₙₜⱼ (1 − o²ₙₜⱼ)
        delta_o2[:, t_] = o2[:, t_] * o_bar2[:, t_] * (1 - o2[:, t_])
        # (113) ḡ²ₙₜⱼ = c̄²ₙₜⱼ i²ₙₜⱼ
        g_bar2[:, t_] = c_bar2[:, t_] * i2[:, t_]
        # (135) δ²_{g,ntj} = ḡ²ₙₜⱼ (1 − (g²ₙₜⱼ)²)
        delta_g2[:, t_] = g_bar2[:, t_] * (1 - g2[:, t_] ** 2)
        # (149) f̄²ₙₜⱼ = c̄²ₙₜⱼ c²_{n,t − 1,j}
        f_bar2[:, t_] = c2_before * c_bar2[:, t_]
        # (171) δ²_{f,ntj} = f̄²ₙₜⱼ f²ₙₜⱼ (1 − f²ₙₜⱼ)
        delta_f2[:, t_] = f2[:, t_] * f_bar2[:, t_] * (1 - f2[:, t_])
        # (185) ī²ₙₜⱼ = c̄²ₙₜⱼ g²ₙₜⱼ
        i_bar2[:, t_] = c_bar2[:, t_] * g2[:, t_]
        # (207) δ²_{i,ntj} = ī²ₙₜⱼ i²ₙₜⱼ (1 − i²ₙₜⱼ)
        delta_i2[:, t_] = i2[:, t_] * i_bar2[:, t_] * (1 - i2[:, t_])
    # (82) ∂E/∂b²_{o,j} = Σₙ Σₜ δ²_{o,ntj}
    dE_db_o2 = delta_o2.sum(axis=(0, 1))
    # (87) ∂E/∂r²_{o,kj} = Σₙ Σₜ δ²_{o,ntj} h²_{n,t − 1,k}
    dE_dr_o2 = np.tensordot(windows(h2, 1, (20,), (1,), -1), delta_o2, ((0, 1), (0, 1)))
    # (92) ∂E/∂w²_{o,mj} = Σₙ Σₜ δ²_{o,ntj} z¹ₙₜₘ
    dE_dw_o2 = np.tensordot(z1, delta_o2, ((0, 1), (0, 1)))
    # (118) ∂E/∂b²_{g,j} = Σₙ Σₜ δ²_{g,ntj}
    dE_db_g2 = delta_g2.sum(axis=(0, 1))
    # (123) ∂E/∂r²_{g,kj} = Σₙ Σₜ δ²_{g,ntj} h²_{n,t − 1,k}
    dE_dr_g2 = np.tensordot(windows(h2, 1, (20,), (1,), -1), delta_g2, ((0, 1), (0, 1)))
    # (128) ∂E/∂w²_{g,mj} = Σₙ Σₜ δ²_{g,ntj} z¹ₙₜₘ
    dE_dw_g2 = np.tensordot(z1, delta_g2, ((0, 1), (0, 1)))
    # (154) ∂E/∂b²_{f,j} = Σₙ Σₜ δ²_{f,ntj}
    dE_db_f2 = delta_f2.sum(axis=(0, 1))
    # (159) ∂E/∂r²_{f,kj} = Σₙ Σₜ δ²_{f,ntj} h²_{n,t − 1,k}
    dE_dr_f2 = np.tensordot(windows(h2, 1, (20,), (1,), -1), delta_f2, ((0, 1), (0, 1)))
    # (164) ∂E/∂w²_{f,mj} = Σₙ Σₜ δ²_{f,ntj} z¹ₙₜₘ
    dE_dw_f2 = np.tensordot(z1, delta_f2, ((0, 1), (0, 1)))
    # (190) ∂E/∂b²_{i,j} = Σₙ Σₜ δ²_{i,ntj}
    dE_db_i2 = delta_i2.sum(axis=(0, 1))
    # (195) ∂E/∂r²_{i,kj} = Σₙ Σₜ δ²_{i,ntj} h²_{n,t − 1,k}
    dE_dr_i2 = np.tensordot(windows(h2, 1, (20,), (1,), -1), delta_i2, ((0, 1), (0, 1)))
    # (200) ∂E/∂w²_{i,mj} = Σₙ Σₜ δ²_{i,ntj} z¹ₙₜₘ
    dE_dw_i2 = np.tensordot(z1, delta_i2, ((0, 1), (0, 1)))
    # (239) z̄¹ₙₜⱼ = Σᵢ δ²_{f,nti} w²_{f,ji} + Σᵢ δ²_{g,nti} w²_{g,ji} + Σᵢ δ²_{i,nti} w²_{i,ji} +
    #     Σᵢ δ²_{o,nti} w²_{o,ji}
    z_bar1 = delta_f2 @ w_f2.T + delta_g2 @ w_g2.T + delta_i2 @ w_i2.T + delta_o2 @ w_o2.T
    # (220) ∂E/∂w¹ᵥⱼ = Σₙ Σₜ z̄¹ₙₜⱼ [v = xₙₜ]
    dE_dw1 = collected(z_bar1, x, 64)
    grads = {
        "w1": dE_dw1,
        "w_i2": dE_dw_i2,
        "r_i2": dE_dr_i2,
        "b_i2": dE_db_i2,
        "w_f2": dE_dw_f2,
        "r_f2": dE_dr_f2,
        "b_f2": dE_db_f2,
        "w_g2": dE_dw_g2,
        "r_g2": dE_dr_g2,
        "b_g2": dE_db_g2,
        "w_o2": dE_dw_o2,
        "r_o2": dE_dr_o2,
        "b_o2": dE_db_o2,
        "w3": dE_dw3,
        "b3": dE_db3,
    }
    return float(E), grads


def dtype_of(params: Params) -> Any:
    """The type of the parameters' numbers; with whole ones, inputs are computed in float64."""
    found = np.asarray(next(iter(params.values()))).dtype
    return found if found.kind == "f" else np.dtype(np.float64)


def predict(params: Params, x: Array) -> Array:
    """What the network predicts, a row for each row of ``x``. Raises InputError."""
    x = check_inputs(x)
    return forward(params, x).y


def init_params(seed: int = 0, dtype: Any = np.float64, scale: float = 1.0) -> Params:
    """Parameters to start from; ``scale`` multiplies the weights."""
    rng = np.random.default_rng(seed)
    params = {}
    for name, shape in SHAPES.items():
        params[name] = (scale * SPREAD.get(name, 0.0) * rng.standard_normal(shape)).astype(dtype)
    return params


# ------------------------------------------------------------------------------ training


def sgd(w: Array, g: Array, state: State, work: State, tau: int, eta: float) -> None:
    # w′ = w − η g
    g *= eta
    w -= g


def momentum(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, mu: float = 0.9
) -> None:
    (v,) = state
    # v′ = μ v − η g
    v *= mu
    g *= eta
    v -= g
    # w′ = w + v′
    w += v


def nesterov(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, mu: float = 0.9
) -> None:
    (v,) = state
    (room_1,) = work
    # v′ = μ v − η g
    v *= mu
    g *= eta
    v -= g
    # w′ = w + μ v′ − η g
    np.multiply(v, mu, out=room_1)
    w += room_1
    w -= g


def adagrad(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, epsilon: float = 1e-08
) -> None:
    (h,) = state
    (room_1,) = work
    # h′ = h + g²
    np.square(g, out=room_1)
    h += room_1
    # w′ = w − η g/(√h′ + ε)
    np.sqrt(h, out=room_1)
    room_1 += epsilon
    g /= room_1
    g *= eta
    w -= g


def rmsprop(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    rho: float = 0.9,
    epsilon: float = 1e-08,
) -> None:
    # As h, h / (1 - rho) is kept.
    (h,) = state
    (room_1,) = work
    c1 = eta / math.sqrt(1 - rho)
    c2 = epsilon / math.sqrt(1 - rho)
    # h′ = ρ h + (1 − ρ) g²
    np.square(g, out=room_1)
    h *= rho
    h += room_1
    # w′ = w − η g/(√h′ + ε)
    np.sqrt(h, out=room_1)
    room_1 += c2
    g /= room_1
    g *= c1
    w -= g


def adam(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
) -> None:
    # As m, m / (1 - beta1) is kept.
    # As v, v / (1 - beta2) is kept.
    m, v = state
    c1 = eta * (1 - beta1) / ((1 - beta1**tau) * math.sqrt((1 - beta2) / (1 - beta2**tau)))
    c2 = epsilon / math.sqrt((1 - beta2) / (1 - beta2**tau))
    # m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # (246) m̂ = m′/(1 − β₁^τ)
    # (247) v̂ = v′/(1 − β₂^τ)
    # (248) w′ = w − η m̂/(√v̂ + ε)
    np.sqrt(v, out=g)
    g += c2
    np.divide(m, g, out=g)
    g *= c1
    w -= g


def adamw(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    omega: float = 0.01,
) -> None:
    # As m, m / (1 - beta1) is kept.
    # As v, v / (1 - beta2) is kept.
    m, v = state
    c1 = 1 - eta * omega
    c2 = eta * (1 - beta1) / ((1 - beta1**tau) * math.sqrt((1 - beta2) / (1 - beta2**tau)))
    c3 = epsilon / math.sqrt((1 - beta2) / (1 - beta2**tau))
    # m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # (246) m̂ = m′/(1 − β₁^τ)
    # (247) v̂ = v′/(1 − β₂^τ)
    # w′ = w − η (ω w + m̂/(√v̂ + ε))
    w *= c1
    np.sqrt(v, out=g)
    g += c3
    np.divide(m, g, out=g)
    g *= c2
    w -= g


# Each renews parameters w, and what it remembers of them, in place; their gradients g are used up.
# tau is the number of the step, from 1, eta the learning rate. Beside it: how many arrays it
# remembers, all 0 at first, how many it needs to work in, and its options.
OPTIMIZERS: dict[str, tuple[Callable[..., None], int, int, tuple[str, ...]]] = {
    "sgd": (sgd, 0, 0, ()),
    "momentum": (momentum, 1, 0, ("mu",)),
    "nesterov": (nesterov, 1, 1, ("mu",)),
    "adagrad": (adagrad, 1, 1, ("epsilon",)),
    "rmsprop": (rmsprop, 1, 1, ("rho", "epsilon")),
    "adam": (adam, 2, 0, ("beta1", "beta2", "epsilon")),
    "adamw": (adamw, 2, 0, ("beta1", "beta2", "epsilon", "omega")),
}


def inverse_time(eta0: float, xi: float, tau: int) -> float:
    # η = η₀/(1 + ξ (τ − 1))
    return eta0 / (1 + xi * (tau - 1))


def exponential(eta0: float, xi: float, tau: int) -> float:
    # (242) η = η₀ exp(ξ (1 − τ))
    return eta0 * math.exp(-xi * (tau - 1))


# Each takes the first learning rate, the decay, and the number of the step from 1.
SCHEDULES: dict[str, Callable[[float, float, int], float]] = {
    "constant": lambda rate, _decay, _step: rate,
    "inverse_time": inverse_time,
    "exponential": exponential,
}


def clipped(norm: float, c: float) -> float:
    """What gradients are multiplied by, where ``norm`` is the norm of all together."""
    # (243) g̃ = {c g/‖g‖ if ‖g‖ > c; g if ‖g‖ ≤ c}
    return c / norm if norm > c else 1


def prepared(params: Params, grads: Params, N: int) -> Callable[..., float]:
    """The function that computes the loss for N samples and writes the gradients.

    It works in arrays that are made here: 23028 * N + 30978 numbers,
    and 1760 * N + 512 bytes for places and for what is true or false.

    What makes it fast:
        picked      what labels choose is taken from where it stands in memory
        sums        a sum over rows is a product with ones
        common      what would be computed twice is computed once
        passing     what is read only at its own time is not kept for all times
        again       what two loops compute of the same time is kept for all times
        ahead       what needs nothing of its loop is computed before it, for all times at once
        stacked     products in a loop are fewer and larger, of matrices side by side
        together    what a loop reads or writes side by side lies so in memory
        scalars     numbers beside arrays are arrays without axes
        lying       arrays lie in memory as products read them
        rooms       results are written where nothing is read any more
        views       a matrix with its columns as rows is looked at once, before all steps
    """
    (
        w1, w_i2, r_i2, b_i2, w_f2, r_f2, b_f2, w_g2, r_g2, b_g2, w_o2, r_o2, b_o2, w3, b3,
    ) = (params[name] for name in SHAPES)
    dtype = next(iter(params.values())).dtype
    (
        dE_dw1, dE_dw_i2, dE_dr_i2, dE_db_i2, dE_dw_f2, dE_dr_f2, dE_db_f2, dE_dw_g2, dE_dr_g2,
        dE_db_g2, dE_dw_o2, dE_dr_o2, dE_db_o2, dE_dw3, dE_db3,
    ) = (grads[name] for name in SHAPES)
    one = np.array(1, dtype)
    number_1 = np.array(1 / (N * 20), dtype)
    ones_1 = np.ones((64,), next(iter(params.values())).dtype)
    start_2 = np.arange(N)[:, None] * 64 + np.arange(20) * N * 64
    work_38 = np.arange(64)
    ones_2 = np.ones((N, 20), next(iter(params.values())).dtype)
    zeros_1 = np.zeros((N, 48), dtype)
    zeros_2 = np.zeros((N, 192), dtype)
    room_1 = np.empty((20, N), np.intp).T
    z1 = z_bar1 = np.moveaxis(np.empty((20, N, 16), dtype), 0, 1)
    room_2 = np.empty((16, 192), dtype)
    room_3 = np.moveaxis(np.empty((20, N, 192), dtype), 0, 1)
    room_4 = np.empty((192,), dtype)
    i2 = room_21 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    f2 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    g2 = room_23 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    o2 = room_19 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    c2 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    h2 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_5 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_6 = np.empty((48, 192), dtype)
    room_7 = np.empty((N, 192), dtype)
    room_8 = np.empty((N, 48), dtype)
    room_9 = np.empty((N, 48), dtype)
    u3 = np.moveaxis(np.empty((20, N, 64), dtype), 0, 1)
    room_10 = np.moveaxis(np.empty((20, N, 1), dtype), 0, 1)
    y = delta3 = np.moveaxis(np.empty((20, N, 64), dtype), 0, 1)
    room_11 = np.empty((20, N), dtype).T
    room_12 = np.moveaxis(np.empty((20, N, 1), dtype), 0, 1)
    room_13 = np.empty((N, 20), np.intp)
    room_14 = np.empty((N, 20), dtype)
    room_15 = np.moveaxis(np.empty((20, N, 64), bool), 0, 1)
    h_bar2 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    c_bar2 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_16 = np.moveaxis(np.empty((20, N, 192), dtype), 0, 1)
    room_17 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_18 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_20 = np.moveaxis(np.empty((20, N, 48), dtype), 0, 1)
    room_22 = np.empty((192, 48), dtype)
    room_24 = np.empty((48, 192), dtype)
    room_25 = np.moveaxis(np.empty((20, N, 16), dtype), 0, 1)
    u_i2 = room_3[:, :, :48]
    u_f2 = room_3[:, :, 48 : 48 + 48]
    u_g2 = room_3[:, :, 48 + 48 : 48 + 48 + 48]
    u_o2 = room_3[:, :, 48 + 48 + 48 : 48 + 48 + 48 + 48]
    delta_f2 = room_16[:, :, :48]
    delta_g2 = room_16[:, :, 48 : 48 + 48]
    delta_i2 = room_16[:, :, 48 + 48 : 48 + 48 + 48]
    delta_o2 = room_16[:, :, 48 + 48 + 48 : 48 + 48 + 48 + 48]
    h2_at = list(np.moveaxis(h2, 1, 0))
    c2_at = list(np.moveaxis(c2, 1, 0))
    room_3_at = list(np.moveaxis(room_3, 1, 0))
    u_i2_at = list(np.moveaxis(u_i2, 1, 0))
    i2_at = list(np.moveaxis(i2, 1, 0))
    u_f2_at = list(np.moveaxis(u_f2, 1, 0))
    f2_at = list(np.moveaxis(f2, 1, 0))
    g2_at = list(np.moveaxis(g2, 1, 0))
    u_g2_at = list(np.moveaxis(u_g2, 1, 0))
    u_o2_at = list(np.moveaxis(u_o2, 1, 0))
    o2_at = list(np.moveaxis(o2, 1, 0))
    room_5_at = list(np.moveaxis(room_5, 1, 0))
    c_bar2_at = list(np.moveaxis(c_bar2, 1, 0))
    room_16_at = list(np.moveaxis(room_16, 1, 0))
    h_bar2_at = list(np.moveaxis(h_bar2, 1, 0))
    room_17_at = list(np.moveaxis(room_17, 1, 0))
    delta_o2_at = list(np.moveaxis(delta_o2, 1, 0))
    room_19_at = list(np.moveaxis(room_19, 1, 0))
    delta_g2_at = list(np.moveaxis(delta_g2, 1, 0))
    delta_f2_at = list(np.moveaxis(delta_f2, 1, 0))
    room_18_at = list(np.moveaxis(room_18, 1, 0))
    delta_i2_at = list(np.moveaxis(delta_i2, 1, 0))
    room_21_at = list(np.moveaxis(room_21, 1, 0))
    room_1_T, room_11_T, w3_T, r_f2_T, r_g2_T = room_1.T, room_11.T, w3.T, r_f2.T, r_g2.T
    r_i2_T, r_o2_T, w_f2_T, w_g2_T, w_i2_T, w_o2_T = r_i2.T, r_o2.T, w_f2.T, w_g2.T, w_i2.T, w_o2.T

    def both(x: Array, t: Array) -> float:
        # (1) z¹ₙₜⱼ = w¹_{xₙₜ,j}
        np.copyto(room_1, x)
        w1.take(room_1_T, axis=0, out=z1.transpose(1, 0, 2), mode="clip")
        np.concatenate((w_i2, w_f2, w_g2, w_o2), axis=1, out=room_2)
        # (2) u²_{i,ntj} = Σₖ r²_{i,kj} h²_{n,t − 1,k} + Σₘ w²_{i,mj} z¹ₙₜₘ + b²_{i,j}
        # (4) u²_{f,ntj} = Σₖ r²_{f,kj} h²_{n,t − 1,k} + Σₘ w²_{f,mj} z¹ₙₜₘ + b²_{f,j}
        # (6) u²_{g,ntj} = Σₖ r²_{g,kj} h²_{n,t − 1,k} + Σₘ w²_{g,mj} z¹ₙₜₘ + b²_{g,j}
        # (8) u²_{o,ntj} = Σₖ r²_{o,kj} h²_{n,t − 1,k} + Σₘ w²_{o,mj} z¹ₙₜₘ + b²_{o,j}
        z1.transpose(1, 0, 2).reshape(-1, 16).dot(
            room_2,
            out=room_3.transpose(1, 0, 2).reshape(-1, 192),
        )
        np.concatenate((b_i2, b_f2, b_g2, b_o2), axis=0, out=room_4)
        np.add(room_3, room_4, out=room_3)
        np.concatenate((r_i2, r_f2, r_g2, r_o2), axis=1, out=room_6)
        for t_ in range(20):
            room_3_now = room_3_at[t_]
            u_i2_now = u_i2_at[t_]
            i2_now = i2_at[t_]
            u_f2_now = u_f2_at[t_]
            f2_now = f2_at[t_]
            g2_now = g2_at[t_]
            u_g2_now = u_g2_at[t_]
            u_o2_now = u_o2_at[t_]
            o2_now = o2_at[t_]
            c2_now = c2_at[t_]
            room_5_now = room_5_at[t_]
            h2_now = h2_at[t_]
            h2_before = h2_at[t_ - 1] if t_ > 0 else zeros_1
            c2_before = c2_at[t_ - 1] if t_ > 0 else zeros_1
            h2_before.dot(room_6, out=room_7)
            # (4) u²_{f,ntj} = Σₖ r²_{f,kj} h²_{n,t − 1,k} + Σₘ w²_{f,mj} z¹ₙₜₘ + b²_{f,j}
            # (6) u²_{g,ntj} = Σₖ r²_{g,kj} h²_{n,t − 1,k} + Σₘ w²_{g,mj} z¹ₙₜₘ + b²_{g,j}
            # (8) u²_{o,ntj} = Σₖ r²_{o,kj} h²_{n,t − 1,k} + Σₘ w²_{o,mj} z¹ₙₜₘ + b²_{o,j}
            np.add(room_3_now, room_7, out=room_3_now)
            # (3) i²ₙₜⱼ = 1/(1 + exp(−u²_{i,ntj}))
            np.negative(u_i2_now, out=room_8)
            np.exp(room_8, out=room_8)
            np.add(room_8, one, out=room_8)
            np.reciprocal(room_8, out=i2_now)
            # (5) f²ₙₜⱼ = 1/(1 + exp(−u²_{f,ntj}))
            np.negative(u_f2_now, out=room_8)
            np.exp(room_8, out=room_8)
            np.add(room_8, one, out=room_8)
            np.reciprocal(room_8, out=f2_now)
            # (7) g²ₙₜⱼ = tanh(u²_{g,ntj})
            np.tanh(u_g2_now, out=g2_now)
            # (9) o²ₙₜⱼ = 1/(1 + exp(−u²_{o,ntj}))
            np.negative(u_o2_now, out=room_8)
            np.exp(room_8, out=room_8)
            np.add(room_8, one, out=room_8)
            np.reciprocal(room_8, out=o2_now)
            # (10) c²ₙₜⱼ = c²_{n,t − 1,j} f²ₙₜⱼ + g²ₙₜⱼ i²ₙₜⱼ
            np.multiply(g2_now, i2_now, out=room_8)
            np.multiply(c2_before, f2_now, out=room_9)
            np.add(room_8, room_9, out=c2_now)
            # (11) h²ₙₜⱼ = o²ₙₜⱼ tanh(c²ₙₜⱼ)
            np.tanh(c2_now, out=room_5_now)
            np.multiply(o2_now, room_5_now, out=h2_now)
        # (12) u³ₙₜⱼ = Σᵢ w³ᵢⱼ h²ₙₜᵢ + w³₀ⱼ
        h2.transpose(1, 0, 2).reshape(-1, 48).dot(w3, out=u3.transpose(1, 0, 2).reshape(-1, 64))
        np.add(u3, b3, out=u3)
        # (13) yₙₜⱼ = exp(u³ₙₜⱼ)/(Σₖ exp(u³ₙₜₖ))
        np.maximum.reduce(u3, axis=2, keepdims=True, out=room_10)
        np.subtract(u3, room_10, out=y)
        np.exp(y, out=y)
        y.transpose(1, 0, 2).reshape(20 * N, -1).dot(ones_1, out=room_11_T.reshape(20 * N))
        np.divide(y, room_11[:, :, None], out=y)
        # (14) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
        np.log(room_11[:, :, None], out=room_12)
        np.add(room_10, room_12, out=room_10)
        np.add(t, start_2, out=room_13)
        u3.transpose(1, 0, 2).reshape(-1).take(room_13, out=room_14, mode="clip")
        np.subtract(room_10[:, :, 0], room_14, out=room_11)
        E = room_11.sum() / (N * 20)
        # (37) δ³ₙₜⱼ = (yₙₜⱼ − [j = tₙₜ])/(N T)
        np.equal(t[:, :, None], work_38, out=room_15)
        np.subtract(y, room_15, out=delta3)
        np.multiply(delta3, number_1, out=delta3)
        # (20) ∂E/∂w³ᵢⱼ = Σₙ Σₜ δ³ₙₜⱼ h²ₙₜᵢ
        h2.transpose(1, 0, 2).reshape(-1, 48).T.dot(
            delta3.transpose(1, 0, 2).reshape(20 * N, -1),
            out=dE_dw3,
        )
        # (24) ∂E/∂w³₀ⱼ = Σₙ Σₜ δ³ₙₜⱼ
        ones_2.reshape(-1).dot(delta3.transpose(1, 0, 2).reshape(20 * N, -1), out=dE_db3)
        # (62) h̄²ₙₜⱼ = Σᵢ δ²_{f,n,t + 1,i} r²_{f,ji} + Σᵢ δ²_{g,n,t + 1,i} r²_{g,ji} + Σᵢ δ²_{i,n,t
        #     + 1,i} r²_{i,ji} + Σᵢ δ²_{o,n,t + 1,i} r²_{o,ji} + Σᵢ δ³ₙₜᵢ w³ⱼᵢ
        delta3.transpose(1, 0, 2).reshape(-1, 64).dot(
            w3_T,
            out=h_bar2.transpose(1, 0, 2).reshape(-1, 48),
        )
        # (71) c̄²ₙₜⱼ = c̄²_{n,t + 1,j} f²_{n,t + 1,j} + h̄²ₙₜⱼ o²ₙₜⱼ (1 − tanh²(c²ₙₜⱼ))
        np.square(room_5, out=room_17)
        np.subtract(one, room_17, out=room_17)
        np.multiply(o2, room_17, out=room_17)
        # (99) δ²_{o,ntj} = ō²ₙₜⱼ o²ₙₜⱼ (1 − o²ₙₜⱼ)
        np.subtract(one, o2, out=room_18)
        np.multiply(o2, room_5, out=room_19)
        np.multiply(room_19, room_18, out=room_19)
        # (135) δ²_{g,ntj} = ḡ²ₙₜⱼ (1 − (g²ₙₜⱼ)²)
        np.square(g2, out=room_5)
        np.subtract(one, room_5, out=room_5)
        np.multiply(i2, room_5, out=room_5)
        # (171) δ²_{f,ntj} = f̄²ₙₜⱼ f²ₙₜⱼ (1 − f²ₙₜⱼ)
        np.subtract(one, f2, out=room_18)
        np.multiply(f2, room_18, out=room_18)
        # (207) δ²_{i,ntj} = ī²ₙₜⱼ i²ₙₜⱼ (1 − i²ₙₜⱼ)
        np.subtract(one, i2, out=room_20)
        np.multiply(i2, g2, out=room_21)
        np.multiply(room_21, room_20, out=room_21)
        # (62) h̄²ₙₜⱼ = Σᵢ δ²_{f,n,t + 1,i} r²_{f,ji} + Σᵢ δ²_{g,n,t + 1,i} r²_{g,ji} + Σᵢ δ²_{i,n,t
        #     + 1,i} r²_{i,ji} + Σᵢ δ²_{o,n,t + 1,i} r²_{o,ji} + Σᵢ δ³ₙₜᵢ w³ⱼᵢ
        np.concatenate((r_f2_T, r_g2_T, r_i2_T, r_o2_T), axis=0, out=room_22)
        for t_ in reversed(range(20)):
            h_bar2_now = h_bar2_at[t_]
            room_17_now = room_17_at[t_]
            c_bar2_now = c_bar2_at[t_]
            delta_o2_now = delta_o2_at[t_]
            room_19_now = room_19_at[t_]
            delta_g2_now = delta_g2_at[t_]
            room_5_now = room_5_at[t_]
            delta_f2_now = delta_f2_at[t_]
            room_18_now = room_18_at[t_]
            delta_i2_now = delta_i2_at[t_]
            room_21_now = room_21_at[t_]
            c_bar2_after = c_bar2_at[t_ + 1] if t_ + 1 < 20 else zeros_1
            f2_after = f2_at[t_ + 1] if t_ + 1 < 20 else zeros_1
            c2_before = c2_at[t_ - 1] if t_ > 0 else zeros_1
            room_16_after = room_16_at[t_ + 1] if t_ + 1 < 20 else zeros_2
            room_16_after.dot(room_22, out=room_8)
            np.add(h_bar2_now, room_8, out=h_bar2_now)
            # (71) c̄²ₙₜⱼ = c̄²_{n,t + 1,j} f²_{n,t + 1,j} + h̄²ₙₜⱼ o²ₙₜⱼ (1 − tanh²(c²ₙₜⱼ))
            np.multiply(c_bar2_after, f2_after, out=room_9)
            np.multiply(h_bar2_now, room_17_now, out=room_8)
            np.add(room_9, room_8, out=c_bar2_now)
            # (77) ō²ₙₜⱼ = h̄²ₙₜⱼ tanh(c²ₙₜⱼ)
            # (99) δ²_{o,ntj} = ō²ₙₜⱼ o²ₙₜⱼ (1 − o²ₙₜⱼ)
            np.multiply(h_bar2_now, room_19_now, out=delta_o2_now)
            # (113) ḡ²ₙₜⱼ = c̄²ₙₜⱼ i²ₙₜⱼ
            # (135) δ²_{g,ntj} = ḡ²ₙₜⱼ (1 − (g²ₙₜⱼ)²)
            np.multiply(c_bar2_now, room_5_now, out=delta_g2_now)
            # (149) f̄²ₙₜⱼ = c̄²ₙₜⱼ c²_{n,t − 1,j}
            # (171) δ²_{f,ntj} = f̄²ₙₜⱼ f²ₙₜⱼ (1 − f²ₙₜⱼ)
            np.multiply(c2_before, c_bar2_now, out=room_9)
            np.multiply(room_9, room_18_now, out=delta_f2_now)
            # (185) ī²ₙₜⱼ = c̄²ₙₜⱼ g²ₙₜⱼ
            # (207) δ²_{i,ntj} = ī²ₙₜⱼ i²ₙₜⱼ (1 − i²ₙₜⱼ)
            np.multiply(c_bar2_now, room_21_now, out=delta_i2_now)
        # (82) ∂E/∂b²_{o,j} = Σₙ Σₜ δ²_{o,ntj}
        # (118) ∂E/∂b²_{g,j} = Σₙ Σₜ δ²_{g,ntj}
        # (154) ∂E/∂b²_{f,j} = Σₙ Σₜ δ²_{f,ntj}
        # (190) ∂E/∂b²_{i,j} = Σₙ Σₜ δ²_{i,ntj}
        ones_2.reshape(-1).dot(room_16.transpose(1, 0, 2).reshape(20 * N, -1), out=room_4)
        dE_db_o2[...] = room_4[48 + 48 + 48 : 48 + 48 + 48 + 48]
        # (87) ∂E/∂r²_{o,kj} = Σₙ Σₜ δ²_{o,ntj} h²_{n,t − 1,k}
        np.copyto(room_23[:, 1:], h2[:, :-1])
        room_23[:, :1] = 0
        # (123) ∂E/∂r²_{g,kj} = Σₙ Σₜ δ²_{g,ntj} h²_{n,t − 1,k}
        # (159) ∂E/∂r²_{f,kj} = Σₙ Σₜ δ²_{f,ntj} h²_{n,t − 1,k}
        # (195) ∂E/∂r²_{i,kj} = Σₙ Σₜ δ²_{i,ntj} h²_{n,t − 1,k}
        room_23.transpose(1, 0, 2).reshape(-1, 48).T.dot(
            room_16.transpose(1, 0, 2).reshape(20 * N, -1),
            out=room_24,
        )
        dE_dr_o2[...] = room_24[:, 48 + 48 + 48 : 48 + 48 + 48 + 48]
        # (92) ∂E/∂w²_{o,mj} = Σₙ Σₜ δ²_{o,ntj} z¹ₙₜₘ
        # (128) ∂E/∂w²_{g,mj} = Σₙ Σₜ δ²_{g,ntj} z¹ₙₜₘ
        # (164) ∂E/∂w²_{f,mj} = Σₙ Σₜ δ²_{f,ntj} z¹ₙₜₘ
        # (200) ∂E/∂w²_{i,mj} = Σₙ Σₜ δ²_{i,ntj} z¹ₙₜₘ
        z1.transpose(1, 0, 2).reshape(-1, 16).T.dot(
            room_16.transpose(1, 0, 2).reshape(20 * N, -1),
            out=room_2,
        )
        dE_dw_o2[...] = room_2[:, 48 + 48 + 48 : 48 + 48 + 48 + 48]
        # (118) ∂E/∂b²_{g,j} = Σₙ Σₜ δ²_{g,ntj}
        dE_db_g2[...] = room_4[48 : 48 + 48]
        # (123) ∂E/∂r²_{g,kj} = Σₙ Σₜ δ²_{g,ntj} h²_{n,t − 1,k}
        dE_dr_g2[...] = room_24[:, 48 : 48 + 48]
        # (128) ∂E/∂w²_{g,mj} = Σₙ Σₜ δ²_{g,ntj} z¹ₙₜₘ
        dE_dw_g2[...] = room_2[:, 48 : 48 + 48]
        # (154) ∂E/∂b²_{f,j} = Σₙ Σₜ δ²_{f,ntj}
        dE_db_f2[...] = room_4[:48]
        # (159) ∂E/∂r²_{f,kj} = Σₙ Σₜ δ²_{f,ntj} h²_{n,t − 1,k}
        dE_dr_f2[...] = room_24[:, :48]
        # (164) ∂E/∂w²_{f,mj} = Σₙ Σₜ δ²_{f,ntj} z¹ₙₜₘ
        dE_dw_f2[...] = room_2[:, :48]
        # (190) ∂E/∂b²_{i,j} = Σₙ Σₜ δ²_{i,ntj}
        dE_db_i2[...] = room_4[48 + 48 : 48 + 48 + 48]
        # (195) ∂E/∂r²_{i,kj} = Σₙ Σₜ δ²_{i,ntj} h²_{n,t − 1,k}
        dE_dr_i2[...] = room_24[:, 48 + 48 : 48 + 48 + 48]
        # (200) ∂E/∂w²_{i,mj} = Σₙ Σₜ δ²_{i,ntj} z¹ₙₜₘ
        dE_dw_i2[...] = room_2[:, 48 + 48 : 48 + 48 + 48]
        # (239) z̄¹ₙₜⱼ = Σᵢ δ²_{f,nti} w²_{f,ji} + Σᵢ δ²_{g,nti} w²_{g,ji} + Σᵢ δ²_{i,nti} w²_{i,ji}
        #     + Σᵢ δ²_{o,nti} w²_{o,ji}
        np.matmul(
            delta_f2.transpose(1, 0, 2).reshape(-1, 48),
            w_f2_T,
            out=z_bar1.transpose(1, 0, 2).reshape(-1, 16),
        )
        np.matmul(
            delta_g2.transpose(1, 0, 2).reshape(-1, 48),
            w_g2_T,
            out=room_25.transpose(1, 0, 2).reshape(-1, 16),
        )
        np.add(z_bar1, room_25, out=z_bar1)
        np.matmul(
            delta_i2.transpose(1, 0, 2).reshape(-1, 48),
            w_i2_T,
            out=room_25.transpose(1, 0, 2).reshape(-1, 16),
        )
        np.add(z_bar1, room_25, out=z_bar1)
        np.matmul(
            delta_o2.transpose(1, 0, 2).reshape(-1, 48),
            w_o2_T,
            out=room_25.transpose(1, 0, 2).reshape(-1, 16),
        )
        np.add(z_bar1, room_25, out=z_bar1)
        # (220) ∂E/∂w¹ᵥⱼ = Σₙ Σₜ z̄¹ₙₜⱼ [v = xₙₜ]
        dE_dw1[...] = collected(z_bar1, x, 64)
        return float(E)

    return both


# Bytes that a processor reads at once: vectors that begin where such do are worked through faster.
LINE = 64


def zeros(size: int, dtype: Any) -> Array:
    """A vector of zeros that begins where a line of memory does."""
    room = np.zeros(size + LINE, dtype)
    start = -room.ctypes.data % LINE // room.itemsize
    return room[start : start + size]


def laid_out(shapes: dict[str, tuple[int, ...]], dtype: Any) -> tuple[Array, Params]:
    """A vector of zeros, and its parts as arrays of ``shapes``."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    whole = zeros(ends[-1], dtype)
    parts = zip(shapes.items(), np.split(whole, ends[:-1]), strict=True)
    return whole, {name: part.reshape(shape) for (name, shape), part in parts}


def fed(
    data: Sequence[Array],
    kinds: Sequence[Any],
    rows: Array,
    size: int | None,
    rng: np.random.Generator,
) -> Iterator[tuple[Array, ...]]:
    """The samples with the numbers ``rows``, in ``batches``, always in the same arrays."""
    most = min(size or len(rows), len(rows))
    rooms = [np.empty((most, *e.shape[1:]), k) for e, k in zip(data, kinds, strict=True)]
    for batch in batches(rows, size, rng):
        part = tuple(room[: len(batch)] for room in rooms)
        for room, each in zip(part, data, strict=True):
            if room.dtype == each.dtype and each.flags.c_contiguous:  # else it would copy all
                np.take(each, batch, axis=0, out=room, mode="clip")
            else:
                room[...] = each[batch]
        yield part


# Vectors of more numbers than MANY are renewed in pieces that the processor's cache holds.
MANY, PIECE = 1_000_000, 65_536
# So many steps apart, what has become so small that processors are slow with it is set to 0.
FLUSHED = 256


class Trainer:
    """Learns step by step in arrays of its own, which are made once for each number of samples.

    ``params`` and ``grads`` show the parts of two vectors, ``weights`` and ``slopes``. To renew
    the parameters uses the gradients up. ``options`` are the optimizer's constants; ``clip`` is
    the largest norm of all gradients together. ``dtype`` is that of ``params`` unless it is given.

    While it learns, its arrays take so many bytes:

        b * (16640 * (2 + s + w) + 23028 * N + 30978) + 1760 * N + 512

    where a number has b bytes (8, or 4 in float32), N samples make a step, and the optimizer
    remembers s arrays and works in w (OPTIMIZERS tells both). Python and NumPy need some 200 kB
    besides; arrays for another number of samples, as of the last batch, come on top.

    A copy (``copy.deepcopy``), or one from ``pickle``, goes on where this one is. One trainer is
    for one thread. Raises InputError for parameters of other shapes, and for settings that cannot
    be used.
    """

    def __init__(
        self,
        params: Params | None = None,
        *,
        optimizer: str = "adam",
        options: dict[str, float] | None = None,
        rate: float = 0.01,
        schedule: str = "exponential",
        decay: float = 0.0005,
        clip: float | None = 1.0,
        seed: int = 0,
        dtype: Any = None,
    ) -> None:
        given = {key: value for key, value in locals().items() if key not in ("self", "params")}
        check_settings(given)
        if dtype is None:
            dtype = np.float64 if params is None else dtype_of(params)
        self._given = given | {"dtype": np.dtype(dtype)}
        start = init_params(seed, dtype) if params is None else check_params(params)
        self.weights, self.params = laid_out(SHAPES, dtype)
        self.slopes, self.grads = laid_out(SHAPES, dtype)
        for name, w in self.params.items():
            w[...] = start[name]
        self.rng = np.random.default_rng(seed)
        self.steps = 0
        self.dtype = np.dtype(dtype)
        self.kinds = (np.dtype(np.intp), np.dtype(np.intp))
        self.rate, self.decay, self.clip = rate, decay, clip
        self.schedule = SCHEDULES[schedule]
        self.update, states, rooms, _ = OPTIMIZERS[optimizer]
        self.options = options or {}
        self._states = [zeros(len(self.weights), dtype) for _ in range(states)]
        self._pieces = self._cut(rooms)
        self._prepared: dict[int, Callable[..., float]] = {}

    def _cut(self, rooms: int) -> list[tuple[Array, Array, State, State]]:
        """The pieces in which weights are renewed, with what is remembered and worked in."""
        size = len(self.weights)
        length = PIECE if size > MANY else size
        work = [zeros(length, self.dtype) for _ in range(rooms)]
        pieces = []
        for start in range(0, size, length):
            part = slice(start, start + length)
            w, g = self.weights[part], self.slopes[part]
            own = tuple(state[part] for state in self._states)
            pieces.append((w, g, own, tuple(room[: len(w)] for room in work)))
        return pieces

    def __getstate__(self) -> dict[str, Any]:
        """What a copy, or one that is loaded with pickle, goes on with: all that is learnt."""
        now = {"rate": self.rate, "decay": self.decay, "clip": self.clip, "options": self.options}
        return {
            "given": self._given | now,
            "params": {name: w.copy() for name, w in self.params.items()},
            "states": [state.copy() for state in self._states],
            "steps": self.steps,
            "rng": self.rng.bit_generator.state,
        }

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__init__(kept["params"], **kept["given"])  # type: ignore[misc]
        for state, values in zip(self._states, kept["states"], strict=True):
            state[...] = values
        self.steps = kept["steps"]
        self.rng.bit_generator.state = kept["rng"]

    @np.errstate(over="ignore", divide="ignore", invalid="ignore")  # Diverged says it better
    def fit(
        self,
        x: Array,
        d: Array,
        *,
        epochs: int = 20,
        batch_size: int | None = 32,
        validation: tuple[Array, Array] | None = None,
        split: float = 0.0,
        patience: int | None = None,
        verbose: bool | None = None,
    ) -> History:
        """Learn to predict ``d`` from ``x``, a row a sample; how it went.

        Of data larger than memory (``np.memmap``) a batch is read at a time.
        ``batch_size`` None takes all samples at once; the last batch may be a shorter one. Loss is
        also watched on ``validation``, or on the part ``split`` of the samples, which is then held
        out. With ``patience``, training stops after so many epochs without a new smallest loss, and
        the parameters are those that had it. The history has, for each epoch, "loss", "validation",
        "rate", and the norm of each gradient. A progress line goes to a terminal; ``verbose`` True
        or False decides otherwise.
        Raises InputError for what cannot be used, and Diverged.
        """
        check_settings(locals())
        x, d = check_data(x, d, self.dtype)
        rows, validation = set_apart((x, d), self.kinds, validation, split, self.rng)
        history: History = {key: [] for key in ("loss", "validation", "rate", *SHAPES)}
        best, best_loss, best_epoch, shown = self.params, math.inf, 0, 0.0
        for epoch in range(1, epochs + 1):
            sums = dict.fromkeys(("loss", *SHAPES), 0.0)
            for part in fed((x, d), self.kinds, rows, batch_size, self.rng):
                value = self.gradients(*part)
                norms = {name: float(np.linalg.norm(g)) for name, g in self.grads.items()}
                self.renew()
                for key, number in {"loss": value, **norms}.items():
                    sums[key] += number * len(part[0]) / len(rows)
            eta = self.schedule(self.rate, self.decay, self.steps)
            for key, number in {**sums, "rate": eta}.items():
                history[key].append(number)
            if validation is not None:
                history["validation"].append(loss(self.params, *validation))
            watched = history["loss" if validation is None else "validation"][-1]
            if not math.isfinite(watched):
                raise Diverged(f"the loss is {watched} after epoch {epoch}: try a smaller rate")
            if watched < best_loss:
                best_loss, best_epoch = watched, epoch
                if patience is not None:
                    best = {name: w.copy() for name, w in self.params.items()}
            stop = patience is not None and epoch - best_epoch >= patience
            if verbose or (verbose is None and sys.stderr.isatty()):
                shown = progress(epoch, epochs, history, shown, last=stop or epoch == epochs)
            if stop:
                break
        if patience is not None:
            for name, w in self.params.items():
                w[...] = best[name]
        return history

    def step(self, x: Array, d: Array) -> float:
        """Learn from samples in rows, as ``check_data`` returns them; the loss before that.

        They are checked where there are no arrays for so many yet, where NumPy refuses them, and
        where they are numbers of another kind, which are converted in each step.
        Else a label that is too large, or a row that NumPy repeats, gives a wrong step.
        """
        value = self.gradients(x, d)
        self.renew()
        return value

    def gradients(self, x: Array, d: Array) -> float:
        """The loss; its gradients are in ``grads`` then."""
        both = self._prepared.get(len(x)) or self._prepare(x, d)
        try:
            if (x.dtype, d.dtype) != self.kinds:
                x, d = self._converted(x, d)
            return both(x, d)
        except (AttributeError, IndexError, TypeError, ValueError):
            self._check(x, d)
            raise

    def _check(self, *data: Array) -> tuple[Array, ...]:
        """Samples as ``check_data`` returns them. Raises InputError where they are others."""
        checked = check_data(*data, dtype=self.dtype)
        names = ("x", "d")
        for name, given, right, kind in zip(names, data, checked, self.kinds, strict=True):
            if not isinstance(given, np.ndarray) or given.shape != right.shape:
                told = f"{name} must be an array of the shape {right.shape}"
                raise InputError(f"{told}: use check_data")
            if not np.can_cast(given.dtype, kind):
                told = f"{name} must hold numbers of {np.dtype(kind)}, not {given.dtype}"
                raise InputError(f"{told}: use check_data")
        return checked

    def _converted(self, *data: Array) -> tuple[Array, ...]:
        """Samples as numbers of the right kinds. Raises InputError as ``_check`` does."""
        pairs = zip(self._check(*data), self.kinds, strict=True)
        return tuple(each.astype(kind, copy=False) for each, kind in pairs)

    def _prepare(self, *data: Array) -> Callable[..., float]:
        """Arrays for as many samples; those for two numbers of samples are kept."""
        self._check(*data)
        if len(self._prepared) == 2:
            del self._prepared[next(iter(self._prepared))]
        count = len(data[0])
        return self._prepared.setdefault(count, prepared(self.params, self.grads, count))

    def renew(self) -> None:
        """Renew the parameters by the gradients, which are used up."""
        self.steps += 1
        eta = self.schedule(self.rate, self.decay, self.steps)
        if self.clip is not None:
            norm = float(np.linalg.norm(self.slopes))
            self.slopes *= clipped(norm, self.clip)
        for w, g, state, work in self._pieces:
            self.update(w, g, state, work, self.steps, eta, **self.options)
            if self.steps % FLUSHED == 0:
                for s in state:
                    np.abs(s, out=g)
                    np.greater_equal(g, FLUSHED * np.finfo(s.dtype).tiny * 2.0**32, out=g)
                    s *= g


class Diverged(ArithmeticError):
    """The loss grew beyond all numbers."""


def train(
    x: Array,
    d: Array,
    *,
    params: Params | None = None,
    optimizer: str = "adam",
    options: dict[str, float] | None = None,
    rate: float = 0.01,
    schedule: str = "exponential",
    decay: float = 0.0005,
    clip: float | None = 1.0,
    epochs: int = 20,
    batch_size: int | None = 32,
    seed: int = 0,
    validation: tuple[Array, Array] | None = None,
    split: float = 0.0,
    patience: int | None = None,
    dtype: Any = np.float64,
    verbose: bool | None = None,
) -> tuple[Params, History]:
    """Learn to predict ``d`` from ``x``, a row a sample; the parameters, and how it went.

    In one call what a ``Trainer`` is told when it is made, and what its ``fit`` is told.
    Raises InputError for what cannot be used, and Diverged.
    """
    trainer = Trainer(
        params,
        optimizer=optimizer,
        options=options,
        rate=rate,
        schedule=schedule,
        decay=decay,
        clip=clip,
        seed=seed,
        dtype=dtype,
    )
    history = trainer.fit(
        x,
        d,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        split=split,
        patience=patience,
        verbose=verbose,
    )
    return trainer.params, history


def set_apart(
    data: Sequence[Array],
    kinds: Sequence[Any],
    validation: tuple[Array, ...] | None,
    split: float,
    rng: np.random.Generator,
) -> tuple[Array, tuple[Array, ...] | None]:
    """The numbers of the samples to learn from, and the samples that are only watched."""
    rows = np.arange(len(data[0]))
    if validation is not None and split:
        raise InputError("either validation or split may be given, not both")
    if split:
        held_out, rows = np.split(rng.permutation(rows), [math.ceil(split * len(rows))])
        if not len(rows):
            raise InputError(f"split {split} leaves no samples to learn from")
        validation = taken(data, kinds, held_out)
    elif validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != len(data):
            raise InputError(f"validation must be a tuple of {len(data)} arrays")
        validation = taken(check_data(*validation), kinds, slice(None))
    return rows, validation


def taken(data: Sequence[Array], kinds: Sequence[Any], rows: Any) -> tuple[Array, ...]:
    """Some samples, as numbers of the kinds that are computed with."""
    pairs = zip(data, kinds, strict=True)
    return tuple(each[rows].astype(kind, copy=False) for each, kind in pairs)


def batches(rows: Array, size: int | None, rng: np.random.Generator) -> Iterator[Array]:
    """The numbers of samples, shuffled, ``size`` at a time; the last may be fewer."""
    size = min(size or len(rows), len(rows))
    order = rng.permutation(rows)
    for start in range(0, len(rows), size):
        yield order[start : start + size]


def progress(epoch: int, epochs: int, history: History, shown: float, *, last: bool) -> float:
    """Renew the progress line, ten times a second at most; when it was last renewed."""
    now = time.monotonic()
    if now - shown < 0.1 and not last:
        return shown
    parts = [f"{key} {history[key][-1]:.6g}" for key in ("loss", "validation") if history[key]]
    line = f"epoch {epoch}/{epochs}  {'  '.join(parts)}"
    print(f"\r{line:<70}", end="\n" if last else "", file=sys.stderr, flush=True)
    return now


WHOLE, NUMBER = (int, np.integer), (int, float, np.integer, np.floating)
# The settings that are numbers: of which kinds, which of them, and how that is told.
SETTINGS: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
    "epochs": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "batch_size": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "patience": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "seed": (WHOLE, lambda n: n >= 0, "a whole number, 0 or more"),
    "rate": (NUMBER, lambda n: 0 < n < math.inf, "a number above 0"),
    "clip": (NUMBER, lambda n: 0 < n < math.inf, "a number above 0"),
    "decay": (NUMBER, lambda n: 0 <= n < math.inf, "a number, 0 or more"),
    "split": (NUMBER, lambda n: 0 <= n < 1, "a number from 0 to below 1"),
}
MAY_BE_NONE = ("batch_size", "patience", "clip", "dtype")
# The options of optimizers that are below 1, and those that are not 0; none is below 0.
BELOW_ONE, ABOVE_ZERO = ("mu", "rho", "beta1", "beta2"), ("epsilon",)


def check_settings(given: dict[str, Any]) -> None:
    """Raises InputError for a setting of training that cannot be used."""
    given = {key: given[key] for key in given if given[key] is not None or key not in MAY_BE_NONE}
    for key, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
        if key in given and given[key] not in known:
            raise InputError(f"there is no {key} {given[key]!r}, but {', '.join(known)}")
    for key in SETTINGS:
        if key in given:
            check_number(key, given[key], key)
    for key, value in (given.get("options") or {}).items():
        if key not in OPTIMIZERS[given["optimizer"]][-1]:
            raise InputError(f"{given['optimizer']} has no option {key!r}")
        like = "split" if key in BELOW_ONE else "rate" if key in ABOVE_ZERO else "decay"
        check_number(key, value, like)
    if not is_float(given.get("dtype", float)):
        raise InputError(f"dtype must be of floating-point numbers, not {given['dtype']!r}")


def check_number(key: str, value: Any, like: str) -> None:
    """Raises InputError for a number that could not be the setting ``like``."""
    kinds, fits, told = SETTINGS[like]
    if not (isinstance(value, kinds) and fits(value)):
        raise InputError(f"{key} must be {told}, not {value!r}")


def is_float(dtype: Any) -> bool:
    """Whether parameters may be of such a type."""
    try:
        return np.dtype(dtype).kind == "f"
    except TypeError:
        return False


# ------------------------------------------------------------------------------ gradients, checked


def check_gradients(
    params: Params, x: Array, d: Array, *, entries: int = 200, seed: int = 0
) -> dict[str, float]:
    """How far the gradient of each parameter is from central differences, relative to both.

    Computed in float64. Of a parameter with more entries, ``entries`` are chosen at random.
    """
    x, d = check_data(x, d)
    rng = np.random.default_rng(seed)
    params = check_params(params)
    params = {name: np.array(w, np.float64, order="C") for name, w in params.items()}
    value, grads = loss_and_grads(params, x, d)
    errors = {}
    for name, w in params.items():
        flat = w.reshape(-1)  # a view: what is written here is written into the parameter
        chosen = rng.choice(flat.size, min(entries, flat.size), replace=False)
        measured = []
        for at in chosen:
            kept, h = flat[at], 1e-5 * max(1.0, abs(flat[at]))
            flat[at] = kept + h
            above = loss(params, x, d)
            flat[at] = kept - h
            measured.append((above - loss(params, x, d)) / (2 * h))
            flat[at] = kept
        computed = grads[name].reshape(-1)[chosen]
        size = float(np.linalg.norm(computed) + np.linalg.norm(measured))
        # Differences of a loss are no more exact than its own last digit, divided by h.
        least = 1e-4 * max(1.0, abs(value))
        errors[name] = float(np.linalg.norm(computed - measured) / max(size, least))
    return errors


# ------------------------------------------------------------------------------ data and files


class InputError(ValueError):
    """Something that was given cannot be used."""


def check_numbers(name: str, values: Any) -> Array:
    """``values`` as an array of finite numbers. Raises InputError."""
    try:
        array = values if isinstance(values, np.memmap) else np.asarray(values)
    except ValueError:
        raise InputError(f"the rows of {name} are not all of one length") from None
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} must hold numbers, not {array.dtype}")
    if not is_finite(array):
        raise InputError(f"{name} holds NaN or infinity")
    return array


def parts(array: Array) -> Iterator[Array]:
    """``array``, a few rows at a time where it lies on disk."""
    many = isinstance(array, np.memmap) and array.ndim
    rows = max(1, 1_000_000 // max(1, array[:1].size)) if many else 0
    return (array[at : at + rows] for at in range(0, len(array), rows)) if many else iter([array])


def is_finite(array: Array) -> bool:
    """Whether all numbers are."""
    return all(bool(np.isfinite(part).all()) for part in parts(array))


def are_labels(array: Array, count: int) -> bool:
    """Whether all numbers are whole ones from 0 to below ``count``."""
    return all(
        bool((part == np.round(part)).all() and part.min() >= 0 and part.max() < count)
        for part in parts(array)
    )


def whole(array: Array) -> Array:
    """Labels as whole numbers; what lies on disk as such stays there until it is needed."""
    is_there = isinstance(array, np.memmap) and array.dtype.kind in "iu"
    return array if is_there else array.astype(np.intp, copy=False)


def precise(array: Array, dtype: Any) -> Array:
    """``array`` in this precision; what lies on disk stays there until it is needed."""
    return array if isinstance(array, np.memmap) else array.astype(dtype, copy=False)


def check_inputs(x: Any) -> Array:
    """``x`` as samples in rows. Raises InputError."""
    x = check_numbers("x", x)
    if x.ndim == 2 and x.shape[1] == math.prod(INPUT):  # as files have it, a row a sample
        x = x.reshape(len(x), *INPUT)
    if x.ndim == 0 or x.shape[1:] != INPUT:
        raise InputError(f"x must have the shape {('N', *INPUT)}, not {x.shape}")
    if len(x) == 0:
        raise InputError("x holds no samples")
    if not are_labels(x, TOKENS):
        raise InputError(f"the tokens in x must be whole numbers from 0 to {TOKENS - 1}")
    return whole(x)


def check_data(x: Any, d: Any, dtype: Any = np.float64) -> tuple[Array, Array]:
    """``x`` and ``d`` as samples in rows. Raises InputError."""
    x, d = check_inputs(x), check_numbers("d", d)
    if d.size == len(x) * math.prod(OUTPUT[:-1]):
        d = d.reshape(len(x), *OUTPUT[:-1])
    if d.shape != (len(x), *OUTPUT[:-1]):
        raise InputError(f"d must have the shape {(len(x), *OUTPUT[:-1])}, not {d.shape}")
    if not are_labels(d, OUTPUT[-1]):
        raise InputError(f"the labels in d must be whole numbers from 0 to {OUTPUT[-1] - 1}")
    d = whole(d)
    return x, d


def check_params(arrays: Params, where: str = "params") -> Params:
    """The parameters of this network among ``arrays``. Raises InputError."""
    for name, shape in SHAPES.items():
        if name not in arrays:
            raise InputError(f"{where} lacks the array {name}; it holds {', '.join(arrays)}")
        array = check_numbers(f"{name} in {where}", arrays[name])
        if array.shape != shape:
            raise InputError(f"{name} in {where} must have the shape {shape}, not {array.shape}")
    return {name: arrays[name] for name in SHAPES}


def random_data(count: int, seed: int = 0) -> tuple[Array, Array]:
    """Samples without a meaning, to check gradients with."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, TOKENS, (count, *INPUT))
    d = rng.integers(0, OUTPUT[-1], (count, *OUTPUT[:-1]))
    return x, d


def accuracy(params: Params, x: Array, d: Array) -> float:
    """Which part of the samples is predicted right."""
    x, d = check_data(x, d)
    return float((predict(params, x).argmax(axis=-1) == d).mean())


def save(params: Params, path: str | Path) -> None:
    """Write ``params`` to an .npz file, whole or not at all."""
    path = Path(path)
    check_writable(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.savez(file, **params)  # type: ignore[arg-type]
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Raises InputError where no file can be put at ``path``."""
    taken = not path.name or (path.exists() and not path.is_file())
    if taken or not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written")


def load(path: str | Path) -> Params:
    """The parameters in an .npz file. Raises InputError where they are not this network's."""
    return check_params(read_npz(path), str(path))


def read_npz(path: str | Path) -> dict[str, Array]:
    """The arrays of an .npz file. Raises InputError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or 'no .npz file'}") from None
    except (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
        raise InputError(f"{path} is no .npz file of plain arrays") from None


def number_in(cell: str) -> float | None:
    """The number that ``cell`` is, or None."""
    try:
        return float(cell)
    except ValueError:
        return None


def read_csv(path: str | Path) -> Array:
    """The numbers of a .csv file; a first line that holds none is skipped. Raises InputError."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"{path}: {reason}") from None
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    rows = []
    for number, line in filled:
        cells = [number_in(cell) for cell in line.split(",")]
        if None not in cells:
            rows.append(cells)
        elif number > filled[0][0] or any(cell is not None for cell in cells):
            raise InputError(f"{path}, line {number}: not numbers: {line:.80}")
    if not rows:
        raise InputError(f"{path} holds no samples")
    if any(len(row) != len(rows[0]) for row in rows):
        raise InputError(f"the lines of {path} are not all of one length")
    return np.array(rows)


def read_data(path: str | Path) -> tuple[Array, Array | None]:
    """Inputs and, where there are some, targets. Raises InputError."""
    if Path(path).suffix.lower() == ".csv":
        table = read_csv(path)
        x, d = np.split(table, [math.prod(INPUT)], axis=1)
        return x, d if d.size else None
    arrays = read_npz(path)
    if "x" not in arrays:
        raise InputError(f"{path} lacks the array x; it holds {', '.join(arrays) or 'nothing'}")
    return arrays["x"], arrays.get("d")


# ------------------------------------------------------------------------------ command line


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    learn = commands.add_parser("train", help="learn, and write the parameters")
    learn.add_argument("data", help=".npz or .csv")
    learn.add_argument("--optimizer", choices=OPTIMIZERS)
    learn.add_argument("--schedule", choices=SCHEDULES)
    for option in ("rate", "decay", "clip", "split"):
        learn.add_argument(f"--{option}", type=float)
    for option in ("epochs", "batch-size", "seed", "patience"):
        learn.add_argument(f"--{option}", type=int)
    learn.add_argument("--float32", dest="dtype", action="store_const", const=np.float32)
    tell = commands.add_parser("predict", help="print predictions, a line a sample")
    tell.add_argument("data", help=".npz or .csv")
    check = commands.add_parser("check", help="compare gradients with finite differences")
    check.add_argument("data", nargs="?", help=".npz or .csv; random samples without")
    for command in (learn, tell):
        command.add_argument("--params", default="char_lstm.npz", help="default: %(default)s")
    return parser.parse_args(words)


def data_of(path: str | None) -> tuple[Array, Array]:
    """The samples in the file, or those that stand in for it."""
    if path is None:
        return random_data(8)
    x, d = read_data(path)
    if d is None:
        raise InputError(f"{path} holds no targets d")
    return check_data(x, d)


def run_train(given: dict[str, Any]) -> int:
    """Learn from a file, and write what was learnt."""
    path, x_and_d = given.pop("params"), data_of(given.pop("data", None))
    check_writable(Path(path))
    params, history = train(*x_and_d, **given)
    save(params, path)
    losses = history["loss"]
    print(f"loss {losses[0]:.6g} -> {losses[-1]:.6g} in {len(losses)} epochs")
    print(f"accuracy {accuracy(params, *x_and_d):.2%}")
    print(f"parameters in {path}")
    return 0


def run_predict(given: dict[str, Any]) -> int:
    """Print predictions for the inputs in a file."""
    np.savetxt(sys.stdout, predict(load(given["params"]), read_data(given["data"])[0]), "%.6g", ",")
    return 0


def run_check(given: dict[str, Any]) -> int:
    """Compare gradients with finite differences, away from where all biases are 0."""
    x, d = data_of(given["data"]) if "data" in given else random_data(8)
    rng = np.random.default_rng(1)
    params = {name: w + 0.1 * rng.standard_normal(w.shape) for name, w in init_params().items()}
    errors = check_gradients(params, x[:8], d[:8])
    for name, error in errors.items():
        print(f"{name:<6} {error:.1e}  {'agrees' if error < 1e-6 else 'DIFFERS'}")
    return 0 if max(errors.values()) < 1e-6 else 1


def main(words: Sequence[str] | None = None) -> int:
    """0: done, 1: a check failed or training diverged, 2: something given cannot be used."""
    given = {key: value for key, value in vars(arguments(words)).items() if value is not None}
    run = {"train": run_train, "predict": run_predict, "check": run_check}[given.pop("command")]
    try:
        code = run(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads the output has closed it, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (InputError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except Diverged as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
