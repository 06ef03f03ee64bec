"""Functions that NumPy lacks, where their textbook formula would overflow or cancel.

Generated modules get a copy of those that they use: this file is read, not imported, by symbp.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Params = dict[str, Array]


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), of which only exp(-|u|) is computed: it cannot overflow."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1, e) / (1 + e)


def softmax(u: Array, axis: int = -1) -> Array:
    """exp(u_j) / Σ_k exp(u_k), shifted by the largest u: exp is 1 at most."""
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(u: Array, axis: int = -1) -> Array:
    """log softmax(u), which stays finite where softmax(u) is 0."""
    return u - log_sum_exp(u, axis=axis, keepdims=True)


def log_not_softmax(u: Array, axis: int = -1) -> Array:
    """log(1 - softmax(u)); where softmax(u) may be 1, from the sum over all other units."""
    top = u.argmax(axis=axis, keepdims=True)
    others = u.copy()
    np.put_along_axis(others, top, -np.inf, axis)
    out = np.log1p(-np.minimum(softmax(u, axis), 0.5))
    rest = log_sum_exp(others, axis, keepdims=True) - log_sum_exp(u, axis, keepdims=True)
    np.put_along_axis(out, top, rest, axis)
    return out


def log_sum_exp(u: Array, axis: int = -1, keepdims: bool = False) -> Array:
    """log Σ_k exp(u_k), shifted by the largest u."""
    top = u.max(axis=axis, keepdims=True)
    whole = top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))
    return whole if keepdims else whole.squeeze(axis)


def erf(x: Array) -> Array:
    """The error function, entry by entry."""
    return np.vectorize(math.erf, otypes=[x.dtype])(x)


def erfc(x: Array) -> Array:
    """1 - erf(x), without cancellation where erf(x) is close to 1."""
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)


def write_erf(x: Array, out: Array) -> None:
    """The error function: near 0 by its power series, elsewhere as 1 - erfc(x)."""
    series = [(-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(12)]
    for u, e in in_parts(x, out):
        square, near = np.minimum(u * u, 1), np.zeros_like(u)
        for c in reversed(series):
            near *= square
            near += c
        near *= u
        near *= 2 / math.sqrt(math.pi)
        far = np.empty_like(u)
        write_erfc(np.abs(u), far)
        e[...] = np.where(square < 0.25, near, np.copysign(1 - far, u))


def write_erfc(x: Array, out: Array) -> None:
    """1 - erf(x), without cancellation, and without a call of Python for each entry.

    For x ≥ 0 it is t exp(-x²) p(2t - 1), t = 2/(2 + x): p is a Chebyshev series, here in powers.
    """
    powers = (
        -1.911173728607894e-09,
        6.597367302900275e-09,
        6.52043461440154e-09,
        -5.145629434357736e-08,
        3.6000845292079935e-08,
        1.497143526022312e-07,
        -3.262460935296672e-07,
        1.5720540066794157e-08,
        1.0305699215291105e-06,
        -1.835078540898153e-06,
        -5.776423611511427e-07,
        8.06710621122023e-06,
        -1.084298532996441e-05,
        -1.7076638145079572e-05,
        7.223418829504806e-05,
        -1.71852541704069e-05,
        -0.0003315365766901461,
        0.0004186479710660508,
        0.0015453060141013286,
        -0.0032395925295271534,
        -0.010755330944036532,
        0.01822111575329492,
        0.13973604627801475,
        0.3435803422069067,
        0.5107913526210115,
    )
    for u, e in in_parts(x, out):
        z = np.abs(u)
        t = 2 / (z + 2)
        s = 2 * t - 1
        p = np.zeros_like(z)
        for c in powers:
            p *= s
            p += c
        p *= t
        p *= np.exp(-z * z)
        e[...] = np.where(u < 0, 2 - p, p)


def in_parts(x: Array, out: Array) -> Any:
    """The entries of two arrays, so many at a time as the processor's cache holds."""
    return np.nditer(
        (x, out),
        ["external_loop", "buffered", "zerosize_ok"],
        [["readonly"], ["writeonly"]],
        buffersize=4096,
    )


def windows(
    x: Array, axis: int, counts: tuple[int, ...], steps: tuple[int, ...], start: int = 0
) -> Array:
    """``x`` at ``start + Σ steps * i``, with an axis for each i in place of ``axis``; 0 outside.

    A view, of x itself where nothing lies outside: no entry is copied but for the margins.
    """
    reach = start + sum(step * (count - 1) for step, count in zip(steps, counts, strict=True))
    margins = (max(0, -start), max(0, reach + 1 - x.shape[axis]))
    if any(margins):
        x = np.pad(x, [margins if k == axis else (0, 0) for k in range(x.ndim)])
    first = x[(slice(None),) * axis + (slice(start + margins[0], None),)]
    shape = (*x.shape[:axis], *counts, *x.shape[axis + 1 :])
    strides = (*x.strides[:axis], *(s * x.strides[axis] for s in steps), *x.strides[axis + 1 :])
    return np.lib.stride_tricks.as_strided(first, shape, strides, writeable=False)


