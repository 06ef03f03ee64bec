"""One equation of a program."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Eq, Expr


@dataclass(frozen=True)
class Equation:
    """``lhs = rhs`` under a name.

    ``lhs`` is what the equation defines: an entry ``t[n, j]``, a scalar, or a ``Partial`` of two
    such. Its indices are free: the equation holds for each of their values.
    """

    id: str
    lhs: Expr
    rhs: Expr

    @property
    def eq(self) -> Eq:
        """The same as SymPy's own object."""
        return Eq(self.lhs, self.rhs, evaluate=False)
