"""Networks in torch: each layer beside the module that it equals, with the same parameters.

How the entries of a ``state_dict`` are made of our parameters stands in docs/layers.md, in tables
that are read here: ``(h d) i`` made of ``w_q[i, h, d]`` is that array with its axes in this order,
of which h and d are one; several arrays are put one behind the other along the first axis.
"""

import re
from pathlib import Path

import torch
from torch import nn
from torch.func import functional_call

from symbp.layers.attention import SelfAttention
from symbp.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from symbp.layers.dense import Dense
from symbp.layers.embedding import Embedding
from symbp.layers.entrywise import Apply, GatedLinear, LogSoftmax, Maxout, PReLU, Softmax
from symbp.layers.graph import Node, inputs_of
from symbp.layers.normalisation import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from symbp.layers.pooling import AveragePool1d, AveragePool2d, GlobalPool, MaxPool1d, MaxPool2d
from symbp.layers.recurrent import GRU, LSTM, RNN
from symbp.layers.shapes import Add, Concatenate, Flatten

DOCUMENT = Path(__file__).parents[2] / "docs" / "layers.md"
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `([\w.]+)` \| `([\w() ]+)` \| (.+) \|$", re.MULTILINE)
ENTRY = re.compile(r"`(\w+)\[([\w, ]+)\]`")

ACTIVATIONS = {
    "identity": lambda u: u,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": nn.functional.leaky_relu,
    "elu": nn.functional.elu,
    "softplus": nn.functional.softplus,
    "gelu": nn.functional.gelu,
    "silu": nn.functional.silu,
    "softmax": lambda u: torch.softmax(u, -1),
}


def tables():
    """The rows of each section: entry of torch, its axes, and what it is made of."""
    _, *parts = SECTION.split(DOCUMENT.read_text(encoding="utf-8"))
    return {
        name: [
            (entry, axes, [(n, letters.split(", ")) for n, letters in ENTRY.findall(made)])
            for entry, axes, made in ROW.findall(text)
        ]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        for name in title.split(", ")
    }


TABLES = tables()


def state(layer, shape, module, params, place):
    """What ``module`` calls its parameters, made of ours at ``place``."""
    made = {}
    ours = learnt(layer, shape)
    for entry, axes, sources in TABLES[type(layer).__name__]:
        if all(each in ours for each in sources):
            parts = [laid(params[f"{n}{place}"], letters, axes) for n, letters in sources]
            made[entry] = torch.cat(parts)
    missing = {n: torch.zeros_like(w) for n, w in module.named_parameters() if n not in made}
    assert all("bias_hh" in name for name in missing), missing.keys()
    return made | missing


def learnt(layer, shape):
    """The names and the letters of the parameters of ``layer``."""
    if isinstance(layer, Dense):
        return [("w", ["i", "j"]), ("b", ["j"])][: 1 + layer.bias]
    parts = (entry.rstrip("]").split("[") for entry in layer.forward(shape).parameters)
    return [(name, letters.split(", ")) for name, letters in parts]


def laid(array, letters, axes):
    """``array`` with the axes ``letters`` in the order ``axes``, those in parentheses as one."""
    groups = [g.strip("()").split() for g in re.findall(r"\([\w ]+\)|\w+", axes)]
    size = dict(zip(letters, array.shape, strict=True))
    moved = array.permute([letters.index(x) for group in groups for x in group])
    return moved.reshape([int(torch.tensor([size[x] for x in g]).prod()) for g in groups])


def convolution(module):
    def made(layer, shape):
        rest = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
        if "Transpose" in module.__name__:
            rest["output_padding"] = layer.output_padding
        channels = shape[-layer.directions - 1]
        return module(
            channels, layer.filters, layer.kernel, groups=layer.groups, bias=layer.bias, **rest
        )

    return made


def pool(module):
    def made(layer, shape):
        rest = {"stride": layer.stride, "padding": layer.padding}
        if "Avg" in module.__name__:
            rest["count_include_pad"] = layer.count_outside
        return module(layer.kernel, **rest)

    return made


