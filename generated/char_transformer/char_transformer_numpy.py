# symbp:sha256=aa93c54871b69929
"""A transformer that predicts the next character

The number above a statement is that of its equation in derivation.en.md and derivation.ja.md.
Needs NumPy and nothing else. From the command line:

    python char_transformer_numpy.py train DATA      learn, write char_transformer.npz
    python char_transformer_numpy.py predict DATA    print what the network in char_transformer.npz predicts
    python char_transformer_numpy.py check [DATA]    compare the gradients with finite differences

DATA is an .npz file with the arrays x (inputs) and d (targets), a row a sample, or a .csv file with
the columns of x and then those of d.

From Python:

    trainer = Trainer(seed=1)
    history = trainer.fit(x, d)
    predicted = predict(trainer.params, x)

Shapes, for N samples:
    x                    (N, 20)         inputs
    z1, z2               (N, 20, 32)
    mu3, v3              (N, 20)
    x_hat3, z3           (N, 20, 32)
    q4, k4, v4           (N, 4, 20, 8)
    S4, m4, p4           (N, 4, 20, 20)
    o4                   (N, 4, 20, 8)
    z4, z5               (N, 20, 32)
    mu6, v6              (N, 20)
    x_hat6, z6           (N, 20, 32)
    u7, z7               (N, 20, 96)
    u8, z8, z9           (N, 20, 32)
    mu10, v10            (N, 20)
    x_hat10, z10         (N, 20, 32)
    u11                  (N, 20, 64)
    y                    (N, 20, 64)     predictions
    t                    (N, 20)         targets: the number of the right unit, from 0
    w1                   (64, 32)
    p2                   (20, 32)
    gamma3, beta3        (32,)
    w_q4                 (32, 4, 8)
    b_q4                 (4, 8)
    w_k4                 (32, 4, 8)
    b_k4                 (4, 8)
    w_v4                 (32, 4, 8)
    b_v4                 (4, 8)
    w_o4                 (4, 8, 32)
    b_o4, gamma6, beta6  (32,)
    w7                   (32, 96)
    b7                   (96,)
    w8                   (96, 32)
    b8, gamma10, beta10  (32,)
    w11                  (32, 64)
    b11                  (64,)
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
    "w1": (64, 32),
    "p2": (20, 32),
    "gamma3": (32,),
    "beta3": (32,),
    "w_q4": (32, 4, 8),
    "b_q4": (4, 8),
    "w_k4": (32, 4, 8),
    "b_k4": (4, 8),
    "w_v4": (32, 4, 8),
    "b_v4": (4, 8),
    "w_o4": (4, 8, 32),
    "b_o4": (32,),
    "gamma6": (32,),
    "beta6": (32,),
    "w7": (32, 96),
    "b7": (96,),
    "w8": (96, 32),
    "b8": (32,),
    "gamma10": (32,),
    "beta10": (32,),
    "w11": (32, 64),
    "b11": (64,),
}
EPSILON = 1e-05
# Standard deviations of the first weights: sqrt(2 / (in + out)) after Glorot, sqrt(2 / in) after
# He. All else starts at 0.
SPREAD = {
    "w1": 1.0,
    "w_q4": math.sqrt(2 / (32 + 4 * 8)),
    "w_k4": math.sqrt(2 / (32 + 4 * 8)),
    "w_v4": math.sqrt(2 / (32 + 4 * 8)),
    "w_o4": math.sqrt(2 / (4 * 8 + 32)),
    "w7": math.sqrt(2 / 32),
    "w8": math.sqrt(2 / (96 + 32)),
    "w11": math.sqrt(2 / (32 + 64)),
}
# What starts with one number, other than 0, in all its entries.
STARTS = {"gamma3": 1.0, "gamma6": 1.0, "gamma10": 1.0}


# ------------------------------------------------------------------------------ the network


Values = namedtuple(
    "Values",
    "z1 z2 mu3 v3 x_hat3 z3 q4 k4 v4 S4 m4 p4 o4 z4 z5 mu6 v6 x_hat6 z6 u7 z7 u8 z8 z9 mu10 v10 "
    "x_hat10 z10 u11 y",
)


def softmax(u: Array, axis: int = -1) -> Array:
    """exp(u_j) / Σ_k exp(u_k), shifted by the largest u: exp is 1 at most."""
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_sum_exp(u: Array, axis: int = -1, keepdims: bool = False) -> Array:
    """log Σ_k exp(u_k), shifted by the largest u."""
    top = u.max(axis=axis, keepdims=True)
    whole = top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))
    return whole if keepdims else whole.squeeze(axis)


def erfc(x: Array) -> Array:
    """1 - erf(x), without cancellation where erf(x) is close to 1."""
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)


def collected(g: Array, labels: Array, size: int) -> Array:
    """Σ of the entries of ``g`` that have the same label, for each of ``size`` labels."""
    out = np.zeros((size, *g.shape[labels.ndim :]), g.dtype)
    np.add.at(out, labels, g)
    return out


def forward(params: Params, x: Array) -> Values:
    """The values of all layers for the inputs ``x``."""
    (
        w1, p2, gamma3, beta3, w_q4, b_q4, w_k4, b_k4, w_v4, b_v4, w_o4, b_o4, gamma6, beta6, w7,
        b7, w8, b8, gamma10, beta10, w11, b11,
    ) = (params[name] for name in SHAPES)
    # (1) z¹ₙₜⱼ = w¹_{xₙₜ,j}
    z1 = w1[x]
    # (2) z²ₙₜⱼ = z¹ₙₜⱼ + p²ₜⱼ
    z2 = p2 + z1
    # (3) μ³ₙₜ = 1/J Σⱼ z²ₙₜⱼ
    mu3 = z2.sum(axis=2) / 32
    # (4) v³ₙₜ = 1/J Σⱼ (z²ₙₜⱼ − μ³ₙₜ)²
    v3 = ((z2 - mu3[:, :, None]) ** 2).sum(axis=2) / 32
    # (5) x̂³ₙₜⱼ = (z²ₙₜⱼ − μ³ₙₜ)/√(ε + v³ₙₜ)
    x_hat3 = (z2 - mu3[:, :, None]) / np.sqrt(v3 + EPSILON)[:, :, None]
    # (6) z³ₙₜⱼ = γ³ⱼ x̂³ₙₜⱼ + β³ⱼ
    z3 = beta3 + gamma3 * x_hat3
    # (7) q⁴_{nhtd} = Σᵢ w⁴_{q,ihd} z³ₙₜᵢ + b⁴_{q,hd}
    q4 = np.tensordot(z3, w_q4, 1).transpose(0, 2, 1, 3) + b_q4[:, None, :]
    # (8) k⁴_{nhtd} = Σᵢ w⁴_{k,ihd} z³ₙₜᵢ + b⁴_{k,hd}
    k4 = np.tensordot(z3, w_k4, 1).transpose(0, 2, 1, 3) + b_k4[:, None, :]
    # (9) v⁴_{nhtd} = Σᵢ w⁴_{v,ihd} z³ₙₜᵢ + b⁴_{v,hd}
    v4 = np.tensordot(z3, w_v4, 1).transpose(0, 2, 1, 3) + b_v4[:, None, :]
    # (10) S⁴ₙₕₜₛ = 1/√D₄ Σ_d k⁴_{nhsd} q⁴_{nhtd}
    S4 = (k4 @ q4.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2) / math.sqrt(8)
    # (11) m⁴ₙₕₜₛ = {S⁴ₙₕₜₛ if s ≤ t; −10³⁰ if s > t}
    m4 = np.where(np.arange(20) <= np.arange(20)[:, None], S4, -1e30)
    # (12) p⁴ₙₕₜₛ = exp(m⁴ₙₕₜₛ)/(Σᵣ exp(m⁴ₙₕₜᵣ))
    p4 = softmax(m4)
    # (13) o⁴_{nhtd} = Σₛ p⁴ₙₕₜₛ v⁴_{nhsd}
    o4 = p4 @ v4
    # (14) z⁴ₙₜⱼ = Σₕ Σ_d w⁴_{o,hdj} o⁴_{nhtd} + b⁴_{o,j}
    z4 = np.tensordot(o4, w_o4, ((1, 3), (0, 1))) + b_o4
    # (15) z⁵ₙₜⱼ = z²ₙₜⱼ + z⁴ₙₜⱼ
    z5 = z2 + z4
    # (16) μ⁶ₙₜ = 1/J Σⱼ z⁵ₙₜⱼ
    mu6 = z5.sum(axis=2) / 32
    # (17) v⁶ₙₜ = 1/J Σⱼ (z⁵ₙₜⱼ − μ⁶ₙₜ)²
    v6 = ((z5 - mu6[:, :, None]) ** 2).sum(axis=2) / 32
    # (18) x̂⁶ₙₜⱼ = (z⁵ₙₜⱼ − μ⁶ₙₜ)/√(ε + v⁶ₙₜ)
    x_hat6 = (z5 - mu6[:, :, None]) / np.sqrt(v6 + EPSILON)[:, :, None]
    # (19) z⁶ₙₜⱼ = γ⁶ⱼ x̂⁶ₙₜⱼ + β⁶ⱼ
    z6 = beta6 + gamma6 * x_hat6
    # (20) u⁷ₙₜⱼ = Σᵢ w⁷ᵢⱼ z⁶ₙₜᵢ + w⁷₀ⱼ
    u7 = z6 @ w7 + b7
    # (21) z⁷ₙₜⱼ = ½ u⁷ₙₜⱼ (1 + erf(u⁷ₙₜⱼ/√2))
    z7 = 0.5 * u7 * erfc(-u7 / math.sqrt(2))
    # (22) u⁸ₙₜⱼ = Σᵢ w⁸ᵢⱼ z⁷ₙₜᵢ + w⁸₀ⱼ
    u8 = z7 @ w8 + b8
    # (23) z⁸ₙₜⱼ = u⁸ₙₜⱼ
    z8 = u8
    # (24) z⁹ₙₜⱼ = z⁵ₙₜⱼ + z⁸ₙₜⱼ
    z9 = z5 + z8
    # (25) μ¹⁰ₙₜ = 1/J Σⱼ z⁹ₙₜⱼ
    mu10 = z9.sum(axis=2) / 32
    # (26) v¹⁰ₙₜ = 1/J Σⱼ (z⁹ₙₜⱼ − μ¹⁰ₙₜ)²
    v10 = ((z9 - mu10[:, :, None]) ** 2).sum(axis=2) / 32
    # (27) x̂¹⁰ₙₜⱼ = (z⁹ₙₜⱼ − μ¹⁰ₙₜ)/√(ε + v¹⁰ₙₜ)
    x_hat10 = (z9 - mu10[:, :, None]) / np.sqrt(v10 + EPSILON)[:, :, None]
    # (28) z¹⁰ₙₜⱼ = γ¹⁰ⱼ x̂¹⁰ₙₜⱼ + β¹⁰ⱼ
    z10 = beta10 + gamma10 * x_hat10
    # (29) u¹¹ₙₜⱼ = Σᵢ w¹¹ᵢⱼ z¹⁰ₙₜᵢ + w¹¹₀ⱼ
    u11 = z10 @ w11 + b11
    # (30) yₙₜⱼ = exp(u¹¹ₙₜⱼ)/(Σₖ exp(u¹¹ₙₜₖ))
    y = softmax(u11)
    return Values(
        z1, z2, mu3, v3, x_hat3, z3, q4, k4, v4, S4, m4, p4, o4, z4, z5, mu6, v6, x_hat6, z6,
        u7, z7, u8, z8, z9, mu10, v10, x_hat10, z10, u11, y,
    )


def loss(params: Params, x: Array, t: Array) -> float:
    """The loss E of what is predicted for ``x``, where ``t`` is wanted."""
    N = len(x)
    u11 = forward(params, x).u11
    # (31) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
    E = (log_sum_exp(u11) - u11[np.arange(N)[:, None], np.arange(20), t]).sum() / (N * 20)
    return float(E)


def loss_and_grads(params: Params, x: Array, t: Array) -> tuple[float, Params]:
    """The loss E, and its derivative by every parameter."""
    (
        _w1, _p2, gamma3, _beta3, w_q4, _b_q4, w_k4, _b_k4, w_v4, _b_v4, w_o4, _b_o4, gamma6,
        _beta6, w7, _b7, w8, _b8, gamma10, _beta10, w11, _b11,
    ) = (params[name] for name in SHAPES)
    N = len(x)
    (
        _z1, z2, mu3, v3, x_hat3, z3, q4, k4, v4, _S4, _m4, p4, o4, _z4, z5, mu6, v6, x_hat6, z6,
        u7, z7, _u8, _z8, z9, mu10, v10, x_hat10, z10, u11, y,
    ) = forward(params, x)
    # (31) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
    E = (log_sum_exp(u11) - u11[np.arange(N)[:, None], np.arange(20), t]).sum() / (N * 20)
    # (54) δ¹¹ₙₜⱼ = (yₙₜⱼ − [j = tₙₜ])/(N T)
    delta11 = (y - (t[:, :, None] == np.arange(64))) / (N * 20)
    # (37) ∂E/∂w¹¹ᵢⱼ = Σₙ Σₜ δ¹¹ₙₜⱼ z¹⁰ₙₜᵢ
    dE_dw11 = np.tensordot(z10, delta11, ((0, 1), (0, 1)))
    # (41) ∂E/∂w¹¹₀ⱼ = Σₙ Σₜ δ¹¹ₙₜⱼ
    dE_db11 = delta11.sum(axis=(0, 1))
    # (72) z̄¹⁰ₙₜⱼ = Σᵢ δ¹¹ₙₜᵢ w¹¹ⱼᵢ
    z_bar10 = delta11 @ w11.T
    # (61) ∂E/∂β¹⁰ⱼ = Σₙ Σₜ z̄¹⁰ₙₜⱼ
    dE_dbeta10 = z_bar10.sum(axis=(0, 1))
    # (65) ∂E/∂γ¹⁰ⱼ = Σₙ Σₜ z̄¹⁰ₙₜⱼ x̂¹⁰ₙₜⱼ
    dE_dgamma10 = (x_hat10 * z_bar10).sum(axis=(0, 1))
    # (82) x̂̄¹⁰ₙₜⱼ = z̄¹⁰ₙₜⱼ γ¹⁰ⱼ
    x_hat_bar10 = gamma10 * z_bar10
    # (88) v̄¹⁰ₙₜ = −½ Σᵢ x̂̄¹⁰ₙₜᵢ (z⁹ₙₜᵢ − μ¹⁰ₙₜ)/(ε + v¹⁰ₙₜ)^{3/2}
    v_bar10 = 0.5 * ((mu10[:, :, None] - z9) * x_hat_bar10).sum(axis=2) / (v10 + EPSILON) ** 1.5
    # (97) μ̄¹⁰ₙₜ = 1/J v̄¹⁰ₙₜ Σᵢ (2μ¹⁰ₙₜ − 2z⁹ₙₜᵢ) − Σᵢ x̂̄¹⁰ₙₜᵢ/√(ε + v¹⁰ₙₜ)
    mu_bar10 = (
        v_bar10 * ((2 * mu10)[:, :, None] - 2 * z9).sum(axis=2) / 32
        - x_hat_bar10.sum(axis=2) / np.sqrt(v10 + EPSILON)
    )
    # (111) z̄⁹ₙₜⱼ = x̂̄¹⁰ₙₜⱼ/√(ε + v¹⁰ₙₜ) + μ̄¹⁰ₙₜ/J + 2/J v̄¹⁰ₙₜ (z⁹ₙₜⱼ − μ¹⁰ₙₜ)
    z_bar9 = (
        (mu_bar10 / 32)[:, :, None]
        + x_hat_bar10 / np.sqrt(v10 + EPSILON)[:, :, None]
        + v_bar10[:, :, None] * (2 * z9 - (2 * mu10)[:, :, None]) / 32
    )
    # (139) δ⁸ₙₜⱼ = z̄⁹ₙₜⱼ
    delta8 = z_bar9
    # (125) ∂E/∂w⁸ᵢⱼ = Σₙ Σₜ δ⁸ₙₜⱼ z⁷ₙₜᵢ
    dE_dw8 = np.tensordot(z7, delta8, ((0, 1), (0, 1)))
    # (129) ∂E/∂w⁸₀ⱼ = Σₙ Σₜ δ⁸ₙₜⱼ
    dE_db8 = delta8.sum(axis=(0, 1))
    # (164) δ⁷ₙₜⱼ = Σₖ δ⁸ₙₜₖ w⁸ⱼₖ (½ + 1/√(2π) u⁷ₙₜⱼ exp(−½ (u⁷ₙₜⱼ)²) + ½ erf(u⁷ₙₜⱼ/√2))
    delta7 = (delta8 @ w8.T) * (
        0.5 * erfc(-u7 / math.sqrt(2))
        + u7 * np.exp(-0.5 * u7**2) / math.sqrt(2 * math.pi)
    )
    # (149) ∂E/∂w⁷ᵢⱼ = Σₙ Σₜ δ⁷ₙₜⱼ z⁶ₙₜᵢ
    dE_dw7 = np.tensordot(z6, delta7, ((0, 1), (0, 1)))
    # (153) ∂E/∂w⁷₀ⱼ = Σₙ Σₜ δ⁷ₙₜⱼ
    dE_db7 = delta7.sum(axis=(0, 1))
    # (184) z̄⁶ₙₜⱼ = Σᵢ δ⁷ₙₜᵢ w⁷ⱼᵢ
    z_bar6 = delta7 @ w7.T
    # (173) ∂E/∂β⁶ⱼ = Σₙ Σₜ z̄⁶ₙₜⱼ
    dE_dbeta6 = z_bar6.sum(axis=(0, 1))
    # (177) ∂E/∂γ⁶ⱼ = Σₙ Σₜ z̄⁶ₙₜⱼ x̂⁶ₙₜⱼ
    dE_dgamma6 = (x_hat6 * z_bar6).sum(axis=(0, 1))
    # (194) x̂̄⁶ₙₜⱼ = z̄⁶ₙₜⱼ γ⁶ⱼ
    x_hat_bar6 = gamma6 * z_bar6
    # (200) v̄⁶ₙₜ = −½ Σᵢ x̂̄⁶ₙₜᵢ (z⁵ₙₜᵢ − μ⁶ₙₜ)/(ε + v⁶ₙₜ)^{3/2}
    v_bar6 = 0.5 * ((mu6[:, :, None] - z5) * x_hat_bar6).sum(axis=2) / (v6 + EPSILON) ** 1.5
    # (209) μ̄⁶ₙₜ = 1/J v̄⁶ₙₜ Σᵢ (2μ⁶ₙₜ − 2z⁵ₙₜᵢ) − Σᵢ x̂̄⁶ₙₜᵢ/√(ε + v⁶ₙₜ)
    mu_bar6 = (
        v_bar6 * ((2 * mu6)[:, :, None] - 2 * z5).sum(axis=2) / 32
        - x_hat_bar6.sum(axis=2) / np.sqrt(v6 + EPSILON)
    )
    # (226) z̄⁵ₙₜⱼ = x̂̄⁶ₙₜⱼ/√(ε + v⁶ₙₜ) + μ̄⁶ₙₜ/J + 2/J v̄⁶ₙₜ (z⁵ₙₜⱼ − μ⁶ₙₜ) + z̄⁹ₙₜⱼ
    z_bar5 = (
        z_bar9
        + (mu_bar6 / 32)[:, :, None]
        + x_hat_bar6 / np.sqrt(v6 + EPSILON)[:, :, None]
        + v_bar6[:, :, None] * (2 * z5 - (2 * mu6)[:, :, None]) / 32
    )
    # (250) z̄⁴ₙₜⱼ = z̄⁵ₙₜⱼ
    z_bar4 = z_bar5
    # (239) ∂E/∂b⁴_{o,j} = Σₙ Σₜ z̄⁴ₙₜⱼ
    dE_db_o4 = z_bar4.sum(axis=(0, 1))
    # (244) ∂E/∂w⁴_{o,hdj} = Σₙ Σₜ z̄⁴ₙₜⱼ o⁴_{nhtd}
    dE_dw_o4 = np.tensordot(o4, z_bar4, ((0, 2), (0, 1)))
    # (261) ō⁴_{nhtd} = Σⱼ z̄⁴ₙₜⱼ w⁴_{o,hdj}
    o_bar4 = np.tensordot(z_bar4, w_o4, (2, 2)).transpose(0, 2, 1, 3)
    # (268) p̄⁴ₙₕₜₛ = Σ_d ō⁴_{nhtd} v⁴_{nhsd}
    p_bar4 = o_bar4 @ v4.transpose(0, 1, 3, 2)
    # (279) m̄⁴ₙₕₜₛ = p⁴ₙₕₜₛ (p̄⁴ₙₕₜₛ − Σ_{t′} p̄⁴_{nhtt′} p⁴_{nhtt′})
    m_bar4 = p4 * (p_bar4 - (p4 * p_bar4).sum(axis=3, keepdims=True))
    # (285) S̄⁴ₙₕₜₛ = m̄⁴ₙₕₜₛ 𝟙[s ≤ t]
    S_bar4 = (np.arange(20) <= np.arange(20)[:, None]) * m_bar4
    # (302) v̄⁴_{nhtd} = Σ_{t′} ō⁴_{nht′d} p⁴_{nht′t}
    v_bar4 = (o_bar4.transpose(0, 1, 3, 2) @ p4).transpose(0, 1, 3, 2)
    # (290) ∂E/∂b⁴_{v,hd} = Σₙ Σₜ v̄⁴_{nhtd}
    dE_db_v4 = v_bar4.sum(axis=(0, 2))
    # (295) ∂E/∂w⁴_{v,ihd} = Σₙ Σₜ v̄⁴_{nhtd} z³ₙₜᵢ
    dE_dw_v4 = np.tensordot(z3, v_bar4, ((0, 1), (0, 2)))
    # (323) k̄⁴_{nhtd} = 1/√D₄ Σ_{t′} S̄⁴_{nht′t} q⁴_{nht′d}
    k_bar4 = (S_bar4.transpose(0, 1, 3, 2) @ q4) / math.sqrt(8)
    # (311) ∂E/∂b⁴_{k,hd} = Σₙ Σₜ k̄⁴_{nhtd}
    dE_db_k4 = k_bar4.sum(axis=(0, 2))
    # (316) ∂E/∂w⁴_{k,ihd} = Σₙ Σₜ k̄⁴_{nhtd} z³ₙₜᵢ
    dE_dw_k4 = np.tensordot(z3, k_bar4, ((0, 1), (0, 2)))
    # (344) q̄⁴_{nhtd} = 1/√D₄ Σ_{t′} S̄⁴_{nhtt′} k⁴_{nht′d}
    q_bar4 = (S_bar4 @ k4) / math.sqrt(8)
    # (332) ∂E/∂b⁴_{q,hd} = Σₙ Σₜ q̄⁴_{nhtd}
    dE_db_q4 = q_bar4.sum(axis=(0, 2))
    # (337) ∂E/∂w⁴_{q,ihd} = Σₙ Σₜ q̄⁴_{nhtd} z³ₙₜᵢ
    dE_dw_q4 = np.tensordot(z3, q_bar4, ((0, 1), (0, 2)))
    # (372) z̄³ₙₜⱼ = Σₕ Σ_d k̄⁴_{nhtd} w⁴_{k,jhd} + Σₕ Σ_d q̄⁴_{nhtd} w⁴_{q,jhd} + Σₕ Σ_d v̄⁴_{nhtd}
    #     w⁴_{v,jhd}
    z_bar3 = (
        np.tensordot(k_bar4, w_k4, ((1, 3), (1, 2)))
        + np.tensordot(q_bar4, w_q4, ((1, 3), (1, 2)))
        + np.tensordot(v_bar4, w_v4, ((1, 3), (1, 2)))
    )
    # (353) ∂E/∂β³ⱼ = Σₙ Σₜ z̄³ₙₜⱼ
    dE_dbeta3 = z_bar3.sum(axis=(0, 1))
    # (357) ∂E/∂γ³ⱼ = Σₙ Σₜ z̄³ₙₜⱼ x̂³ₙₜⱼ
    dE_dgamma3 = (x_hat3 * z_bar3).sum(axis=(0, 1))
    # (382) x̂̄³ₙₜⱼ = z̄³ₙₜⱼ γ³ⱼ
    x_hat_bar3 = gamma3 * z_bar3
    # (388) v̄³ₙₜ = −½ Σᵢ x̂̄³ₙₜᵢ (z²ₙₜᵢ − μ³ₙₜ)/(ε + v³ₙₜ)^{3/2}
    v_bar3 = 0.5 * ((mu3[:, :, None] - z2) * x_hat_bar3).sum(axis=2) / (v3 + EPSILON) ** 1.5
    # (397) μ̄³ₙₜ = 1/J v̄³ₙₜ Σᵢ (2μ³ₙₜ − 2z²ₙₜᵢ) − Σᵢ x̂̄³ₙₜᵢ/√(ε + v³ₙₜ)
    mu_bar3 = (
        v_bar3 * ((2 * mu3)[:, :, None] - 2 * z2).sum(axis=2) / 32
        - x_hat_bar3.sum(axis=2) / np.sqrt(v3 + EPSILON)
    )
    # (419) z̄²ₙₜⱼ = x̂̄³ₙₜⱼ/√(ε + v³ₙₜ) + μ̄³ₙₜ/J + 2/J v̄³ₙₜ (z²ₙₜⱼ − μ³ₙₜ) + z̄⁵ₙₜⱼ
    z_bar2 = (
        z_bar5
        + (mu_bar3 / 32)[:, :, None]
        + x_hat_bar3 / np.sqrt(v3 + EPSILON)[:, :, None]
        + v_bar3[:, :, None] * (2 * z2 - (2 * mu3)[:, :, None]) / 32
    )
    # (402) ∂E/∂p²ₜⱼ = Σₙ z̄²ₙₜⱼ
    dE_dp2 = z_bar2.sum(axis=0)
    # (440) z̄¹ₙₜⱼ = z̄²ₙₜⱼ
    z_bar1 = z_bar2
    # (434) ∂E/∂w¹ᵥⱼ = Σₙ Σₜ z̄¹ₙₜⱼ [v = xₙₜ]
    dE_dw1 = collected(z_bar1, x, 64)
    grads = {
        "w1": dE_dw1,
        "p2": dE_dp2,
        "gamma3": dE_dgamma3,
        "beta3": dE_dbeta3,
        "w_q4": dE_dw_q4,
        "b_q4": dE_db_q4,
        "w_k4": dE_dw_k4,
        "b_k4": dE_db_k4,
        "w_v4": dE_dw_v4,
        "b_v4": dE_db_v4,
        "w_o4": dE_dw_o4,
        "b_o4": dE_db_o4,
        "gamma6": dE_dgamma6,
        "beta6": dE_dbeta6,
        "w7": dE_dw7,
        "b7": dE_db7,
        "w8": dE_dw8,
        "b8": dE_db8,
        "gamma10": dE_dgamma10,
        "beta10": dE_dbeta10,
        "w11": dE_dw11,
        "b11": dE_db11,
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
        drawn = rng.standard_normal(shape)
        weight = scale * SPREAD.get(name, 0.0) * drawn
        params[name] = (STARTS[name] + 0 * drawn if name in STARTS else weight).astype(dtype)
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
    # (444) m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # (445) v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # (446) m̂ = m′/(1 − β₁^τ)
    # (447) v̂ = v′/(1 − β₂^τ)
    # (448) w′ = w − η m̂/(√v̂ + ε)
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
    # (444) m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # (445) v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # (446) m̂ = m′/(1 − β₁^τ)
    # (447) v̂ = v′/(1 − β₂^τ)
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
    # (443) η = η₀ exp(ξ (1 − τ))
    return eta0 * math.exp(-xi * (tau - 1))


# Each takes the first learning rate, the decay, and the number of the step from 1.
SCHEDULES: dict[str, Callable[[float, float, int], float]] = {
    "constant": lambda rate, _decay, _step: rate,
    "inverse_time": inverse_time,
    "exponential": exponential,
}


def clipped(norm: float, c: float) -> float:
    """What gradients are multiplied by, where ``norm`` is the norm of all together."""
    # g̃ = {c g/‖g‖ if ‖g‖ > c; g if ‖g‖ ≤ c}
    return c / norm if norm > c else 1


def write_erfc(x: Array, out: Array) -> None:
    """1 - erf(x), without cancellation, and without a call of Python for each entry.

    For x ≥ 0 it is t exp(-x²) p(2t - 1), t = 2/(2 + x): p is a Chebyshev series, here in powers.
    """
    powers = (
        -1.911173728607894e-09,
        6.597367302900275e-09,
        6.52043461440154e-09,
        -5.145629434357736e-08,
        3.6000845292079935e-08,
        1.497143526022312e-07,
        -3.262460935296672e-07,
        1.5720540066794157e-08,
        1.0305699215291105e-06,
        -1.835078540898153e-06,
        -5.776423611511427e-07,
        8.06710621122023e-06,
        -1.084298532996441e-05,
        -1.7076638145079572e-05,
        7.223418829504806e-05,
        -1.71852541704069e-05,
        -0.0003315365766901461,
        0.0004186479710660508,
        0.0015453060141013286,
        -0.0032395925295271534,
        -0.010755330944036532,
        0.01822111575329492,
        0.13973604627801475,
        0.3435803422069067,
        0.5107913526210115,
    )
    for u, e in in_parts(x, out):
        z = np.abs(u)
        t = 2 / (z + 2)
        s = 2 * t - 1
        p = np.zeros_like(z)
        for c in powers:
            p *= s
            p += c
        p *= t
        p *= np.exp(-z * z)
        e[...] = np.where(u < 0, 2 - p, p)


def in_parts(x: Array, out: Array) -> Any:
    """The entries of two arrays, so many at a time as the processor's cache holds."""
    return np.nditer(
        (x, out),
        ["external_loop", "buffered", "zerosize_ok"],
        [["readonly"], ["writeonly"]],
        buffersize=4096,
    )


