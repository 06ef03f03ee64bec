"""Numbers of other kinds than a trainer's are converted, or refused in words."""

import numpy as np
import pytest

from symbp import Dense, Network, derive
from symbp.layers import Apply, Node, RMSNorm
from tests.targets.test_fast import EXACT, loaded

SQUARED = "mean_squared_error"
FIRST = {
    "exp of what is read": ([Apply("sigmoid"), Dense(2)], SQUARED),
    "tanh of what is read": ([Apply("tanh"), Dense(2)], SQUARED),
    "squares of what is read": ([RMSNorm(), Dense(2)], SQUARED),
    "products of what is read": ([Dense(3, "relu"), Dense(2)], SQUARED),
    "squares of targets": ([Dense(2)], "cosine_distance"),
    "labels": ([Dense(3, "softmax")], "sparse_categorical_cross_entropy"),
    "by names": ([Node(Apply("sigmoid"), name="a"), Node(Dense(2), ("a",))], SQUARED),
}
KINDS = ("uint8", "int8", "bool", "int64", "uint32", "float16", "float32", ">f8")


@pytest.fixture(scope="module", params=FIRST.values(), ids=FIRST)
def module(request):
    layers, loss = request.param
    return loaded(derive(Network.of("kinds", 4, layers, loss)).emit())


def numbers(module, kind):
    """Samples that all kinds can hold, and which targets may be."""
    rng = np.random.default_rng(3)
    x = rng.integers(0, 2 if kind == "bool" else 100, (9, 4)).astype(kind)
    d = module.random_data(9)[1]
    labels = d.dtype.kind == "i"
    told = rng.integers(0, 3 if labels else 100, d.shape).astype("int16" if labels else kind)
    return x, told


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_from_them_as_from_the_right_ones(module, kind):
    given = numbers(module, kind)
    right = module.check_data(*given)
    one, other = module.Trainer(seed=1), module.Trainer(seed=1)
    for data in (given, given, right):
        assert one.step(*data) == pytest.approx(other.step(*right), rel=EXACT)
    assert all(np.allclose(one.params[k], w, rtol=EXACT) for k, w in other.params.items())


@pytest.mark.parametrize("spoil", [np.ndarray.tolist, lambda x: x.astype(complex)])
@pytest.mark.parametrize("at", [0, 1])
def test_what_cannot_be_used_is_said_by_warm_trainers_too(module, spoil, at):
    data = list(module.check_data(*module.random_data(9)))
    trainer = module.Trainer()
    trainer.step(*data)
    data[at] = spoil(data[at])
    with pytest.raises(module.InputError):
        trainer.step(*data)
