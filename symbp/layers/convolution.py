"""Convolution in one and two directions, and its transpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from symbp.activations.activation import Scalar
from symbp.errors import Fault, fault
from symbp.layers import checks
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
    least = MappingProxyType({"padding": 0, "output_padding": 0})

    @property
    def reach(self) -> int:
        """Over how many positions the kernel extends."""
        return self.dilation * (self.kernel - 1) + 1

    def size(self, before: int) -> int:
        """How many positions come out."""
        return (before + 2 * self.padding - self.reach) // self.stride + 1

    def at(self, position: str, offset: str) -> str:
        """Where the kernel reads: s i + d p - padding."""
        return affine((self.stride, position), (self.dilation, offset), -self.padding)

    def forward(self, *shapes: Sizes) -> Forward:
        channels, sizes = self.checked(shapes[0])
        d = self.directions
        r, p, i = (", ".join(letters[:d]) for letters in (READ, KERNEL, OUT))
        at = ", ".join(map(self.at, OUT[:d], KERNEL[:d]))
        own = dict(zip(KERNEL[:d], (self.kernel,) * d, strict=True))
        own |= dict(zip(OUT[:d], map(self.size, sizes), strict=True))
        z = f"z[..., o, {i}] = {self.activation}(u[..., o, {i}])"
        if self.groups == 1:
            u = f"u[..., o, {i}] = sum(c, {p}, w[o, c, {p}] * x[..., c, {at}])"
            learnt = {f"w[o, c, {p}]": "he"} | self.biases("o")
            u = f"{u}{' + b[o]' if self.bias else ''}"
            return Forward((f"x[..., c, {r}]",), (u, z), own | {"o": self.filters}, learnt)
        each, out = channels // self.groups, self.filters // self.groups
        own |= {"g": self.groups, "k": out, "c": each, "o": self.filters}
        body = f"sum(c, {p}, w[g, k, c, {p}] * x[..., {affine((each, 'g'), (1, 'c'))}, {at}])"
        equations = (
            f"v[..., g, k, {i}] = {body}{' + b[g, k]' if self.bias else ''}",
            f"u[..., o = {affine((out, 'g'), (1, 'k'))}, {i}] = v[..., g, k, {i}]",
            z,
        )
        learnt = {f"w[g, k, c, {p}]": "he"} | self.biases("g, k")
        return Forward((f"x[..., m, {r}]",), equations, own, learnt)

    def biases(self, letters: str) -> dict[str, str]:
        return {f"b[{letters}]": "zeros"} if self.bias else {}

    def checked(self, shape: Sizes) -> tuple[int, tuple[int, ...]]:
        """The number of channels and of positions that come in. Raises SpecErrors."""
        checks.refuse(checks.axes(self, shape, self.directions + 1))
        channels, *positions = (n or 0 for n in shape[-self.directions - 1 :])
        checks.refuse(
            (
                fault("groups_uneven", key, given=count, wanted=self.groups)
                for key, count in (("filters", self.filters), ("groups", channels))
                if count % self.groups
            ),
            *map(self.unfit, positions),
        )
        return channels, tuple(positions)

    def unfit(self, before: int) -> Iterator[Fault]:
        """The kernel reaches beyond all that there is, with its padding."""
        there = before + 2 * self.padding
        if self.reach > there:
            yield fault("kernel_large", "kernel", given=self.reach, limit=there)


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
    """``v[n, o, s i + d p − padding] += Σ_c w[c, o, p] x[n, c, i]``, ``u = v + b[o]``.

    ``output_padding`` are positions more at the end.
    """

    output_padding: int = 0
    kind = "conv_transpose1d"

    def size(self, before: int) -> int:
        whole = (before - 1) * self.stride + self.reach + self.output_padding
        return whole - 2 * self.padding

    def forward(self, *shapes: Sizes) -> Forward:
        channels, sizes = self.checked(shapes[0])
        d = self.directions
        p, i, r = (", ".join(letters[:d]) for letters in (KERNEL, OUT, READ))
        own = dict(zip(KERNEL[:d], (self.kernel,) * d, strict=True))
        own |= dict(zip(READ[:d], map(self.size, sizes), strict=True)) | {"o": self.filters}
        lands = ", ".join(
            f"{r} = {self.at(i, p)}" for i, p, r in zip(OUT[:d], KERNEL[:d], READ[:d], strict=True)
        )
        each, out = channels // self.groups, self.filters // self.groups
        if self.groups == 1:
            v = f"v[..., o, {lands}] = sum(c, w[c, o, {p}] * x[..., c, {i}])"
            weights, reads = f"w[c, o, {p}]", f"x[..., c, {i}]"
        else:
            own |= {"g": self.groups, "c": each, "k": out}
            read = f"x[..., {affine((each, 'g'), (1, 'c'))}, {i}]"
            at = affine((out, "g"), (1, "k"))
            v = f"v[..., o = {at}, {lands}] = sum(c, w[g, c, k, {p}] * {read})"
            weights, reads = f"w[g, c, k, {p}]", f"x[..., m, {i}]"
        u = f"u[..., o, {r}] = v[..., o, {r}]{' + b[o]' if self.bias else ''}"
        z = f"z[..., o, {r}] = {self.activation}(u[..., o, {r}])"
        return Forward((reads,), (v, u, z), own, {weights: "he"} | self.biases("o"))

    def checked(self, shape: Sizes) -> tuple[int, tuple[int, ...]]:
        channels, sizes = super().checked(shape)
        step = max(self.stride, self.dilation)
        if self.output_padding >= step:
            facts = {"given": self.output_padding, "limit": step - 1}
            checks.refuse([fault("number_large", "output_padding", **facts)])
        return channels, sizes

    def unfit(self, before: int) -> Iterator[Fault]:
        """The padding takes away all that comes out."""
        if self.size(before) < 1:
            limit = (self.size(before) + 2 * self.padding + 1) // 2
            yield fault("padding_large", "padding", given=self.padding, limit=limit)


@dataclass(frozen=True)
class ConvTranspose2d(ConvTranspose1d):
    """The same in two directions."""

    kind = "conv_transpose2d"
    directions = 2