def overlaid(
    g: Array,
    axes: tuple[int, ...],
    counts: tuple[int, ...],
    steps: tuple[int, ...],
    start: int,
    size: int,
) -> Array:
    """What stands at i of ``axes`` put at ``start + Σ steps * i`` of one axis, and added up there.

    Entries that would lie outside of 0 … ``size`` are left out. One slice is added for each
    position of all axes but the longest.
    """
    at = min(axes)
    g = np.moveaxis(g, axes, range(len(axes)))
    g = np.broadcast_to(g, (*counts, *g.shape[len(axes) :]))
    longest = max(range(len(axes)), key=lambda k: counts[k])
    g = np.moveaxis(g, longest, 0)
    others = [k for k in range(len(axes)) if k != longest]
    reach = sum(step * (count - 1) for step, count in zip(steps, counts, strict=True))
    low, high = min(start, 0), max(start + reach + 1, size)
    out = np.zeros((high - low, *g.shape[len(axes) :]), g.dtype)
    span, step = steps[longest] * (counts[longest] - 1) + 1, steps[longest]
    for offsets in np.ndindex(*(counts[k] for k in others)):
        first = start - low + sum(steps[k] * i for k, i in zip(others, offsets, strict=True))
        out[first : first + span : step] += g[(slice(None), *offsets)]
    return np.moveaxis(out[-low : size - low], 0, at)


def collected(g: Array, labels: Array, size: int) -> Array:
    """Σ of the entries of ``g`` that have the same label, for each of ``size`` labels."""
    out = np.zeros((size, *g.shape[labels.ndim :]), g.dtype)
    np.add.at(out, labels, g)
    return out


def below(w: Array, b: Array) -> Array:
    """``w`` and, as one more row, ``b``, which lies behind it in the vector that both are of."""
    whole = w.base
    if whole is None or b.base is not whole or b.ctypes.data != w.ctypes.data + w.nbytes:
        raise ValueError("a bias does not lie behind its weights: make both by laid_out")
    start = (w.ctypes.data - whole.ctypes.data) // w.itemsize
    return whole[start : start + w.size + b.size].reshape(-1, b.size)


def earliest(planes: list[Array]) -> None:
    """Of those ``planes`` that are true the first is left so; the last is true where none is.

    Until then the last tells where one of those before is.
    """
    seen, *between, last = planes
    for plane in between:
        np.greater(plane, seen, out=plane)
        np.logical_or(seen, plane, out=last)
        seen = last
    np.logical_not(seen, out=last)


def pieces(
    whole: Array, parts: Array, at: list[tuple[int, tuple[int, ...]]]
) -> list[tuple[Array, Array]]:
    """Views of ``whole`` and of ``parts``, in pairs, of entries that lie at the same places.

    For each axis of ``whole``, ``at`` has a start and the steps of those axes of ``parts`` that
    lead along it: what stands at i lies at ``start + Σ steps * i``, or outside. The longest of
    them is in one piece.
    """
    found: list[list[tuple[Any, ...]]] = []
    begin = 0
    for size, (start, steps) in zip(whole.shape, at, strict=True):
        counts = parts.shape[begin : begin + len(steps)]
        begin += len(steps)
        long = counts.index(max(counts))
        step, ranges = steps[long], []
        for i in np.ndindex(*(1 if k == long else count for k, count in enumerate(counts))):
            first = start + sum(s * k for s, k in zip(steps, i, strict=True))
            low = max(0, -(first // step))
            high = min(counts[long], -((first - size) // step))
            if low < high:
                there = slice(first + step * low, first + step * (high - 1) + 1, step)
                ranges.append((there, *i[:long], slice(low, high), *i[long + 1 :]))
        found.append(ranges)
    pairs = []
    for chosen in np.ndindex(*map(len, found)):
        each = [ranges[k] for ranges, k in zip(found, chosen, strict=True)]
        own = tuple(k for _, *places in each for k in places)
        pairs.append((whole[tuple(there for there, *_ in each)], parts[own]))
    return pairs


def by_layer(arrays: Params, stem: str) -> dict[int, Array]:
    """A table of ``w1``, ``w2``, ... where ``stem`` is w: number 2 is ``w2`` of ``arrays``."""
    numbers = {name.removeprefix(stem): array for name, array in arrays.items()}
    return {int(number): array for number, array in numbers.items() if number.isdigit()}


def by_name(**layers: dict[int, Array]) -> Params:
    """The arrays in tables by their names: ``w2`` for number 2 of what is given as ``w``."""
    return {f"{stem}{l}": array for stem, arrays in layers.items() for l, array in arrays.items()}