def batch_norm(layer, shape):
    made = (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[layer.directions]
    return made(shape[1], eps=layer.eps)


def linear_then(*others):
    def made(layer, shape):
        return nn.Sequential(nn.Linear(shape[-1], layer.units * 2), *others)

    return made


MODULES = {
    Dense: lambda layer, shape: nn.Linear(shape[-1], layer.units, bias=layer.bias),
    Conv1d: convolution(nn.Conv1d),
    Conv2d: convolution(nn.Conv2d),
    ConvTranspose1d: convolution(nn.ConvTranspose1d),
    ConvTranspose2d: convolution(nn.ConvTranspose2d),
    MaxPool1d: pool(nn.MaxPool1d),
    MaxPool2d: pool(nn.MaxPool2d),
    AveragePool1d: pool(nn.AvgPool1d),
    AveragePool2d: pool(nn.AvgPool2d),
    Flatten: lambda layer, shape: nn.Flatten(layer.first),
    BatchNorm: batch_norm,
    LayerNorm: lambda layer, shape: nn.LayerNorm(shape[-1], eps=layer.eps),
    RMSNorm: lambda layer, shape: nn.RMSNorm(shape[-1], eps=layer.eps),
    GroupNorm: lambda layer, shape: nn.GroupNorm(layer.groups, shape[1], eps=layer.eps),
    RNN: lambda layer, shape: nn.RNN(
        shape[-1], layer.units, nonlinearity=layer.activation, batch_first=True
    ),
    LSTM: lambda layer, shape: nn.LSTM(shape[-1], layer.units, batch_first=True),
    GRU: lambda layer, shape: nn.GRU(shape[-1], layer.units, batch_first=True),
    SelfAttention: lambda layer, shape: nn.MultiheadAttention(
        shape[-1], layer.heads, batch_first=True
    ),
    Maxout: lambda layer, shape: nn.Linear(shape[-1], layer.pieces * layer.units),
    GatedLinear: linear_then(nn.GLU(-1)),
    PReLU: lambda layer, shape: nn.PReLU(shape[layer.axis]),
    Softmax: lambda layer, shape: nn.Softmax(layer.axis),
    LogSoftmax: lambda layer, shape: nn.LogSoftmax(layer.axis),
}
"""The module for a layer that reads something of this shape."""

AROUND = {
    Add: lambda layer, *xs: sum(xs),
    Concatenate: lambda layer, *xs: torch.cat(xs, layer.axis),
    Apply: lambda layer, x: ACTIVATIONS[layer.activation](x),
    GlobalPool: lambda layer, x: {"mean": torch.mean, "max": torch.amax}[layer.over](
        x, tuple(range(-layer.directions, 0))
    ),
}
"""What no module is needed for."""


def applied(layer, params, place, *xs):
    """What torch makes of ``xs``."""
    if type(layer) in AROUND:
        return AROUND[type(layer)](layer, *xs)
    (x,) = xs
    if isinstance(layer, Embedding):
        weight = state(layer, x.shape, nn.Module(), params, place)["weight"]
        return nn.functional.embedding(x, weight)
    module = MODULES[type(layer)](layer, x.shape).double()
    own = state(layer, x.shape, module, params, place)
    return after(layer, called(layer, module, own, x))


def called(layer, module, own, x):
    if isinstance(layer, SelfAttention):
        times = x.shape[1]
        hidden = torch.ones(times, times, dtype=torch.bool).triu(1) if layer.causal else None
        kept = {"attn_mask": hidden, "need_weights": False}
        return functional_call(module, own, (x, x, x), kept)[0]
    if isinstance(layer, PReLU):  # torch's slopes are those of axis 1
        x = x.movedim(layer.axis, 1)
        return functional_call(module, own, (x,)).movedim(1, layer.axis)
    out = functional_call(module, own, (x,))
    return out[0] if isinstance(layer, (RNN, LSTM, GRU)) else out


def after(layer, u):
    """The activation that belongs to a layer."""
    match layer:
        case Dense():
            return ACTIVATIONS[layer.activation.name](u)
        case Conv1d() | Conv2d() | ConvTranspose1d() | ConvTranspose2d():
            return ACTIVATIONS[layer.activation](u)
        case Maxout():
            return u.unflatten(-1, (layer.pieces, layer.units)).max(-2).values
    return u


def outputs(network, params, inputs):
    """What torch makes of each layer with our parameters, by the names of the layers, in order."""
    values = {}
    known = dict(zip((each.name for each in inputs_of(network.inputs)), inputs, strict=True))
    before = inputs[-1]
    owners = {}
    for place, each in enumerate(network.layers, 1):
        node = each if isinstance(each, Node) else Node(each)
        reads = [known[name] for name in node.reads] or [before]
        own = node.name or f"layer{place}"
        owners[own] = owners.get(node.share, place)
        before = applied(node.layer, params, owners[own], *reads)
        known[own] = values[own] = before
    return values


def predicted(network, params, x):
    """What torch predicts with our parameters, layer by layer."""
    *_, last = outputs(network, params, [x]).values()
    return last
