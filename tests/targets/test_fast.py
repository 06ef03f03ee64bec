"""Fast modules beside plain ones: the same numbers, without new arrays in a step."""

from __future__ import annotations

import math
import tracemalloc
from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest

from symbp import Dense, Network, gallery
from symbp.layers import GRU, LSTM, RNN, Add, LayerNorm, SelfAttention
from symbp.layers.graph import Node
from symbp.pipeline import derive
from symbp.targets.styles import SWITCHES
from tests.layers.networks import NETWORKS, network
from tests.sampling import sampled

RATES = {
    "sgd": 0.01, "momentum": 0.003, "nesterov": 0.003, "adagrad": 0.01,
    "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001,
}  # fmt: skip
"""Every optimizer, at a rate at which a hundred steps do not amplify the last digit.

At 0.01, a plain module that starts one unit in the last place away from itself is 4e-10 away
after a hundred steps of rmsprop on residual_mlp; at 0.001, 4e-14. Nor is the loss of a few
samples learnt by heart then, log Σ exp(u) − u, whose digits all cancel.
"""

OPTIMIZERS = tuple(RATES)
GALLERY = sorted((*gallery.names(), *gallery.graphs()))
EXACT = 1e-12
NOISE = 1e-12
"""A gradient that is 0 but for rounding is smaller than this part of the largest."""

STEPS = 100


def made(name):
    return derive(network(name) if name in NETWORKS else name)


def loaded(text, name="net"):
    module = type(np)(name)
    exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - our own
    return module


@cache
def both(name, **options):
    derived = made(name)
    return loaded(derived.emit(style="plain")), loaded(derived.emit(style="fast", **options))


def decided(module, data):
    """The parameters that are more than noise: the others go wherever rounding leads them."""
    trainer = module.Trainer(seed=1)
    trainer.gradients(*data)
    found = largest(trainer.grads)
    return [name for name, g in found.items() if g > NOISE * max(found.values())]


def largest(grads):
    """The largest entry of each gradient."""
    return {name: np.abs(g).max(initial=0) for name, g in grads.items()}


def compared(name, optimizer, epochs, clip=None, **options):
    plain, fast = both(name, **options)
    data = fast.check_data(*plain.random_data(13, seed=3))
    settings = {"optimizer": optimizer, "epochs": epochs, "batch_size": 5, "rate": RATES[optimizer]}
    settings |= {"clip": clip, "verbose": False, "seed": 1}
    (wanted, history), (given, told) = (m.train(*data, **settings) for m in (plain, fast))
    assert np.allclose(told["loss"], history["loss"], rtol=EXACT, atol=0)
    for key in decided(fast, data):
        near = EXACT * np.abs(wanted[key]).max(initial=0)
        assert np.allclose(given[key], wanted[key], rtol=0, atol=near), key


@pytest.mark.slow
@pytest.mark.parametrize("name", [*GALLERY, *NETWORKS])
def test_it_learns_what_the_plain_module_learns(name):
    compared(name, OPTIMIZERS[len(name) % len(OPTIMIZERS)], 3)


