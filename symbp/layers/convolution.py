"""Convolution in one and two directions, and its transpose."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.activations.activation import Scalar
from symbp.errors import Fault, SpecErrors, fault
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

READ, KERNEL, OUT = "rs", "pq", "ij"
"""The letters of positions that are read, within the kernel, and that come out."""


@dataclass(frozen=True)
class _Convolution(Layer):
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1
    activation: str | Scalar = "identity"
    bias: bool = True
    directions = 1
    least = MappingProxyType({"padding": 0})

    def size(self, before: int) -> int:
        """How many positions come out. Raises SpecErrors where the kernel does not fit."""
        reach = self.dilation * (self.kernel - 1) + 1
        if reach > before + 2 * self.padding:
            wide = before + 2 * self.padding
            raise SpecErrors([fault("kernel_large", "kernel", given=reach, limit=wide)])
        return (before + 2 * self.padding - reach) // self.stride + 1

    def at(self, position: str, offset: str) -> str:
        """Where the kernel reads: s i + d p - padding."""
        return affine((self.stride, position), (self.dilation, offset), -self.padding)

    def forward(self, *shapes: Sizes) -> Forward:
        d = self.directions
        channels, sizes = checked(self, shapes[0], d)
        r, p, i = (", ".join(letters[:d]) for letters in (READ, KERNEL, OUT))
        at = ", ".join(map(self.at, OUT[:d], KERNEL[:d]))
        own = dict(zip(KERNEL[:d], (self.kernel,) * d, strict=True))
        own |= dict(zip(OUT[:d], map(self.size, sizes), strict=True))
        if self.groups == 1:
            body = f"sum(c, {p}, w[o, c, {p}] * x[..., c, {at}])"
            return _filtered(self, f"c, {r}", body, f"o, c, {p}", f"o, {i}", own, self.filters)
        each, out = channels // self.groups, self.filters // self.groups
        own |= {"g": self.groups, "o": out, "c": each, "k": self.filters}
        body = f"sum(c, {p}, w[g, o, c, {p}] * x[..., {each}*g + c, {at}])"
        equations = (
            f"v[..., g, o, {i}] = {body}{' + b[g, o]' if self.bias else ''}",
            f"u[..., k = {out}*g + o, {i}] = v[..., g, o, {i}]",
            f"z[..., k, {i}] = {self.activation}(u[..., k, {i}])",
        )
        learnt = {f"w[g, o, c, {p}]": "he"} | ({"b[g, o]": "zeros"} if self.bias else {})
        return Forward((f"x[..., m, {r}]",), equations, own, learnt)


def checked(layer: _Convolution, shape: Sizes, directions: int) -> tuple[int, tuple[int, ...]]:
    """The number of channels and of positions that come in. Raises SpecErrors."""
    if len(shape) < directions + 1 or None in shape[-directions - 1 :]:
        raise SpecErrors([_axes(layer, shape, directions)])
    channels, *positions = (n or 0 for n in shape[-directions - 1 :])
    faults = []
    for key, count in (("filters", layer.filters), ("groups", channels)):
        if count % layer.groups:
            faults.append(fault("groups_uneven", key, given=count, wanted=layer.groups))
    if faults:
        raise SpecErrors(faults)
    return channels, tuple(positions)


def _axes(layer: _Convolution, shape: Sizes, directions: int) -> Fault:
    given = sum(size is not None for size in shape)
    return fault("layer_axes", given=given, wanted=directions + 1, name=layer.kind)


def affine(*parts: tuple[int, str] | int) -> str:
    """``2*i + p - 1``"""
    text = ""
    for part in parts:
        number, letter = part if isinstance(part, tuple) else (part, "")
        if number == 0:
            continue
        size = "" if abs(number) == 1 and letter else f"{abs(number)}{'*' * bool(letter)}"
        sign = " - " if number < 0 else " + "
        text += f"{sign if text or number < 0 else ''}{size}{letter}"
    return text.strip()


def _filtered(
    layer: _Convolution, read: str, body: str, w: str, out: str, sizes: dict[str, int], filters: int
) -> Forward:
    """u = body + b, z = f(u)"""
    u = f"u[..., {out}] = {body}{' + b[o]' if layer.bias else ''}"
    z = f"z[..., {out}] = {layer.activation}(u[..., {out}])"
    learnt = {f"w[{w}]": "he"} | ({"b[o]": "zeros"} if layer.bias else {})
    return Forward((f"x[..., {read}]",), (u, z), {**sizes, "o": filters}, learnt)


@dataclass(frozen=True)
class Conv1d(_Convolution):
    """``u[n, o, i] = Σ_c Σ_p w[o, c, p] x[n, c, s i + d p − padding] + b[o]``"""

    kind = "conv1d"


@dataclass(frozen=True)
class Conv2d(_Convolution):
    """The same in two directions; the kernel is square."""

    kind = "conv2d"
    directions = 2


@dataclass(frozen=True)
class ConvTranspose1d(_Convolution):
    """``u[n, o, s i + d p − padding] += Σ_c w[c, o, p] x[n, c, i]``, and b[o]."""

    kind = "conv_transpose1d"

    def size(self, before: int) -> int:
        return (before - 1) * self.stride - 2 * self.padding + self.dilation * (self.kernel - 1) + 1

    def forward(self, *shapes: Sizes) -> Forward:
        d = self.directions
        _, sizes = checked(self, shapes[0], d)
        p, i, r = (", ".join(letters[:d]) for letters in (KERNEL, OUT, READ))
        own = dict(zip(KERNEL[:d], (self.kernel,) * d, strict=True))
        own |= dict(zip(READ[:d], map(self.size, sizes), strict=True)) | {"o": self.filters}
        lands = ", ".join(
            f"{r} = {self.at(i, p)}" for i, p, r in zip(OUT[:d], KERNEL[:d], READ[:d], strict=True)
        )
        v = f"v[..., o, {lands}] = sum(c, w[c, o, {p}] * x[..., c, {i}])"
        u = f"u[..., o, {r}] = v[..., o, {r}]{' + b[o]' if self.bias else ''}"
        z = f"z[..., o, {r}] = {self.activation}(u[..., o, {r}])"
        learnt = {f"w[c, o, {p}]": "he"} | ({"b[o]": "zeros"} if self.bias else {})
        return Forward((f"x[..., c, {i}]",), (v, u, z), own, learnt)


@dataclass(frozen=True)
class ConvTranspose2d(ConvTranspose1d):
    """The same in two directions."""

    kind = "conv_transpose2d"
    directions = 2
