"""Attention: scaled dot products, one head or several, to oneself or to something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symbp.errors import Fault, fault
from symbp.layers import checks
from symbp.layers.forward import Forward
from symbp.layers.written import NEVER, Layer, Sizes

KEYS, PAIRS = 2, 3
"""The axes of a mask, the samples among them: of what is seen, and of what each position sees."""


@dataclass(frozen=True)
class SelfAttention(Layer):
    """``e = q kᵀ / sqrt(D)``, ``p = softmax(e)`` over the keys, ``o = p v``, for each head.

    With ``causal``, a position sees none that comes after it. A second tensor that is read is a
    mask, (samples, keys) or (samples, positions, keys): 0 where nothing is seen.
    """

    heads: int = 1
    causal: bool = False
    kind = "attention"

    def forward(self, *shapes: Sizes) -> Forward:
        checks.refuse(checks.axes(self, shapes[0], 3, exact=True), _read(shapes, 1))
        checks.refuse(_uneven(self.heads, shapes[0]))
        own = ("x[n, t, i]",)
        projections = {"q": "x[n, t, i]", "k": "x[n, t, i]", "v": "x[n, t, i]"}
        return attending(own, projections, shapes[1:], shapes[0], self.heads, self.causal)


@dataclass(frozen=True)
class CrossAttention(Layer):
    """Queries are made of x, keys and values of y, which may have another length and width.

    A third tensor that is read is a mask, (samples, keys) or (samples, positions, keys).
    """

    heads: int = 1
    kind = "cross_attention"

    def forward(self, *shapes: Sizes) -> Forward:
        least = [fault("layer_reads", "from", given=len(shapes), wanted=2)]
        checks.refuse(least if len(shapes) < 2 else ())
        axes = (checks.axes(self, shape, 3, exact=True) for shape in shapes[:2])
        checks.refuse(*axes, _read(shapes, 2))
        checks.refuse(_uneven(self.heads, shapes[0]))
        own = ("x[n, t, i]", "y[n, s, m]")
        projections = {"q": "x[n, t, i]", "k": "y[n, s, m]", "v": "y[n, s, m]"}
        return attending(own, projections, shapes[2:], shapes[0], self.heads, causal=False)


def attending(
    reads: tuple[str, ...],
    projected: dict[str, str],
    masks: tuple[Sizes, ...],
    shape: Sizes,
    heads: int,
    causal: bool,
) -> Forward:
    """Attention whose queries, keys and values are ``projected`` from entries of what it reads."""
    width = shape[-1] or 0
    equations = []
    learnt: dict[str, str] = {}
    for name, entry in projected.items():
        at, letter = entry[entry.index("[") :].strip("[]").split(", ")[1:]
        equations.append(
            f"{name}[n, h, {at}, d] = sum({letter}, w_{name}[{letter}, h, d] * {entry})"
            f" + b_{name}[h, d]"
        )
        learnt |= {f"w_{name}[{letter}, h, d]": "glorot", f"b_{name}[h, d]": "zeros"}
    equations.append("e[n, h, t, s] = sum(d, q[n, h, t, d] * k[n, h, s, d]) / sqrt(size(d))")
    conditions = ["s <= t"] if causal else []
    if masks:
        mask = "a[n, s]" if len(masks[0]) == KEYS else "a[n, t, s]"
        reads = (*reads, mask)
        conditions.append(f"{mask} > 0")
    seen = "e[n, h, t, s]"
    for condition in conditions:
        seen = f"where({condition}, {seen}, {NEVER})"
    if conditions:
        equations.append(f"m[n, h, t, s] = {seen}")
    m = "m" if conditions else "e"
    equations += [
        f"p[n, h, t, s] = exp({m}[n, h, t, s]) / sum(r, exp({m}[n, h, t, r]))",
        "o[n, h, t, d] = sum(s, p[n, h, t, s] * v[n, h, s, d])",
        "z[n, t, j] = sum(h, d, w_o[h, d, j] * o[n, h, t, d]) + b_o[j]",
    ]
    learnt |= {"w_o[h, d, j]": "glorot", "b_o[j]": "zeros"}
    sizes = {"h": heads, "d": width // heads, "j": width}
    return Forward(reads, tuple(equations), sizes, learnt, masks=("a",) if masks else ())


def _uneven(heads: int, shape: Sizes) -> Iterable[Fault]:
    """The heads share the units of what comes in evenly."""
    width = shape[-1] or 0
    return [fault("heads_uneven", "heads", given=heads, wanted=width)] if width % heads else []


def _read(shapes: tuple[Sizes, ...], count: int) -> Iterable[Fault]:
    """``count`` tensors are read, and perhaps a mask with as many axes as masks have."""
    masks = shapes[count:]
    if len(masks) > 1:
        yield fault("layer_reads", "from", given=len(shapes), wanted=count + 1)
    for mask in masks[:1]:
        if len(mask) not in (KEYS, PAIRS):
            yield fault("layer_axes", "from", given=len(mask), wanted=KEYS, name="a[n, s]")
