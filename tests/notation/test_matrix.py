"""Matrix forms: a table per convention; what has none falls back to indices."""

from __future__ import annotations

import pytest
from sympy import Piecewise, exp, tanh

from symbp.equations.axis import total
from symbp.equations.calculus import Opaque, Partial
from symbp.notation.notation import Notation

FORWARD = lambda v: (v.u(v.j), total(v.w[v.i, v.j] * v.z_in(v.i), v.i) + v.b[v.j])  # noqa: E731
HIDDEN = lambda v: (  # noqa: E731
    v.delta(v.j),
    total(v.delta_next(v.k) * v.w_next[v.j, v.k], v.k) * Opaque(v.f, v.u(v.j), 1),
)
WEIGHT = lambda v: (  # noqa: E731
    Partial(v.E, v.w[v.i, v.j]),
    total(v.delta(v.j) * v.z_in(v.i), v.n) + v.lam * v.w[v.i, v.j],
)
BIAS = lambda v: (Partial(v.E, v.b[v.j]), total(v.delta(v.j), v.n))  # noqa: E731
TANH = lambda v: (v.delta(v.j), v.delta(v.j) * (1 - v.z(v.j) ** 2))  # noqa: E731
LAST = lambda v: (v.deltaL(v.jL), (v.y(v.jL) - v.d(v.jL)) / v.N)  # noqa: E731
RELU = lambda v: (v.z(v.j), Piecewise((v.u(v.j), v.u(v.j) > 0), (0, True)))  # noqa: E731
LOSS = lambda v: (v.E, total((v.y(v.jL) - v.d(v.jL)) ** 2, v.n, v.jL))  # noqa: E731
REPEATED = lambda v: (v.z(v.j), tanh(v.u(v.j)) + total(v.u(v.j), v.j))  # noqa: E731
SOFTMAX = lambda v: (  # noqa: E731
    v.y(v.jL),
    exp(v.uL(v.jL)) / total(exp(v.uL(v.kL)), v.kL),
)

ROWS = [
    (FORWARD, r"U^{2} = Z^{1} W^{2} + \mathbf{1} (b^{2})^{\top}"),
    (HIDDEN, r"\Delta^{2} = (\Delta^{3} (W^{3})^{\top}) \odot f^{2\prime}(U^{2})"),
    (WEIGHT, r"\frac{\partial E}{\partial W^{2}} = (Z^{1})^{\top} \Delta^{2} + \lambda W^{2}"),
    (BIAS, r"\frac{\partial E}{\partial b^{2}} = (\Delta^{2})^{\top} \mathbf{1}"),
    (TANH, r"\Delta^{2} = \Delta^{2} \odot (1 - Z^{2} \odot Z^{2})"),
    (LAST, r"\Delta^{3} = \frac{1}{N} (Y - D)"),
    (RELU, r"Z^{2} = \begin{cases} U^{2} & U^{2} > 0 \\ 0 & U^{2} \le 0 \end{cases}"),
    (LOSS, r"E = \sum_{n} \sum_{j} (y_{nj} - d_{nj})^{2}"),
    (REPEATED, r"Z^{2} = U^{2} \mathbf{1} \mathbf{1}^{\top} + \tanh(U^{2})"),
    (SOFTMAX, r"y_{nj} = \frac{e^{u^{3}_{nj}}}{\sum_{k} e^{u^{3}_{nk}}}"),
]
COLUMNS = [
    (FORWARD, "Z^[2] = W^[2] A^[1] + b^[2]"),
    (HIDDEN, "Δ^[2] = ((W^[3])ᵀ Δ^[3]) ⊙ f^[2]′(Z^[2])"),
    (WEIGHT, "∂J/∂W^[2] = Δ^[2] (A^[1])ᵀ + λ W^[2]"),
    (BIAS, "∂J/∂b^[2] = Δ^[2] 𝟏"),
    (LAST, "Δ^[3] = 1/m (A^[3] − Y)"),
    (LOSS, "J = Σₙ Σⱼ (a^[3]ⱼₙ − yⱼₙ)²"),
]


@pytest.mark.parametrize(("make", "latex"), ROWS)
def test_samples_in_rows(batch, make, latex):
    assert Notation("matrix-rows", batch.last).latex_equation(*make(batch)) == latex


@pytest.mark.parametrize(("make", "unicode"), COLUMNS)
def test_samples_in_columns(batch, make, unicode):
    assert Notation("matrix-columns", batch.last).unicode_equation(*make(batch)) == unicode
