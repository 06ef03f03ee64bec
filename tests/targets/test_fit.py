"""A trainer learns from data as ``train`` does: in batches, from memory or from disk."""

import copy
import pickle
import sys
import tracemalloc

import numpy as np
import pytest

from tests.layers.networks import JOINED
from tests.targets.test_fast import EXACT, both

PLAIN, FAST = 0, 1


def pickled(trainer):
    return pickle.loads(pickle.dumps(trainer))


def beside(x):
    """The same as a part of a wider array."""
    return np.column_stack((x, np.zeros(len(x))))[:, :-1]


@pytest.mark.parametrize("name", ["digits", "residual_mlp", "dropout", "two losses", "scalar"])
@pytest.mark.parametrize(
    "how", [{}, {"split": 0.3}, {"patience": 2, "split": 0.2}, {"batch_size": None}], ids=str
)
def test_fit_is_train(name, how):
    plain, fast = both(name)
    data = fast.random_data(23, seed=1)
    # At a rate of 0.003 residual_mlp makes a thousand of the last digit of a number.
    settings = {"optimizer": "momentum", "rate": 5e-4, "schedule": "exponential", "decay": 0.01}
    how = {"epochs": 4, "batch_size": 7, "verbose": False, **how}
    params, history = fast.train(*data, **settings, **how, seed=3)
    trainer = fast.Trainer(**settings, seed=3)
    assert trainer.fit(*data, **how) == history
    assert all(np.array_equal(trainer.params[key], w) for key, w in params.items())
    slow, told = plain.train(*data, **settings, **how, seed=3)
    assert told.keys() == history.keys()
    assert told["validation"] == pytest.approx(history["validation"], rel=1e-11)
    assert all(np.allclose(slow[key], w, rtol=1e-11, atol=1e-12) for key, w in params.items())


@pytest.mark.parametrize("size", [1, 5, 8, 23, 40, None])
def test_the_last_batch_may_be_shorter(size):
    module = both("digits")[FAST]
    x, d = module.check_data(*module.random_data(23, seed=1))
    trainer = module.Trainer(seed=2, optimizer="sgd")
    steps = -(-23 // (size or 23))
    history = trainer.fit(x, d, epochs=2, batch_size=size, verbose=False)
    assert trainer.steps == 2 * steps

    rng, params = np.random.default_rng(2), module.init_params(2)
    for epoch in range(2):
        order, losses = rng.permutation(23), []
        for rows in np.split(order, range(size or 23, 23, size or 23)):
            value, grads = module.loss_and_grads(params, x[rows], d[rows])
            params = {name: w - 0.003 * grads[name] for name, w in params.items()}
            losses.append(value * len(rows) / 23)
        assert history["loss"][epoch] == pytest.approx(sum(losses), rel=EXACT)
    for name, w in params.items():
        assert np.allclose(trainer.params[name], w, rtol=0, atol=EXACT)


@pytest.mark.parametrize("style", [PLAIN, FAST])
@pytest.mark.parametrize("size", [1, 4, 8])
def test_one_sample_alone_has_no_variance(style, size):
    module = both("residual_mlp")[style]
    with pytest.raises(module.InputError, match="choose another batch_size"):
        module.train(*module.random_data(9), batch_size=size, verbose=False)
    module.train(*module.random_data(9), batch_size=7, epochs=1, verbose=False)


def test_a_trainer_goes_on_where_it_was():
    module = both("xor")[FAST]
    trainer = module.Trainer(schedule="inverse_time", decay=0.1)
    trainer.fit(*module.SAMPLES, epochs=3, batch_size=1, verbose=False)
    assert trainer.steps == 12
    history = trainer.fit(*module.SAMPLES, epochs=2, batch_size=1, verbose=False)
    assert history["rate"][-1] == pytest.approx(trainer.rate / (1 + 0.1 * 19))


def test_with_patience_a_trainer_has_the_best_parameters():
    module = both("digits")[FAST]
    data = module.random_data(30, seed=4)
    trainer = module.Trainer(rate=0.1, seed=1)
    held = module.random_data(30, seed=5)
    history = trainer.fit(*data, validation=held, epochs=50, patience=3, verbose=False)
    assert len(history["loss"]) < 50
    assert module.loss(trainer.params, *held) == min(history["validation"])


HELD = (np.zeros((3, 64)), np.zeros(3, int))


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"epochs": 0}, "epochs must be a whole number, 1 or more"),
        ({"batch_size": 0}, "batch_size must be a whole number, 1 or more"),
        ({"patience": 0}, "patience must be a whole number, 1 or more"),
        ({"split": 1.0}, "split must be a number from 0 to below 1"),
        ({"split": 0.99}, "leaves no samples"),
        ({"epochs": 1.5}, "epochs must be a whole number, 1 or more, not 1.5"),
        ({"batch_size": 32.0}, "batch_size must be a whole number"),
        ({"split": "a"}, "split must be a number"),
        ({"validation": np.zeros((3, 64))}, "validation must be a tuple of 2 arrays"),
        ({"validation": (np.zeros((3, 64)),)}, "validation must be a tuple of 2 arrays"),
        ({"validation": HELD, "split": 0.1}, "either validation or split"),
    ],
)
def test_what_fit_cannot_use_is_said(how, told):
    module = both("digits")[FAST]
    with pytest.raises(module.InputError, match=told):
        module.Trainer().fit(*module.random_data(9), **how)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"rate": "0.1"}, "rate must be a number above 0, not '0.1'"),
        ({"rate": None}, "rate must be a number above 0"),
        ({"seed": None}, "seed must be a whole number"),
        ({"clip": "a"}, "clip must be a number above 0"),
        ({"dtype": int}, "dtype must be of floating-point numbers"),
        ({"dtype": "abc"}, "dtype must be of floating-point numbers"),
        (
            {"optimizer": "adam", "options": {"beta1": 1}},
            "beta1 must be a number from 0 to below 1",
        ),
        ({"optimizer": "adam", "options": {"beta1": -0.1}}, "beta1 must be a number from 0"),
        ({"optimizer": "adam", "options": {"epsilon": 0}}, "epsilon must be a number above 0"),
    ],
)
def test_what_a_trainer_cannot_use_is_said(how, told):
    module = both("digits")[FAST]
    with pytest.raises(module.InputError, match=told):
        module.Trainer(**how)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize("name", ["digits", "char_lstm", "residual_mlp"])
