"""Derivatives of one unit by another, by way of what stands between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Expr, Sum

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.program import Program
from symbp.equations.tensor import Role, indices_of, is_entry, tensor_of

UNITS = (Role.ACTIVATION, Role.PREACTIVATION)

FARTHEST = 1
"""Layers between the two: what is further apart nobody writes in one line."""


def chained(
    program: Program, left: Expr, rights: Callable[[Expr], tuple[Expr, ...]]
) -> Iterator[Expr]:
    """``w_jk f'(u_j)``, given ``∂u_k/∂u_j``; nothing where one is computed from the other at once.

    ``rights`` tells what the derivatives between neighbours come to.
    """
    if not (isinstance(left, Partial) and is_entry(left.of) and is_entry(left.wrt)):
        return
    of, wrt, own = tensor_of(left.of), tensor_of(left.wrt), indices_of(left.wrt)
    if not {of.role, wrt.role} <= set(UNITS) or of.place is None or wrt.place is None:
        return
    if not 0 <= of.place - wrt.place <= FARTHEST:
        return
    readers = [e for e in program.users(wrt) if tensor_of(e.lhs).role in UNITS]
    if len(readers) != 1 or tensor_of(readers[0].lhs) == of:
        return
    between = tensor_of(readers[0].lhs)
    if between.axes == wrt.axes and not readers[0].rhs.has(Sum):
        entry, over = between[own], []
    elif between.axes:
        taken = [i for i in (*own, *indices_of(left.of)) if isinstance(i, Index)]
        k = between.axes[-1].fresh(taken, "k")
        entry, over = between[(*own[:-1], k)], [k]
    else:
        return
    outer, inner = Partial(left.of, entry), Partial(entry, left.wrt)
    for one in (*rights(outer)[:1], outer):
        for other in (*rights(inner)[:1], inner):
            made: Expr = total(one * other, *over) if over else one * other
            yield made
