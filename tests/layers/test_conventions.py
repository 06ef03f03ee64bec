"""Where functions bend, and where a window or a maximum has to choose."""

import numpy as np
import pytest
from sympy import Pow

from symbp.activations.activation import U
from symbp.activations.custom import activation
from symbp.activations.table import ACTIVATIONS
from symbp.layers.convolution import Conv1d
from symbp.layers.dense import Dense
from symbp.layers.entrywise import Apply, Maxout, PReLU
from symbp.layers.forward import Forward
from symbp.layers.pooling import AveragePool1d, GlobalPool, MaxPool1d
from symbp.layers.recurrent import RNN
from symbp.layers.shapes import Flatten
from symbp.layers.written import Layer
from symbp.network import Network
from tests.layers.networks import module

UNITS = 6


def slopes(tmp_path, *layers, x, **parameters):
    """∂E/∂x, where E is the sum of what is predicted: that of a bias added to x."""
    network = Network.of("net", len(x), [Dense(len(x)), *layers], "half_squared_error")
    loaded = module(network, tmp_path)
    x = np.array(x, float)
    own = {name: np.zeros(shape) for name, shape in loaded.SHAPES.items()}
    params = own | {"b1": x} | {name: np.array(w, float) for name, w in parameters.items()}
    y = loaded.predict(params, np.zeros((1, len(x))))
    return loaded.loss_and_grads(params, np.zeros((1, len(x))), y - 1)[1]


def test_relu_is_flat_at_0(tmp_path):
    grads = slopes(tmp_path, Apply("relu"), x=[-1, 0, 2])
    assert grads["b1"].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("name", "slope"), [("leaky_relu", 0.01), ("elu", 1.0)])
def test_other_kinks_go_on_from_the_left(name, slope, tmp_path):
    grads = slopes(tmp_path, Apply(name), x=[0, 0, 0])
    assert grads["b1"] == pytest.approx([slope] * 3)
    assert name in ACTIVATIONS


def test_prelu_at_0_is_on_its_slope(tmp_path):
    grads = slopes(tmp_path, PReLU(), x=[-2, 0, 3], alpha2=[0.25, 0.5, 0.75])
    assert grads["b1"].tolist() == [0.25, 0.5, 1]
    assert grads["alpha2"].tolist() == [-2, 0, 0]


def test_of_equal_values_in_a_window_the_first_is_the_largest(tmp_path):
    grads = slopes(tmp_path, MaxPool1d(3), x=[1, 5, 5, 7, 7, 7])
    assert grads["b1"].tolist() == [0, 1, 0, 1, 0, 0]


def test_windows_that_overlap_add_up(tmp_path):
    grads = slopes(tmp_path, MaxPool1d(3, 1), x=[1, 5, 5, 2, 2])
    assert grads["b1"].tolist() == [0, 2, 1, 0, 0]


def test_of_equal_values_in_all_positions_the_first_is_the_largest(tmp_path):
    grads = slopes(tmp_path, GlobalPool("max", 1), x=[4, 9, 9, 9])
    assert grads["b1"].tolist() == [0, 1, 0, 0]


def test_of_equal_pieces_the_first_is_the_largest(tmp_path):
    grads = slopes(tmp_path, Maxout(1, 3), x=[1, 1], w2=np.ones((2, 3, 1)), b2=np.zeros((3, 1)))
    assert grads["b2"].tolist() == [[1], [0], [0]]


@pytest.mark.parametrize("sign", [1, -1])
def test_what_lies_outside_is_never_the_largest(sign, tmp_path):
    x = [sign * 2.0, sign * 3.0, sign * 1e10, sign * 1.0]
    grads = slopes(tmp_path, MaxPool1d(2, 2, 1), x=x)
    largest = [1, 0, 1, 1] if sign > 0 else [1, 1, 0, 1]
    assert grads["b1"].tolist() == largest


@pytest.mark.parametrize(("outside", "ends"), [(True, 1 / 2), (False, 1.0)])
def test_the_mean_with_and_without_what_lies_outside(outside, ends, tmp_path):
    grads = slopes(tmp_path, AveragePool1d(2, 2, 1, outside), x=[1, 2, 3, 4])
    assert grads["b1"].tolist() == [ends, 1 / 2, 1 / 2, ends]


class Within(Layer):
    """max_p over those of a window that are above 0."""

    kind = "within"

    def forward(self, *shapes):
        z = "z[..., i] = max(p, where(x[..., i + p] > 0, x[..., i + p], -1))"
        return Forward(("x[..., r]",), (z,), {"i": shapes[0][-1] - 1, "p": 2})


def test_a_maximum_of_cases_that_depend_on_its_index(tmp_path):
    grads = slopes(tmp_path, Within(), x=[2, -3, -4, 5])
    assert grads["b1"].tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("outside", [True, False])
@pytest.mark.parametrize("pool", [MaxPool1d, AveragePool1d])
def test_padding_keeps_float32(pool, outside, tmp_path):
    rest = {"count_outside": outside} if pool is AveragePool1d else {}
    network = Network.of("net", (UNITS,), [Dense(UNITS), pool(3, 2, 1, **rest), Dense(2)])
    loaded = module(network, tmp_path)
    params = loaded.init_params(1, np.float32)
    x, d = (each.astype(np.float32) for each in loaded.random_data(3))
    _, grads = loaded.loss_and_grads(params, x, d)
    assert {g.dtype for g in grads.values()} == {np.dtype(np.float32)}


def test_flatten_without_a_batch_takes_in_all_axes():
    one = Network.of("net", (2, 3), [Flatten(), Dense(2)], batch=False)
    assert [len(t.axes) for t in one.graph.outputs.values()] == [2, 1, 1]
    many = Network.of("net", (2, 3), [Flatten(), Dense(2)])
    assert [len(t.axes) for t in many.graph.outputs.values()] == [3, 2, 2]


def test_an_activation_of_ones_own_goes_wherever_a_name_does():
    squared = activation("squared", U**2)
    for layer in (RNN(3, squared), Conv1d(3, 2, activation=squared), Apply(squared)):
        net = Network.of("net", (4, 5), [layer, Flatten(), Dense(2)])
        assert any(e.rhs.has(Pow) for e in net.program().equations if e.id != "E")