def test_a_copy_goes_on_where_a_trainer_is(name, copied):
    module = both(name)[FAST]
    sys.modules[module.__name__] = module  # as it is where a module is imported
    data = module.check_data(*module.random_data(12, seed=1))
    trainer = module.Trainer(optimizer="adam", rate=0.01, clip=1.0, seed=3)
    trainer.fit(*data, epochs=2, batch_size=4, verbose=False)
    trainer.rate = 0.02
    other = copied(trainer)
    assert not np.shares_memory(other.weights, trainer.weights)
    for each in (trainer, other):
        each.fit(*data, epochs=2, batch_size=5, verbose=False)
    assert np.array_equal(other.weights, trainer.weights)
    assert all(np.array_equal(other.params[key], w) for key, w in trainer.params.items())
    assert other.steps == trainer.steps


@pytest.mark.parametrize("style", [PLAIN, FAST])
def test_parameters_of_whole_numbers_predict_as_others_do(style):
    module = both("xor")[style]
    whole = {name: np.rint(4 * w).astype(int) for name, w in module.init_params(seed=2).items()}
    x = np.array([[0.5, 0.5], [0.9, 0.2]])
    wanted = module.predict({name: w.astype(float) for name, w in whole.items()}, x)
    assert np.array_equal(module.predict(whole, x), wanted)


def test_a_trainer_learns_from_parameters_of_whole_numbers():
    module = both("xor")[FAST]
    trainer = module.Trainer(
        {name: np.rint(4 * w).astype(int) for name, w in module.init_params().items()}
    )
    trainer.fit(*module.SAMPLES, epochs=2, verbose=False)
    assert trainer.dtype == np.float64


def test_arrays_are_kept_for_the_last_two_numbers_of_samples():
    module = both("digits")[FAST]
    trainer = module.Trainer()
    x, d = module.check_data(*module.random_data(9))
    for count in (3, 2, 1):
        trainer.step(x[:count], d[:count])
    assert sorted(trainer._prepared) == [1, 2]


