"""Equations and the statements that they become."""

import numpy as np
import pytest
from sympy import Abs, KroneckerDelta, Piecewise, Rational, exp, log, sqrt, tanh

from symbp.equations.axis import total
from symbp.equations.calculus import ArgLargest, FunctionSymbol, Largest, Opaque, Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.lowering.lower import lower
from symbp.lowering.stored import NotLowered
from tests.lowering.spelled import (
    E,
    N,
    X,
    Y,
    Z,
    a,
    b,
    delta,
    i,
    j,
    k,
    m,
    n,
    out,
    run,
    spelled,
    t,
    u,
    v,
    w,
    x,
    z,
)

BACK = total(delta[n, k] * v[j, k], k)
ONE_IF = Piecewise((1, u[n, j] > 0), (0, True))
INNER = Tensor("inner", (N, Y, Z))
OTHER = Tensor("other", (N, Z, X))
MIXED = Tensor("mixed", (N, Y, X))

TABLE = [
    # products of matrices, with the transposes that the axes need
    (u[n, j], total(w[i, j] * x[n, i], i) + b[j], "u = x @ w + b"),
    (Partial(E[()], w[i, j]), total(u[n, j] * x[n, i], n), "dw = x.T @ u"),
    (Partial(E[()], b[j]), total(u[n, j], n), "db = u.sum(axis=0)"),
    (u[n, j], BACK, "u = delta @ v.T"),
    (u[n, j], BACK * ONE_IF, "u = (delta @ v.T) * (u > 0)"),
    (b[j], total(t[n] * u[n, j], n), "b = t @ u"),
    (E[()], total(b[j] * b[j], j), "E = (b**2).sum()"),
    (MIXED[n, j, i], total(INNER[n, j, k] * OTHER[n, k, i], k), "mixed = inner @ other"),
    (
        w[i, j],
        total(INNER[n, j, k] * OTHER[n, k, i], n, k),
        "w = np.tensordot(other, inner, ((0, 1), (0, 2)))",
    ),
    # three operands: the pair that keeps the result small comes first
    (
        u[n, j],
        total(x[n, i] * w[i, m] * u[n, m] * z[n, j], i, m),
        "u = z * ((u @ w.T) * x).sum(axis=1, keepdims=True)",
    ),
    # what does not depend on the index stays outside
    (E[()], Rational(1, 2) * a[()] * total(w[i, j] ** 2, i, j), "E = 0.5 * a * (w**2).sum()"),
    (
        E[()],
        total((z[n, j] - u[n, j]) ** 2 / (2 * N.size), n, j),
        "E = 0.5 * ((z - u) ** 2).sum() / N",
    ),
    (E[()], total(z[n, j], n, j) / (3 * N.size * Y.size), "E = z.sum() / (3 * N * J)"),
    (E[()], -total(z[n, j] * u[n, j], n, j) / N.size, "E = -(u * z).sum() / N"),
    (E[()], total(a[()], n), "E = a * N"),
    # sums whose addends need different axes
    (u[n, j], total(w[i, j] * x[n, i] + b[j], i), "u = I * b + x @ w"),
    # labels
    (E[()], total(log(z[n, t[n]]), n), "E = np.log(z[np.arange(N), t]).sum()"),
    (u[n, j], z[n, j] - KroneckerDelta(t[n], j), "u = z - (t[:, None] == np.arange(J))"),
    (E[()], total(KroneckerDelta(t[n], j) * z[n, j], n, j), "E = z[np.arange(N), t].sum()"),
    # broadcasting
    (u[n, j], z[n, j] - total(z[n, m], m), "u = z - z.sum(axis=1, keepdims=True)"),
    (u[n, j], t[n] * b[j], "u = b * t[:, None]"),
    # entry by entry
    (out[n, j], Piecewise((u[n, j], u[n, j] > 0), (0, True)), "out = np.maximum(u, 0)"),
    (
        out[n, j],
        Piecewise((u[n, j], u[n, j] > 0), (a[()] * u[n, j], True)),
        "out = np.where(u > 0, u, a * u)",
    ),
    (
        out[n, j],
        z[n, j] * Piecewise((1, u[n, j] > 0), (a[()], True)),
        "out = z * np.where(u > 0, 1, a).astype(u.dtype)",
    ),
    (out[n, j], 1 - tanh(u[n, j]) ** 2, "out = 1 - np.tanh(u) ** 2"),
    (out[n, j], z[n, j] * (1 - z[n, j]), "out = z * (1 - z)"),
    (out[n, j], exp(-(u[n, j] ** 2) / 2), "out = np.exp(-0.5 * u**2)"),
    (out[n, j], u[n, j] / sqrt(2), "out = u / math.sqrt(2)"),
    (out[n, j], u[n, j] * Rational(2, 3), "out = 2 * u / 3"),
    (out[n, j], Abs(u[n, j]) - z[n, j] - b[j], "out = np.abs(u) - b - z"),
    (out[n, j], (z[n, j] - u[n, j]) / (a[()] * (1 + b[j])), "out = (z - u) / (a * (1 + b))"),
    # the largest
    (t[n], ArgLargest(z[n, j], j), "t = z.argmax(axis=1)"),
    (u[n, j], z[n, j] - Largest(z[n, m], m), "u = z - z.max(axis=1, keepdims=True)"),
]


@pytest.mark.parametrize(("left", "right", "text"), TABLE, ids=[row[2] for row in TABLE])
def test_statement(left, right, text):
    assert spelled((left, right)) == [text]


COLUMNS = dict.fromkeys((x, u, z, delta, w, v), (1, 0))
"""Samples in columns, weights from the unit that they lead to."""

IN_COLUMNS = [
    (u[n, j], total(w[i, j] * x[n, i], i) + b[j], "u = w @ x + b[:, None]"),
    (Partial(E[()], w[i, j]), total(u[n, j] * x[n, i], n), "dw = u @ x.T"),
    (Partial(E[()], b[j]), total(u[n, j], n), "db = u.sum(axis=1)"),
    (u[n, j], BACK, "u = v.T @ delta"),
    (u[n, j], z[n, j] - KroneckerDelta(t[n], j), "u = z - (t == np.arange(J)[:, None])"),
    (E[()], total(z[n, t[n]], n), "E = z[t, np.arange(N)].sum()"),
]


@pytest.mark.parametrize(("left", "right", "text"), IN_COLUMNS, ids=[row[2] for row in IN_COLUMNS])
def test_storage_decides_about_transposes(left, right, text):
    assert spelled((left, right), layout=COLUMNS) == [text]


def test_a_contraction_of_three_is_right():
    lines = spelled((out[n, j], total(x[n, i] * w[i, m] * u[n, m] * z[n, j], i, m)))
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(size=shape)
        for name, shape in {"x": (5, 3), "w": (3, 4), "u": (5, 4), "z": (5, 4)}.items()
    }
    expected = np.einsum("ni,im,nm,nj->nj", *arrays.values())
    np.testing.assert_allclose(run(lines, **arrays)["out"], expected)


REFUSED = [
    ("index", x[n, i * i]),
    ("index", x[n, Rational(1, 2) * i]),
    ("expression", Opaque(FunctionSymbol("f"), u[n, j])),
    ("derivative", Partial(u[n, j] ** 2, u[n, j])),
    ("no-other-case", Piecewise((u[n, j], u[n, j] > 0))),
]


@pytest.mark.parametrize(("code", "right"), REFUSED, ids=[code for code, _ in REFUSED])
def test_what_has_no_words_is_refused(code, right):
    with pytest.raises(NotLowered) as caught:
        lower(Equation("bad", out[n, j], right))
    assert caught.value.code == code
