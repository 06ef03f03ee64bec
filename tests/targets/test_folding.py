"""Layers that are alike are told in a loop, which does what the statements one by one do."""

import re
from functools import cache

import numpy as np
import pytest

from symbp import Dense, Loss, Network, derive
from symbp.layers import (
    GRU,
    LSTM,
    RNN,
    Add,
    Apply,
    AveragePool1d,
    BatchNorm,
    Conv1d,
    CrossAttention,
    Dropout,
    Embedding,
    Flatten,
    GatedLinear,
    Input,
    LayerNorm,
    Node,
    PReLU,
    SelfAttention,
)
from symbp.notation.presets import PRESETS
from symbp.targets.numpy import repeats
from symbp.targets.numpy.numbered import Reading
from symbp.targets.numpy.repeats import Read, runs
from symbp.targets.numpy.statements import Group, Said
from tests.targets.test_fast import EXACT, HALF, grows, loaded

CLASSES = "sparse_categorical_cross_entropy"


def residual(count):
    """Blocks of two layers beside a direct path; widths inside are all different."""
    for k in range(count):
        yield Node(Dense(5 + k, "relu"), name=f"in{k}") if k else Node(Dense(4), name="b0")
        if k:
            yield Node(Dense(4), name=f"out{k}")
            yield Node(Add(), (f"b{k - 1}", f"out{k}"), name=f"b{k}")


def transformer(count):
    yield Node(Embedding(6), name="b0")
    for k in range(1, count + 1):
        yield Node(LayerNorm())
        yield Node(SelfAttention(2, causal=True))
        yield Node(Dropout(0.25), name=f"a{k}")
        yield Node(Add(), (f"b{k - 1}", f"a{k}"), name=f"r{k}")
        yield Node(LayerNorm())
        yield Node(Dense(7, "gelu"))
        yield Node(Dense(6), name=f"o{k}")
        yield Node(Add(), (f"r{k}", f"o{k}"), name=f"b{k}")


def recurrent(count):
    """Loops over time within those over layers."""
    yield Node(Dense(6, "elu"), name="b0")
    for k in range(1, count + 1):
        yield RNN(3)
        yield Node(Dense(6), name=f"a{k}")
        yield Node(Add(), (f"a{k}", "b0"), name=f"b{k}")
        yield Node(Add(), (f"b{k}", "b0"))
    yield RNN(3)
    for _ in range(count):
        yield from (Dense(5, "relu"), LayerNorm())


def means_of_windows(count):
    """Long lines before all steps."""
    yield Node(Dense(4), name="a")
    yield Node(Conv1d(3, 3, padding=1), name="windows")
    for k in range(count):
        if k:
            yield Node(Conv1d(3, 3, padding=1), share="windows")
        yield from (AveragePool1d(3, 1, padding=1), PReLU(axis=1))
    yield Node(Conv1d(3, 3, padding=1, activation="tanh"), name="b")
    yield Node(Add(), ("a", "b"))


def of_no_parameters(count):
    yield Node(Dense(4, "tanh"), name="b0")
    for k in range(1, count + 1):
        yield Node(Apply("tanh"), (f"b{k - 1}",), name=f"a{k}")
        yield Node(Add(), (f"b{k - 1}", f"a{k}"), name=f"b{k}")


def reading_one(count):
    """Blocks that all read what the same layer gives."""
    yield Node(Dense(4, "tanh"), ("a",), name="memory")
    yield Node(Dense(4), ("x",), name="b0")
    for k in range(1, count + 1):
        yield Node(CrossAttention(2), (f"b{k - 1}", "memory"), name=f"a{k}")
        yield Node(Add(), (f"b{k - 1}", f"a{k}"), name=f"b{k}")


def two_ends(**options):
    losses = [Loss.of("mean_squared_error", reads="seventh"), Loss.of("mean_squared_error")]
    layers = [Node(Dense(4, "tanh"), name=name) for name in ("first", "second", "third", "fourth")]
    layers += [Node(Dense(4, "tanh"), name=name) for name in ("fifth", "sixth", "seventh")]
    return Network.of("net", 3, [*layers, Dense(2)], losses, **options)