@pytest.mark.parametrize(
    "lying",
    [np.asfortranarray, lambda x: np.ascontiguousarray(x[::-1])[::-1], beside],
    ids=["columns", "backwards", "a part"],
)
def test_of_data_that_lies_otherwise_a_batch_is_copied_and_no_more(lying):
    module = both("digits")[FAST]
    x, d = module.random_data(20_000, seed=1)
    trainers = [module.Trainer(seed=1) for _ in range(2)]
    how = {"epochs": 1, "batch_size": 64, "verbose": False}
    trainers[0].fit(x, d, **how)
    other = lying(x)
    tracemalloc.start()
    trainers[1].fit(other, d, **how)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(trainers[0].weights, trainers[1].weights)
    assert peak < x.nbytes / 4


# ---- data larger than memory ---------------------------------------------------------------------


def on_disk(path, array):
    lying = np.memmap(path, array.dtype, "w+", shape=array.shape)
    lying[...] = array
    lying.flush()
    return np.memmap(path, array.dtype, "r", shape=array.shape)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_learns_from_what_lies_on_disk(tmp_path, dtype):
    module = both("digits")[FAST]
    x, d = module.random_data(100, seed=1)
    x = x.astype(dtype)
    settings = {"epochs": 2, "batch_size": 16, "verbose": False}
    wanted, _ = module.train(x.astype(np.float64), d, **settings)
    given, _ = module.train(on_disk(tmp_path / "x", x), d, **settings)
    assert all(np.array_equal(given[name], wanted[name]) for name in wanted)


def test_only_what_is_needed_of_it_is_read(tmp_path):
    module = both("digits")[FAST]
    x, d = module.random_data(40_000, seed=1)
    lying = on_disk(tmp_path / "x", x)
    small = lying[:64], d[:64]
    module.train(*small, epochs=1, verbose=False)
    tracemalloc.start()
    module.train(lying, d, epochs=1, batch_size=64, verbose=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < x.nbytes / 4


@pytest.mark.parametrize("name", ["char_lstm", "lenet", *(n for n in JOINED if "words" in n)])
def test_whole_numbers_on_disk_are_learnt_from(tmp_path, name):
    """Tokens and labels as bytes; pixels, too, which are no labels."""
    plain, fast = both(name)
    data = [np.round(each).astype(np.uint8) for each in fast.random_data(9, seed=1)]
    lying = [on_disk(tmp_path / str(k), each) for k, each in enumerate(data)]
    settings = {"epochs": 1, "batch_size": 4, "split": 0.2, "verbose": False}
    wanted, _ = fast.train(*data, **settings)
    for module in (fast, plain):
        given, _ = module.train(*lying, **settings)
        assert all(np.allclose(given[k], wanted[k], rtol=1e-9, atol=1e-12) for k in wanted)


def test_tokens_on_disk_are_not_read_at_once(tmp_path):
    module = both("char_lstm")[FAST]
    x, d = (each.astype(np.uint8) for each in module.random_data(40_000, seed=1))
    lying = [on_disk(tmp_path / str(k), each) for k, each in enumerate((x, d))]
    tracemalloc.start()
    checked = module.check_data(*lying)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(each) for each in checked] == [np.memmap] * 2
    assert peak < 2**24 < 40_000 * x[0].size * 8 * 4


def test_what_is_held_out_of_data_on_disk_is_all_that_is_read_at_once(tmp_path):
    module = both("digits")[FAST]
    x, d = module.random_data(40_000, seed=1)
    lying = on_disk(tmp_path / "x", x)
    module.train(lying[:64], d[:64], epochs=1, verbose=False)
    tracemalloc.start()
    module.train(lying, d, epochs=1, batch_size=64, split=0.02, verbose=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < x.nbytes / 4


def test_what_lies_on_disk_is_checked(tmp_path):
    module = both("digits")[FAST]
    x, d = module.random_data(50_000, seed=1)
    x[-1, -1] = np.nan
    with pytest.raises(module.InputError, match="NaN"):
        module.train(on_disk(tmp_path / "x", x), d)
