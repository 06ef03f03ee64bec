"""Every layer by the word that a specification calls it by."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from symbp.layers.attention import CrossAttention, SelfAttention
from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.dropout import Dropout
from symbp.layers.embedding import Embedding
from symbp.layers.entrywise import Apply, GatedLinear, LogSoftmax, Maxout, PReLU, Softmax
from symbp.layers.normalisation import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symbp.layers.pooling import AveragePool1d, AveragePool2d, GlobalPool, MaxPool1d, MaxPool2d
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.shapes import Add, Concatenate, Flatten
from symbp.layers.times import TimePool

_ALL: tuple[Any, ...] = (
    *(Dense, Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d),
    *(MaxPool1d, MaxPool2d, AveragePool1d, AveragePool2d, GlobalPool),
    *(Apply, Softmax, LogSoftmax, PReLU, GatedLinear, Maxout),
    *(BatchNorm, LayerNorm, GroupNorm, RMSNorm, Dropout),
    *(RNN, LSTM, GRU, TimePool, Embedding, SelfAttention, CrossAttention),
    *(Flatten, Add, Concatenate),
)

LAYERS = MappingProxyType({each.kind: each for each in _ALL})
