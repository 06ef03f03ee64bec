"""What claims are held against: programs, at random points, and the lines that symbp derives.

Claims about a layer l in general are tried at every layer of a network of a few layers, so that
what fails at one end is seen there. Expressions keep their symbolic places (l, l + 1, L); they are
moved when they are evaluated.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Protocol

from sympy import Expr

from symbp.equations.equality import Certificate
from symbp.equations.program import Program
from symbp.equations.relocate import Places


class Reference(Protocol):
    """What a verifier must know of the network that a claim speaks of."""

    @property
    def program(self) -> Program:
        """The forward equations at concrete places, with the definitions of every δ."""
        ...

    def instances(self, *exprs: Expr) -> tuple[Places, ...]:
        """The places that l may stand for where all of ``exprs`` make sense, most inner first."""
        ...

    def compare(self, left: Expr, right: Expr, places: Places) -> Certificate:
        """Whether two expressions are equal, with l at one place."""
        ...

    def print(self, expr: Expr) -> Hashable:
        """A value that equal expressions share, and others almost surely do not.

        Taken at one fixed random point of the most inner instance, entry by entry over the free
        indices of ``expr``; None where it has no value there. Cheap: meant for hundreds of guesses.
        """
        ...

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        """The right sides that the derivation gives ``left``, the final result first."""
        ...

    def sizes(self) -> Mapping[str, int]:
        """The sizes, by axis, at the fixed point of ``print``."""
        ...
