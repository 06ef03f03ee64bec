"""Small networks of every layer, and a module of each."""

import importlib.util
import sys
from dataclasses import dataclass
from functools import cache

import numpy as np

from symbp.layers.attention import CrossAttention, SelfAttention
from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.dropout import Dropout
from symbp.layers.embedding import Embedding
from symbp.layers.entrywise import Apply, GatedLinear, LogSoftmax, Maxout, PReLU, Softmax
from symbp.layers.forward import Forward
from symbp.layers.graph import Input, Node
from symbp.layers.normalisation import BatchNorm, LayerNorm, RMSNorm
from symbp.layers.pooling import AveragePool1d, AveragePool2d, GlobalPool, MaxPool1d, MaxPool2d
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.shapes import Add, Concatenate, Flatten
from symbp.layers.times import TimePool
from symbp.layers.written import Layer
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.pipeline import derive


@dataclass(frozen=True)
class Twice(Layer):
    """A layer that uses its weights three times, first to last one behind the other."""

    units: int

    def forward(self, x):
        return Forward(
            "x[n, i]",
            """
            u[n, j] = sum(i, w[i, j] * x[n, i])
            v[n, i] = sum(j, w[i, j] * tanh(u[n, j])) + x[n, i]
            z[n, j] = sum(i, w[i, j] * v[n, i]) * u[n, j]
            """,
            {"j": self.units},
            {"w[i, j]": "glorot"},
        )


NETWORKS = {
    "convolution": (
        (2, 7, 8),
        Conv2d(4, 3, padding=1, stride=2, activation="relu"),
        MaxPool2d(2),
        Flatten(),
        Dense(3, "softmax"),
    ),
    "convolution, dilated": (
        (2, 9),
        Conv1d(4, 2, dilation=3, padding=1, activation="tanh"),
        AveragePool1d(2),
        Flatten(),
        Dense(3),
    ),
    "convolution in groups": (
        (4, 7, 8),
        Conv2d(6, 3, groups=2, activation="tanh"),
        GlobalPool(),
        Dense(3),
    ),
    "overlapping pools": ((2, 9), MaxPool1d(3, 2), Conv1d(3, 2), Flatten(), Dense(3)),
    "average pools": ((2, 7, 9), Conv2d(3, 2), AveragePool2d(3, 2), Flatten(), Dense(2)),
    "transposed convolution": (
        (2, 5),
        ConvTranspose1d(4, 3, stride=2, padding=1, activation="tanh"),
        Flatten(),
        Dense(3),
    ),
    "transposed convolution in two directions": (
        (2, 5, 4),
        ConvTranspose2d(3, 3, stride=2, activation="tanh"),
        Flatten(),
        Dense(3),
    ),
    "batch normalisation": ((6,), Dense(5, bias=False), BatchNorm(), Apply("tanh"), Dense(3)),
    "batch normalisation of channels": ((2, 5, 6), Conv2d(3, 2), BatchNorm(2), Flatten(), Dense(3)),
    "dropout": ((6,), Dense(5, "tanh"), Dropout(0.3), Dense(4), BatchNorm(), Dense(3)),
    "layer normalisation": ((6,), Dense(5, "tanh"), LayerNorm(), Dense(3)),
    "RMS normalisation": ((6,), Dense(5, "tanh"), RMSNorm(), Dense(3)),
    "skip connection": (
        (6,),
        Node(Dense(5, "tanh"), name="a"),
        Node(Dense(5, "tanh"), name="b"),
        Node(Add(), ("a", "b")),
        Dense(3),
    ),
    "concatenation": (
        (6,),
        Node(Dense(4, "tanh"), name="a"),
        Node(Dense(5, "tanh"), ("x",), name="b"),
        Node(Concatenate(), ("a", "b")),
        Dense(3),
    ),
    "RNN": ((5, 4), RNN(6), Dense(3)),
    "RNN that predicts": ((5, 4), RNN(6), RNN(3)),
    "LSTM": ((5, 4), LSTM(6), Dense(3)),
    "GRU": ((5, 4), GRU(6), Dense(3)),
    "RNN behind something in time": (
        (3, 2),
        Node(Dense(4, "tanh"), name="a"),
        Node(RNN(4), name="h"),
        Node(Concatenate(1), ("a", "h")),
        Dense(2),
    ),
    "LSTM at all times": ((3, 2), LSTM(4), Flatten(), Dense(2)),
    "LSTM before its input": (
        (3, 2),
        Node(LSTM(4), name="h"),
        Node(Concatenate(), ("h", "x")),
        Dense(2),
    ),
    "LSTM behind its input": (
        (3, 2),
        Node(LSTM(4), name="h"),
        Node(Concatenate(), ("x", "h")),
        Dense(2),
    ),
    "silu before normalisation": ((3,), Dense(4, "silu"), RMSNorm(), Dense(3)),
    "attention": (
        Input("x", (5,), labels=20),
        Node(Embedding(8), name="words"),
        LayerNorm(),
        Node(SelfAttention(2, causal=True), name="seen"),
        Node(Add(), ("words", "seen")),
        Dense(3),
    ),
    "embedding": (Input("x", (), labels=20), Embedding(8), Dense(3)),
    "maxout, gates, slopes": ((6,), Maxout(4, 3), GatedLinear(5), PReLU(), Dense(3), Softmax()),
    "tied weights": (
        (6,),
        Node(Dense(3, "tanh"), name="a"),
        Node(Dense(6, "sigmoid"), share="a", transposed=True),
    ),
    "one layer twice in a row": (
        (6,),
        Node(Dense(6, "tanh"), name="a"),
        Node(Dense(6, "sigmoid"), share="a"),
        Dense(2),
    ),
    "one layer side by side": (
        (6,),
        Node(Dense(4, "tanh"), name="a"),
        Node(Dense(4, "sigmoid"), ("x",), "b", share="a"),
        Node(Concatenate(), ("a", "b")),
        Dense(3),
    ),
    "RNN twice": ((5, 4), Node(RNN(4), name="a"), Node(RNN(4), share="a"), Dense(3)),
    "convolution twice": (
        (2, 6, 7),
        Node(Conv2d(2, 3, padding=1, activation="tanh"), name="a"),
        Node(Conv2d(2, 3, padding=1), share="a"),
        Flatten(),
        Dense(2),
    ),
    "one parameter in three equations": ((6,), Twice(4), Dense(3)),
    "log-softmax": ((6,), Dense(4), LogSoftmax()),
}