@pytest.mark.parametrize("clip", [None, 0.05])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_for_a_hundred_steps(optimizer, clip):
    compared("xor_squared", optimizer, STEPS // 3 + 1, clip)


@pytest.mark.long
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", [*GALLERY, *NETWORKS])
def test_everything_for_a_hundred_steps(name, optimizer):
    compared(name, optimizer, STEPS // 3 + 1)


SWITCHED = ("mnist", "residual_mlp", "GRU", "LSTM", "lenet", "overlapping pools")


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("name", sampled(SWITCHED, ("LSTM", "lenet")))
def test_every_pass_can_be_switched_off(name, switch):
    compared(name, "momentum", 2, without=(switch,))


@pytest.mark.slow
def test_without_any_pass_it_learns_the_same():
    compared("char_transformer", "nesterov", 1, without=tuple(SWITCHES))


def test_rooms_are_fewer_than_results():
    few, many = (made("mnist").emit(style="fast", without=w) for w in ((), ("rooms",)))
    assert few.count("np.empty(") < many.count("np.empty(")


# ---- a step makes no arrays ----------------------------------------------------------------------


def held(module, samples, **settings):
    """The most that one step holds beside what was there before, in bytes.

    It is one after which what is too small is set to 0.
    """
    trainer = module.Trainer(dtype=np.float64, **settings)
    data = module.check_data(*module.random_data(samples, seed=1))
    trainer.steps = module.FLUSHED - 4
    for _ in range(3):
        trainer.step(*data)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    trainer.step(*data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before


SAMPLES = 32_768
ROOM = 2 * np.getbufsize() * 8 + 4096
"""Bytes for numbers, tuples and views, and what NumPy needs to make numbers of true and false.

One number a sample would be more.
"""


JOINING = ["concatenation", "one layer side by side", "two inputs"]


@pytest.mark.parametrize(
    "name",
    [
        "xor",
        "digits",
        "residual_mlp",
        "convolution",
        "transposed convolution",
        "embedding",
        *JOINING,
    ],
)
def test_a_step_makes_no_array_that_grows(name):
    assert SAMPLES * 8 > ROOM
    assert held(both(name)[1], SAMPLES) < ROOM


BUFFER = 16
"""The fewest numbers that NumPy converts at a time."""

SIZES = {"batch": 67, "times": 29, "units": 35}
VIEWS = 4096
"""Bytes for views and numbers, and for NumPy itself: less than a quarter of what one time holds."""


def sequence(kind, times, units):
    """A network that reads a sequence and names a class at each time."""
    layers = {
        "RNN": [Node(RNN(units)), Node(Dense(5, "softmax"))],
        "LSTM": [Node(LSTM(units)), Node(Dense(5, "softmax"))],
        "GRU": [Node(GRU(units)), Node(Dense(5, "softmax"))],
        "attention": [
            Node(Dense(units)),
            Node(LayerNorm(), name="normed"),
            Node(SelfAttention(5), name="seen"),
            Node(Add(), ("normed", "seen")),
            Node(Dense(5, "softmax")),
        ],
    }
    loss = "sparse_categorical_cross_entropy"
    return derive(Network.of("sequence", (times, 3), layers[kind], loss)).emit()


@contextmanager
def small_buffers():
    usual = np.setbufsize(BUFFER)
    try:
        yield
    finally:
        np.setbufsize(usual)


@cache
def held_by_sequence(kind, batch, times, units):
    module = loaded(sequence(kind, times, units))
    with small_buffers():
        return held(module, batch)


@pytest.mark.parametrize("larger", SIZES)
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "attention"])
def test_a_step_through_times_makes_no_array_that_grows(kind, larger):
    small = held_by_sequence(kind, **SIZES)
    large = held_by_sequence(kind, **SIZES | {larger: 2 * SIZES[larger]})
    assert max(small, large) < VIEWS
    assert abs(large - small) < VIEWS / 16


HALF = 4
"""Bytes: half a number."""


def grows(module, few=64, many=256):
    """What a step holds more for each sample more, in bytes: noise only adds."""
    with small_buffers():
        least, most = (min(held(module, count) for _ in range(3)) for count in (few, many))
    return (most - least) / (many - few)


CLOSELY = {"char_lstm", "words and numbers", "dropout", "cosine embedding beside labels"}
"""Those that read several labels a sample, draw masks, or weigh classes."""

ALLOWED = {"scalar"}
"""Samples one by one."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sampled([n for n in (*GALLERY, *NETWORKS) if n not in ALLOWED], CLOSELY)
)
def test_no_step_makes_an_array_that_grows(name):
    assert grows(both(name)[1]) < HALF


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_makes_an_array(optimizer):
    module = both("mnist")[1]
    assert sum(map(math.prod, module.SHAPES.values())) > 10 * VIEWS
    with small_buffers():
        assert held(module, 3, optimizer=optimizer, clip=0.01) < VIEWS


def test_vectors_begin_where_lines_of_memory_do():
    trainer = both("digits")[1].Trainer(optimizer="adam")
    _, _, state, work = trainer._pieces[0]
    for vector in (trainer.weights, trainer.slopes, *state, *work):
        assert vector.ctypes.data % 64 == 0


def test_weights_and_bias_are_neighbours():
    module = both("digits")[1]
    params = module.Trainer().params
    w, b = params["w1"], params["b1"]
    both_of_them = module.below(w, b)
    assert np.array_equal(both_of_them, np.vstack([w, b]))
    assert np.shares_memory(both_of_them, w)
    assert np.shares_memory(both_of_them, b)
    with pytest.raises(ValueError, match="does not lie behind"):
        module.below(w.copy(), b)


def test_a_plain_step_does():
    module = both("digits")[0]
    data = module.check_data(*module.random_data(SAMPLES, seed=1))
    params = module.init_params()
    tracemalloc.start()
    module.loss_and_grads(params, *data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak > 10 * ROOM


# ---- what happens at the edges ------------------------------------------------------------------


def test_numbers_of_samples_may_differ():
    module = both("digits")[1]
    data = module.check_data(*module.random_data(37, seed=1))
    trainer = module.Trainer(seed=2)
    for count in (16, 16, 5, 37, 1, 16):
        part = [each[:count] for each in data]
        params = {name: w.copy() for name, w in trainer.params.items()}
        wanted, grads = module.loss_and_grads(params, *part)
        assert trainer.gradients(*part) == pytest.approx(wanted, rel=EXACT)
        for name, g in grads.items():
            assert np.allclose(trainer.grads[name], g, rtol=1e-11, atol=1e-15)
        trainer.renew()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"optimizer": "adem"}, "adem"),
        ({"rate": 0}, "rate"),
        ({"clip": -1.0}, "clip"),
        ({"options": {"mu": 0.5}, "optimizer": "sgd"}, "mu"),
        ({"schedule": "cosine"}, "cosine"),
        ({"params": {"w1": np.zeros(3)}}, "w1"),
    ],
)
def test_what_cannot_be_used_is_said(setting, told):
    module = both("xor")[1]
    with pytest.raises(module.InputError, match=told):
        module.Trainer(**setting)


X, T = np.zeros((4, 64)), np.zeros(4, int)

BAD_BATCHES = [
    (X[:, :63], T, "x must have the shape (N, 64), not (4, 63)"),
    (X[0], T, "x must have the shape (N, 64), not (64,)"),
    (X.reshape(4, 8, 8), T, "x must have the shape (N, 64), not (4, 8, 8)"),
    (X, T[:3], "d must have the shape (4,), not (3,)"),
    (X, np.zeros((4, 10)), "d must have the shape (4,), not (4, 10)"),
    (X, T[:, None], "d must be an array of the shape (4,): use check_data"),
    (X, T + 10, "the labels in d must be whole numbers from 0 to 9"),
    (X, T - 1, "the labels in d must be whole numbers from 0 to 9"),
    (X, T + 0.5, "the labels in d must be whole numbers from 0 to 9"),
    (X, T + 0.0, "d must hold numbers of int64, not float64: use check_data"),
    (X.tolist(), T, "x must be an array of the shape (4, 64): use check_data"),
    (X.astype(complex), T, "x must hold numbers, not complex128"),
    (X + np.nan, T, "x holds NaN or infinity"),
]


@pytest.mark.parametrize(("x", "t", "told"), BAD_BATCHES, ids=[row[-1] for row in BAD_BATCHES])
def test_what_no_step_can_use_is_said(x, t, told):
    module = both("digits")[1]
    trainer = module.Trainer()
    with pytest.raises(module.InputError) as caught:
        trainer.step(x, t)
    assert str(caught.value) == told


def test_what_numpy_refuses_is_said():
    """Arrays for four samples are there already."""
    module = both("digits")[1]
    trainer = module.Trainer(dtype=np.float32)
    x, t = np.zeros((4, 64), np.float32), np.zeros(4, int)
    trainer.step(x, t)
    for bad in ((x[:, :63], t), (x, t[:3]), (x, np.zeros((4, 10))), (x, t[:, None])):
        with pytest.raises(module.InputError):
            trainer.step(*bad)
    trainer.step(x, t)


def test_vectors_in_pieces_are_renewed_alike(monkeypatch):
    module = both("mnist")[1]
    data = module.check_data(*module.random_data(9, seed=1))
    whole = module.Trainer()
    monkeypatch.setattr(module, "MANY", 1000)
    monkeypatch.setattr(module, "PIECE", 777)
    pieces = module.Trainer()
    for _ in range(4):
        assert whole.step(*data) == pieces.step(*data)
    assert np.array_equal(whole.weights, pieces.weights)


def test_what_has_become_too_small_is_set_to_0():
    module = both("xor")[1]
    data = module.check_data(*module.random_data(4, seed=1))
    data = [each.astype(np.float32) for each in data]
    trainer = module.Trainer(optimizer="momentum", rate=1e-40, dtype=np.float32)
    (_, _, (v,), _) = trainer._pieces[0]
    for _ in range(module.FLUSHED - 1):
        trainer.step(*data)
    assert np.count_nonzero(v) == len(v)
    trainer.step(*data)
    assert np.count_nonzero(v) == 0


def test_a_fast_module_is_what_the_program_says_it_is():
    text = made("xor").emit(style="fast")
    assert "z1_and_ones.dot(w2_and_b2, out=u2)" in text
    assert ".dot(" not in made("xor").emit(style="plain")
