"""Optimizers: two steps of each, against the textbook written out in numbers."""

import math

import pytest

from symbp.equations.program import Program
from symbp.equations.tensor import tensor_of
from symbp.errors import SpecErrors
from symbp.optimizers.clipping import NORM
from symbp.optimizers.optimizer import Optimizer
from symbp.optimizers.rule import ETA, GRADIENT, RULES, STEP, WEIGHT, after

RATE = 0.1
GRADIENTS = (0.5, -0.25)


def steps(optimizer, gradients=GRADIENTS, norm=None):
    """The weight after each step, from 1."""
    state = {WEIGHT: 1.0, **dict.fromkeys(optimizer.states, 0.0)}
    weights = []
    for t, gradient in enumerate(gradients, 1):
        known = {**optimizer.values(), **state, GRADIENT: gradient, STEP: t, NORM: norm}
        for equation in optimizer.equations:
            at = {tensor[()]: value for tensor, value in known.items() if value is not None}
            known[tensor_of(equation.lhs)] = float(equation.rhs.subs(at))
        state = {tensor: known[after(tensor)] for tensor in state}
        weights.append(state[WEIGHT])
    return weights


def adam(decay=0.0):
    w, m, v, found = 1.0, 0.0, 0.0, []
    for t, g in enumerate(GRADIENTS, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        w -= RATE * (m_hat / (math.sqrt(v_hat) + 1e-8) + decay * w)
        found.append(w)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sgd", [0.95, 0.975]),
        ("momentum", [0.95, 0.95 - 0.045 + 0.025]),
        ("nesterov", [1 - 0.045 - 0.05, 0.905 + 0.9 * (-0.045 + 0.025) + 0.025]),
        ("adagrad", [0.9, 0.9 + 0.025 / math.sqrt(0.3125)]),
        (
            "rmsprop",
            [1 - 0.05 / math.sqrt(0.025), 1 - 0.05 / math.sqrt(0.025) + 0.025 / math.sqrt(0.02875)],
        ),
        ("adam", adam()),
        ("adamw", adam(0.01)),
    ],
)
def test_two_steps(name, expected):
    assert steps(Optimizer.of(name, RATE)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [0.1, 0.1, 0.1]),
        ("inverse_time", [0.1, 0.1 / 1.5, 0.1 / 2]),
        ("exponential", [0.1, 0.1 * math.exp(-0.5), 0.1 * math.exp(-1)]),
    ],
)
def test_schedules(schedule, rates):
    found = steps(Optimizer.of("sgd", RATE, schedule, 0.5), (1.0, 1.0, 1.0))
    falls = [a - b for a, b in zip([1.0, *found], found, strict=False)]
    assert falls == pytest.approx(rates)


@pytest.mark.parametrize(("norm", "step"), [(4.0, 0.025), (2.0, 0.05), (1.0, 0.05), (0.0, 0.05)])
def test_clipping(norm, step):
    (weight,) = steps(Optimizer.of("sgd", RATE, clip=2.0), (0.5,), norm)
    assert 1 - weight == pytest.approx(step)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("schedule", ["constant", "inverse_time"])
@pytest.mark.parametrize("clip", [None, 1.0])
def test_equations_are_a_program_of_known_inputs(name, schedule, clip):
    optimizer = Optimizer.of(name, schedule=schedule, clip=clip)
    program = Program(optimizer.equations)
    known = {*optimizer.values(), *optimizer.states, WEIGHT, GRADIENT, STEP, NORM}
    assert set(program.inputs) <= known
    assert set(optimizer.values()) <= set(program.inputs)
    assert {after(tensor) for tensor in (WEIGHT, *optimizer.states)} <= set(program.definitions)
    assert (ETA in program.definitions) == (schedule != "constant")


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"name": "adamm"}, [("unknown_optimizer", ("name",))]),
        ({"rate": 0}, [("number_positive", ("rate",))]),
        ({"rate": -1, "clip": 0}, [("number_positive", ("rate",)), ("number_positive", ("clip",))]),
        ({"schedule": "step", "decay": -1}, [("unknown_word", ("schedule",)),
                                             ("number_negative", ("decay",))]),
        ({"name": "adam", "beta1": 1}, [("number_below_one", ("beta1",))]),
        ({"name": "adam", "eps": 0}, [("number_positive", ("eps",))]),
        ({"name": "sgd", "mu": 0.9}, [("unknown_key", ("mu",))]),
    ],
)  # fmt: skip
def test_bad_optimizers(options, paths):
    with pytest.raises(SpecErrors) as caught:
        Optimizer.of(**options)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == paths
