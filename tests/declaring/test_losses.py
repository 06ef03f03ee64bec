"""Losses: the equation of E, term by term."""

import pytest
from sympy import Abs, Integer, Piecewise, Rational, log

from symbp.equations.axis import total
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor
from symbp.errors import SpecErrors
from symbp.layers.layer import SAMPLE, activations, units
from symbp.losses.loss import DATA_TERM, LAMBDA, PENALTY, SMOOTHING, Loss

PLACE = Integer(2)
N, J, I = SAMPLE.index("n"), units(PLACE).index("j"), units(Integer(1)).index("i")
BATCH, M = SAMPLE.size, units(PLACE).size
Y, ONE_Y = activations(PLACE, (N,)), activations(PLACE)
D = Tensor("d", Y.axes, Role.TARGET)
T = Tensor("t", (SAMPLE,), Role.TARGET, labels=units(PLACE))
W = Tensor("w", (units(Integer(1)), units(PLACE)), Role.WEIGHT, PLACE)
y, d = Y[N, J], D[N, J]
kappa, gamma = (Tensor(name, (), Role.CONSTANT)[()] for name in ("kappa", "gamma"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("half_squared_error", Rational(1, 2) * total((y - d) ** 2, N, J)),
        ("mean_squared_error", total((y - d) ** 2, N, J) / M),
        ("absolute_error", total(Abs(y - d), N, J)),
        (
            "huber",
            total(
                Piecewise(
                    ((y - d) ** 2 / 2, Abs(y - d) <= kappa),
                    (kappa * (Abs(y - d) - kappa / 2), True),
                ),
                N,
                J,
            ),
        ),
        ("binary_cross_entropy", -total(d * log(y) + (1 - d) * log(1 - y), N, J)),
        ("categorical_cross_entropy", -total(d * log(y), N, J)),
        ("sparse_categorical_cross_entropy", -total(log(Y[N, T[N]]), N)),
        ("hinge", total(Piecewise((1 - d * y, d * y < 1), (0, True)), N, J)),
        ("squared_hinge", total(Piecewise(((1 - d * y) ** 2, d * y < 1), (0, True)), N, J)),
        (
            "kl_divergence",
            total(d * log(Piecewise((d, d > 0), (1, True))) - d * log(y), N, J),
        ),
        ("focal", -total(d * (1 - y) ** gamma * log(y), N, J)),
        (
            "binary_focal",
            -total(d * (1 - y) ** gamma * log(y) + (1 - d) * y**gamma * log(1 - y), N, J),
        ),
    ],
)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_equation(name, expected, reduction):
    (equation,) = Loss.of(name, reduction).equations(Y, (N,), ())
    assert equation.id == "E"
    assert equation.rhs == (expected / BATCH if reduction == "mean" else expected)


def test_without_a_batch_there_is_nothing_to_average():
    (equation,) = Loss.of("half_squared_error").equations(ONE_Y, (), ())
    target = Tensor("d", ONE_Y.axes, Role.TARGET)
    assert equation.rhs == Rational(1, 2) * total((ONE_Y[J] - target[J]) ** 2, J)


def test_a_single_label():
    (equation,) = Loss.of("sparse_categorical_cross_entropy").equations(ONE_Y, (), ())
    label = Tensor("t", (), Role.TARGET, labels=units(PLACE))
    assert equation.rhs == -log(ONE_Y[label[()]])


def test_penalty():
    loss = Loss.of("half_squared_error", l2=0.25)
    equations = loss.equations(Y, (N,), (W,))
    assert [e.id for e in equations] == ["D", "R", "E"]
    assert equations[1].rhs == LAMBDA[()] / 2 * total(W[I, J] ** 2, I, J)
    assert equations[2].rhs == DATA_TERM[()] + PENALTY[()]
    assert loss.values() == {LAMBDA: 0.25}
    Program(equations)


def test_one_hot_targets_sum_up_to_one():
    (fact,) = Loss.of("categorical_cross_entropy").facts(Y, (N,))
    assert (fact.lhs, fact.rhs) == (total(d, J), 1)


def test_smoothed_targets():
    (equation,) = Loss.of("categorical_cross_entropy", "sum", smoothing=0.1).equations(Y, (N,), ())
    nu = SMOOTHING[()]
    assert equation.rhs == -total(((1 - nu) * d + nu / M) * log(y), N, J)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "sparse_categorical_cross_entropy"])
def test_other_targets_promise_nothing(name):
    assert Loss.of(name).facts(Y, (N,)) == ()


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"name": "hubert"}, [("unknown_loss", ("name",))]),
        ({"name": "huber", "kappa": 0}, [("number_positive", ("kappa",))]),
        ({"name": "huber", "kapa": 1}, [("unknown_key", ("kapa",))]),
        ({"name": "focal", "gamma": -1}, [("number_positive", ("gamma",))]),
        ({"name": "hinge", "smoothing": 0.1}, [("smoothing_of", ("smoothing",))]),
        (
            {"name": "categorical_cross_entropy", "smoothing": 1},
            [("number_below_one", ("smoothing",))],
        ),
        (
            {"name": "huber", "reduction": "avg", "l2": float("nan")},
            [("unknown_word", ("reduction",)), ("number_negative", ("l2",))],
        ),
    ],
)
def test_bad_losses(options, paths):
    with pytest.raises(SpecErrors) as caught:
        Loss.of(**options)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == paths
