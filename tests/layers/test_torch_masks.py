"""Masks and first states that are given: beside torch, with the same parameters.

All sizes are different. Masks are drawn at random, with gaps: each sequence is also computed by
torch as if it consisted of the times that count and of nothing else.
"""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn
from torch.func import functional_call

from symbp.layers.attention import CrossAttention, SelfAttention
from symbp.layers.dense import Dense
from symbp.layers.graph import Input, Node
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.times import TimePool
from symbp.network import Network
from tests.layers.test_torch import loaded, ordinary, shapes
from tests.layers.test_torch_losses import agrees
from tests.layers.twins import MODULES, TABLES, laid, state

pytestmark = [pytest.mark.torch, pytest.mark.slow]


def prepared(network, samples, number):
    """The module, parameters, data, and the same for torch."""
    module, rng = loaded(network), np.random.default_rng(number)
    params = {key: ordinary(rng, shape) for key, shape in module.SHAPES.items()}
    data = module.random_data(samples, number)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    return module, params, data, ours, [torch.tensor(x) for x in data]


def half_squares(y, d):
    return ((y - d) ** 2).sum() / 2 / (y.numel() / y.shape[-1])


RECURRENT = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


def states(layer, own, x, seen, first):
    """The last state of each sample, going through the times that count."""
    module = MODULES[type(layer)](layer, x.shape).double()
    out = []
    for n, rows in enumerate(x):
        counted = rows[seen[n] > 0] if seen is not None else rows
        before = [each[n][None, None] for each in first]
        if isinstance(layer, LSTM) and first:
            before = [(before[1], before[0])]  # torch wants h and then c
        y, _ = functional_call(module, own, (counted[None], *before))
        out.append(y[0, -1])
    return torch.stack(out)


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("given", ["mask", "first state", "mask and first state"])
@pytest.mark.parametrize("kind", RECURRENT)
def test_recurrent_layers(kind, given, number):
    rng = random.Random(f"{kind} {given} {number}")
    samples, times, read, wide, units, other = rng.sample(range(3, 10), 6)
    masked, started = "mask" in given, "state" in given
    layer = RECURRENT[kind](units, masked=masked, started=started)
    count = (2 if kind == "LSTM" else 1) if started else 0
    inputs = [Input("x", (times, read))]
    inputs += [Input("seen", (times,), mask=True)] if masked else []
    inputs += [Input(f"first{k}", (other,)) for k in range(count)]
    nodes = [Node(Dense(wide, "tanh"), ("x",), "front")]
    nodes += [Node(Dense(units, "tanh"), (f"first{k}",), f"state{k}") for k in range(count)]
    reads = ["front", *(["seen"] if masked else []), *(f"state{k}" for k in range(count))]
    nodes += [Node(layer, tuple(reads)), TimePool("last")]
    network = Network.of("net", tuple(inputs), nodes)
    module, params, data, ours, tensors = prepared(network, samples, number)
    place = len(nodes) - 1
    front = torch.tanh(tensors[0] @ ours["w1"] + ours["b1"])
    seen = tensors[1] if masked else None
    first = [
        torch.tanh(tensors[1 + masked + k] @ ours[f"w{2 + k}"] + ours[f"b{2 + k}"])
        for k in range(count)
    ]
    plain = RECURRENT[kind](units)
    twin = MODULES[type(layer)](plain, front.shape).double()
    own = state(plain, front.shape, twin, ours, place)
    y = states(plain, own, front, seen, first)
    np.testing.assert_allclose(
        module.predict(params, *data[:-1]), y.detach().numpy(), rtol=1e-9, atol=1e-12
    )
    agrees(module, params, data, ours, half_squares(y, tensors[-1]))


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("axes", [2, 3])
def test_attention_with_a_mask(axes, number):
    rng = random.Random(f"{axes} {number}")
    heads = rng.randint(1, 3)
    samples, times, read, each = rng.sample(range(2, 9), 4)
    width, causal = heads * each, rng.random() < 0.5
    mask = Input("seen", (times,) * (axes - 1), mask=True)
    nodes = [Node(Dense(width, "tanh"), ("x",), "front")]
    nodes += [Node(SelfAttention(heads, causal=causal), ("front", "seen"))]
    network = Network.of("net", (Input("x", (times, read)), mask), nodes)
    module, params, data, ours, tensors = prepared(network, samples, number)
    x = torch.tanh(tensors[0] @ ours["w1"] + ours["b1"])
    layer = nn.MultiheadAttention(width, heads, batch_first=True).double()
    own = state(SelfAttention(heads), x.shape, layer, ours, 2)
    hidden = tensors[1] == 0
    hidden = hidden[:, None, :].expand(-1, times, -1) if axes == 2 else hidden
    if causal:
        hidden = hidden | torch.ones(times, times, dtype=torch.bool).triu(1)
    blocked = hidden.repeat_interleave(heads, 0)
    y, _ = functional_call(layer, own, (x, x, x), {"attn_mask": blocked, "need_weights": False})
    agrees(module, params, data, ours, half_squares(y, tensors[-1]))


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("masked", [False, True])
def test_attention_to_something_else(masked, number):
    rng = random.Random(f"{masked} {number}")
    heads = rng.randint(1, 3)
    samples, queries, keys, read, each = rng.sample(range(2, 9), 5)
    width = heads * each
    other = rng.choice([n for n in range(2, 9) if n != width])
    inputs = (Input("x", (queries, read)), Input("memory", (keys, other)))
    inputs += (Input("seen", (keys,), mask=True),) if masked else ()
    nodes = [Node(Dense(width, "tanh"), ("x",), "front")]
    nodes += [Node(CrossAttention(heads), ("front", "memory", "seen")[: 2 + masked])]
    network = Network.of("net", inputs, nodes)
    module, params, data, ours, tensors = prepared(network, samples, number)
    x = torch.tanh(tensors[0] @ ours["w1"] + ours["b1"])
    layer = nn.MultiheadAttention(width, heads, kdim=other, vdim=other, batch_first=True).double()
    kept = CrossAttention(heads).forward((None, queries, width), (None, keys, other)).parameters
    letters = {entry[: entry.index("[")]: entry for entry in kept}
    own = {}
    for entry, made_axes, sources in TABLES["CrossAttention"]:
        assert all(name in letters for name, _ in sources)
        own[entry] = torch.cat([laid(ours[f"{n}2"], axes, made_axes) for n, axes in sources])
    assert set(own) == {name for name, _ in layer.named_parameters()}
    hidden = tensors[2] == 0 if masked else None
    more = {"key_padding_mask": hidden, "need_weights": False}
    y, _ = functional_call(layer, own, (x, tensors[1], tensors[1]), more)
    agrees(module, params, data, ours, half_squares(y, tensors[-1]))


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("masked", [False, True])
def test_the_mean_of_the_times_that_count(masked, number):
    rng = random.Random(f"{masked} {number}")
    samples, times, read, units = rng.sample(range(2, 9), 4)
    inputs = (Input("x", (times, read)), *([Input("seen", (times,), mask=True)] * masked))
    nodes = [Node(Dense(units, "tanh"), ("x",), "front")]
    nodes += [Node(TimePool(), ("front", "seen")[: 1 + masked])]
    read_by = inputs if masked else (times, read)
    nodes = nodes if masked else [Dense(units, "tanh"), TimePool()]
    module, params, data, ours, tensors = prepared(
        Network.of("net", read_by, nodes), samples, number
    )
    front = torch.tanh(tensors[0] @ ours["w1"] + ours["b1"])
    seen = tensors[1] if masked else torch.ones(samples, times, dtype=torch.float64)
    y = torch.stack([rows[seen[n] > 0].mean(0) for n, rows in enumerate(front)])
    agrees(module, params, data, ours, half_squares(y, tensors[-1]))


