"""Layers of every kind in TOML, joined to graphs, and all that can be wrong with them."""

import subprocess
import sys

import pytest

import symbp.layers
from symbp.errors import SpecErrors
from symbp.layers.catalogue import WHERE, class_of
from symbp.layers.convolution import Conv2d
from symbp.layers.dense import Dense
from symbp.layers.embedding import Embedding
from symbp.layers.graph import Input, Node
from symbp.layers.pooling import MaxPool2d
from symbp.layers.shapes import Add, Flatten
from symbp.network import Network
from symbp.specification.messages import messages
from symbp.specification.reader import parse_network

GRAPH = """\
name = "graph"
inputs = [1, 8, 8]
loss = "sparse_categorical_cross_entropy"
data = "digits"

[[layers]]
kind = "conv2d"
filters = 4
kernel = 3
activation = "relu"

[[layers]]
kind = "max_pool2d"
kernel = 2

[[layers]]
kind = "flatten"
name = "flat"

[[layers]]
units = 36
activation = "leaky_relu"
alpha = 0.1
name = "a"

[[layers]]
kind = "add"
from = ["flat", "a"]
name = "sum"

[[layers]]
units = 36
share = "a"

[[layers]]
units = 10
activation = "softmax"
"""


def test_a_graph():
    from symbp.activations.table import named

    leaky = Dense(36, named("leaky_relu", alpha=0.1))
    assert parse_network(GRAPH) == Network.of(
        "graph",
        inputs=(1, 8, 8),
        layers=[
            Conv2d(4, 3, activation="relu"),
            MaxPool2d(2),
            Node(Flatten(), name="flat"),
            Node(leaky, name="a"),
            Node(Add(), ("flat", "a"), "sum"),
            Node(Dense(36), share="a"),
            Dense(10, "softmax"),
        ],
        loss="sparse_categorical_cross_entropy",
        data="digits",
    )


def test_named_inputs():
    text = """\
name = "words"
loss = "half_squared_error"
[inputs.words]
shape = [12]
tokens = 50
[[layers]]
kind = "embedding"
units = 8
[[layers]]
units = 2
"""
    network = parse_network(text)
    assert network.inputs == (Input("words", (12,), 50),)
    assert network.layers == (Embedding(8), Dense(2))


def test_an_activation_of_ones_own_in_any_layer():
    text = GRAPH.replace('activation = "relu"', 'activation = "cube"').replace(
        "[[layers]]", '[activations]\ncube = "u^3"\n[[layers]]', 1
    )
    assert parse_network(text).layers[0].activation.name == "cube"


@pytest.mark.parametrize("kind", WHERE)
def test_every_layer_has_its_kind(kind):
    assert class_of(kind).kind == kind
    assert getattr(symbp.layers, class_of(kind).__name__) is class_of(kind)


