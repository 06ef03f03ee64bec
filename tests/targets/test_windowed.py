"""Fast modules of networks that look through windows: all ways in which these lie."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from symbp import Network, derive
from symbp.layers import AveragePool2d, Conv1d, Conv2d, Dense, Flatten, MaxPool1d, MaxPool2d
from symbp.layers.convolution import ConvTranspose2d
from symbp.layers.entrywise import Apply
from symbp.targets.styles import SWITCHES
from tests.targets.test_fast import EXACT, NOISE, ROOM, SAMPLES, held, loaded

NETWORKS = {
    "pools side by side": ((2, 10, 7), Conv2d(3, 2, activation="relu"), MaxPool2d(3)),
    "pools, then a convolution": (
        (2, 9, 13),
        Conv2d(3, 2, activation="relu"),
        MaxPool2d(2),
        Conv2d(4, 2, activation="tanh"),
    ),
    "pools that leave something over": ((2, 8), Conv1d(3, 2, activation="relu"), MaxPool1d(2)),
    "overlapping pools": ((2, 9, 7), Conv2d(3, 2, activation="relu"), MaxPool2d(3, 2)),
    "pools with margins": ((2, 7, 8), Conv2d(3, 2), MaxPool2d(3, 2, padding=1)),
    "means side by side": ((2, 7, 9), Conv2d(3, 2, activation="tanh"), AveragePool2d(2)),
    "margins and strides": (
        (2, 8, 7),
        Conv2d(3, 3, stride=2, padding=2, activation="tanh"),
        Conv2d(4, 2, padding=1, activation="relu"),
        MaxPool2d(2),
    ),
    "dilated": ((3, 11), Conv1d(2, 3, dilation=2, stride=2, padding=1, activation="relu")),
    "groups": ((4, 7, 5), Conv2d(6, 2, groups=2, padding=1, activation="relu"), MaxPool2d(2)),
    "transposed": ((2, 4, 3), ConvTranspose2d(3, 3, stride=2, padding=1), Apply("relu")),
    "kernels of one": ((3, 4, 6), Conv2d(5, 1, activation="relu"), MaxPool2d(2)),
}


def module(name, **options):
    shape, *layers = NETWORKS[name]
    layers = [*layers, Flatten(), Dense(4)]
    return loaded(derive(Network.of("net", shape, layers, "half_squared_error")).emit(**options))


@cache
def plain(name):
    return module(name, style="plain")


def compared(name, *, coarse=False, **options):
    """Gradients of several numbers of samples; ``coarse`` numbers are often the same."""
    fast, slow = module(name, style="fast", **options), plain(name)
    rng = np.random.default_rng(2)
    x, d = slow.random_data(7, seed=3)
    params = {name: w + rng.normal(0, 0.3, w.shape) for name, w in slow.init_params().items()}
    if coarse:
        x, params = np.round(x), {name: np.round(2 * w) / 2 for name, w in params.items()}
    trainer = fast.Trainer(params)
    for count in (7, 1, 4, 7):
        loss, grads = slow.loss_and_grads(params, x[:count], d[:count])
        assert trainer.gradients(x[:count], d[:count]) == pytest.approx(loss, rel=EXACT)
        largest = max(np.abs(g).max() for g in grads.values())
        for key, g in grads.items():
            near = EXACT * max(np.abs(g).max(), NOISE * largest)
            assert np.allclose(trainer.grads[key], g, rtol=0, atol=near), key


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_gradients(name):
    compared(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NETWORKS if "pools" in name])
def test_of_equal_entries_the_first_is_the_largest(name):
    compared(name, coarse=True)


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_every_pass_can_be_switched_off(switch):
    compared("margins and strides", without=(switch,))
    compared("pools, then a convolution", without=(switch,), coarse=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_a_step_makes_no_array_that_grows(name):
    assert held(module(name), SAMPLES // 4) < ROOM + SAMPLES


def test_equal_entries_are_met():
    x = np.round(plain("pools, then a convolution").random_data(7, seed=3)[0])
    left, right = x[..., 0::2][..., :6], x[..., 1::2][..., :6]
    assert (left == right).mean() > 0.2
