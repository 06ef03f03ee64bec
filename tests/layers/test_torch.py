"""Predictions and gradients of every layer's module beside torch's, with the same parameters.

Sizes and all options of a layer are drawn at random together; the sizes, the number of samples
among them, are all different, but in a few more draws. Parameters are normal numbers, none of them
0 or 1. A layer in front shows what reaches the input of the layer under test, one behind it that it
can be read.
"""

import random
import types

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from symbp.activations.activation import Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.errors import SpecErrors
from symbp.layers.attention import SelfAttention
from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.dropout import Dropout
from symbp.layers.embedding import Embedding
from symbp.layers.entrywise import Apply, GatedLinear, LogSoftmax, Maxout, PReLU, Softmax
from symbp.layers.graph import Input, Node
from symbp.layers.normalisation import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symbp.layers.pooling import AveragePool1d, AveragePool2d, GlobalPool, MaxPool1d, MaxPool2d
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.shapes import Add, Concatenate, Flatten
from symbp.network import Network
from symbp.pipeline import derive
from tests.layers.twins import predicted
from tests.sampling import sampled

torch.set_num_threads(1)
pytestmark = [pytest.mark.torch, pytest.mark.slow]

EXACT = 1e-9
NOISE = 1e-13
"""What is 0, as a bias before a normalisation has no slope, is so to this part of the largest."""

SHAPES, MORE, FEW = 50, 10, 2
"""Draws with sizes that are all different, and others; those that are made every time."""

TRIES = 2000

UNFIT = {"kernel_large", "padding_large", "number_large"}
"""A drawn kernel may be larger than what it reads; nothing else may be wrong."""


TIED = {
    **dict.fromkeys((Conv2d, ConvTranspose2d, MaxPool2d, AveragePool2d), "q"),
    SelfAttention: "j",
    GroupNorm: "k",
}
"""The axis whose size is that of another one by declaration: kernels are square."""


def numbers(rng, count, least=2, most=11):
    """Sizes that are all different."""
    return rng.sample(range(least, most + 1), count)


def epsilon(rng):
    return 10.0 ** rng.randint(-6, -1)


def activation(rng):
    return rng.choice([name for name, each in ACTIVATIONS.items() if isinstance(each, Scalar)])


def filtered(kind, rng):
    groups = rng.choice((1, 1, 2, 3))
    channels, filters = (groups * n for n in rng.sample(range(1, 8), 2))
    rest = {"output_padding": rng.randrange(2)} if "Transpose" in kind.__name__ else {}
    layer = kind(
        filters,
        rng.randint(1, 5),
        stride=rng.randint(1, 3),
        padding=rng.randint(0, 2),
        dilation=rng.randint(1, 3),
        groups=groups,
        activation=activation(rng),
        bias=rng.random() < 0.7,
        **rest,
    )
    return (channels, *numbers(rng, kind.directions, 3, 14)), layer


