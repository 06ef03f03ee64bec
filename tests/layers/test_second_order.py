"""Second derivatives of every layer's module: the Hessian and the Gauss–Newton matrix."""

import numpy as np
import pytest

from symbp import Dense, Network, gallery
from symbp.equations.equality import Verdict
from symbp.layers import LSTM, Conv1d, Flatten, LogSoftmax
from symbp.pipeline import derive
from tests.layers.networks import NETWORKS, module, network, parameters
from tests.sampling import each, sampled

CLOSE = 1e-6
"""Differences of gradients are no more exact."""

CHAPTERS = ("second", "second_backward", "gauss_newton")

SMALL = {
    "softmax": ((4,), [Dense(3, "tanh"), Dense(2, "softmax")], "categorical_cross_entropy"),
    "sigmoid": ((4,), [Dense(3, "softplus"), Dense(2, "sigmoid")], "binary_cross_entropy"),
    "squares": ((4,), [Dense(3, "tanh"), Dense(2)], "half_squared_error"),
    "squares of sigmoids": ((4,), [Dense(3), Dense(2, "sigmoid")], "mean_squared_error"),
    "squares of softmax": ((4,), [Dense(3, "tanh"), Dense(3, "softmax")], "half_squared_error"),
    "log-softmax": ((4,), [Dense(3, "tanh"), Dense(2), LogSoftmax()], "half_squared_error"),
    "Huber": ((4,), [Dense(3, "tanh"), Dense(2)], "huber"),
    "windows": (
        (2, 5),
        [Conv1d(3, 2, activation="tanh"), Flatten(), Dense(2, "softmax")],
        "categorical_cross_entropy",
    ),
    "time": ((3, 2), [LSTM(2), Dense(2, "softmax")], "categorical_cross_entropy"),
}


def small(name):
    inputs, layers, loss = SMALL[name]
    return Network.of("net", inputs, layers, loss)


def loaded(made, folder, notation="jp-uz"):
    return module(made, folder, second_order=True, notation=notation)


@pytest.mark.parametrize("name", each(3, (*NETWORKS, *gallery.graphs())))
def test_the_hessian_times_a_direction_is_the_difference_of_gradients(name, tmp_path):
    made = network(name) if name in NETWORKS else gallery.load(name)
    net = loaded(made, tmp_path)
    errors = net.check_hessian(parameters(net), *net.random_data(5, seed=2))
    assert len(errors) > 1
    assert max(errors.values()) < CLOSE, errors


@pytest.mark.parametrize("name", sampled(NETWORKS, tuple(NETWORKS)[1::3]))
def test_every_step_holds(name):
    lines = [
        line
        for chapter in derive(network(name), second_order=True).lesson.chapters
        if chapter.heading in CHAPTERS
        for line in chapter.lines
    ]
    verdicts = {line.step.certificate(line.program).verdict for line in lines}
    assert len(lines) > 8
    assert verdicts <= {Verdict.PROVED, Verdict.PROBABLE}


NOTATIONS = ("nielsen", "matrix-rows", "matrix-columns", "dlai")


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", ["xor", "xor_squared", "mlp", "table341"])
def test_in_every_notation(name, notation, tmp_path):
    net = loaded(gallery.load(name), tmp_path, notation)
    x, d = net.random_data(5, seed=2)
    assert max(net.check_hessian(parameters(net), x, d).values()) < CLOSE


