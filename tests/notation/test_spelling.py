"""How expressions look: a table per convention, LaTeX and Unicode."""

from __future__ import annotations

import pytest
from sympy import Abs, Float, Integer, KroneckerDelta, Max, Piecewise, erf, exp, log, pi, sqrt, tanh

from symbp.equations.axis import Total, total
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.tensor import Role, Tensor
from symbp.notation.notation import Notation
from symbp.notation.spelling import capital

HALF_SQUARES = lambda v: total((v.y(v.jL) - v.d(v.jL)) ** 2, v.jL) / 2  # noqa: E731

GENERAL = [
    # expression of the vocabulary, LaTeX, Unicode: jp-uz, layer l, one sample
    (
        lambda v: total(v.w[v.i, v.j] * v.z_in(v.i), v.i) + v.b[v.j],
        r"\sum_{i} w^{l}_{ij} z^{l-1}_{i} + w^{l}_{0j}",
        "Σᵢ wˡᵢⱼ zˡ⁻¹ᵢ + wˡ₀ⱼ",
    ),
    (lambda v: Opaque(v.f, v.u(v.j)), r"f^{l}(u^{l}_{j})", "fˡ(uˡⱼ)"),
    (lambda v: Opaque(v.f, v.u(v.j), 1), r"f^{l\prime}(u^{l}_{j})", "fˡ′(uˡⱼ)"),
    (lambda v: v.y(v.jL) - v.d(v.jL), "y_{j} - d_{j}", "yⱼ − dⱼ"),
    (HALF_SQUARES, r"\frac{1}{2} \sum_{j} (y_{j} - d_{j})^{2}", "½ Σⱼ (yⱼ − dⱼ)²"),
    (lambda v: v.z(v.j) ** 2, "(z^{l}_{j})^{2}", "(zˡⱼ)²"),
    (lambda v: v.d(v.jL) ** 2, "d_{j}^{2}", "dⱼ²"),
    (
        lambda v: Partial(v.E, v.wL[v.iL, v.jL]),
        r"\frac{\partial E}{\partial w^{L}_{ij}}",
        "∂E/∂wᴸᵢⱼ",
    ),
    (lambda v: Partial(v.E, v.y(v.jL)), r"\frac{\partial E}{\partial z^{L}_{j}}", "∂E/∂zᴸⱼ"),
    (
        lambda v: Partial(v.u(v.j), v.w[v.i, v.j]) * Partial(v.E, v.u(v.j)),
        r"\frac{\partial E}{\partial u^{l}_{j}} \frac{\partial u^{l}_{j}}{\partial w^{l}_{ij}}",
        "∂E/∂uˡⱼ · ∂uˡⱼ/∂wˡᵢⱼ",
    ),
    (
        lambda v: Partial(Opaque(v.f, v.u(v.j)), v.u(v.j)),
        r"\frac{\partial f^{l}(u^{l}_{j})}{\partial u^{l}_{j}}",
        "∂fˡ(uˡⱼ)/∂uˡⱼ",
    ),
    (
        lambda v: Partial(HALF_SQUARES(v).xreplace({v.jL: v.kL}), v.y(v.jL)),
        (
            r"\frac{\partial}{\partial y_{j}} "
            r"\left( \frac{1}{2} \sum_{k} (y_{k} - d_{k})^{2} \right)"
        ),
        "∂/∂yⱼ (½ Σₖ (yₖ − dₖ)²)",
    ),
    (
        lambda v: v.w_next[v.j, v.k] * v.delta_next(v.k) * Opaque(v.f, v.u(v.j), 1) * v.z_in(v.i),
        r"\delta^{l+1}_{k} w^{l+1}_{jk} f^{l\prime}(u^{l}_{j}) z^{l-1}_{i}",
        "δˡ⁺¹ₖ wˡ⁺¹ⱼₖ fˡ′(uˡⱼ) zˡ⁻¹ᵢ",
    ),
    (
        lambda v: (
            -v.eta * total(v.delta_next(v.k) * v.w_next[v.j, v.k], v.k) * Opaque(v.f, v.u(v.j), 1)
        ),
        r"-\eta \sum_{k} \delta^{l+1}_{k} w^{l+1}_{jk} f^{l\prime}(u^{l}_{j})",
        "−η Σₖ δˡ⁺¹ₖ wˡ⁺¹ⱼₖ fˡ′(uˡⱼ)",
    ),
    (
        lambda v: (v.y(v.jL) - v.d(v.jL)) * v.wL[v.iL, v.jL],
        r"(y_{j} - d_{j}) w^{L}_{ij}",
        "(yⱼ − dⱼ) wᴸᵢⱼ",
    ),
    (lambda v: v.dw[v.i, v.j], r"\Delta w^{l}_{ij}", "Δwˡᵢⱼ"),
    (
        lambda v: Functional(v.u_next(v.k)),
        "E(u^{l+1})",
        "E(uˡ⁺¹)",
    ),
    (
        lambda v: total(v.z_in(v.m) * KroneckerDelta(v.i, v.m), v.m),
        "\\sum_{m} z^{l-1}_{m} [i = m]",
        "Σₘ zˡ⁻¹ₘ [i = m]",
    ),
    (lambda v: v.x(v.i0), "x_{i}", "xᵢ"),
    (
        lambda v: v.y(v.jL) * (KroneckerDelta(v.jL, v.kL) - v.y(v.kL)),
        "y_{j} ([j = k] - y_{k})",
        "yⱼ ([j = k] − yₖ)",
    ),
]