def pooled(kind, rng):
    kernel = rng.randint(1, 4)
    padding = rng.randint(0, kernel // 2)
    rest = {"count_outside": rng.random() < 0.5} if "Average" in kind.__name__ else {}
    stride = rng.choice((None, 1, 2, 3))
    return numbers(rng, kind.directions + 1, 3, 14), kind(kernel, stride, padding, **rest)


def pooled_whole(rng):
    directions = rng.randint(1, 3)
    layer = GlobalPool(rng.choice(("mean", "max")), directions)
    return numbers(rng, directions + 1), layer


def batch_norm(rng):
    directions = rng.randint(0, 3)
    return numbers(rng, directions + 1), BatchNorm(directions, epsilon(rng), rng.random())


def group_norm(rng):
    groups = rng.randint(1, 4)
    positions = numbers(rng, rng.randint(0, 2))
    return (groups * rng.randint(1, 4), *positions), GroupNorm(groups, epsilon(rng))


def attention(rng):
    heads = rng.randint(1, 4)
    layer = SelfAttention(heads, causal=rng.random() < 0.5)
    return (rng.randint(2, 9), heads * rng.randint(1, 5)), layer


def any_axes(rng, least=1, most=3):
    return numbers(rng, rng.randint(least, most))


def along_axis(kind, rng):
    shape = any_axes(rng)
    axis = rng.choice([*range(1, len(shape) + 1), *range(-len(shape), 0)])
    return shape, kind(axis)


LAYERS = {
    "Dense": lambda rng: (
        any_axes(rng),
        Dense(rng.randint(2, 9), activation(rng), bias=rng.random() < 0.5),
    ),
    "Dense with softmax": lambda rng: (any_axes(rng), Dense(rng.randint(2, 9), "softmax")),
    "Conv1d": lambda rng: filtered(Conv1d, rng),
    "Conv2d": lambda rng: filtered(Conv2d, rng),
    "ConvTranspose1d": lambda rng: filtered(ConvTranspose1d, rng),
    "ConvTranspose2d": lambda rng: filtered(ConvTranspose2d, rng),
    "MaxPool1d": lambda rng: pooled(MaxPool1d, rng),
    "MaxPool2d": lambda rng: pooled(MaxPool2d, rng),
    "AveragePool1d": lambda rng: pooled(AveragePool1d, rng),
    "AveragePool2d": lambda rng: pooled(AveragePool2d, rng),
    "GlobalPool": pooled_whole,
    "Flatten": lambda rng: (numbers(rng, 3), Flatten(rng.randint(1, 3))),
    "BatchNorm": batch_norm,
    "LayerNorm": lambda rng: (any_axes(rng), LayerNorm(epsilon(rng))),
    "RMSNorm": lambda rng: (any_axes(rng), RMSNorm(epsilon(rng))),
    "GroupNorm": group_norm,
    "RNN": lambda rng: (numbers(rng, 2), RNN(rng.randint(2, 9), rng.choice(("tanh", "relu")))),
    "LSTM": lambda rng: (numbers(rng, 2), LSTM(rng.randint(2, 9))),
    "GRU": lambda rng: (numbers(rng, 2), GRU(rng.randint(2, 9))),
    "SelfAttention": attention,
    "Maxout": lambda rng: (any_axes(rng), Maxout(*numbers(rng, 2))),
    "GatedLinear": lambda rng: (any_axes(rng), GatedLinear(rng.randint(2, 9))),
    "PReLU": lambda rng: along_axis(PReLU, rng),
    "Softmax": lambda rng: along_axis(Softmax, rng),
    "LogSoftmax": lambda rng: along_axis(LogSoftmax, rng),
    "Apply": lambda rng: (any_axes(rng), Apply(activation(rng))),
}
"""What comes in, without the samples, and the layer under test."""


def surrounded(make):
    """The layer under test with one in front, and perhaps one behind it."""

    def made(rng):
        shape, layer = make(rng)
        front = Dense(shape[-1], rng.choice(("identity", "tanh")))
        behind = [Dense(rng.randint(2, 9))] if rng.random() < 0.5 else []
        return (*shape[:-1], rng.randint(2, 9)), [front, layer, *behind]

    return made


def embedded(rng):
    labels, times, units = numbers(rng, 3, 2, 12)
    shape = (times,) if rng.random() < 0.7 else ()
    return (Input("x", shape, labels),), [Embedding(units), Dense(rng.randint(2, 9), "tanh")]


def added(rng):
    first, second = numbers(rng, 2)
    return (first,), [
        Node(Dense(second, "tanh"), name="a"),
        Node(Dense(second, "sigmoid"), name="b"),
        Node(Dense(second, "softplus"), ("x",), name="c"),
        Node(Add(), ("a", "b", "c")),
    ]


def concatenated(rng):
    shape = any_axes(rng)
    sizes = numbers(rng, 4)
    return tuple(shape), [
        Node(Dense(sizes[0], "tanh"), name="a"),
        Node(Dense(sizes[1], "sigmoid"), ("x",), name="b"),
        Node(Dense(sizes[2], "softplus"), ("x",), name="c"),
        Node(Concatenate(), ("a", "b", "c", "a")),
        Dense(sizes[3]),
    ]


def concatenated_channels(rng):
    channels, rows, filters, others = numbers(rng, 4, 3)
    return (channels, rows), [
        Node(Conv1d(filters, 2, activation="tanh"), name="a"),
        Node(Conv1d(others, 4, padding=1, activation="tanh"), ("x",), name="b"),
        Node(Concatenate(1), ("a", "b")),
    ]


def transformer(rng):
    heads = rng.randint(1, 3)
    labels, times, wide = numbers(rng, 3, 3, 12)
    units = heads * rng.randint(2, 4)
    return (Input("x", (times,), labels),), [
        Node(Embedding(units), name="words"),
        LayerNorm(1e-3),
        Node(SelfAttention(heads, causal=rng.random() < 0.5), name="seen"),
        Node(Add(), ("words", "seen"), name="first"),
        LayerNorm(1e-3),
        Dense(wide, rng.choice(("gelu", "silu"))),
        Node(Dense(units), name="thought"),
        Node(Add(), ("first", "thought"), name="second"),
        Node(RMSNorm(1e-3), ("second",)),
        Dense(rng.randint(2, 9), "softmax"),
    ]


def residual(rng):
    channels, rows, columns, filters, others = numbers(rng, 5, 6, 24)
    kernel = rng.choice((1, 3))
    return (channels, rows, columns), [
        Node(Conv2d(filters, 2), name="a"),
        BatchNorm(2, epsilon(rng)),
        Apply(activation(rng)),
        Node(Conv2d(filters, kernel, padding=kernel // 2, bias=False), name="b"),
        Node(Add(), ("a", "b")),
        Conv2d(others, 4, stride=2, padding=rng.randrange(2)),
        GlobalPool(),
        Dense(rng.randint(2, 9)),
    ]


def recurrent(rng):
    times, read, *units = numbers(rng, 5)
    kinds = rng.sample((RNN, LSTM, GRU), 3)
    return (times, read), [kind(n) for kind, n in zip(kinds, units, strict=True)]


def network_of_digits(rng):
    channels, rows, columns, filters, others, classes = numbers(rng, 6, 10, 30)
    return (channels, rows, columns), [
        Conv2d(filters, 3, padding=2, activation="relu"),
        MaxPool2d(4, 2, 1),
        Conv2d(others, 2, activation="relu"),
        AveragePool2d(5, 1),
        Flatten(),
        Dense(classes, "softmax"),
    ]


NETWORKS = {name: surrounded(make) for name, make in LAYERS.items()} | {
    "Embedding": embedded,
    "Add": added,
    "Concatenate": concatenated,
    "Concatenate of channels": concatenated_channels,
    "a transformer's block": transformer,
    "a residual block": residual,
    "recurrent layers in a row": recurrent,
    "convolutions and pools": network_of_digits,
}


def drawn(make, rng, *, apart):
    """A network, and a number of samples; ``apart`` if all sizes are to be different."""
    for _ in range(TRIES):
        inputs, layers = make(rng)
        try:
            network = Network.of("net", tuple(inputs), layers)
        except SpecErrors as wrong:
            if {fault.code for fault in wrong.faults} <= UNFIT:
                continue
            raise
        samples = rng.randint(2, 12)
        sizes = [samples, *chosen(network)]
        if len(set(sizes)) == len(sizes) or not apart:
            return network, samples
    raise AssertionError("nothing fits")


def chosen(network):
    """The sizes of all axes, each once where two have one by declaration."""
    kinds = [type(getattr(each, "layer", each)) for each in network.layers]
    tied = {(place, TIED[kind]) for place, kind in enumerate(kinds, 1) if kind in TIED}
    return [n for axis, n in network.sizes().items() if (axis.place, axis.name) not in tied]


def loaded(network):
    """The generated module."""
    made = types.ModuleType("net")
    exec(compile(derive(network).emit(), "net", "exec"), made.__dict__)  # noqa: S102 - our own
    return made


def ordinary(rng, shape):
    """Normal numbers, smaller where many are added up: a saturated softmax has no digits left."""
    return rng.normal(size=shape) / np.sqrt(np.prod(shape) / min(shape))


def compared(network, samples, seed):
    """Predictions, the loss and all gradients: those of the module beside those of torch."""
    module = loaded(network)
    rng = np.random.default_rng(seed)
    learnt = getattr(module, "LEARNT", module.SHAPES)  # what is remembered has no gradient
    params = {name: ordinary(rng, module.SHAPES[name]) for name in learnt}
    x, d = module.random_data(samples, seed)
    ours = {name: torch.tensor(w, requires_grad=True) for name, w in params.items()}
    params = {**module.init_params(), **params}
    y = predicted(network, ours, torch.tensor(x))
    E = ((y - torch.tensor(d)) ** 2).sum() / 2 / (y.numel() / (y.shape[-1] if y.dim() > 1 else 1))
    E.backward()
    loss, grads = module.loss_and_grads(params, x, d)
    learning = hasattr(module, "infer")  # then predictions are made in another way
    given = module.forward(params, x).y if learning else module.predict(params, x)
    yield "y", given, y.detach().numpy(), 0.0
    yield "E", np.array(loss), E.detach().numpy(), 0.0
    largest = max((np.abs(w.grad.numpy()).max() for w in ours.values()), default=0.0)
    for name in learnt:
        yield name, grads[name], ours[name].grad.numpy(), largest


def agree(network, samples, seed):
    for name, given, wanted, largest in compared(network, samples, seed):
        assert given.shape == wanted.shape, name
        room = EXACT * np.abs(wanted).max() + NOISE * max(largest, np.abs(wanted).max())
        assert np.abs(given - wanted).max() <= room, (name, network.layers)


def shapes():
    return sampled(range(SHAPES + MORE), range(FEW))


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", NETWORKS)
def test_its_module_agrees_with_torch(name, number):
    rng = random.Random(f"{name} {number}")
    network, samples = drawn(NETWORKS[name], rng, apart=number < SHAPES)
    agree(network, samples, number)


@pytest.mark.parametrize(("eps", "momentum"), [(1e-5, 0.1), (1e-2, 0.7)])
def test_what_batch_normalisation_remembers_is_what_torch_does(eps, momentum):
    network = Network.of("net", (3, 4, 5), [BatchNorm(2, eps, momentum)], "half_squared_error")
    module = loaded(network)
    twin = torch.nn.BatchNorm2d(3, eps, momentum, dtype=torch.float64)
    params = module.init_params()
    for seed in range(3):
        x, _ = module.random_data(2 + seed, seed)
        params.update(module.renewed(params, module.forward(params, x)))
        twin(torch.tensor(x))
    np.testing.assert_allclose(params["m1"], twin.running_mean, rtol=EXACT)
    np.testing.assert_allclose(params["s1"], twin.running_var, rtol=EXACT)
    x, _ = module.random_data(6, 9)
    expected = twin.eval()(torch.tensor(x)).detach()
    np.testing.assert_allclose(module.predict(params, x), expected, rtol=EXACT, atol=1e-12)


def test_dropout_with_a_mask_is_what_torch_does_with_it():
    network = Network.of("net", 5, [Dense(4), Dropout(0.25), Dense(3)], "half_squared_error")
    module = loaded(network)
    rng = np.random.default_rng(0)
    params = {name: ordinary(rng, shape) for name, shape in module.SHAPES.items()}
    x, d = module.random_data(7)
    masks = module.draw(rng, 7)
    ours = {name: torch.tensor(w, requires_grad=True) for name, w in params.items()}
    z = (torch.tensor(x) @ ours["w1"] + ours["b1"]) * torch.tensor(masks.m2) / 0.75
    y = z @ ours["w3"] + ours["b3"]
    (((y - torch.tensor(d)) ** 2).sum() / 14).backward()
    _, grads = module.loss_and_grads(params, x, d, masks)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, ours[name].grad, rtol=EXACT, atol=1e-13)
    assert 0 < masks.m2.mean() < 1
    whole = (x @ params["w1"] + params["b1"]) @ params["w3"] + params["b3"]
    np.testing.assert_allclose(module.predict(params, x), whole, rtol=EXACT)
