"""What a module says of the memory that it takes is what it takes."""

import re
import tracemalloc

import numpy as np
import pytest

from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.pooling import MaxPool2d
from symbp.layers.recurrent import RNN
from symbp.layers.shapes import Flatten
from symbp.network import Network
from tests.layers.networks import module, parameters

CASES = {
    "one direction": ((3, 90), Conv1d(2, 9)),
    "two directions": ((3, 20, 24), Conv2d(2, 5)),
    "a stride and a margin": ((4, 31, 24), Conv2d(2, 6, stride=2, padding=2)),
    "the transpose": ((3, 12, 9), ConvTranspose2d(2, 4)),
}
SAMPLES = 60
SAID = re.compile(r"(\d+) N numbers")


def said(function):
    """The numbers of numbers that a docstring tells, for one sample."""
    return [int(count) for count in SAID.findall(" ".join(function.__doc__.split()))]


def peak(function, *args):
    """How many numbers of 64 bits a function holds at once at most, what it returns among them."""
    function(*args)
    tracemalloc.start()
    kept = function(*args)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept is not None
    return most / 8


@pytest.mark.parametrize("name", CASES)
def test_the_largest_array_besides_the_values_is_what_is_told(name, tmp_path):
    shape, layer = CASES[name]
    made = module(Network.of("net", shape, [layer], "half_squared_error"), tmp_path)
    x, d = made.random_data(SAMPLES)
    params = parameters(made)
    values = sum(v.size for v in made.forward(params, x))
    padded = np.prod([n + 2 * getattr(layer, "padding", 0) for n in shape]) * SAMPLES
    for function, args in ((made.forward, (x,)), (made.loss_and_grads, (x, d))):
        largest = max(said(function)) * SAMPLES
        assert largest > x.size
        most = peak(function, params, *args)
        print(f"{name}, {function.__name__}: {largest} told, {most:.0f} measured, {values} values")
        assert largest <= most <= 1.5 * largest + 3 * values + 2 * padded


def test_where_nothing_is_copied_nothing_is_told(tmp_path):
    pools = (2, 6, 8), [MaxPool2d(2), Flatten(), Dense(3)]
    shifts = (5, 4), [RNN(6), Dense(3)]
    for shape, layers in (pools, shifts):
        made = module(Network.of("net", shape, layers, "half_squared_error"), tmp_path)
        assert "Held" not in made.forward.__doc__ + made.loss_and_grads.__doc__


def test_labels_of_sequences_take_no_room_of_their_own(tmp_path):
    layers = [Dense(7, "softmax")]
    made = module(Network.of("net", (9, 4), layers, "sparse_categorical_cross_entropy"), tmp_path)
    x, t = made.random_data(SAMPLES)
    params = parameters(made)
    values = sum(v.size for v in made.forward(params, x))
    assert peak(made.loss, params, x, t) <= 4 * values
    y = made.predict(params, x)
    picked = [np.log(y[n, s, t[n, s]]) for n in range(SAMPLES) for s in range(9)]
    assert made.loss(params, x, t) == pytest.approx(-np.mean(picked))