def test_only_what_a_network_has_is_loaded():
    program = (
        "import sys; from symbp.pipeline import derive; list(derive('mnist').files())\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {*done.stdout.split()}
    assert "symbp.layers.dense" in loaded
    for apart in ("layers.convolution", "layers.forward", "formulas.syntax", "derivation.second"):
        assert f"symbp.{apart}" not in loaded


def wrong(text):
    with pytest.raises(SpecErrors) as caught:
        parse_network(text, "n.toml")
    for language in ("en", "ja"):
        assert all(line.startswith("n.toml:") for line in messages(caught.value, language))
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[1, 8, 8]", "[1, 0, 8]", [(2, 14, "size_positive")]),
        ("[1, 8, 8]", "[]", [(2, 10, "inputs_none")]),
        ("[1, 8, 8]", "64", [(6, 1, "layer_axes")]),
        ("[1, 8, 8]", '"x"', [(2, 10, "size_type")]),
        ("[1, 8, 8]", "[1, 2, 8]", [(9, 10, "kernel_large")]),
        ('"conv2d"', '"conv2"', [(7, 8, "unknown_layer")]),
        ("filters = 4", "filters = 0", [(8, 11, "number_positive")]),
        ("filters = 4", 'filters = "4"', [(8, 11, "type")]),
        ("filters = 4\n", "", [(6, 1, "missing_key")]),
        (
            "filters = 4",
            "filters = 4\ngroups = 3",
            [(8, 11, "groups_uneven"), (9, 10, "groups_uneven")],
        ),
        ("kernel = 3", "kernel = 9", [(9, 10, "kernel_large")]),
        ("kernel = 3", "kernel = 3\nstride = 0", [(10, 10, "number_positive")]),
        ("kernel = 3", "kernel = 3\nstride = true", [(10, 10, "type")]),
        ("kernel = 3", "kernel = 3\npadding = -1", [(10, 11, "number_negative")]),
        ("kernel = 3", "kernel = 3\npading = 1", [(10, 1, "unknown_key")]),
        ("kernel = 2", "kernel = 7", [(14, 10, "kernel_large")]),
        ('"relu"', '"rulu"', [(10, 14, "unknown_activation")]),
        ('"relu"', '"softmax"', [(10, 14, "activation_of_all")]),
        ('"relu"', '"relu(x) + exp"', [(10, 14, "unknown_activation")]),
        ('"flat", "a"]', '"flatt", "a"]', [(28, 8, "unknown_node")]),
        ('"flat", "a"]', '"flat", "sum"]', [(28, 8, "unknown_node")]),
        ('["flat", "a"]', "[]", [(28, 8, "from_nothing")]),
        ('["flat", "a"]', '"a"', [(28, 8, "layer_reads")]),
        ('["flat", "a"]', '["a", 3]', [(28, 14, "type")]),
        ("units = 36\nact", "units = 35\nact", [(28, 8, "axes_differ")]),
        ('name = "sum"', 'name = "a"', [(29, 8, "node_again")]),
        ('name = "sum"', 'name = "A b"', [(29, 8, "name_form")]),
        ('share = "a"', 'share = "b"', [(33, 9, "unknown_node")]),
        ('share = "a"', 'share = "flat"', [(33, 9, "share_none")]),
        ("units = 10", "", [(35, 1, "missing_key")]),
        ('"softmax"', '"tanh"', [(37, 14, "loss_of_outputs")]),
        ('"digits"', '"digit"', [(4, 8, "unknown_dataset")]),
        ('"flatten"', '"flatten"\nfirst = 4', [(16, 1, "layer_axes")]),
        ('"flatten"', '"attention"\nheads = 2', [(16, 1, "layer_axes")]),
    ],
)
def test_one_thing_wrong(old, new, expected):
    assert old in GRAPH
    assert wrong(GRAPH.replace(old, new, 1)) == expected


def test_everything_at_once():
    text = GRAPH.replace("kernel = 3", "kernel = 9").replace('"flat", "a"', '"flag", "a"')
    text = text.replace("units = 10", "unit = 10").replace("alpha = 0.1", "alpha = nan")
    assert wrong(text) == [
        (9, 10, "kernel_large"),
        (23, 9, "not_finite"),
        (28, 8, "unknown_node"),
        (35, 1, "missing_key"),
        (36, 1, "unknown_key"),
    ]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ('kind = "attention"\nheads = 3', [(7, 9, "heads_uneven")]),
        ('kind = "dense"\nunits = 3', []),
        ('kind = "batch_norm"\ndirections = 1', []),
        ('kind = "batch_norm"', [(5, 1, "layer_axes")]),
        ('kind = "embedding"\nunits = 3', [(5, 1, "layer_numbers")]),
        ('kind = "global_pool"\nover = "men"\ndirections = 1', [(7, 8, "unknown_word")]),
        ('kind = "lstm"\nunits = 99999999', [(7, 9, "number_large")]),
        ('kind = "layer_norm"\neps = -1', [(7, 7, "number_negative")]),
        ('kind = "concatenate"', [(5, 1, "layer_reads")]),
    ],
)
def test_layers_of_a_sequence(layer, expected):
    text = f'name = "s"\ninputs = [5, 4]\nloss = "half_squared_error"\n\n[[layers]]\n{layer}\n'
    if expected:
        assert wrong(text) == expected
    else:
        assert parse_network(text)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ("shape = [12]\ntokens = 0", [(5, 10, "size_positive")]),
        ("shape = [12]\ntoken = 9", [(5, 1, "unknown_key")]),
        ('shape = "12"\ntokens = 9', [(4, 9, "type")]),
        ("tokens = 9", []),
        ("", [(3, 2, "missing_key")]),
    ],
)
def test_what_is_read(inputs, expected):
    text = f'name = "s"\nloss = "half_squared_error"\n[inputs.x]\n{inputs}\n[[layers]]\n'
    text += 'kind = "embedding"\nunits = 3\n'
    if expected:
        assert [code for *_, code in wrong(text)] == [code for *_, code in expected]
    else:
        assert parse_network(text)


def test_tokens_are_no_numbers():
    text = (
        'name = "s"\nloss = "huber"\n[inputs.x]\nshape = [12]\ntokens = 9\n[[layers]]\nunits = 1\n'
    )
    assert wrong(text) == [(6, 1, "layer_tokens")]