BATCH = [
    # jp-uz, layer 2 of 3, a batch
    (
        lambda v: -total(v.d(v.jL) * log(v.y(v.jL)), v.n, v.jL) / v.N,
        r"-\frac{1}{N} \sum_{n} \sum_{j} d_{nj} \log y_{nj}",
        "−1/N Σₙ Σⱼ dₙⱼ log yₙⱼ",
    ),
    (
        lambda v: -total(log(v.y(v.t[v.n])), v.n) / v.N,
        r"-\frac{1}{N} \sum_{n} \log y_{n,t_{n}}",
        "−1/N Σₙ log y_{n,tₙ}",
    ),
    (
        lambda v: (1 - v.d(v.jL)) * log(1 - v.y(v.jL)) + v.d(v.jL) * log(v.y(v.jL)),
        r"d_{nj} \log y_{nj} + (1 - d_{nj}) \log(1 - y_{nj})",
        "dₙⱼ log yₙⱼ + (1 − dₙⱼ) log(1 − yₙⱼ)",
    ),
    (
        lambda v: (v.y(v.jL) - v.d(v.jL)) / v.N,
        r"\frac{y_{nj} - d_{nj}}{N}",
        "(yₙⱼ − dₙⱼ)/N",
    ),
    (lambda v: Abs(v.y(v.jL) - v.d(v.jL)), "|y_{nj} - d_{nj}|", "|yₙⱼ − dₙⱼ|"),
    (
        lambda v: exp(v.uL(v.jL)) / total(exp(v.uL(v.kL)), v.kL),
        r"\frac{e^{u^{3}_{nj}}}{\sum_{k} e^{u^{3}_{nk}}}",
        "exp(u³ₙⱼ)/(Σₖ exp(u³ₙₖ))",
    ),
    (
        lambda v: v.uL(v.jL) - Largest(v.uL(v.kL), v.kL),
        r"u^{3}_{nj} - \max_{k} u^{3}_{nk}",
        "u³ₙⱼ − maxₖ u³ₙₖ",
    ),
    (
        lambda v: KroneckerDelta(v.jL, ArgLargest(v.uL(v.kL), v.kL)),
        r"\left[ j = \operatorname*{arg\,max}_{k} u^{3}_{nk} \right]",
        "[j = arg maxₖ u³ₙₖ]",
    ),
    (
        lambda v: log(total(exp(v.uL(v.kL)), v.kL)),
        r"\log \sum_{k} e^{u^{3}_{nk}}",
        "log Σₖ exp(u³ₙₖ)",
    ),
    (lambda v: 1 / (1 + exp(-v.u(v.j))), r"\frac{1}{1 + e^{-u^{2}_{nj}}}", "1/(1 + exp(−u²ₙⱼ))"),
    (lambda v: 1 - tanh(v.u(v.j)) ** 2, r"1 - \tanh^{2}(u^{2}_{nj})", "1 − tanh²(u²ₙⱼ)"),
    (
        lambda v: v.u(v.j) * (1 + erf(v.u(v.j) / sqrt(2))) / 2,
        (
            r"\frac{1}{2} u^{2}_{nj} \left( 1 + "
            r"\operatorname{erf}\left( \frac{u^{2}_{nj}}{\sqrt{2}} \right) \right)"
        ),
        "½ u²ₙⱼ (1 + erf(u²ₙⱼ/√2))",
    ),
    (
        lambda v: exp(-(v.u(v.j) ** 2) / 2) / sqrt(2 * pi),
        r"\frac{e^{-\frac{1}{2} (u^{2}_{nj})^{2}}}{\sqrt{2 \pi}}",
        "exp(−½ (u²ₙⱼ)²)/√(2π)",
    ),
    (
        lambda v: Piecewise((v.u(v.j), v.u(v.j) > 0), (v.alpha * v.u(v.j), True)),
        (
            r"\begin{cases} u^{2}_{nj} & u^{2}_{nj} > 0 \\ "
            r"\alpha u^{2}_{nj} & u^{2}_{nj} \le 0 \end{cases}"
        ),
        "{u²ₙⱼ if u²ₙⱼ > 0; α u²ₙⱼ if u²ₙⱼ ≤ 0}",
    ),
    (
        lambda v: v.delta(v.j) * Piecewise((1, v.u(v.j) > 0), (0, True)),
        r"\delta^{2}_{nj} \mathbb{1}[u^{2}_{nj} > 0]",
        "δ²ₙⱼ 𝟙[u²ₙⱼ > 0]",
    ),
    (
        lambda v: v.lam / 2 * total(v.w[v.i, v.j] ** 2, v.i, v.j),
        r"\frac{\lambda}{2} \sum_{i} \sum_{j} (w^{2}_{ij})^{2}",
        "λ/2 Σᵢ Σⱼ (w²ᵢⱼ)²",
    ),
    (
        lambda v: v.lam * v.w[v.i, v.j] + total(v.delta(v.j) * v.z_in(v.i), v.n),
        r"\sum_{n} \delta^{2}_{nj} z^{1}_{ni} + \lambda w^{2}_{ij}",
        "Σₙ δ²ₙⱼ z¹ₙᵢ + λ w²ᵢⱼ",
    ),
    (
        lambda v: v.y(v.jL) * (2 * v.y(v.jL) - 2 * v.d(v.jL)),
        r"2 (y_{nj} - d_{nj}) y_{nj}",
        "2 (yₙⱼ − dₙⱼ) yₙⱼ",
    ),
    (lambda v: Max(0, v.u(v.j)), r"\max(0, u^{2}_{nj})", "max(0, u²ₙⱼ)"),
    (lambda v: Float(0.01) * v.u(v.j), r"0.01 u^{2}_{nj}", "0.01u²ₙⱼ"),
    (
        lambda v: Total(v.z_in(v.i), (v.i, 0, v.i.axis.size - 2)),
        r"\sum_{i=1}^{n_{1} - 1} z^{1}_{ni}",
        "Σ_{i=1}^{n₁ − 1} z¹ₙᵢ",
    ),
]

