"""Tensors that read themselves at another time: h[t] is computed from h[t − 1].

Such equations make a program although each of them needs what the others define: at every time
they read what was computed at the times before.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer

from symbp.equations.axis import Index
from symbp.equations.tensor import indices_of


def shift_of(position: Expr, index: Expr) -> int | None:
    """k of ``index + k``; None where ``position`` is something else."""
    if position == index:
        return 0
    if isinstance(position, Add) and index in position.args:
        rest = position - index
        return int(rest) if isinstance(rest, Integer) else None
    return None


def shifts(entry: Expr, lhs: Expr) -> list[tuple[Index, int]]:
    """The indices of ``lhs`` that ``entry`` bears shifted, and how far: (t, −1) of h[n, t − 1]."""
    return [
        (index, shift)
        for position in indices_of(entry)
        for index in indices_of(lhs)
        if (shift := shift_of(position, index))
    ]
