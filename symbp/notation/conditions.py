"""Conditions, and what depends on them: relations and cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy.core.relational import Relational

from symbp.notation import formula as tree
from symbp.notation import order


def cases(arrange: Callable[[Any], tree.Formula], expr: sympy.Piecewise) -> tree.Formula:
    """``{a if c; b if not c}``, or 𝟙[c] for 1 and 0; ``arrange`` does the parts."""
    first, *others = expr.args
    if len(others) == 1 and others[0].cond == sympy.true:
        if (first.expr, others[0].expr) == (1, 0):
            return tree.Indicator(arrange(first.cond))
        if isinstance(first.cond, Relational):
            # Two branches need no word: the second holds where the first does not.
            second = (arrange(others[0].expr), arrange(first.cond.negated))
            return tree.Cases(((arrange(first.expr), arrange(first.cond)), second))
    always = sympy.true
    return tree.Cases(
        tuple((arrange(p.expr), None if p.cond == always else arrange(p.cond)) for p in expr.args)
    )


def relation(arrange: Callable[[Any], tree.Formula], expr: Any) -> tree.Formula:
    """``left < right``; what is judged on the left, what it is measured by on the right."""
    left, right, sign = expr.lhs, expr.rhs, RELATIONS[expr.func]
    if order.rank(left) <= order.SIZE < order.rank(right):
        left, right, sign = right, left, MIRRORED[sign]
    return tree.Relation(arrange(left), sign, arrange(right))


RELATIONS = {
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: "≥",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "≤",
    sympy.Equality: "=",
    sympy.Unequality: "≠",
}
MIRRORED = {">": "<", "≥": "≤", "<": ">", "≤": "≥", "=": "=", "≠": "≠"}


def junction(arrange: Callable[[Any], tree.Formula], expr: Any) -> tree.Formula:
    """``a ∧ b``, ``a ∨ b``"""
    return tree.Junction(JUNCTIONS[expr.func], tuple(arrange(part) for part in expr.args))


JUNCTIONS = {sympy.And: "∧", sympy.Or: "∨"}