NIELSEN = [
    (
        lambda v: total(v.w[v.i, v.j] * v.z_in(v.i), v.i) + v.b[v.j],
        r"\sum_{k} w^{l}_{jk} a^{l-1}_{k} + b^{l}_{j}",
        "Σₖ wˡⱼₖ aˡ⁻¹ₖ + bˡⱼ",
    ),
    (
        lambda v: total(v.delta_next(v.k) * v.w_next[v.j, v.k], v.k) * Opaque(v.f, v.u(v.j), 1),
        r"\sum_{i} w^{l+1}_{ij} \delta^{l+1}_{i} f^{l\prime}(z^{l}_{j})",
        "Σᵢ wˡ⁺¹ᵢⱼ δˡ⁺¹ᵢ fˡ′(zˡⱼ)",
    ),
    (lambda v: v.y(v.jL) - v.d(v.jL), "a^{L}_{j} - y_{j}", "aᴸⱼ − yⱼ"),
    (lambda v: Partial(v.E, v.b[v.j]), r"\frac{\partial C}{\partial b^{l}_{j}}", "∂C/∂bˡⱼ"),
]


@pytest.mark.parametrize(("make", "latex", "unicode"), GENERAL)
def test_layer_l_in_jp_uz(general, make, latex, unicode):
    notation = Notation("jp-uz", general.last)
    assert (notation.latex(make(general)), notation.unicode(make(general))) == (latex, unicode)