NETWORKS = {
    "stack": lambda: Network.of(
        "net",
        3,
        [*(Dense(4 + k, "tanh") for k in range(6)), Dense(2, "sigmoid")],
        "binary_cross_entropy",
    ),
    "one by one": lambda: Network.of(
        "net", 3, [*[Dense(4, "tanh")] * 6, Dense(2)], "half_squared_error", batch=False
    ),
    "two ends": two_ends,
    "two ends one by one": lambda: two_ends(batch=False),
    "eleven": lambda: Network.of(
        "net", 3, [*[Dense(4, "relu")] * 11, Dense(5, "softmax")], CLASSES
    ),
    "residual": lambda: Network.of("net", 3, [*residual(6), Dense(2)]),
    "normalised": lambda: Network.of("net", 3, [*[Dense(4), BatchNorm()] * 5, Dense(2)]),
    "dropped": lambda: Network.of("net", 3, [*[Dense(4, "tanh"), Dropout(0.3)] * 5, Dense(2)]),
    "cells": lambda: Network.of(
        "net", (5, 3), [LSTM(4), LSTM(5), LSTM(6), LSTM(3), LSTM(2), Dense(2)]
    ),
    "gates": lambda: Network.of("net", (5, 3), [GRU(4)] * 6 + [Dense(2)]),
    "windows": lambda: Network.of(
        "net", (2, 9), [*[Conv1d(3, 3, padding=1, activation="relu")] * 6, Flatten(), Dense(2)]
    ),
    "recurrent blocks": lambda: Network.of(
        "net", (3, 4), [*recurrent(4), Dense(9, "softmax")], CLASSES
    ),
    "means of windows": lambda: Network.of(
        "net", (3, 7), [*means_of_windows(4), Flatten(), Dense(2)]
    ),
    "without parameters": lambda: Network.of("net", 3, [*of_no_parameters(5), Dense(2)]),
    "one letter twice": lambda: Network.of(
        "net", 3, [Dense(4, "tanh"), LayerNorm(), *[GatedLinear(4)] * 5, Dense(2)]
    ),
    "one letter twice, renewed": lambda: Network.of(
        "net", 3, [*[Dense(4), BatchNorm(), GatedLinear(4)] * 5, Dense(2)]
    ),
    "transformer": lambda: Network.of(
        "net", (Input("x", (5,), 9),), [*transformer(5), Dense(9, "softmax")], CLASSES
    ),
    "one memory": lambda: Network.of(
        "net", (Input("x", (5, 3)), Input("a", (6, 2))), [*reading_one(5), Dense(2)]
    ),
}


def modules(network, monkeypatch, notation="jp-uz", **options):
    """The module with loops, and the one without."""
    folded = derive(network, **options).emit(notation, style="plain")
    assert "for l in range(" in folded
    with monkeypatch.context() as patched:
        patched.setattr(repeats, "FEWEST", 10**6)
        flat = derive(network, **options).emit(notation, style="plain")
    return loaded(folded), loaded(flat)


def drawn(module, data):
    return [module.draw(np.random.default_rng(5), len(data[0]))] if hasattr(module, "draw") else []


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert np.array_equal(array, other[name]), name


def assert_alike(folded, flat):
    """Gradients, what is learnt and what is predicted are the same to the last digit."""
    data = flat.check_data(*flat.random_data(7, seed=2))
    params = flat.init_params(seed=3)
    masks = drawn(flat, data)
    by_rows = "rows_" * hasattr(flat, "rows_loss_and_grads") + "loss_and_grads"
    value, grads = getattr(flat, by_rows)(params, *data, *masks)
    again, same = getattr(folded, by_rows)(params, *data, *masks)
    assert value == again
    assert_same(grads, same)
    options = {"epochs": 2, "batch_size": 4, "rate": 0.01, "seed": 1, "verbose": False}
    learnt, found = (each.train(*data, **options)[0] for each in (flat, folded))
    assert_same(learnt, found)
    inputs = data[: len(getattr(flat, "INPUTS", "x"))]
    found = [each.predict(learnt, *inputs) for each in (flat, folded)]
    for one, other in zip(*found, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", NETWORKS)
def test_loops_compute_what_the_statements_compute_one_by_one(name, monkeypatch):
    assert_alike(*modules(NETWORKS[name](), monkeypatch))


@pytest.mark.parametrize("name", ["eleven", "two ends one by one"])
@pytest.mark.parametrize("notation", PRESETS)
def test_in_all_notations(name, notation, monkeypatch):
    assert_alike(*modules(NETWORKS[name](), monkeypatch, notation))


def test_names_with_a_mark_behind_their_number(monkeypatch):
    gates = Network.of("net", 3, [*[GatedLinear(4)] * 5, *[Dense(4, "tanh")] * 5, Dense(2)])
    assert_alike(*modules(gates, monkeypatch, "ng-theta"))
    inputs = (Input("w2", (4,)), Input("room", (4,)))
    layers = [Node(Add(), ("w2", "room")), *[Dense(4, "tanh")] * 6]
    assert_alike(*modules(Network.of("net", inputs, layers), monkeypatch))


@cache
def fast(name, *without):
    text = derive(NETWORKS[name]()).emit(without=without)
    _, _, step = text.partition("def prepared(")
    return loaded(text), step.partition("\n\n\n")[0]


UNFOLDED = {"one by one", "two ends one by one", "cells", "gates"}
"""Those of samples one by one have no step for all, and loops in time are not within loops."""


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in UNFOLDED])
def test_fast_modules_learn_in_loops_what_they_learn_without(name):
    folded, step = fast(name)
    flat, statements = fast(name, "layers")
    assert step.count("for l in range(") > 2
    assert "for l in range(" not in statements
    data = flat.check_data(*flat.random_data(9, seed=2))
    params = flat.init_params(seed=3)
    trainers = [each.Trainer(params, rate=0.001, seed=4) for each in (folded, flat)]
    for trainer in trainers:
        trainer.fit(*data, epochs=4, batch_size=5, verbose=False)
    for key, array in trainers[0].params.items():
        np.testing.assert_allclose(array, trainers[1].params[key], rtol=1e-10, atol=1e-12)
    if not hasattr(flat, "draw"):
        trainer = folded.Trainer(params)
        value, grads = folded.loss_and_grads(params, *data)
        assert trainer.gradients(*data) == pytest.approx(value, rel=EXACT)
        for key, array in trainer.grads.items():
            np.testing.assert_allclose(array, grads[key], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["stack", "residual", "dropped", "windows"])
