"""Fast modules of losses over layers of all kinds: what is measured lies in memory in many ways."""

from functools import cache

import numpy as np
import pytest

from symbp import Dense, Loss, Network, derive
from symbp.layers import (
    GRU,
    LSTM,
    RNN,
    BatchNorm,
    Conv1d,
    Conv2d,
    Embedding,
    Flatten,
    GatedLinear,
    Input,
    LayerNorm,
    MaxPool2d,
    PReLU,
    RMSNorm,
    SelfAttention,
)
from tests.sampling import sampled
from tests.targets.test_fast import EXACT, HALF, grows, loaded

BODIES = {
    "rows": (5, [Dense(4, "tanh")]),
    "times": ((6, 3), [RNN(4)]),
    "windows": ((2, 9), [Conv1d(4, 3, activation="tanh")]),
    "attention": ((5, 4), [SelfAttention(2)]),
    "gates": ((6, 3), [GRU(4)]),
    "cells": ((6, 3), [LSTM(4), LayerNorm()]),
    "pools": ((1, 8, 7), [Conv2d(2, 3, activation="relu"), MaxPool2d(2), Flatten()]),
    "planes": ((2, 6, 5), [Conv2d(3, 2, activation="tanh")]),
    "batches": (5, [Dense(4), BatchNorm(), PReLU()]),
    "words": ((Input("x", (6,), 9),), [Embedding(4)]),
    "halves": ((6, 8), [GatedLinear(5), RMSNorm()]),
}
CLASSES = (1.0, 2.0, 0.5)
LOSSES = {
    "squares": ("mean_squared_error", "identity", {}),
    "huber": ("huber", "identity", {}),
    "angles": ("cosine_distance", "identity", {}),
    "yes or no": ("binary_cross_entropy", "sigmoid", {}),
    "classes": ("categorical_cross_entropy", "softmax", {}),
    "classes that count": ("categorical_cross_entropy", "softmax", {"class_weights": CLASSES}),
    "labels": ("sparse_categorical_cross_entropy", "softmax", {}),
    "smooth labels": ("sparse_categorical_cross_entropy", "softmax", {"smoothing": 0.1}),
    "labels that count": (
        "sparse_categorical_cross_entropy",
        "softmax",
        {"class_weights": CLASSES},
    ),
}


CASES = [f"{body}: {loss}" for body in BODIES for loss in LOSSES]
SAMPLE = ("windows: labels", "times: angles", "times: classes that count")


@cache
def modules(case):
    """The plain one and the fast one."""
    body, loss = case.split(": ")
    (shape, layers), (name, last, options) = BODIES[body], LOSSES[loss]
    made = derive(Network.of("net", shape, [*layers, Dense(3, last)], Loss.of(name, **options)))
    return [loaded(made.emit(style=style)) for style in ("plain", "fast")]


@pytest.mark.parametrize("case", sampled(CASES, SAMPLE))
def test_gradients_are_those_of_the_plain_module(case):
    plain, fast = modules(case)
    data = plain.check_data(*plain.random_data(7, 2))
    params = plain.init_params(3)
    value, grads = plain.loss_and_grads(params, *data)
    trainer = fast.Trainer(params)
    assert trainer.gradients(*data) == pytest.approx(value, rel=EXACT)
    largest = max(np.abs(g).max() for g in grads.values())
    for key, g in grads.items():
        assert np.allclose(trainer.grads[key], g, rtol=0, atol=EXACT * largest), key


@pytest.mark.parametrize("case", sampled(CASES, SAMPLE))
def test_no_step_makes_an_array_that_grows(case):
    _, fast = modules(case)
    assert grows(fast) < HALF
