"""Formulas with branches, as trees of comparisons with an expression at each leaf.

Arithmetic is done at the leaves, so no branch ever stands inside a function or a comparison, where
SymPy would fold it as it likes, and each value that a function takes on can be looked at first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from sympy import Expr, Ge, Gt, Le, Lt, Piecewise

COMPARE = MappingProxyType({"<": Lt, "<=": Le, ">": Gt, ">=": Ge})


@dataclass(frozen=True)
class Branch:
    """``yes`` where ``condition`` holds, ``no`` elsewhere."""

    condition: Any
    yes: Tree
    no: Tree


Tree: TypeAlias = "Expr | Branch"


def each(function: Callable[..., Expr], *trees: Tree) -> Tree:
    """``function`` of the leaves: f(c ? a : b, x) -> c ? f(a, x) : f(b, x)."""
    for tree in trees:
        if isinstance(tree, Branch):
            c = tree.condition
            yes, no = ([_given(t, c, truth) for t in trees] for truth in (True, False))
            return _branch(c, each(function, *yes), each(function, *no))
    return function(*trees)


def choose(left: Tree, sign: str, right: Tree, yes: Tree, no: Tree) -> Tree:
    """``yes`` where ``left sign right`` holds, ``no`` elsewhere."""
    for side in (left, right):
        if isinstance(side, Branch):
            c = side.condition
            first = (_given(t, c, truth=True) for t in (left, right, yes, no))
            other = (_given(t, c, truth=False) for t in (left, right, yes, no))
            l1, r1, y1, n1 = first
            l2, r2, y2, n2 = other
            return _branch(c, choose(l1, sign, r1, y1, n1), choose(l2, sign, r2, y2, n2))
    return _compared(left, sign, right, yes, no)


def larger(a: Tree, b: Tree) -> Tree:
    """``max(a, b)``. A number gives way to what equals it, so that max(u, 0) is ReLU."""
    a, b = (b, a) if _is_number(a) else (a, b)
    return choose(a, ">", b, a, b)


def smaller(a: Tree, b: Tree) -> Tree:
    """``min(a, b)``, with the number where both are equal."""
    a, b = (b, a) if _is_number(a) else (a, b)
    return choose(a, "<", b, a, b)


def expression_of(tree: Tree) -> Expr:
    """The tree as SymPy writes it: a Piecewise whose conditions are comparisons."""
    arms = []
    while isinstance(tree, Branch):
        arms.append((expression_of(tree.yes), tree.condition))
        tree = tree.no
    return Piecewise(*arms, (tree, True)) if arms else tree


def _compared(left: Expr, sign: str, right: Expr, yes: Tree, no: Tree) -> Tree:
    difference = left - right
    if difference.is_number:
        # No condition then: the nearest float tells, and where it cannot both sides are one number.
        return yes if COMPARE[sign](difference.evalf(15), 0) else no
    c = COMPARE[sign](left, right, evaluate=False)
    return _branch(c, _given(yes, c, truth=True), _given(no, c, truth=False))


def _branch(condition: Any, yes: Tree, no: Tree) -> Tree:
    return yes if yes == no else Branch(condition, yes, no)


def _given(tree: Tree, condition: Any, truth: bool) -> Tree:
    """``tree`` where it is known whether ``condition`` holds."""
    if not isinstance(tree, Branch):
        return tree
    yes, no = (_given(side, condition, truth) for side in (tree.yes, tree.no))
    if tree.condition == condition:
        return yes if truth else no
    return _branch(tree.condition, yes, no)


def _is_number(tree: Tree) -> bool:
    return not isinstance(tree, Branch) and bool(tree.is_number)