def prepared(params: Params, grads: Params, N: int) -> Callable[..., float]:
    """The function that computes the loss for N samples and writes the gradients.

    It works in arrays that are made here: 23801 * N + 124 numbers,
    and 1600 * N + 1072 bytes for places and for what is true or false.

    What makes it fast:
        picked      what labels choose is taken from where it stands in memory
        sums        a sum over rows is a product with ones
        common      what would be computed twice is computed once
        turned      what is only read with its axes in another order is written so
        scalars     numbers beside arrays are arrays without axes
        lying       arrays lie in memory as products read them
        rooms       results are written where nothing is read any more
        views       a matrix with its columns as rows is looked at once, before all steps
    """
    (
        w1, p2, gamma3, beta3, w_q4, b_q4, w_k4, b_k4, w_v4, b_v4, w_o4, b_o4, gamma6, beta6, w7,
        b7, w8, b8, gamma10, beta10, w11, b11,
    ) = (params[name] for name in SHAPES)
    dtype = next(iter(params.values())).dtype
    (
        dE_dw1, dE_dp2, dE_dgamma3, dE_dbeta3, dE_dw_q4, dE_db_q4, dE_dw_k4, dE_db_k4, dE_dw_v4,
        dE_db_v4, dE_dw_o4, dE_db_o4, dE_dgamma6, dE_dbeta6, dE_dw7, dE_db7, dE_dw8, dE_db8,
        dE_dgamma10, dE_dbeta10, dE_dw11, dE_db11,
    ) = (grads[name] for name in SHAPES)
    number_1 = np.array(1 / 32, dtype)
    number_2 = np.array(EPSILON, dtype)
    number_3 = np.array(1 / math.sqrt(8), dtype)
    number_4 = np.array(1 / math.sqrt(2), dtype)
    half = np.array(0.5, dtype)
    number_5 = np.array(1 / (N * 20), dtype)
    two = np.array(2, dtype)
    number_6 = np.array(1 / math.sqrt(2 * math.pi), dtype)
    ones_1 = np.ones((32,), next(iter(params.values())).dtype)
    work_13 = np.arange(20)
    work_15 = work_13 <= work_13[:, None]
    ones_2 = np.ones((20,), next(iter(params.values())).dtype)
    ones_3 = np.ones((64,), next(iter(params.values())).dtype)
    start_2 = np.arange(N)[:, None] * 20 * 64 + np.arange(20) * 64
    work_62 = np.arange(64)
    ones_4 = np.ones((N, 20), next(iter(params.values())).dtype)
    ones_5 = np.ones((N,), next(iter(params.values())).dtype)
    room_1 = np.empty((N, 20), np.intp)
    z1 = z2 = room_30 = np.empty((N, 20, 32), dtype)
    mu3 = room_29 = np.empty((N, 20), dtype)
    x_hat3 = room_2 = np.empty((N, 20, 32), dtype)
    z3 = room_3 = np.empty((N, 20, 32), dtype)
    v3 = room_4 = np.empty((N, 20), dtype)
    room_5 = np.empty((N, 20), dtype)
    q4 = q_bar4 = np.empty((N, 20, 4, 8), dtype).transpose(0, 2, 1, 3)
    k4 = np.empty((N, 20, 4, 8), dtype).transpose(0, 2, 1, 3)
    v4 = v_bar4 = np.empty((N, 20, 4, 8), dtype).transpose(0, 2, 1, 3)
    S4 = p_bar4 = m_bar4 = S_bar4 = np.empty((N, 4, 20, 20), dtype)
    m4 = p4 = np.empty((N, 4, 20, 20), dtype)
    room_6 = np.empty((N, 4, 20, 1), dtype)
    room_7 = np.empty((N, 4, 20), dtype)
    o4 = o_bar4 = k_bar4 = np.empty((N, 20, 4, 8), dtype).transpose(0, 2, 1, 3)
    z4 = z5 = room_27 = np.empty((N, 20, 32), dtype)
    mu6 = room_26 = np.empty((N, 20), dtype)
    x_hat6 = z_bar3 = x_hat_bar3 = room_8 = np.empty((N, 20, 32), dtype)
    z6 = room_9 = np.empty((N, 20, 32), dtype)
    v6 = room_10 = np.empty((N, 20), dtype)
    room_11 = np.empty((N, 20), dtype)
    u7 = room_25 = np.empty((N, 20, 96), dtype)
    room_12 = np.empty((N, 20, 96), dtype)
    z7 = delta7 = np.empty((N, 20, 96), dtype)
    u8 = z8 = z9 = room_22 = np.empty((N, 20, 32), dtype)
    mu10 = v_bar3 = room_21 = np.empty((N, 20), dtype)
    x_hat10 = z_bar6 = x_hat_bar6 = room_13 = np.empty((N, 20, 32), dtype)
    z10 = z_bar10 = x_hat_bar10 = z_bar9 = delta8 = z_bar5 = z_bar4 = np.empty((N, 20, 32), dtype)
    z_bar2 = z_bar1 = room_14 = z10
    v10 = mu_bar10 = room_15 = np.empty((N, 20), dtype)
    mu_bar6 = room_16 = np.empty((N, 20), dtype)
    u11 = np.empty((N, 20, 64), dtype)
    room_17 = np.empty((N, 20, 1), dtype)
    y = delta11 = np.empty((N, 20, 64), dtype)
    v_bar10 = mu_bar3 = room_18 = np.empty((N, 20), dtype)
    room_19 = np.empty((N, 20, 1), dtype)
    room_20 = np.empty((N, 20, 64), bool)
    v_bar6 = room_23 = np.empty((N, 20), dtype)
    room_24 = np.empty((N, 20, 96), dtype)
    room_28 = np.empty((N, 4, 20, 20), dtype)
    w11_T, w8_T, w7_T = w11.T, w8.T, w7.T

    def both(x: Array, t: Array) -> float:
        # (1) z¹ₙₜⱼ = w¹_{xₙₜ,j}
        np.copyto(room_1, x)
        w1.take(room_1, axis=0, out=z1, mode="clip")
        # (2) z²ₙₜⱼ = z¹ₙₜⱼ + p²ₜⱼ
        np.add(p2, z1, out=z2)
        # (3) μ³ₙₜ = 1/J Σⱼ z²ₙₜⱼ
        z2.reshape(N * 20, -1).dot(ones_1, out=mu3.reshape(N * 20))
        np.multiply(mu3, number_1, out=mu3)
        # (4) v³ₙₜ = 1/J Σⱼ (z²ₙₜⱼ − μ³ₙₜ)²
        np.subtract(z2, mu3[:, :, None], out=room_2)
        np.square(room_2, out=room_3)
        room_3.reshape(N * 20, -1).dot(ones_1, out=v3.reshape(N * 20))
        np.multiply(v3, number_1, out=v3)
        # (5) x̂³ₙₜⱼ = (z²ₙₜⱼ − μ³ₙₜ)/√(ε + v³ₙₜ)
        np.add(v3, number_2, out=room_4)
        np.sqrt(room_4, out=room_5)
        np.divide(room_2, room_5[:, :, None], out=x_hat3)
        # (6) z³ₙₜⱼ = γ³ⱼ x̂³ₙₜⱼ + β³ⱼ
        np.multiply(gamma3, x_hat3, out=z3)
        np.add(beta3, z3, out=z3)
        # (7) q⁴_{nhtd} = Σᵢ w⁴_{q,ihd} z³ₙₜᵢ + b⁴_{q,hd}
        z3.reshape(N * 20, -1).dot(
            w_q4.reshape(32, -1),
            out=q4.transpose(0, 2, 1, 3).reshape(N * 20, 4 * 8),
        )
        np.add(q4, b_q4[:, None, :], out=q4)
        # (8) k⁴_{nhtd} = Σᵢ w⁴_{k,ihd} z³ₙₜᵢ + b⁴_{k,hd}
        z3.reshape(N * 20, -1).dot(
            w_k4.reshape(32, -1),
            out=k4.transpose(0, 2, 1, 3).reshape(N * 20, 4 * 8),
        )
        np.add(k4, b_k4[:, None, :], out=k4)
        # (9) v⁴_{nhtd} = Σᵢ w⁴_{v,ihd} z³ₙₜᵢ + b⁴_{v,hd}
        z3.reshape(N * 20, -1).dot(
            w_v4.reshape(32, -1),
            out=v4.transpose(0, 2, 1, 3).reshape(N * 20, 4 * 8),
        )
        np.add(v4, b_v4[:, None, :], out=v4)
        # (10) S⁴ₙₕₜₛ = 1/√D₄ Σ_d k⁴_{nhsd} q⁴_{nhtd}
        np.matmul(q4, k4.transpose(0, 1, 3, 2), out=S4)
        np.multiply(S4, number_3, out=S4)
        # (11) m⁴ₙₕₜₛ = {S⁴ₙₕₜₛ if s ≤ t; −10³⁰ if s > t}
        np.copyto(m4, -1e30)
        np.copyto(m4, S4, where=work_15)
        # (12) p⁴ₙₕₜₛ = exp(m⁴ₙₕₜₛ)/(Σᵣ exp(m⁴ₙₕₜᵣ))
        np.maximum.reduce(m4, axis=3, keepdims=True, out=room_6)
        np.subtract(m4, room_6, out=p4)
        np.exp(p4, out=p4)
        p4.reshape(N * 4 * 20, -1).dot(ones_2, out=room_7.reshape(N * 4 * 20))
        np.divide(p4, room_7[:, :, :, None], out=p4)
        # (13) o⁴_{nhtd} = Σₛ p⁴ₙₕₜₛ v⁴_{nhsd}
        np.matmul(p4, v4, out=o4)
        # (14) z⁴ₙₜⱼ = Σₕ Σ_d w⁴_{o,hdj} o⁴_{nhtd} + b⁴_{o,j}
        o4.transpose(0, 2, 1, 3).reshape(N * 20, -1).dot(
            w_o4.reshape(4 * 8, -1),
            out=z4.reshape(N * 20, 32),
        )
        np.add(z4, b_o4, out=z4)
        # (15) z⁵ₙₜⱼ = z²ₙₜⱼ + z⁴ₙₜⱼ
        np.add(z2, z4, out=z5)
        # (16) μ⁶ₙₜ = 1/J Σⱼ z⁵ₙₜⱼ
        z5.reshape(N * 20, -1).dot(ones_1, out=mu6.reshape(N * 20))
        np.multiply(mu6, number_1, out=mu6)
        # (17) v⁶ₙₜ = 1/J Σⱼ (z⁵ₙₜⱼ − μ⁶ₙₜ)²
        np.subtract(z5, mu6[:, :, None], out=room_8)
        np.square(room_8, out=room_9)
        room_9.reshape(N * 20, -1).dot(ones_1, out=v6.reshape(N * 20))
        np.multiply(v6, number_1, out=v6)
        # (18) x̂⁶ₙₜⱼ = (z⁵ₙₜⱼ − μ⁶ₙₜ)/√(ε + v⁶ₙₜ)
        np.add(v6, number_2, out=room_10)
        np.sqrt(room_10, out=room_11)
        np.divide(room_8, room_11[:, :, None], out=x_hat6)
        # (19) z⁶ₙₜⱼ = γ⁶ⱼ x̂⁶ₙₜⱼ + β⁶ⱼ
        np.multiply(gamma6, x_hat6, out=z6)
        np.add(beta6, z6, out=z6)
        # (20) u⁷ₙₜⱼ = Σᵢ w⁷ᵢⱼ z⁶ₙₜᵢ + w⁷₀ⱼ
        z6.reshape(-1, 32).dot(w7, out=u7.reshape(-1, 96))
        np.add(u7, b7, out=u7)
        # (21) z⁷ₙₜⱼ = ½ u⁷ₙₜⱼ (1 + erf(u⁷ₙₜⱼ/√2))
        np.multiply(u7, number_4, out=room_12)
        np.negative(room_12, out=room_12)
        write_erfc(room_12, room_12)
        np.multiply(u7, room_12, out=z7)
        np.multiply(z7, half, out=z7)
        # (22) u⁸ₙₜⱼ = Σᵢ w⁸ᵢⱼ z⁷ₙₜᵢ + w⁸₀ⱼ
        z7.reshape(-1, 96).dot(w8, out=u8.reshape(-1, 32))
        np.add(u8, b8, out=u8)
        # (23) z⁸ₙₜⱼ = u⁸ₙₜⱼ
        # (24) z⁹ₙₜⱼ = z⁵ₙₜⱼ + z⁸ₙₜⱼ
        np.add(z5, z8, out=z9)
        # (25) μ¹⁰ₙₜ = 1/J Σⱼ z⁹ₙₜⱼ
        z9.reshape(N * 20, -1).dot(ones_1, out=mu10.reshape(N * 20))
        np.multiply(mu10, number_1, out=mu10)
        # (26) v¹⁰ₙₜ = 1/J Σⱼ (z⁹ₙₜⱼ − μ¹⁰ₙₜ)²
        np.subtract(z9, mu10[:, :, None], out=room_13)
        np.square(room_13, out=room_14)
        room_14.reshape(N * 20, -1).dot(ones_1, out=v10.reshape(N * 20))
        np.multiply(v10, number_1, out=v10)
        # (27) x̂¹⁰ₙₜⱼ = (z⁹ₙₜⱼ − μ¹⁰ₙₜ)/√(ε + v¹⁰ₙₜ)
        np.add(v10, number_2, out=room_15)
        np.sqrt(room_15, out=room_16)
        np.divide(room_13, room_16[:, :, None], out=x_hat10)
        # (28) z¹⁰ₙₜⱼ = γ¹⁰ⱼ x̂¹⁰ₙₜⱼ + β¹⁰ⱼ
        np.multiply(gamma10, x_hat10, out=z10)
        np.add(beta10, z10, out=z10)
        # (29) u¹¹ₙₜⱼ = Σᵢ w¹¹ᵢⱼ z¹⁰ₙₜᵢ + w¹¹₀ⱼ
        z10.reshape(-1, 32).dot(w11, out=u11.reshape(-1, 64))
        np.add(u11, b11, out=u11)
        # (30) yₙₜⱼ = exp(u¹¹ₙₜⱼ)/(Σₖ exp(u¹¹ₙₜₖ))
        np.maximum.reduce(u11, axis=2, keepdims=True, out=room_17)
        np.subtract(u11, room_17, out=y)
        np.exp(y, out=y)
        y.reshape(N * 20, -1).dot(ones_3, out=room_18.reshape(N * 20))
        np.divide(y, room_18[:, :, None], out=y)
        # (31) E = −1/(N T) Σₙ Σₜ log y_{n,t,tₙₜ}
        np.log(room_18[:, :, None], out=room_19)
        np.add(room_17, room_19, out=room_17)
        np.add(t, start_2, out=room_1)
        u11.reshape(-1).take(room_1, out=room_18, mode="clip")
        np.subtract(room_17[:, :, 0], room_18, out=room_18)
        E = room_18.sum() / (N * 20)
        # (54) δ¹¹ₙₜⱼ = (yₙₜⱼ − [j = tₙₜ])/(N T)
        np.equal(t[:, :, None], work_62, out=room_20)
        np.subtract(y, room_20, out=delta11)
        np.multiply(delta11, number_5, out=delta11)
        # (37) ∂E/∂w¹¹ᵢⱼ = Σₙ Σₜ δ¹¹ₙₜⱼ z¹⁰ₙₜᵢ
        z10.reshape(-1, 32).T.dot(delta11.reshape(N * 20, -1), out=dE_dw11)
        # (41) ∂E/∂w¹¹₀ⱼ = Σₙ Σₜ δ¹¹ₙₜⱼ
        ones_4.reshape(-1).dot(delta11.reshape(N * 20, -1), out=dE_db11)
        # (72) z̄¹⁰ₙₜⱼ = Σᵢ δ¹¹ₙₜᵢ w¹¹ⱼᵢ
        delta11.reshape(-1, 64).dot(w11_T, out=z_bar10.reshape(-1, 32))
        # (61) ∂E/∂β¹⁰ⱼ = Σₙ Σₜ z̄¹⁰ₙₜⱼ
        ones_4.reshape(-1).dot(z_bar10.reshape(N * 20, -1), out=dE_dbeta10)
        # (65) ∂E/∂γ¹⁰ⱼ = Σₙ Σₜ z̄¹⁰ₙₜⱼ x̂¹⁰ₙₜⱼ
        np.multiply(x_hat10, z_bar10, out=room_13)
        ones_4.reshape(-1).dot(room_13.reshape(N * 20, -1), out=dE_dgamma10)
        # (82) x̂̄¹⁰ₙₜⱼ = z̄¹⁰ₙₜⱼ γ¹⁰ⱼ
        np.multiply(gamma10, z_bar10, out=x_hat_bar10)
        # (88) v̄¹⁰ₙₜ = −½ Σᵢ x̂̄¹⁰ₙₜᵢ (z⁹ₙₜᵢ − μ¹⁰ₙₜ)/(ε + v¹⁰ₙₜ)^{3/2}
        np.subtract(mu10[:, :, None], z9, out=room_13)
        np.multiply(room_13, x_hat_bar10, out=room_13)
        room_13.reshape(N * 20, -1).dot(ones_1, out=v_bar10.reshape(N * 20))
        np.multiply(room_16, room_15, out=room_15)
        np.divide(v_bar10, room_15, out=v_bar10)
        np.multiply(v_bar10, half, out=v_bar10)
        # (97) μ̄¹⁰ₙₜ = 1/J v̄¹⁰ₙₜ Σᵢ (2μ¹⁰ₙₜ − 2z⁹ₙₜᵢ) − Σᵢ x̂̄¹⁰ₙₜᵢ/√(ε + v¹⁰ₙₜ)
        np.multiply(mu10, two, out=room_21)
        np.multiply(z9, two, out=room_22)
        np.subtract(room_21[:, :, None], room_22, out=room_13)
        room_13.reshape(N * 20, -1).dot(ones_1, out=mu_bar10.reshape(N * 20))
        np.multiply(v_bar10, mu_bar10, out=mu_bar10)
        np.multiply(mu_bar10, number_1, out=mu_bar10)
        x_hat_bar10.reshape(N * 20, -1).dot(ones_1, out=room_23.reshape(N * 20))
        np.divide(room_23, room_16, out=room_23)
        np.negative(room_23, out=room_23)
        np.add(mu_bar10, room_23, out=mu_bar10)
        # (111) z̄⁹ₙₜⱼ = x̂̄¹⁰ₙₜⱼ/√(ε + v¹⁰ₙₜ) + μ̄¹⁰ₙₜ/J + 2/J v̄¹⁰ₙₜ (z⁹ₙₜⱼ − μ¹⁰ₙₜ)
        np.multiply(mu_bar10, number_1, out=room_15)
        np.divide(x_hat_bar10, room_16[:, :, None], out=z_bar9)
        np.add(room_15[:, :, None], z_bar9, out=z_bar9)
        np.subtract(room_22, room_21[:, :, None], out=room_22)
        np.multiply(v_bar10[:, :, None], room_22, out=room_22)
        np.multiply(room_22, number_1, out=room_22)
        np.add(z_bar9, room_22, out=z_bar9)
        # (139) δ⁸ₙₜⱼ = z̄⁹ₙₜⱼ
        # (125) ∂E/∂w⁸ᵢⱼ = Σₙ Σₜ δ⁸ₙₜⱼ z⁷ₙₜᵢ
        z7.reshape(-1, 96).T.dot(delta8.reshape(N * 20, -1), out=dE_dw8)
        # (129) ∂E/∂w⁸₀ⱼ = Σₙ Σₜ δ⁸ₙₜⱼ
        ones_4.reshape(-1).dot(delta8.reshape(N * 20, -1), out=dE_db8)
        # (164) δ⁷ₙₜⱼ = Σₖ δ⁸ₙₜₖ w⁸ⱼₖ (½ + 1/√(2π) u⁷ₙₜⱼ exp(−½ (u⁷ₙₜⱼ)²) + ½ erf(u⁷ₙₜⱼ/√2))
        delta8.reshape(-1, 32).dot(w8_T, out=delta7.reshape(-1, 96))
        np.multiply(room_12, half, out=room_12)
        np.square(u7, out=room_24)
        np.multiply(room_24, half, out=room_24)
        np.negative(room_24, out=room_24)
        np.exp(room_24, out=room_24)
        np.multiply(u7, room_24, out=room_25)
        np.multiply(room_25, number_6, out=room_25)
        np.add(room_12, room_25, out=room_12)
        np.multiply(delta7, room_12, out=delta7)
        # (149) ∂E/∂w⁷ᵢⱼ = Σₙ Σₜ δ⁷ₙₜⱼ z⁶ₙₜᵢ
        z6.reshape(-1, 32).T.dot(delta7.reshape(N * 20, -1), out=dE_dw7)
        # (153) ∂E/∂w⁷₀ⱼ = Σₙ Σₜ δ⁷ₙₜⱼ
        ones_4.reshape(-1).dot(delta7.reshape(N * 20, -1), out=dE_db7)
        # (184) z̄⁶ₙₜⱼ = Σᵢ δ⁷ₙₜᵢ w⁷ⱼᵢ
        delta7.reshape(-1, 96).dot(w7_T, out=z_bar6.reshape(-1, 32))
        # (173) ∂E/∂β⁶ⱼ = Σₙ Σₜ z̄⁶ₙₜⱼ
        ones_4.reshape(-1).dot(z_bar6.reshape(N * 20, -1), out=dE_dbeta6)
        # (177) ∂E/∂γ⁶ⱼ = Σₙ Σₜ z̄⁶ₙₜⱼ x̂⁶ₙₜⱼ
        np.multiply(x_hat6, z_bar6, out=room_8)
        ones_4.reshape(-1).dot(room_8.reshape(N * 20, -1), out=dE_dgamma6)
        # (194) x̂̄⁶ₙₜⱼ = z̄⁶ₙₜⱼ γ⁶ⱼ
        np.multiply(gamma6, z_bar6, out=x_hat_bar6)
        # (200) v̄⁶ₙₜ = −½ Σᵢ x̂̄⁶ₙₜᵢ (z⁵ₙₜᵢ − μ⁶ₙₜ)/(ε + v⁶ₙₜ)^{3/2}
        np.subtract(mu6[:, :, None], z5, out=room_22)
        np.multiply(room_22, x_hat_bar6, out=room_22)
        room_22.reshape(N * 20, -1).dot(ones_1, out=v_bar6.reshape(N * 20))
        np.multiply(room_11, room_10, out=room_10)
        np.divide(v_bar6, room_10, out=v_bar6)
        np.multiply(v_bar6, half, out=v_bar6)
        # (209) μ̄⁶ₙₜ = 1/J v̄⁶ₙₜ Σᵢ (2μ⁶ₙₜ − 2z⁵ₙₜᵢ) − Σᵢ x̂̄⁶ₙₜᵢ/√(ε + v⁶ₙₜ)
        np.multiply(mu6, two, out=room_26)
        np.multiply(z5, two, out=room_27)
        np.subtract(room_26[:, :, None], room_27, out=room_9)
        room_9.reshape(N * 20, -1).dot(ones_1, out=mu_bar6.reshape(N * 20))
        np.multiply(v_bar6, mu_bar6, out=mu_bar6)
        np.multiply(mu_bar6, number_1, out=mu_bar6)
        x_hat_bar6.reshape(N * 20, -1).dot(ones_1, out=room_15.reshape(N * 20))
        np.divide(room_15, room_11, out=room_15)
        np.negative(room_15, out=room_15)
        np.add(mu_bar6, room_15, out=mu_bar6)
        # (226) z̄⁵ₙₜⱼ = x̂̄⁶ₙₜⱼ/√(ε + v⁶ₙₜ) + μ̄⁶ₙₜ/J + 2/J v̄⁶ₙₜ (z⁵ₙₜⱼ − μ⁶ₙₜ) + z̄⁹ₙₜⱼ
        np.multiply(mu_bar6, number_1, out=room_16)
        np.add(z_bar9, room_16[:, :, None], out=z_bar5)
        np.divide(x_hat_bar6, room_11[:, :, None], out=room_13)
        np.add(z_bar5, room_13, out=z_bar5)
        np.subtract(room_27, room_26[:, :, None], out=room_27)
        np.multiply(v_bar6[:, :, None], room_27, out=room_27)
        np.multiply(room_27, number_1, out=room_27)
        np.add(z_bar5, room_27, out=z_bar5)
        # (250) z̄⁴ₙₜⱼ = z̄⁵ₙₜⱼ
        # (239) ∂E/∂b⁴_{o,j} = Σₙ Σₜ z̄⁴ₙₜⱼ
        ones_4.reshape(-1).dot(z_bar4.reshape(N * 20, -1), out=dE_db_o4)
        # (244) ∂E/∂w⁴_{o,hdj} = Σₙ Σₜ z̄⁴ₙₜⱼ o⁴_{nhtd}
        o4.transpose(0, 2, 1, 3).reshape(-1, 4 * 8).T.dot(
            z_bar4.reshape(N * 20, -1),
            out=dE_dw_o4.reshape(4 * 8, 32),
        )
        # (261) ō⁴_{nhtd} = Σⱼ z̄⁴ₙₜⱼ w⁴_{o,hdj}
        z_bar4.reshape(N * 20, -1).dot(
            w_o4.reshape(-1, 32).T,
            out=o_bar4.transpose(0, 2, 1, 3).reshape(N * 20, 4 * 8),
        )
        # (268) p̄⁴ₙₕₜₛ = Σ_d ō⁴_{nhtd} v⁴_{nhsd}
        np.matmul(o_bar4, v4.transpose(0, 1, 3, 2), out=p_bar4)
        # (279) m̄⁴ₙₕₜₛ = p⁴ₙₕₜₛ (p̄⁴ₙₕₜₛ − Σ_{t′} p̄⁴_{nhtt′} p⁴_{nhtt′})
        np.multiply(p4, p_bar4, out=room_28)
        room_28.reshape(N * 4 * 20, -1).dot(ones_2, out=room_7.reshape(N * 4 * 20))
        np.subtract(p_bar4, room_7[:, :, :, None], out=m_bar4)
        np.multiply(p4, m_bar4, out=m_bar4)
        # (285) S̄⁴ₙₕₜₛ = m̄⁴ₙₕₜₛ 𝟙[s ≤ t]
        np.multiply(work_15, m_bar4, out=S_bar4)
        # (302) v̄⁴_{nhtd} = Σ_{t′} ō⁴_{nht′d} p⁴_{nht′t}
        np.matmul(p4.transpose(0, 1, 3, 2), o_bar4, out=v_bar4)
        # (290) ∂E/∂b⁴_{v,hd} = Σₙ Σₜ v̄⁴_{nhtd}
        v_bar4.transpose(0, 2, 1, 3).reshape(-1, 4 * 8).T.dot(
            ones_4.reshape(-1),
            out=dE_db_v4.reshape(4 * 8),
        )
        # (295) ∂E/∂w⁴_{v,ihd} = Σₙ Σₜ v̄⁴_{nhtd} z³ₙₜᵢ
        z3.reshape(-1, 32).T.dot(
            v_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1),
            out=dE_dw_v4.reshape(32, 4 * 8),
        )
        # (323) k̄⁴_{nhtd} = 1/√D₄ Σ_{t′} S̄⁴_{nht′t} q⁴_{nht′d}
        np.matmul(S_bar4.transpose(0, 1, 3, 2), q4, out=k_bar4)
        np.multiply(k_bar4, number_3, out=k_bar4)
        # (311) ∂E/∂b⁴_{k,hd} = Σₙ Σₜ k̄⁴_{nhtd}
        k_bar4.transpose(0, 2, 1, 3).reshape(-1, 4 * 8).T.dot(
            ones_4.reshape(-1),
            out=dE_db_k4.reshape(4 * 8),
        )
        # (316) ∂E/∂w⁴_{k,ihd} = Σₙ Σₜ k̄⁴_{nhtd} z³ₙₜᵢ
        z3.reshape(-1, 32).T.dot(
            k_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1),
            out=dE_dw_k4.reshape(32, 4 * 8),
        )
        # (344) q̄⁴_{nhtd} = 1/√D₄ Σ_{t′} S̄⁴_{nhtt′} k⁴_{nht′d}
        np.matmul(S_bar4, k4, out=q_bar4)
        np.multiply(q_bar4, number_3, out=q_bar4)
        # (332) ∂E/∂b⁴_{q,hd} = Σₙ Σₜ q̄⁴_{nhtd}
        q_bar4.transpose(0, 2, 1, 3).reshape(-1, 4 * 8).T.dot(
            ones_4.reshape(-1),
            out=dE_db_q4.reshape(4 * 8),
        )
        # (337) ∂E/∂w⁴_{q,ihd} = Σₙ Σₜ q̄⁴_{nhtd} z³ₙₜᵢ
        z3.reshape(-1, 32).T.dot(
            q_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1),
            out=dE_dw_q4.reshape(32, 4 * 8),
        )
        # (372) z̄³ₙₜⱼ = Σₕ Σ_d k̄⁴_{nhtd} w⁴_{k,jhd} + Σₕ Σ_d q̄⁴_{nhtd} w⁴_{q,jhd} + Σₕ Σ_d
        #     v̄⁴_{nhtd} w⁴_{v,jhd}
        k_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1).dot(
            w_k4.reshape(-1, 4 * 8).T,
            out=z_bar3.reshape(N * 20, 32),
        )
        q_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1).dot(
            w_q4.reshape(-1, 4 * 8).T,
            out=room_22.reshape(N * 20, 32),
        )
        np.add(z_bar3, room_22, out=z_bar3)
        v_bar4.transpose(0, 2, 1, 3).reshape(N * 20, -1).dot(
            w_v4.reshape(-1, 4 * 8).T,
            out=room_9.reshape(N * 20, 32),
        )
        np.add(z_bar3, room_9, out=z_bar3)
        # (353) ∂E/∂β³ⱼ = Σₙ Σₜ z̄³ₙₜⱼ
        ones_4.reshape(-1).dot(z_bar3.reshape(N * 20, -1), out=dE_dbeta3)
        # (357) ∂E/∂γ³ⱼ = Σₙ Σₜ z̄³ₙₜⱼ x̂³ₙₜⱼ
        np.multiply(x_hat3, z_bar3, out=room_2)
        ones_4.reshape(-1).dot(room_2.reshape(N * 20, -1), out=dE_dgamma3)
        # (382) x̂̄³ₙₜⱼ = z̄³ₙₜⱼ γ³ⱼ
        np.multiply(gamma3, z_bar3, out=x_hat_bar3)
        # (388) v̄³ₙₜ = −½ Σᵢ x̂̄³ₙₜᵢ (z²ₙₜᵢ − μ³ₙₜ)/(ε + v³ₙₜ)^{3/2}
        np.subtract(mu3[:, :, None], z2, out=room_13)
        np.multiply(room_13, x_hat_bar3, out=room_13)
        room_13.reshape(N * 20, -1).dot(ones_1, out=v_bar3.reshape(N * 20))
        np.multiply(room_5, room_4, out=room_4)
        np.divide(v_bar3, room_4, out=v_bar3)
        np.multiply(v_bar3, half, out=v_bar3)
        # (397) μ̄³ₙₜ = 1/J v̄³ₙₜ Σᵢ (2μ³ₙₜ − 2z²ₙₜᵢ) − Σᵢ x̂̄³ₙₜᵢ/√(ε + v³ₙₜ)
        np.multiply(mu3, two, out=room_29)
        np.multiply(z2, two, out=room_30)
        np.subtract(room_29[:, :, None], room_30, out=room_27)
        room_27.reshape(N * 20, -1).dot(ones_1, out=mu_bar3.reshape(N * 20))
        np.multiply(v_bar3, mu_bar3, out=mu_bar3)
        np.multiply(mu_bar3, number_1, out=mu_bar3)
        x_hat_bar3.reshape(N * 20, -1).dot(ones_1, out=room_10.reshape(N * 20))
        np.divide(room_10, room_5, out=room_10)
        np.negative(room_10, out=room_10)
        np.add(mu_bar3, room_10, out=mu_bar3)
        # (419) z̄²ₙₜⱼ = x̂̄³ₙₜⱼ/√(ε + v³ₙₜ) + μ̄³ₙₜ/J + 2/J v̄³ₙₜ (z²ₙₜⱼ − μ³ₙₜ) + z̄⁵ₙₜⱼ
        np.multiply(mu_bar3, number_1, out=room_18)
        np.add(z_bar5, room_18[:, :, None], out=z_bar2)
        np.divide(x_hat_bar3, room_5[:, :, None], out=room_8)
        np.add(z_bar2, room_8, out=z_bar2)
        np.subtract(room_30, room_29[:, :, None], out=room_30)
        np.multiply(v_bar3[:, :, None], room_30, out=room_30)
        np.multiply(room_30, number_1, out=room_30)
        np.add(z_bar2, room_30, out=z_bar2)
        # (402) ∂E/∂p²ₜⱼ = Σₙ z̄²ₙₜⱼ
        ones_5.dot(z_bar2.reshape(N, -1), out=dE_dp2.reshape(20 * 32))
        # (440) z̄¹ₙₜⱼ = z̄²ₙₜⱼ
        # (434) ∂E/∂w¹ᵥⱼ = Σₙ Σₜ z̄¹ₙₜⱼ [v = xₙₜ]
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

        b * (15488 * (2 + s + w) + 23801 * N + 124) + 1600 * N + 1072

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
        clip: float | None = None,
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
    clip: float | None = None,
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
        command.add_argument(
            "--params", default="char_transformer.npz", help="default: %(default)s"
        )
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
