"""What an expression consists of.

Expressions about one program share most of their parts: those of each are found once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

from sympy import Basic, Expr

KEPT = 2**16
"""Expressions of which it is remembered."""

DIGITS = 6
"""Of the number of a layer, where texts are to be in the order of numbers."""

T = TypeVar("T", bound=Basic)


def nodes(expr: Basic, *kinds: type[T]) -> frozenset[T]:
    """The nodes of ``expr`` of some kinds, itself too; as SymPy's ``atoms``, and quicker.

    Indices of equal axes are equal, whatever these axes call their indices first: who wants that
    letter asks SymPy.
    """
    return _of_kinds(expr, kinds)


def has(expr: Basic, *kinds: type[Basic]) -> bool:
    """Whether ``expr`` has a node of some kinds; as SymPy's ``has``, and quicker."""
    return bool(_of_kinds(expr, kinds))


def ordered(exprs: Iterable[T]) -> list[T]:
    """``exprs`` by how SymPy writes them, which is found once for each."""
    found = list(exprs)
    return sorted(found, key=written) if len(found) > 1 else found


@lru_cache(maxsize=KEPT)
def written(expr: Basic | None) -> str:
    """``expr`` as SymPy writes it: what takes longest with the smallest, as places are."""
    return str(expr)


def in_order(place: Expr) -> str:
    """``place`` as it is written where names are put in order: 10 comes after 9."""
    text = written(place)
    return text.zfill(DIGITS) if text.isdigit() else text


@lru_cache(maxsize=KEPT)
def _of_kinds(expr: Basic, kinds: tuple[type[Any], ...]) -> frozenset[Any]:
    return frozenset(node for node in _all(expr) if isinstance(node, kinds))


@lru_cache(maxsize=KEPT)
def _all(expr: Basic) -> frozenset[Basic]:
    return frozenset((expr,)).union(*map(_all, expr.args))