def slopes(values, params):
    """The derivatives of ``values(params)`` by every single parameter, a column each."""
    columns = []
    for name, w in params.items():
        for at in np.ndindex(w.shape):
            near = []
            for h in (1e-5, -1e-5):
                moved = w.copy()
                moved[at] += h
                near.append(values({**params, name: moved}).ravel())
            columns.append((near[0] - near[1]) / 2e-5)
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("name", SMALL)
def test_the_matrices_are_what_they_are_by_definition(name, tmp_path):
    """H = ∂²E/∂w∂w′; G = H − Σ (∂E/∂s) ∂²s/∂w∂w′ = Jᵀ (∂²E/∂s∂s) J, where s is what is cut at."""
    made = small(name)
    net = loaded(made, tmp_path)
    x, d = net.random_data(4, seed=2)
    params = parameters(net)
    names = list(params)

    def flat(grads):
        return np.concatenate([grads[key].ravel() for key in names])

    hessian = slopes(lambda p: flat(net.loss_and_grads(p, x, d)[1]), params)
    assert np.allclose(net.hessian(params, x, d), hessian, atol=1e-8)
    found = net.gauss_newton(params, x, d)
    assert np.allclose(found, found.T, atol=1e-12)
    assert np.linalg.eigvalsh(found).min() > -1e-12
    assert np.linalg.norm(found) > 0.01


OUTPUTS = {
    "softmax": ("u2", lambda y: np.diag(y) - np.outer(y, y)),
    "sigmoid": ("u2", lambda y: np.diag(y * (1 - y))),
    "squares": ("u2", lambda y: np.eye(len(y))),
    "squares of sigmoids": ("y", lambda y: 2 / len(y) * np.eye(len(y))),
    "squares of softmax": ("y", lambda y: np.eye(len(y))),
}
"""Up to where the network counts as linear, and how the loss of a sample bends there."""


@pytest.mark.parametrize("name", OUTPUTS)
def test_gauss_newton_is_the_curvature_of_the_loss_between_two_jacobians(name, tmp_path):
    net = loaded(small(name), tmp_path)
    x, d = net.random_data(4, seed=2)
    params = parameters(net)
    at, bends = OUTPUTS[name]
    jacobians = slopes(lambda p: getattr(net.forward(p, x), at), params)
    jacobians = jacobians.reshape(len(x), -1, jacobians.shape[-1])
    predicted = net.forward(params, x).y
    expected = sum(j.T @ bends(y) @ j for j, y in zip(jacobians, predicted, strict=True)) / len(x)
    assert np.allclose(net.gauss_newton(params, x, d), expected, atol=1e-8)


def test_a_penalty_adds_its_own_curvature(tmp_path):
    net = loaded(gallery.load("multinomial_wine"), tmp_path)
    x, d = net.random_data(40, seed=1)
    params = parameters(net)
    penalty = np.concatenate([np.full(params["w1"].size, net.LAM), np.zeros(params["b1"].size)])
    of_the_data = np.linalg.eigvalsh(net.gauss_newton(params, x, d) - np.diag(penalty))
    classes = len(params["b1"])
    # What is added to all classes alike changes no prediction: nothing bends in that direction.
    flat = len(of_the_data) // classes
    assert np.allclose(of_the_data[:flat], 0, atol=1e-12)
    assert of_the_data[flat] > 1e-6


def test_without_the_option_nothing_is_added():
    text = derive(small("softmax")).emit()
    assert "hessian" not in text
    assert "hessian" in derive(small("softmax"), second_order=True).emit()


def cosine_distance(y, d):
    return 1 - y @ d / np.sqrt((y @ y) * (d @ d))


def test_stages_of_a_loss_belong_to_the_loss(tmp_path):
    layers = [Dense(3, "tanh"), Dense(3)]
    net = loaded(Network.of("net", 4, layers, "cosine_distance"), tmp_path)
    x, d = net.random_data(4, seed=2)
    params = parameters(net)
    jacobians = slopes(lambda p: net.predict(p, x), params)
    jacobians = jacobians.reshape(len(x), -1, jacobians.shape[-1])
    expected = 0
    for jacobian, y, wanted in zip(jacobians, net.predict(params, x), d, strict=True):

        def slope(given, wanted=wanted):
            return slopes(lambda p: np.array(cosine_distance(p["y"], wanted)), given)

        bends = slopes(slope, {"y": y})
        expected = expected + jacobian.T @ bends @ jacobian / len(x)
    assert np.abs(expected).max() > 0.01
    assert np.allclose(net.gauss_newton(params, x, d), expected, atol=1e-4)
