"""The derivative is SymPy's own, in every formula that ships."""

import pytest
from sympy import Abs, Integer, Piecewise, exp, log, sqrt

from symbp.activations.activation import Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.derivation.backprop import backpropagate
from symbp.derivation.moves import differentiate
from symbp.equations.axis import Axis, total
from symbp.equations.calculus import Largest
from symbp.equations.slope import slope
from symbp.equations.tensor import Tensor
from tests.layers.networks import network

J = Axis("unit", Integer(1), "j")
K = Axis("unit", Integer(2), "k")
u, v, w, s = Tensor("u", (J,)), Tensor("v", (J,)), Tensor("w", (J, K)), Tensor("s")
label = Tensor("t", (), labels=J)[()]
j, m, k = J.index("j"), J.index("m"), K.index("k")
CONSTANTS = {"alpha": s[()]}

FORMULAS = [
    *(a.of(u[j], j, CONSTANTS) for a in ACTIVATIONS.values() if isinstance(a, Scalar)),
    Integer(3),
    v[j],
    u[m],
    u[label],
    u[j] ** 2 * v[j] / s[()],
    total(w[j, k] * u[j], j),
    total(w[j, k] * u[m] * u[j] ** 3, m, k),
    exp(u[j]) / total(exp(u[m]), m),
    -total(log(u[m]) * v[m], m) / J.size,
    (u[j] - v[j]) / sqrt(v[j] + s[()] * u[j]),
    u[j] ** v[j] + v[j] ** u[j],
    Abs(u[j] - v[j]),
    Piecewise((u[j] ** 2, u[j] > v[j]), (s[()] * u[j], True)),
    Largest(u[m] * v[m], m),
    total(Piecewise((u[m], v[m] > 0), (0, True)) * log(1 + exp(-u[m])), m),
]


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
@pytest.mark.parametrize("wrt", [u[j], u[J.index("i")], s[()], w[j, k]], ids=str)
def test_it_is_what_sympy_finds(formula, wrt):
    assert repr(slope(formula, wrt)) == repr(formula.diff(wrt))
    assert slope(formula, wrt) == formula.diff(wrt)


@pytest.mark.parametrize("name", ["attention", "GRU", "batch normalisation"])
def test_it_is_what_sympy_finds_in_whole_networks(name, monkeypatch):
    asked = []

    def compared(of, wrt):
        asked.append(of)
        assert slope(of, wrt) == of.diff(wrt)
        return slope(of, wrt)

    monkeypatch.setattr(differentiate, "slope", compared)
    backpropagate(network(name).program())
    assert asked
