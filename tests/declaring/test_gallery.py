"""The gallery: what it holds, and that each entry is a program."""

import pytest

from symbp import gallery
from symbp.equations.axis import L
from symbp.errors import SpecErrors
from symbp.training import Table

ENTRIES = {
    "digits": ("relu softmax", "sparse_categorical_cross_entropy", "adam", [64, 32, 10]),
    "logistic_iris": ("sigmoid", "binary_cross_entropy", "sgd", [4, 1]),
    "mlp": ("tanh tanh identity", "half_squared_error", "sgd", [2, 4, 3, 1]),
    "mnist": ("relu relu softmax", "sparse_categorical_cross_entropy", "adam", [784, 128, 64, 10]),
    "multinomial_wine": ("softmax", "sparse_categorical_cross_entropy", "sgd", [13, 3]),
    "neuron": ("sigmoid", "half_squared_error", "sgd", [1, 1]),
    "scalar": ("sigmoid", "half_squared_error", "sgd", [1, 1]),
    "table341": ("sigmoid sigmoid", "half_squared_error", "sgd", [3, 4, 1]),
    "xor": ("sigmoid sigmoid", "binary_cross_entropy", "momentum", [2, 3, 1]),
    "xor_squared": ("sigmoid sigmoid", "mean_squared_error", "momentum", [2, 3, 1]),
}


def test_names():
    assert set(gallery.names()) == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_entry(name):
    network = gallery.load(name)
    activations, loss, optimizer, sizes = ENTRIES[name]
    assert network.name == name
    assert network.title.en
    assert network.title.ja
    assert " ".join(layer.activation.name for layer in network.concrete.layers) == activations
    assert network.loss.criterion.name == loss
    assert network.optimizer.name == optimizer
    assert list(network.sizes().values()) == sizes
    assert network.program().loss is not None


@pytest.mark.parametrize("name", ["neuron", "scalar", "table341", "xor", "xor_squared", "mlp"])
def test_small_networks_bring_their_samples(name):
    assert isinstance(gallery.load(name).concrete.data, Table)


def test_the_general_one():
    network = gallery.load("mlp")
    assert (network.depth, network.samples) == (L, ())
    assert [layer.activation.name for layer in network.layers] == ["general", "identity"]
    network.windows()


def test_there_is_no_bias_where_the_inputs_hold_one():
    tensors = [parameter.tensor.name for parameter in gallery.load("table341").parameters()]
    assert tensors == ["w", "w"]


GRAPHS = {
    "autoencoder": "dense dense",
    "char_lstm": "embedding lstm dense",
    "char_transformer": "embedding own layer_norm attention add layer_norm dense dense add"
    " layer_norm dense",
    "digits_autoencoder": "dense dense dense dense",
    "lenet": "conv2d max_pool2d conv2d flatten dense dense",
    "residual_mlp": "dense dense batch_norm activation add dense batch_norm activation add dense",
}


def test_names_of_graphs():
    assert set(gallery.graphs()) == set(GRAPHS)


@pytest.mark.parametrize("name", GRAPHS)
def test_graph(name):
    network = gallery.load(name)
    assert (network.name, network.is_stack) == (name, False)
    assert network.title.en
    assert network.title.ja
    kinds = (getattr(layer, "layer", layer).kind or "own" for layer in network.layers)
    assert " ".join(kinds) == GRAPHS[name]
    assert network.program().loss is not None


def test_unknown_entry():
    with pytest.raises(SpecErrors) as caught:
        gallery.load("xorr")
    (fault,) = caught.value.faults
    assert (fault.code, fault.details["meant"]) == ("unknown_network", "xor")
