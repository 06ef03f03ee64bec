"""The networks of the gallery learn what they are for."""

import time

import numpy as np
import pytest

from tests.machine import in_time
from tests.training.loaded import module_of


def errors(module, **options):
    x, d = module.SAMPLES
    params, _ = module.train(x, d, verbose=False, **options)
    return np.abs(module.predict(params, x) - d).max()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["xor", "xor_squared", "table341"])
def test_a_table_is_learned_from_several_seeds(name, seed):
    assert errors(module_of(name), seed=seed) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_small_weights_and_a_small_rate_never_learn_xor(seed):
    """Deviation 0.1 and rate 0.1: the hidden units begin alike, every output stays at one half."""
    module = module_of("xor")
    x, d = module.SAMPLES
    start = module.init_params(seed, scale=1 / 6)
    options = {"optimizer": "sgd", "rate": 0.1, "epochs": 10_000, "seed": seed}
    params, _ = module.train(x, d, params=start, verbose=False, **options)
    np.testing.assert_allclose(module.predict(params, x), 0.5, atol=0.05)


@pytest.mark.slow
def test_digits_are_read():
    """At least 95 % of the held-out quarter, in under 30 seconds."""
    datasets = pytest.importorskip("sklearn.datasets")
    x, t = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    kept, held = np.split(order, [len(x) * 3 // 4])
    module = module_of("digits")
    begin = time.process_time()
    params, history = module.train(x[kept] / 16, t[kept], verbose=False)
    seconds = time.process_time() - begin
    reached = module.accuracy(params, x[held] / 16, t[held])
    print(f"digits: {reached:.1%} of {len(held)} held-out digits after {seconds:.1f} s")
    assert reached >= 0.95
    assert in_time(seconds, 30)
    assert history["loss"][-1] < history["loss"][0] / 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "least"),
    [
        ("lenet", "load_digits", 0.95),
        ("residual_mlp", "load_digits", 0.95),
        ("logistic_iris", "load_iris", 0.9),
        ("multinomial_wine", "load_wine", 0.9),
    ],
)
def test_what_is_held_out_is_told_apart(name, data, least):
    datasets = pytest.importorskip("sklearn.datasets")
    x, t = getattr(datasets, data)(return_X_y=True)
    x = x / 16 if data == "load_digits" else (x - x.mean(0)) / x.std(0)
    t = (t == 2).astype(float)[:, None] if name == "logistic_iris" else t
    order = np.random.default_rng(0).permutation(len(x))
    kept, held = np.split(order, [len(x) * 3 // 4])
    module = module_of(name)
    params, _ = module.train(x[kept], t[kept], verbose=False)
    reached = module.accuracy(params, x[held], t[held])
    print(f"{name}: {reached:.1%} of {len(held)}")
    assert reached >= least


@pytest.mark.slow
def test_a_tied_autoencoder_gives_back_what_it_was_given():
    assert errors(module_of("autoencoder")) < 0.5


@pytest.mark.slow
def test_eight_units_hold_more_of_a_digit_than_eight_principal_components():
    """The mean squared error of held-out images, beside that of PCA."""
    datasets = pytest.importorskip("sklearn.datasets")
    x, _ = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    kept, held = np.split(x[order] / 16, [len(x) * 3 // 4])
    module = module_of("digits_autoencoder")
    params, _ = module.train(kept, kept, verbose=False)
    reached = ((module.predict(params, held) - held) ** 2).mean()
    mean = kept.mean(axis=0)
    _, _, ways = np.linalg.svd(kept - mean, full_matrices=False)
    (width,) = module.SHAPES["b2"]
    linear = mean + (held - mean) @ ways[:width].T @ ways[:width]
    by_pca = ((linear - held) ** 2).mean()
    print(f"digits_autoencoder: {reached:.4f}, PCA of {width}: {by_pca:.4f}, {len(held)} held out")
    assert (width, by_pca) == (8, pytest.approx(0.0242, abs=5e-5))
    assert reached < by_pca * 2 / 3
