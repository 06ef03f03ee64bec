"""Pooling: the largest, or the mean, of each window; and of all positions."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import SpecErrors, fault
from symbp.layers.convolution import KERNEL, OUT, READ, affine
from symbp.layers.forward import Forward
from symbp.layers.written import Layer, Sizes

LETTERS = "rsabcdefg"
"""Of positions, where there may be many directions."""


def positions(name: str, shape: Sizes, directions: int) -> list[int]:
    """The sizes of the last ``directions`` axes. Raises SpecErrors where there are fewer."""
    known = [size for size in shape if size is not None]
    if len(known) < directions:
        raise SpecErrors([fault("layer_axes", given=len(known), wanted=directions, name=name)])
    return known[len(known) - directions :]


@dataclass(frozen=True)
class _Pooling(Layer):
    kernel: int
    stride: int | None = None
    directions = 1
    over = "max"

    def forward(self, *shapes: Sizes) -> Forward:
        d, step = self.directions, self.stride or self.kernel
        sizes = positions(self.kind, shapes[0], d)
        faults = [
            fault("kernel_large", "kernel", given=self.kernel, limit=n)
            for n in sizes
            if n < self.kernel
        ]
        if faults:
            raise SpecErrors(faults)
        own = dict.fromkeys(KERNEL[:d], self.kernel)
        own |= {i: (n - self.kernel) // step + 1 for i, n in zip(OUT, sizes, strict=False)}
        at = ", ".join(affine((step, i), (1, p)) for i, p in zip(OUT[:d], KERNEL, strict=False))
        r, p, i = (", ".join(letters[:d]) for letters in (READ, KERNEL, OUT))
        z = f"z[..., {i}] = {self.over}({p}, x[..., {at}])"
        return Forward((f"x[..., {r}]",), (z,), own)


@dataclass(frozen=True)
class MaxPool1d(_Pooling):
    """``z[n, c, i] = max_p x[n, c, s i + p]``; of equal ones the first is the largest."""

    kind = "max_pool1d"


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    """The same in two directions."""

    kind = "max_pool2d"
    directions = 2


@dataclass(frozen=True)
class AveragePool1d(_Pooling):
    """``z[n, c, i] = 1/P Σ_p x[n, c, s i + p]``"""

    kind = "average_pool1d"
    over = "mean"


@dataclass(frozen=True)
class AveragePool2d(AveragePool1d):
    """The same in two directions."""

    kind = "average_pool2d"
    directions = 2


@dataclass(frozen=True)
class GlobalPool(Layer):
    """``z[n, c] = max`` or ``mean`` over the last ``directions`` axes."""

    over: str = "mean"
    directions: int = 2
    kind = "global_pool"
    words = MappingProxyType({"over": ("mean", "max")})

    def forward(self, *shapes: Sizes) -> Forward:
        positions(self.kind, shapes[0], self.directions)
        r = ", ".join(LETTERS[: self.directions])
        return Forward((f"x[..., {r}]",), (f"z[...] = {self.over}({r}, x[..., {r}])",))
