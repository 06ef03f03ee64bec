"""The penalty on large weights, in networks of layers of all kinds."""

import pytest

from symbp import Loss, Network
from symbp.equations.tensor import tensors_in
from symbp.layers import (
    LSTM,
    BatchNorm,
    Conv1d,
    Dense,
    Embedding,
    Flatten,
    GatedLinear,
    Input,
    LayerNorm,
    Maxout,
    Node,
    PReLU,
    SelfAttention,
)
from symbp.losses.loss import LAMBDA
from tests.layers.networks import module

SQUARED = Loss.of("mean_squared_error", l2=0.3)
TRIPLET = Loss.of("triplet_margin", reads=("a", "b", "c"), l2=0.3)
THREE = (Node(Dense(4), name="h"), *(Node(Dense(3), ("h",), name) for name in "abc"))

PENALISED = {
    "dense": ((4, [Dense(3, "tanh"), Dense(2)], SQUARED), "w1 w2"),
    "windows": (((2, 9), [Conv1d(3, 3), Flatten(), Dense(2)], SQUARED), "w1 w3"),
    "largest": ((4, [Maxout(3, 2), Dense(2)], SQUARED), "w1 w2"),
    "gates": ((4, [GatedLinear(3), PReLU(), BatchNorm(), Dense(2)], SQUARED), "v1 w1 w4"),
    "times": (
        ((5, 3), [LSTM(4), Dense(2)], SQUARED),
        "r_f1 r_g1 r_i1 r_o1 w2 w_f1 w_g1 w_i1 w_o1",
    ),
    "attention": (
        ((5, 4), [SelfAttention(2), LayerNorm(), Dense(2)], SQUARED),
        "w3 w_k1 w_o1 w_q1 w_v1",
    ),
    "words": (((Input("x", (3,), 7),), [Embedding(4), Flatten(), Dense(2)], SQUARED), "w1 w3"),
    "compared": ((5, THREE, TRIPLET), "w1 w2 w3 w4"),
}


@pytest.fixture(params=PENALISED.values(), ids=PENALISED)
def case(request):
    (inputs, layers, loss), weights = request.param
    return Network.of("penalised", inputs, layers, loss), weights


def test_it_falls_on_weights_and_neither_on_biases_nor_on_gains(case):
    network, weights = case
    (penalty,) = (e for e in network.program().equations if e.id == "R")
    found = {f"{t.name}{t.place}" for t in tensors_in(penalty.rhs) if t != LAMBDA}
    assert sorted(found) == weights.split()


def test_code_goes_by_it(case, tmp_path):
    network, _ = case
    loaded = module(network, tmp_path)
    params = loaded.init_params(1)
    data = loaded.random_data(5, 1)
    assert max(loaded.check_gradients(params, *data).values()) < 1e-5
