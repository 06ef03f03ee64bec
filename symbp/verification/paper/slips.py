"""Lines that follow correctly from a wrong line.

A slip says that a quantity is something that it is not. A later line is consistent with it where it
holds once that quantity is put to be what the writer said it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sympy import Expr

from symbp.equations.axis import KEPT
from symbp.equations.calculus import Partial
from symbp.equations.relocate import Places, places_of, substitution
from symbp.equations.tensor import is_entry
from symbp.verification.paper.known import free_letters, renamed, shape


@dataclass(frozen=True)
class Slip:
    """``left`` was said to be ``written`` on line ``line``."""

    left: Expr
    written: Expr
    line: int

    def at(self, places: Places) -> Slip:
        """The same slip at a concrete layer."""
        return _moved(self, tuple(places.items()))

    def into(self, expr: Expr) -> Expr:
        """``expr`` with what the writer said in place of the quantity."""
        wanted = shape(self.left)
        found: dict[Expr, Expr] = {}
        for node in expr.atoms(type(self.left)):
            if shape(node) == wanted:
                letters = dict(zip(free_letters(self.left), free_letters(node), strict=True))
                found[node] = renamed(self.written, letters)
        return _put(expr, found)


@lru_cache(maxsize=KEPT)
def _moved(slip: Slip, places: tuple[tuple[Expr, Expr], ...]) -> Slip:
    """``slip`` at ``places``: every line below it is held against the same few."""
    spoken = {p: p.subs(dict(places)) for p in places_of(slip.left, slip.written)}
    atoms = substitution([slip.left, slip.written], spoken)
    return Slip(slip.left.xreplace(atoms), slip.written.xreplace(atoms), slip.line)


def _put(expr: Expr, found: Mapping[Expr, Expr]) -> Expr:
    """``expr`` with ``found`` put in; what is differentiated by stays what it is."""
    if expr in found:
        return found[expr]
    if isinstance(expr, Partial):
        return Partial(_put(expr.of, found), expr.wrt)
    if not expr.args or is_entry(expr):
        return expr
    return expr.func(*(_put(arg, found) if isinstance(arg, Expr) else arg for arg in expr.args))