@pytest.mark.parametrize(("make", "latex", "unicode"), BATCH)
def test_batches_in_jp_uz(batch, make, latex, unicode):
    notation = Notation("jp-uz", batch.last)
    assert (notation.latex(make(batch)), notation.unicode(make(batch))) == (latex, unicode)


@pytest.mark.parametrize(("make", "latex", "unicode"), NIELSEN)
def test_layer_l_in_nielsen(general, make, latex, unicode):
    notation = Notation("nielsen", general.last)
    assert (notation.latex(make(general)), notation.unicode(make(general))) == (latex, unicode)


def test_indices_in_reach_of_each_other_never_share_a_letter(general):
    v = general
    clash = v.i.axis.index("j")
    assert Notation("jp-uz").unicode_equation(
        v.u(v.j), total(v.w[clash, v.j] * v.z_in(clash), clash)
    ) == ("uˡⱼ = Σᵢ wˡᵢⱼ zˡ⁻¹ᵢ")


def test_sums_out_of_reach_of_each_other_may_share_a_letter(batch):
    v = batch
    parts = total(v.w[v.i, v.j] ** 2, v.i, v.j), total(v.wL[v.iL, v.jL] ** 2, v.iL, v.jL)
    assert Notation("jp-uz", v.last).unicode(sum(parts)) == "Σᵢ Σⱼ (w²ᵢⱼ)² + Σᵢ Σⱼ (w³ᵢⱼ)²"


@pytest.mark.parametrize("name", ["w_linear", "b_along", "q_hessian", "v_gauss_newton"])
def test_a_tensor_of_such_a_name_is_no_tangent(name):
    tensor = Tensor(name, (), Role.PARAMETER)
    text = Notation("jp-uz", Integer(3)).latex_equation(tensor.entry, tensor.entry)
    assert r"\tilde" not in text
    assert r"\hat" not in text
    assert text.split(" = ")[0] == f"{name[0]}_{{{name[2:]}}}"


@pytest.mark.parametrize(
    ("small", "large"),
    [
        *(("w", "W"), ("δ", "Δ"), ("ŷ", "Ŷ"), ("z̄", "Z̄")),
        *(("dz", "dZ"), ("Δw", "ΔW"), ("Hw̃", "HW̃"), ("Hdz̃", "HdZ̃")),
        *(("speed", "Speed"), ("xs", "Xs"), ("data", "Data"), ("Δgain", "ΔGain")),
        *(("Hgain̄", "HGain̄"), ("Speed", "Speed")),
    ],
)
def test_what_stands_for_a_whole_matrix(small, large):
    assert capital(small) == large
