"""A lifted program as what a mistake in it is held against."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.equality import Certificate, compare
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.program import Program
from symbp.equations.relocate import Places
from symbp.verification.code.spreading import spread


@dataclass(frozen=True)
class CodeReference:
    """``program``: its places are numbers, so that there is one instance only."""

    program: Program
    given: tuple[Expr, ...] = ()

    def instances(self, *exprs: Expr) -> tuple[Places, ...]:
        """One, in which nothing is moved."""
        return ({},)

    def compare(self, left: Expr, right: Expr, places: Places) -> Certificate:
        """Whether both are equal; nothing is at a symbolic place."""
        return compare(left, right, self.program, sizes=self._sizes)

    def print(self, expr: Expr) -> Hashable:
        """The values of ``expr`` at one point, with its indices; None where it has none."""
        try:
            _, (value,) = fingerprint(self.program, expr, seed=1, sizes=self._sizes)
        except (NoPoint, NotImplementedError, ArithmeticError, LookupError, ValueError):
            return None
        indices = tuple(sorted(value.indices, key=str))
        return (tuple(map(str, indices)), tuple(value.along(indices).ravel().tolist()))

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        """The right sides that were given."""
        return self.given

    def sizes(self) -> Mapping[str, int]:
        """The sizes at the point of ``print``."""
        return {axis.key: n for axis, n in self._sizes.items()}

    @property
    def _sizes(self) -> dict[Axis, int]:
        return spread(self.program, 1, {})
