"""How many units the layers have at the points where claims about numbered units are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sympy import Expr

from symbp.equations.axis import KEPT, Axis
from symbp.equations.tensor import entries, indices_of, tensor_of

MANY = 8
"""A layer of more units is compared with fewer, but with more than a claim numbers."""
MOST = 32
"""Units that are compared at all: derivatives have the square of them."""


def sizes_for(given: Mapping[Axis, int], exprs: Iterable[Expr]) -> Mapping[Axis, int]:
    """The sizes at which ``exprs`` are compared; none, so that all are open, without numbers.

    ``given`` are those of the network. What holds in a large layer for the units that are numbered
    holds in one with a few more as well: a unit in general stays among them. Raises
    NotImplementedError for a number that is too large for that.
    """
    numbered = [found for expr in exprs for found in _numbered(expr)]
    if not numbered:
        return {}
    highest = max(number for _, number in numbered)
    if highest > MOST and any(size > MOST for size in given.values()):
        raise NotImplementedError(str(highest + 1))
    enough = max(MANY, highest + 2)
    return {axis: min(size, enough) for axis, size in given.items()}


@lru_cache(maxsize=KEPT)
def _numbered(expr: Expr) -> tuple[tuple[Axis, int], ...]:
    """The units that are named by their numbers."""
    return tuple(
        (axis, int(index))
        for entry in entries(expr)
        for axis, index in zip(tensor_of(entry).axes, indices_of(entry), strict=True)
        if index.is_Integer
    )
