"""Layers that make no sense, and what is said of them."""

import pytest

from symbp.errors import SpecErrors
from symbp.layers.attention import CrossAttention, SelfAttention
from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.embedding import Embedding
from symbp.layers.entrywise import Apply, GatedLinear, LogSoftmax, Maxout, PReLU, Softmax
from symbp.layers.graph import Input, Node
from symbp.layers.normalisation import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symbp.layers.pooling import AveragePool1d, AveragePool2d, GlobalPool, MaxPool1d, MaxPool2d
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.shapes import Add, Concatenate, Flatten
from symbp.layers.times import TimePool
from symbp.network import Network
from symbp.specification.messages import messages

ROWS, IMAGE, UNITS, WORDS = (4, 9), (4, 9, 8), (6,), (5, 6)

BAD = [
    (ROWS, Conv1d(0, 3), "filters", "number_positive"),
    (ROWS, Conv1d("4", 3), "filters", "type"),
    (ROWS, Conv1d(4, 0), "kernel", "number_positive"),
    (ROWS, Conv1d(4, 2.5), "kernel", "type"),
    (ROWS, Conv1d(4, True), "kernel", "type"),
    (ROWS, Conv1d(4, 3, stride=0), "stride", "number_positive"),
    (ROWS, Conv1d(4, 3, stride=-1), "stride", "number_positive"),
    (ROWS, Conv1d(4, 3, dilation=0), "dilation", "number_positive"),
    (ROWS, Conv1d(4, 3, padding=-1), "padding", "number_negative"),
    (ROWS, Conv1d(4, 10), "kernel", "kernel_large"),
    (ROWS, Conv1d(4, 3, dilation=5), "kernel", "kernel_large"),
    (ROWS, Conv1d(4, 3, groups=0), "groups", "number_positive"),
    (ROWS, Conv1d(6, 3, groups=3), "groups", "groups_uneven"),
    (ROWS, Conv1d(3, 3, groups=2), "filters", "groups_uneven"),
    (IMAGE, Conv2d(4, 3, activation="rleu"), "activation", "unknown_activation"),
    (IMAGE, Conv2d(4, 3, activation="softmax"), "activation", "activation_of_all"),
    (IMAGE, Conv2d(4, 9), "kernel", "kernel_large"),
    (UNITS, Conv2d(4, 3), None, "layer_axes"),
    (ROWS, ConvTranspose1d(4, 3, stride=0), "stride", "number_positive"),
    (ROWS, ConvTranspose1d(4, 3, padding=6), "padding", "padding_large"),
    (ROWS, ConvTranspose1d(3, 3, groups=2), "filters", "groups_uneven"),
    (ROWS, ConvTranspose1d(4, 3, output_padding=-1), "output_padding", "number_negative"),
    (IMAGE, ConvTranspose2d(4, 3, stride=2, output_padding=2), "output_padding", "number_large"),
    (ROWS, MaxPool1d(0), "kernel", "number_positive"),
    (ROWS, MaxPool1d(2, 0), "stride", "number_positive"),
    (ROWS, MaxPool1d(2, padding=-1), "padding", "number_negative"),
    (ROWS, MaxPool1d(2, padding=2), "padding", "padding_large"),
    (ROWS, MaxPool1d(10), "kernel", "kernel_large"),
    (IMAGE, MaxPool2d(9), "kernel", "kernel_large"),
    (ROWS, AveragePool1d(10), "kernel", "kernel_large"),
    (IMAGE, AveragePool2d(2, "2"), "stride", "type"),
    (IMAGE, GlobalPool("median"), "over", "unknown_word"),
    (IMAGE, GlobalPool(directions=0), "directions", "number_positive"),
    (UNITS, GlobalPool(directions=3), None, "layer_axes"),
    (IMAGE, Flatten(0), "first", "number_positive"),
    (IMAGE, Flatten(4), None, "layer_axes"),
    (IMAGE, BatchNorm(-1), "directions", "number_negative"),
    (IMAGE, BatchNorm(3), None, "layer_axes"),
    (UNITS, BatchNorm(eps=0), "eps", "number_positive"),
    (UNITS, LayerNorm(-1e-5), "eps", "number_negative"),
    (UNITS, LayerNorm("small"), "eps", "type"),
    (UNITS, RMSNorm(float("nan")), "eps", "not_finite"),
    (IMAGE, GroupNorm(3), "groups", "groups_uneven"),
    (IMAGE, GroupNorm(0), "groups", "number_positive"),
    (WORDS, RNN(0), "units", "number_positive"),
    (WORDS, RNN(4, "tahn"), "activation", "unknown_activation"),
    (UNITS, RNN(4), "reads", "layer_axes"),
    (WORDS, LSTM(-1), "units", "number_positive"),
    (UNITS, LSTM(4), "reads", "layer_axes"),
    (WORDS, GRU("4"), "units", "type"),
    (WORDS, SelfAttention(0), "heads", "number_positive"),
    (WORDS, SelfAttention(4), "heads", "heads_uneven"),
    (UNITS, SelfAttention(2), None, "layer_axes"),
    (WORDS, RNN(4, masked="yes"), "masked", "type"),
    (WORDS, LSTM(4, masked=True), "from", "layer_reads"),
    (WORDS, GRU(4, started=True), "from", "layer_reads"),
    (WORDS, CrossAttention(2), "from", "layer_reads"),
    (WORDS, TimePool("first"), "over", "unknown_word"),
    (UNITS, TimePool(), None, "layer_axes"),
    (UNITS, Maxout(0), "units", "number_positive"),
    (UNITS, Maxout(4, 0), "pieces", "number_positive"),
    (UNITS, GatedLinear(0), "units", "number_positive"),
    (UNITS, Apply("rleu"), "activation", "unknown_activation"),
    (UNITS, Softmax(2), "axis", "axis_missing"),
    (UNITS, Softmax("last"), "axis", "type"),
    (UNITS, LogSoftmax(-3), "axis", "axis_missing"),
    (UNITS, PReLU(7), "axis", "axis_missing"),
    (UNITS, Concatenate(3), "axis", "axis_missing"),
    (UNITS, Embedding(0), "units", "number_positive"),
]


