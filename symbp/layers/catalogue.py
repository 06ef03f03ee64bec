"""Every layer by the word that a specification calls it by, and the file of its class.

No class is imported before it is asked for: a network has a few kinds of layers.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any

_FILES = {
    "dense": {"dense": "Dense"},
    "convolution": {
        "conv1d": "Conv1d",
        "conv2d": "Conv2d",
        "conv_transpose1d": "ConvTranspose1d",
        "conv_transpose2d": "ConvTranspose2d",
    },
    "pooling": {
        "max_pool1d": "MaxPool1d",
        "max_pool2d": "MaxPool2d",
        "average_pool1d": "AveragePool1d",
        "average_pool2d": "AveragePool2d",
        "global_pool": "GlobalPool",
    },
    "entrywise": {
        "activation": "Apply",
        "softmax": "Softmax",
        "log_softmax": "LogSoftmax",
        "prelu": "PReLU",
        "glu": "GatedLinear",
        "maxout": "Maxout",
    },
    "normalisation": {
        "batch_norm": "BatchNorm",
        "layer_norm": "LayerNorm",
        "group_norm": "GroupNorm",
        "rms_norm": "RMSNorm",
    },
    "dropout": {"dropout": "Dropout"},
    "recurrent": {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"},
    "times": {"time_pool": "TimePool"},
    "embedding": {"embedding": "Embedding"},
    "attention": {"attention": "SelfAttention", "cross_attention": "CrossAttention"},
    "shapes": {"flatten": "Flatten", "add": "Add", "concatenate": "Concatenate"},
}

WHERE = MappingProxyType(
    {
        kind: (f"symbp.layers.{file}", name)
        for file, classes in _FILES.items()
        for kind, name in classes.items()
    }
)
"""The module and the class of each kind of layer."""


def class_of(kind: str) -> Any:
    """The class of the layers that are called ``kind``. Raises KeyError."""
    module, name = WHERE[kind]
    return getattr(import_module(module), name)
