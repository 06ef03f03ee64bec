"""Rewritten formulas: what they become, and that they hold where the textbook form breaks."""

import mpmath
import numpy as np
import pytest
from sympy import Piecewise, Symbol, erf, exp, lambdify, log, sqrt, tanh

from symbp.equations.axis import total
from symbp.equations.equation import Equation
from symbp.lowering.stable import stable
from tests.lowering.spelled import E, N, a, b, j, m, n, out, run, spelled, t, u, z

U = Symbol("u", real=True)
ALPHA = 0.3

SCALAR = {
    "sigmoid": 1 / (1 + exp(-U)),
    "sigmoid, other form": exp(U) / (1 + exp(U)),
    "softplus": log(1 + exp(U)),
    "silu": U / (1 + exp(-U)),
    "elu": Piecewise((U, U > 0), (ALPHA * (exp(U) - 1), True)),
    "elu, other way round": Piecewise((ALPHA * (exp(U) - 1), U < 0), (U, True)),
    "selu": 1.05 * Piecewise((U, U > 0), (1.67 * exp(U) - 1.67, True)),
    "gelu": U * (1 + erf(U / sqrt(2))) / 2,
    "mish": U * tanh(log(1 + exp(U))),
    "tanh of exp": (exp(U) - exp(-U)) / (exp(U) + exp(-U)),
    "log sigmoid": log(1 / (1 + exp(-U))),
    "log of 1 - sigmoid": log(1 - 1 / (1 + exp(-U))),
    "bump": exp(-(U**2)),
    "steep sigmoid": 1 / (1 + exp(-3 * U)),
    "silu, multiplied out": (1 + U * exp(-U) + exp(-U)) / (1 + 2 * exp(-U) + exp(-2 * U)),
    "half tanh": (1 - exp(-U)) / (1 + exp(-U)),
    "expm1": exp(-Piecewise((U, U > 0), (0, True))) - 1,
}
EXTREMES = [s * x for x in (1e-9, 1e-3, 0.7, 3.0, 40.0, 1000.0) for s in (1, -1)]


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("name", SCALAR)
def test_scalar_functions_and_their_derivatives_at_extremes(name, order):
    formula = SCALAR[name].diff(U, order)
    lines = spelled((out[n, j], stable(formula.xreplace({U: u[n, j]}))))
    computed = run(lines, u=np.array([EXTREMES]))["out"][0]
    exact = lambdify(U, formula, "mpmath")
    with mpmath.workdps(1000):
        expected = [float(exact(mpmath.mpf(value))) for value in EXTREMES]
    np.testing.assert_allclose(computed, expected, rtol=1e-12, atol=1e-15, err_msg=str(lines))


SIGMOID = Equation("z", z[n, j], 1 / (1 + exp(-u[n, j])))
SOFTMAX = Equation("z", z[n, j], exp(u[n, j]) / total(exp(u[n, m]), m))
SLOPE = exp(-u[n, j]) / (1 + exp(-u[n, j])) ** 2

FORMS = [
    (SIGMOID.rhs, None, "out = sigmoid(u)"),
    (SLOPE, None, "out = sigmoid(u) * sigmoid(-u)"),
    (1 - 1 / (1 + exp(-u[n, j])), None, "out = sigmoid(-u)"),
    (SOFTMAX.rhs, None, "out = softmax(u)"),
    (exp(u[n, j] / a[()]) / total(exp(u[n, m] / a[()]), m), None, "out = softmax(u / a)"),
    (log(z[n, j]), SIGMOID, "out = -np.logaddexp(0, -u)"),
    (log(1 - z[n, j]), SIGMOID, "out = -np.logaddexp(0, u)"),
    (log(z[n, j]), SOFTMAX, "out = log_softmax(u)"),
    (log(1 - z[n, j]), SOFTMAX, "out = log_not_softmax(u)"),
    (log(z[n, j]), None, "out = np.log(z)"),
    (log(1 + b[j] ** 2) * z[n, j], None, "out = z * np.log1p(b**2)"),
    (log(z[n, j]), Equation("z", z[n, j], tanh(u[n, j])), "out = np.log(z)"),
    (z[n, j] * log(total(exp(u[n, m]), m)), None, "out = z * log_sum_exp(u, keepdims=True)"),
]


@pytest.mark.parametrize(("formula", "definition", "text"), FORMS, ids=[f[2] for f in FORMS])
def test_form(formula, definition, text):
    known = {z: definition} if definition else {}
    assert spelled((out[n, j], stable(formula, known))) == [text]


def test_cross_entropy_of_labels_is_computed_from_what_the_softmax_is_taken_of():
    loss = -total(log(z[n, t[n]]), n) / N.size
    lines = spelled((E[()], stable(loss, {z: SOFTMAX})))
    assert lines == ["E = (log_sum_exp(u) - u[np.arange(N), t]).sum() / N"]
    sharp = np.array([[1000.0, 0.0, -1000.0], [-1000.0, 1000.0, 0.0]])
    assert run(lines, u=sharp, t=np.array([1, 0]), N=2)["E"] == pytest.approx(1500)


@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("logit", EXTREMES)
def test_binary_cross_entropy_is_computed_from_logits(logit, target):
    body = target * log(z[n, j]) + (1 - target) * log(1 - z[n, j])
    lines = spelled((E[()], stable(-total(body, n, j), {z: SIGMOID})))
    with mpmath.workdps(1000):
        x = mpmath.mpf(logit)
        exact = float(
            target * mpmath.log1p(mpmath.exp(-x)) + (1 - target) * mpmath.log1p(mpmath.exp(x))
        )
    assert run(lines, u=np.array([[logit]]))["E"] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("definition", [SIGMOID, SOFTMAX], ids=["sigmoid", "softmax"])
def test_categorical_cross_entropy_survives_sharp_predictions(definition):
    d = Piecewise((1, u[n, j] < 0), (0, True))
    lines = spelled((E[()], stable(-total(d * log(z[n, j]), n, j), {z: definition})))
    assert (
        run(lines, u=np.array([[1000.0, -1000.0]]))["E"]
        == {SIGMOID: 1000, SOFTMAX: 2000}[definition]
    )


@pytest.mark.parametrize("scale", [1e-9, 1.0, 30.0, 1000.0])
def test_softmaxes_at_extremes(scale):
    row = [scale * value for value in (0.3, 1.0, -1.0, 0.9)]
    parts = {
        "softmax": SOFTMAX.rhs,
        "log_softmax": stable(log(z[n, j]), {z: SOFTMAX}),
        "log_not_softmax": stable(log(1 - z[n, j]), {z: SOFTMAX}),
    }
    with mpmath.workdps(1000):
        powers = [mpmath.exp(value) for value in row]
        exact = [power / mpmath.fsum(powers) for power in powers]
        expected = {
            "softmax": [float(p) for p in exact],
            "log_softmax": [float(mpmath.log(p)) for p in exact],
            "log_not_softmax": [float(mpmath.log(1 - p)) for p in exact],
        }
    for name, formula in parts.items():
        computed = run(spelled((out[n, j], stable(formula))), u=np.array([row]))["out"][0]
        np.testing.assert_allclose(computed, expected[name], rtol=1e-12, atol=1e-15, err_msg=name)
