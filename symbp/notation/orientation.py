"""Which way a matrix of weights lies, where the notation does not say: what it may well meet."""

from __future__ import annotations

import sympy
from sympy import Expr

from symbp.equations.tensor import Role, entries, indices_of, tensor_of
from symbp.notation.indices import is_weight


def is_likely(sides: tuple[Expr, ...]) -> bool:
    """Whether weights meet what comes into their layer, or the slopes of what goes out of it."""
    return not any(_is_unlikely(side) for side in sides)


def _is_unlikely(side: Expr) -> bool:
    every = entries(side)
    for weight in every:
        if not is_weight(tensor_of(weight)):
            continue
        source, target = indices_of(weight)
        for other in every:
            role, indices = tensor_of(other).role, indices_of(other)
            if role is Role.ACTIVATION and target in indices:
                return True
            if role is Role.DELTA and source in indices and other in _multiplied(side, weight):
                return True
    return False


def _multiplied(side: Expr, factor: Expr) -> set[Expr]:
    """The entries that ``factor`` is multiplied by within a sum."""
    found: set[Expr] = set()
    for inner in side.atoms(sympy.Sum):
        body = inner.function
        if factor in body.args:
            found |= set(body.args)
    return found
