"""What the data is known to satisfy."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Sum

from symbp.equations.canonical import bound_in
from symbp.equations.equation import Equation
from symbp.equations.nodes import ordered
from symbp.equations.tensor import indices_of, is_entry, tensor_of


@dataclass(frozen=True)
class Fact:
    """Σ_j d_j -> 1, or whatever the data is known to satisfy."""

    facts: tuple[Equation, ...]

    def __call__(self, expr: Expr) -> tuple[Expr, Equation] | None:
        """``expr`` by the first fact that applies, and that fact as it was used."""
        for fact in self.facts:
            found = ((node, self._matches(node, fact)) for node in expr.atoms(Sum))
            values = {node: value for node, value in found if value is not None}
            if values:
                node = ordered(values)[0]
                return expr.xreplace({node: values[node]}), Equation(fact.id, node, values[node])
        return None

    @staticmethod
    def _matches(node: Sum, fact: Equation) -> Expr | None:
        known = fact.lhs
        if len(node.limits) != len(known.limits) or not is_entry(node.function):
            return None
        if tensor_of(node.function) != tensor_of(known.function):
            return None
        renaming = dict(zip(indices_of(known.function), indices_of(node.function), strict=True))
        if known.function.xreplace(renaming) != node.function:
            return None
        same = {renaming[index] for index in bound_in(known)} == set(bound_in(node))
        return fact.rhs if same else None