def test_no_step_with_loops_makes_an_array_that_grows(name):
    assert grows(fast(name)[0]) < HALF


def test_nor_does_one_that_takes_error_functions_of_so_many_numbers_at_once():
    assert grows(fast("transformer")[0], 256, 1024) < HALF


@pytest.mark.parametrize("name", ["stack", "normalised", "transformer"])
def test_second_derivatives(name, monkeypatch):
    folded, flat = modules(NETWORKS[name](), monkeypatch, second_order=True)
    data = flat.check_data(*flat.random_data(7, seed=2))
    params, direction = flat.init_params(seed=3), flat.init_params(seed=4)
    masks = drawn(flat, data)
    for product in ("hessian_vector", "gauss_newton_vector"):
        one, other = (getattr(m, product)(params, direction, *data, *masks) for m in (flat, folded))
        assert_same(one, other)


def test_values_of_layers_are_found_by_their_number():
    module = loaded(derive(NETWORKS["stack"]()).emit(style="plain"))
    params = module.init_params(seed=1)
    x, _ = module.random_data(4)
    values = module.forward(params, x)
    assert list(values.u) == [1, 2, 3, 4, 5, 6, 7]
    assert np.array_equal(values.z[3], np.tanh(values.z[2] @ params["w3"] + params["b3"]))


def body(text, name):
    _, _, rest = text.partition(f"\ndef {name}(")
    return rest.partition("\n\n\n")[0].splitlines()


@pytest.mark.parametrize("name", ["forward", "loss_and_grads", "hessian_vector"])
def test_deep_modules_are_no_longer_than_others(name):
    lengths = set()
    for depth in (6, 14):
        network = Network.of("net", 3, [*[Dense(4, "tanh")] * depth, Dense(2)])
        text = derive(network, second_order=name == "hessian_vector").emit(style="plain")
        lengths.add(len(body(text, name)))
    assert len(lengths) == 1


def test_formulas_in_a_loop_speak_of_any_layer():
    lines = body(derive(NETWORKS["stack"]()).emit(style="plain"), "loss_and_grads")
    at = lines.index("    for l in range(6, 1, -1):")
    assert lines[at + 1].endswith(") δˡₙⱼ = Σₖ δˡ⁺¹ₙₖ wˡ⁺¹ⱼₖ (1 − (zˡₙⱼ)²)")
    assert lines[at + 2] == "        delta[l] = (delta[l + 1] @ w[l + 1].T) * (1 - z[l] ** 2)"
    assert lines[at + 3].endswith(") ∂E/∂wˡᵢⱼ = Σₙ δˡₙⱼ zˡ⁻¹ₙᵢ")


def test_all_equations_of_a_line_are_cited():
    lines = body(derive(NETWORKS["transformer"]()).emit(style="plain"), "forward")
    assert any(re.search(r"# \(\d+\), \(\d+\) zˡ", line) for line in lines)


# ---- where layers are alike


