"""The error function as fast modules compute it: that of Python's ``math``, in all arrays."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from symbp.targets.numpy.helpers import write_erf, write_erfc

FUNCTIONS = [(write_erf, math.erf), (write_erfc, math.erfc)]
NEAR = np.concatenate([np.linspace(-6, 6, 4001), [0.0, -0.0, 1e-300, -1e-9, 0.5, -0.5]])
FAR = np.array([-np.inf, -27.0, -9.5, 7.25, 11.0, 20.0, 26.0, 30.0, np.inf])


def written(function, x):
    out = np.full_like(x, np.nan)
    function(x, out)
    return out


@pytest.mark.parametrize(("function", "known"), FUNCTIONS)
def test_near_zero_to_the_last_digits(function, known):
    wanted = [known(x) for x in NEAR]
    assert np.allclose(written(function, NEAR), wanted, rtol=5e-15, atol=0)


@pytest.mark.parametrize(("function", "known"), FUNCTIONS)
def test_far_from_zero_as_exactly_as_its_square_is_known(function, known):
    wanted = [known(x) for x in FAR]
    assert np.allclose(written(function, FAR), wanted, rtol=2e-13, atol=1e-307)


@pytest.mark.parametrize(("function", "known"), FUNCTIONS)
def test_in_single_precision(function, known):
    x = NEAR.astype(np.float32)
    found = written(function, x)
    assert found.dtype == np.float32
    assert np.allclose(found, [known(float(v)) for v in x], rtol=0, atol=5e-7)


@pytest.mark.parametrize("function", [write_erf, write_erfc])
@pytest.mark.parametrize(
    "seen",
    [
        lambda x: x.T,
        lambda x: x[:, ::3],
        lambda x: np.moveaxis(x.reshape(5, 10, 160), 0, 1),
        lambda x: x[:0],
        lambda x: x[0, 0, ...],
    ],
    ids=["turned", "with gaps", "in another order", "empty", "one number"],
)
def test_in_arrays_of_all_kinds(function, seen):
    x = np.random.default_rng(1).standard_normal((50, 160))
    whole = np.zeros_like(x)
    function(seen(x), seen(whole))
    assert np.array_equal(seen(whole), written(function, np.array(seen(x))))


@pytest.mark.parametrize("function", [write_erf, write_erfc])
def test_in_its_own_place(function):
    x = np.random.default_rng(2).standard_normal((30, 700))
    wanted = written(function, x)
    function(x, x)
    assert np.array_equal(x, wanted)


@pytest.mark.parametrize("function", [write_erf, write_erfc])
def test_what_is_no_number_stays_so(function):
    assert np.isnan(written(function, np.array([np.nan]))).all()


@pytest.mark.parametrize("function", [write_erf, write_erfc])
def test_it_holds_no_array_of_that_size(function):
    x = np.random.default_rng(3).standard_normal(1_000_000)
    out = np.empty_like(x)
    tracemalloc.start()
    function(x, out)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < x.nbytes / 10
