"""Branches of formulas, whose conditions are comparisons and nothing else.

SymPy turns a branch inside a condition into an if-then-else of conditions, which nobody can read;
here such a branch is lifted out of the condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sympy import Expr, Piecewise

COMPARE: Mapping[str, Callable[[Expr, Expr], Any]] = MappingProxyType(
    {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
)


def where(a: Expr, sign: str, b: Expr, yes: Expr, no: Expr) -> Expr:
    """``yes`` where ``a sign b`` holds, ``no`` elsewhere.

    where({c if p else d} < b, y, n) -> where(p, where(c < b, y, n), where(d < b, y, n))
    """
    inner = a.atoms(Piecewise) | b.atoms(Piecewise)
    if not inner:
        return Piecewise((yes, COMPARE[sign](a, b)), (no, True))
    lifted = min(inner, key=lambda p: (len(p.atoms(Piecewise)), p.sort_key()))
    branches = []
    for value, condition in lifted.args:
        a1, b1, yes1, no1 = (side.xreplace({lifted: value}) for side in (a, b, yes, no))
        branches.append((where(a1, sign, b1, yes1, no1), condition))
    return Piecewise(*branches)


def larger(a: Expr, b: Expr) -> Expr:
    """``max(a, b)``. A number gives way to what equals it, so that max(u, 0) is ReLU."""
    a, b = (b, a) if a.is_number else (a, b)
    return where(a, ">", b, a, b)


def smaller(a: Expr, b: Expr) -> Expr:
    """``min(a, b)``, with the number where both are equal."""
    a, b = (b, a) if a.is_number else (a, b)
    return where(a, "<", b, a, b)