def reads(*texts):
    """Parts of ``a = b`` each; numbers are those of layers, and t1, t2, ... only passed on."""
    words = {word for text in texts for word in re.findall(r"[a-z_]+\d+", text)}
    named = {
        w: (w.rstrip("0123456789"), int(w.lstrip("abcdefghuvwxyz"))) for w in words if w[0] != "t"
    }
    reading = Reading(named, frozenset(w for w in words if w[0] == "t"))
    sides = (text.split(" = ") for text in texts)
    return [Read.of(Group((Said((), a, "=", b),)), reading) for a, b in sides]


STACK = [text for k in range(2, 7) for text in (f"u{k} = z{k - 1} @ w{k}", f"z{k} = tanh(u{k})")]
WHERE = {
    "a stack": (STACK, [(0, 5, 2, 1)]),
    "backwards": ([f"d{k} = d{k + 1} * w{k + 1}" for k in (5, 4, 3, 2)], [(0, 4, 1, -1)]),
    "too few": (STACK[:6], []),
    "something else before and behind": (["a = 1", *STACK, "y = z6"], [(1, 5, 2, 1)]),
    "two stacks": (
        [*STACK, "c = u6", *(f"h{k} = h{k - 1} + b{k}" for k in range(8, 12))],
        [(0, 5, 2, 1), (11, 4, 1, 1)],
    ),
    "every other layer": ([f"u{k} = u{k - 2} + w3" for k in (3, 5, 7, 9)], [(0, 4, 1, 2)]),
    "all read the same layer": ([f"u{k} = u{k - 1} + z1" for k in range(2, 7)], [(0, 5, 1, 1)]),
    "another number in the third": (
        ["u2 = u1 + z1", "u3 = u2 + z1", "u4 = u3 + z2", "u5 = u4 + z2"],
        [],
    ),
    "steps of two lengths": ([f"u{k} = v{2 * k} + w{k}" for k in range(2, 8)], []),
    "a step that changes": ([f"u{k} = u{k - 1}" for k in (2, 3, 4, 6, 7, 8)], []),
    "passed on within a layer": (
        [t for k in range(2, 7) for t in (f"t{k} = exp(u{k - 1})", f"u{k} = t{k} + 1")],
        [(0, 5, 2, 1)],
    ),
    "passed on to the next layer": (
        [t for k in range(2, 7) for t in (f"t{k} = exp(u{k - 1})", f"u{k} = t{k} + t{k - 1}")],
        [],
    ),
    "passed on from before": ([f"u{k} = u{k - 1} + t1" for k in range(2, 7)], [(0, 5, 1, 1)]),
    "passed on behind": (
        [
            *(t for k in range(2, 7) for t in (f"t{k} = exp(u{k - 1})", f"u{k} = t{k} + 1")),
            "y = t6",
        ],
        [],
    ),
}


@pytest.mark.parametrize("case", WHERE)
def test_layers_that_are_alike_are_found(case):
    texts, wanted = WHERE[case]
    found = runs(reads(*texts), set("abcdefghuvwxyz"))
    assert [(r.start, len(r.turns), len(r.turns[0]), r.step) for r in found] == wanted


def test_only_arrays_that_have_numbers_may_vary():
    assert not list(runs(reads(*STACK), {"u", "z"}))


def test_a_turn_is_about_one_layer_where_that_can_be():
    found = list(runs(reads("z1 = tanh(x)", *STACK), set("uzw")))
    assert [run.layers for run in found] == [[2, 2]]


def far_sums(count):
    """Blocks that add what the first layer gives, and drop some of it twice."""
    yield Node(Dense(4, "tanh"), name="first")
    yield Node(Dense(4, "tanh"), name="b0")
    for k in range(1, count + 1):
        yield Node(Add(), (f"b{k - 1}", "first"), name=f"a{k}")
        yield Node(Add(), (f"b{k - 1}", f"a{k}"))
        yield Dropout(0.2)
        yield Node(Dropout(0.5), name=f"b{k}")


def test_where_nothing_is_learnt_values_are_found_as_in_the_forward_pass(monkeypatch):
    """There layers may be alike that are not while masks are drawn."""
    network = Network.of("net", 3, [*far_sums(5), Dense(2)])
    module = loaded(derive(network).emit(style="plain"))
    x, _ = module.check_data(*module.random_data(5))
    with monkeypatch.context() as patched:
        patched.setattr(repeats, "FEWEST", 10**6)
        flat = loaded(derive(network).emit(style="plain"))
    params = flat.init_params(seed=1)
    assert np.array_equal(module.predict(params, x), flat.predict(params, x))