@pytest.mark.parametrize(("shape", "layer", "key", "code"), BAD, ids=lambda each: str(each)[:60])
def test_it_is_refused(shape, layer, key, code):
    with pytest.raises(SpecErrors) as caught:
        Network.of("net", shape, [layer])
    path = ("layers", 0, key) if key else ("layers", 0)
    assert (code, path) in [(f.code, f.path[: len(path)]) for f in caught.value.faults]
    for language in ("en", "ja"):
        assert all(messages(caught.value, language))


def test_all_that_is_wrong_is_told_at_once():
    layers = [Conv2d(0, 3, stride=0, padding=-1, activation="rleu"), Flatten(), Dense(3)]
    with pytest.raises(SpecErrors) as caught:
        Network.of("net", IMAGE, layers)
    assert [f.path[-1] for f in caught.value.faults] == [
        "filters",
        "stride",
        "padding",
        "activation",
    ]


def test_what_follows_a_faulty_layer_is_not_blamed():
    layers = [Node(Conv1d(4, 10), name="a"), MaxPool1d(0), Node(Add(), ("a", "b"))]
    with pytest.raises(SpecErrors) as caught:
        Network.of("net", ROWS, layers)
    told = [(f.code, f.path) for f in caught.value.faults]
    assert told == [
        ("kernel_large", ("layers", 0, "kernel")),
        ("unknown_node", ("layers", 2, "from")),
    ]


def test_the_message():
    with pytest.raises(SpecErrors) as caught:
        Network.of("net", IMAGE, [Conv2d(4, 3, activation="rleu")])
    assert messages(caught.value) == [
        'layers.0.activation: There is no activation "rleu". Did you mean "relu"?'
    ]


@pytest.mark.parametrize(("one", "other"), [((5,), (6,)), ((4, 9), (9,))])
def test_what_is_added_has_one_shape(one, other):
    inputs = (Input("a", one), Input("b", other))
    with pytest.raises(SpecErrors):
        Network.of("net", inputs, [Node(Add(), ("a", "b"))])


def test_dense_layers_alone_may_read_a_table():
    assert Network.of("net", (5, 4), [Dense(3)]).sizes()
