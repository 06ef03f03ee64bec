"""What an expression consists of.

Expressions about one program share most of their parts: those of each are found once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from sympy import Basic

KEPT = 2**16
"""Expressions of which it is remembered."""

T = TypeVar("T", bound=Basic)


def nodes(expr: Basic, *kinds: type[T]) -> frozenset[T]:
    """The nodes of ``expr`` of some kinds, itself too; as SymPy's ``atoms``, and quicker."""
    return _of_kinds(expr, kinds)


@lru_cache(maxsize=KEPT)
def _of_kinds(expr: Basic, kinds: tuple[type[Any], ...]) -> frozenset[Any]:
    return frozenset(node for node in _all(expr) if isinstance(node, kinds))


@lru_cache(maxsize=KEPT)
def _all(expr: Basic) -> frozenset[Basic]:
    return frozenset((expr,)).union(*map(_all, expr.args))