MASKED = Network.of(
    "net",
    (Input("x", (5, 4)), Input("seen", (5,), mask=True)),
    [Node(RNN(3, masked=True), ("x", "seen")), TimePool("last")],
)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (np.ones((6, 4)), "seen must have the shape ('N', 5), not (6, 4)"),
        (np.ones((6, 5, 5)), "seen must have the shape ('N', 5), not (6, 5, 5)"),
        (np.full((6, 5), 0.5), "seen must hold 0 and 1"),
        (np.zeros((6, 5)), "seen must hold 0 and 1, and a 1 along its last axis everywhere"),
        (np.ones((7, 5)), "as many samples of each input, not 6 of x, 7 of seen"),
    ],
)
def test_a_mask_that_is_none(seen, told):
    module = loaded(MASKED)
    x, _, d = module.random_data(6)
    params = module.init_params()
    for call in (lambda: module.predict(params, x, seen), lambda: module.train(x, seen, d)):
        with pytest.raises(ValueError, match="seen") as caught:
            call()
        assert told in str(caught.value)


def test_true_and_false_are_a_mask():
    module = loaded(MASKED)
    x, seen, _ = module.random_data(6)
    params = module.init_params()
    same = module.predict(params, x, seen > 0)
    np.testing.assert_array_equal(same, module.predict(params, x, seen))


def test_what_is_masked_does_not_matter():
    module = loaded(MASKED)
    x, seen, _ = module.random_data(6)
    params = module.init_params()
    other = np.where(seen[:, :, None] > 0, x, 7.0)
    np.testing.assert_array_equal(
        module.predict(params, other, seen), module.predict(params, x, seen)
    )