JOINED = {
    "two inputs": (
        (Input("left", (4,)), Input("right", (7,))),
        [
            Node(Dense(5, "tanh"), ("left",), "a"),
            Node(Dense(6, "sigmoid"), ("right",), "b"),
            Node(Concatenate(), ("a", "b")),
            Dense(3),
        ],
        "half_squared_error",
    ),
    "words and numbers": (
        (Input("words", (5,), 20), Input("speed", (6,))),
        [
            Node(Embedding(3), ("words",)),
            Node(RNN(4), name="a"),
            Node(Dense(8, "tanh"), ("speed",)),
            Node(Dense(2), name="b"),
        ],
        [Loss.of("absolute_error", reads=("a",)), Loss.of("half_squared_error", reads=("b",))],
    ),
    "two losses": (
        7,
        [
            Node(Dense(5, "tanh"), name="trunk"),
            Node(Dense(4, "softmax"), ("trunk",), "which"),
            Node(Dense(3, "sigmoid"), ("trunk",), "marks"),
        ],
        [
            Loss.of("sparse_categorical_cross_entropy", reads=("which",), weight=0.3),
            Loss.of("binary_cross_entropy", reads=("marks",), l2=0.1),
            Loss.of("huber", reads=("trunk",), weight=2),
        ],
    ),
    "triplets": (
        (Input("anchor", (4,)), Input("positive", (4,)), Input("negative", (4,))),
        [
            Node(Dense(3, "tanh"), ("anchor",), "a"),
            Node(Dense(3, "tanh"), ("positive",), "b", share="a"),
            Node(Dense(3, "tanh"), ("negative",), "c", share="a"),
        ],
        Loss.of("triplet_margin", reads=("a", "b", "c"), margin=0.4),
    ),
    "squared triplets of branches of their own": (
        (Input("left", (4,)), Input("right", (5,))),
        [
            Node(Dense(3, "tanh"), ("left",), "a"),
            Node(Dense(3, "tanh"), ("right",), "b"),
            Node(Dense(3, "sigmoid"), ("right",), "c"),
        ],
        Loss.of("squared_triplet_margin", reads=("a", "b", "c"), margin=0.4),
    ),
    "cosine embedding beside labels": (
        (Input("left", (4,)), Input("right", (4,))),
        [
            Node(Dense(5, "tanh"), ("left",), "a"),
            Node(Dense(5, "tanh"), ("right",), "b", share="a"),
            Node(Dense(3, "softmax"), ("a",), "which"),
        ],
        [
            Loss.of("cosine_embedding", reads=("a", "b"), margin=0.1, weight=0.5),
            Loss.of(
                "sparse_categorical_cross_entropy",
                reads=("which",),
                class_weights=(0.5, 2.0, 1.5),
                smoothing=0.1,
            ),
        ],
    ),
    "cosine distance": (
        4,
        [Dense(6, "tanh"), Dense(3)],
        Loss.of("cosine_distance"),
    ),
    "weighted classes": (
        (5, 4),
        [Dense(6, "tanh"), Dense(3, "softmax")],
        Loss.of("sparse_categorical_cross_entropy", class_weights=(0.5, 2.0, 1.5)),
    ),
    "weights of 0 and 1": (
        4,
        [Dense(6, "tanh"), Dense(3, "sigmoid")],
        Loss.of("binary_cross_entropy", class_weights=(0.5, 2.0), smoothing=0.2),
    ),
    "RNN with a mask": (
        (Input("x", (5, 4)), Input("seen", (5,), mask=True)),
        [Node(RNN(6, masked=True), ("x", "seen")), TimePool("last"), Dense(3)],
        "half_squared_error",
    ),
    "LSTM with first states": (
        (Input("x", (5, 4)), Input("cell", (6,)), Input("state", (6,))),
        [Node(LSTM(6, started=True), ("x", "cell", "state")), Dense(3)],
        "half_squared_error",
    ),
    "GRU with a mask and a first state": (
        (Input("x", (5, 4)), Input("seen", (5,), mask=True), Input("state", (7,))),
        [
            Node(Dense(6, "tanh"), ("state",), "first"),
            Node(GRU(6, masked=True, started=True), ("x", "seen", "first"), "read"),
            Node(TimePool(), ("read", "seen")),
        ],
        "half_squared_error",
    ),
    "attention with a mask": (
        (Input("x", (5, 8)), Input("seen", (5,), mask=True)),
        [Node(SelfAttention(2, causal=True), ("x", "seen")), Dense(3)],
        "half_squared_error",
    ),
    "attention to something else": (
        (Input("x", (3, 8)), Input("memory", (5, 4)), Input("seen", (3, 5), mask=True)),
        [Node(CrossAttention(2), ("x", "memory", "seen")), Dense(3)],
        "half_squared_error",
    ),
}
"""What has several inputs or several losses: inputs, layers, losses."""

NETWORKS |= JOINED


def network(name, loss="half_squared_error"):
    """The network called ``name``."""
    if name in JOINED:
        return Network.of("net", *JOINED[name])
    read, *layers = NETWORKS[name]
    inputs = (read,) if isinstance(read, Input) else read
    return Network.of("net", inputs, layers, loss)


@cache
def derived(name):
    """The derivation of the network called ``name``: many files ask for the same."""
    return derive(network(name))


def module(made, folder, *, second_order=False, notation="jp-uz"):
    """The generated module of a network."""
    path = folder / "net_numpy.py"
    text = derive(made, second_order=second_order).emit(notation)
    path.write_text(text, encoding="utf-8")
    found = importlib.util.spec_from_file_location("net_numpy", path)
    loaded = importlib.util.module_from_spec(found)
    sys.modules.pop("net_numpy", None)
    found.loader.exec_module(loaded)
    return loaded


def parameters(loaded, seed=1):
    """Parameters none of which is 0 or 1, as biases and gains are at first."""
    rng = np.random.default_rng(seed)
    start = loaded.init_params(seed)
    return {name: w + 0.3 * rng.standard_normal(w.shape) for name, w in start.items()}
