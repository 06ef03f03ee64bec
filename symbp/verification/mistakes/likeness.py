"""How much alike two lines are as they stand, whatever they are equal to."""

from __future__ import annotations

from sympy import Expr, Sum

from symbp.equations.calculus import Opaque, Partial
from symbp.equations.nodes import nodes
from symbp.equations.tensor import entries, is_entry, tensor_of


def likeness(one: Expr, other: Expr) -> float:
    """The share of what they speak of that both speak of; 1 where there is nothing else."""
    left, right = _spoken_of(one), _spoken_of(other)
    return len(left & right) / max(1, len(left | right))


def _spoken_of(expr: Expr) -> set[object]:
    """The quantities, derivatives and functions in ``expr``, and how many sums it has."""
    found: set[object] = {tensor_of(entry) for entry in entries(expr)}
    for partial in nodes(expr, Partial):
        ends = (tensor_of(end) if is_entry(end) else end for end in partial.args)
        found.add(("partial", *ends))
    found |= {("function", each.symbol, each.order) for each in nodes(expr, Opaque)}
    return found | {("sum", k) for k in range(len(nodes(expr, Sum)))}
