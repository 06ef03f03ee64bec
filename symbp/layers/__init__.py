"""What a network is made of: forward equations, a file per layer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_FILES = {
    "attention": ("SelfAttention",),
    "convolution": ("Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"),
    "dense": ("Dense",),
    "embedding": ("Embedding",),
    "entrywise": ("Apply", "GatedLinear", "LogSoftmax", "Maxout", "PReLU", "Softmax"),
    "forward": ("Forward",),
    "graph": ("Input", "Node"),
    "normalisation": ("BatchNorm", "LayerNorm", "RMSNorm"),
    "pooling": ("AveragePool1d", "AveragePool2d", "GlobalPool", "MaxPool1d", "MaxPool2d"),
    "recurrent": ("GRU", "LSTM", "RNN"),
    "shapes": ("Add", "Concatenate", "Flatten"),
    "written": ("Layer",),
}

PUBLIC = {name: f"symbp.layers.{file}" for file, names in _FILES.items() for name in names}
"""Where each public word lives. Nothing is imported before it is asked for."""

__all__ = sorted(PUBLIC)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in PUBLIC:
        return getattr(import_module(PUBLIC[name]), name)
    raise AttributeError(f"module 'symbp.layers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
