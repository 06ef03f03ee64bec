"""Pooling: the largest, or the mean, of each window; and of all positions."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import fault
from symbp.layers import checks
from symbp.layers.convolution import KERNEL, OUT, READ, affine
from symbp.layers.forward import Forward
from symbp.layers.written import NEVER, Layer, Sizes

POSITIONS = "rstuv"


@dataclass(frozen=True)
class _Pooling(Layer):
    kernel: int
    stride: int | None = None
    padding: int = 0
    directions = 1
    least = MappingProxyType({"padding": 0})

    @property
    def step(self) -> int:
        return self.kernel if self.stride is None else self.stride

    def equations(self, x: str, at: str, r: str, p: str, i: str) -> tuple[str, ...]:
        """The equations where ``x`` is what a window reads, ``at`` these positions."""
        raise NotImplementedError

    def forward(self, *shapes: Sizes) -> Forward:
        d = self.directions
        sizes = self.checked(shapes[0])
        own = dict.fromkeys(KERNEL[:d], self.kernel)
        own |= {
            i: (n + 2 * self.padding - self.kernel) // self.step + 1
            for i, n in zip(OUT, sizes, strict=False)
        }
        letters = zip(OUT[:d], KERNEL[:d], strict=True)
        at = ", ".join(affine((self.step, i), (1, p), -self.padding) for i, p in letters)
        r, p, i = (", ".join(letters[:d]) for letters in (READ, KERNEL, OUT))
        return Forward((f"x[..., {r}]",), self.equations(f"x[..., {at}]", at, r, p, i), own)

    def checked(self, shape: Sizes) -> list[int]:
        """The numbers of positions that come in. Raises SpecErrors."""
        checks.refuse(checks.axes(self, shape, self.directions))
        sizes = [n or 0 for n in shape[-self.directions :]]
        facts = {"given": self.padding, "limit": self.kernel}
        checks.refuse(
            [fault("padding_large", "padding", **facts)] if self.padding >= self.kernel else (),
            (
                fault("kernel_large", "kernel", given=self.kernel, limit=n + 2 * self.padding)
                for n in sizes
                if n + 2 * self.padding < self.kernel
            ),
        )
        return sizes


@dataclass(frozen=True)
class MaxPool1d(_Pooling):
    """``z[n, c, i] = max_p x[n, c, s i + p − padding]``; of equal ones the first is the largest.

    What lies outside, where m is 0, is never the largest.
    """

    kind = "max_pool1d"

    def equations(self, x: str, at: str, r: str, p: str, i: str) -> tuple[str, ...]:
        if not self.padding:
            return (f"z[..., {i}] = max({p}, {x})",)
        return (
            f"m[{r}] = 1",
            f"v[..., {i}, {p}] = where(m[{at}] > 0, {x}, {NEVER})",
            f"z[..., {i}] = max({p}, v[..., {i}, {p}])",
        )


@dataclass(frozen=True)
class MaxPool2d(MaxPool1d):
    """The same in two directions."""

    kind = "max_pool2d"
    directions = 2


@dataclass(frozen=True)
class AveragePool1d(_Pooling):
    """``z[n, c, i] = 1/P Σ_p x[n, c, s i + p − padding]``.

    Without ``count_outside`` the mean is taken of what lies inside, where m is 1.
    """

    count_outside: bool = True
    kind = "average_pool1d"

    def equations(self, x: str, at: str, r: str, p: str, i: str) -> tuple[str, ...]:
        if self.count_outside or not self.padding:
            return (f"z[..., {i}] = mean({p}, {x})",)
        return (
            f"m[{r}] = 1",
            f"c[{i}] = sum({p}, m[{at}])",
            f"z[..., {i}] = sum({p}, {x}) / c[{i}]",
        )


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
        checks.refuse(checks.axes(self, shapes[0], self.directions))
        r = ", ".join(POSITIONS[: self.directions])
        return Forward((f"x[..., {r}]",), (f"z[...] = {self.over}({r}, x[..., {r}])",))
