"""Print the module that symbp writes for a network: in a process of its own, without a trace."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import networks

ROOT = Path(__file__).parents[3]
LABELS = "sparse_categorical_cross_entropy"


def text(network: networks.Network, optimizer: str) -> str:
    """The module, written by another process: this one never sees SymPy, nor its memory."""
    command = [sys.executable, "-m", "tests.benchmarks.peers.emit"]
    asked = pickle.dumps((network, optimizer))
    done = subprocess.run(command, input=asked, cwd=ROOT, check=True, capture_output=True)
    return done.stdout.decode("utf-8")


def emit(network: networks.Network, optimizer: str) -> str:
    """The module, written here."""
    from symbp import Network, derive

    inputs, layers, loss = LAYERS[type(network)](network)
    return derive(Network.of("net", inputs, layers, loss, optimizer)).emit()


def _dense(network: networks.Dense, last: str = "softmax", loss: str = LABELS) -> Any:
    from symbp import Dense

    inputs, *hidden, outputs = network.widths
    layers = [Dense(units, network.activation) for units in hidden]
    return inputs, [*layers, Dense(outputs, last)], loss


def _convolution(network: networks.Convolution) -> Any:
    from symbp.layers import Conv2d, Dense, Flatten, MaxPool2d

    layers = []
    for filters in network.filters:
        layers += [Conv2d(filters, network.kernel, activation="relu"), MaxPool2d(2)]
    return network.reads, [*layers, Flatten(), Dense(network.classes, "softmax")], LABELS


def _recurrent(network: networks.Recurrent) -> Any:
    from symbp.layers import LSTM, Dense

    return network.reads, [LSTM(network.units), Dense(network.classes, "softmax")], LABELS


def _transformer(network: networks.Transformer) -> Any:
    from symbp.layers import Add, Dense, LayerNorm, SelfAttention
    from symbp.layers.graph import Node

    layers = [
        Node(LayerNorm()),
        Node(SelfAttention(network.heads), name="seen"),
        Node(Add(), ("x", "seen"), "middle"),
        Node(LayerNorm()),
        Node(Dense(network.hidden, "relu")),
        Node(Dense(network.width), name="thought"),
        Node(Add(), ("middle", "thought")),
        Node(Dense(network.classes, "softmax")),
    ]
    return network.reads, layers, LABELS


LAYERS = {
    networks.Xor: lambda network: _dense(network, "sigmoid", "binary_cross_entropy"),
    networks.Dense: _dense,
    networks.Convolution: _convolution,
    networks.Recurrent: _recurrent,
    networks.Transformer: _transformer,
}


if __name__ == "__main__":
    sys.stdout.buffer.write(emit(*pickle.load(sys.stdin.buffer)).encode("utf-8"))
