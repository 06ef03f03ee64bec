"""A program: equations in single-assignment order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Function, KroneckerDelta, NumberSymbol, Piecewise, Pow
from sympy.core.numbers import Exp1

from symbp.equations.axis import Axis
from symbp.equations.calculus import ArgLargest, Largest, Partial
from symbp.equations.equation import Equation
from symbp.equations.nodes import nodes
from symbp.equations.tensor import Role, Tensor, axes_in, entries, tensor_of
from symbp.equations.wellformed import check


@dataclass(frozen=True)
class Program:
    """Equations, each of which may use what those before it define.

    ``facts`` are equations that the data is known to satisfy, as Σ_j d_j = 1; they define nothing.
    Raises ``IllFormed``, with every problem found, where the equations are no program; unless they
    are ``derived``: a derivation may read a tensor at positions counted along another axis.
    """

    equations: tuple[Equation, ...]
    facts: tuple[Equation, ...] = ()
    derived: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not self.derived:
            check(self.equations, self.facts)

    @cached_property
    def _hash(self) -> int:
        return hash((self.equations, self.facts))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def is_kinked(self) -> bool:
        """Whether a quantity is defined by cases, as max(0, u)."""
        return any(equation.rhs.has(Piecewise) for equation in self.equations)

    @cached_property
    def is_rational(self) -> bool:
        """Whether no quantity is computed otherwise than by + − × ÷ and unknown functions."""
        return is_rational(*(e.rhs for e in (*self.equations, *self.facts)))

    @cached_property
    def definitions(self) -> dict[Tensor, Equation]:
        """The equation that defines each computed tensor, in order."""
        return {
            tensor_of(equation.lhs): equation
            for equation in self.equations
            if not isinstance(equation.lhs, Partial)
        }

    @cached_property
    def axes(self) -> frozenset[Axis]:
        """The axes that occur in the equations and facts."""
        sides = (side for e in (*self.equations, *self.facts) for side in (e.lhs, e.rhs))
        return frozenset(axis for side in sides for axis in axes_in(side))

    @cached_property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors that are used and not computed, in the order of their first use."""
        used = (tensor_of(e) for equation in self.equations for e in entries(equation.rhs))
        return tuple(dict.fromkeys(t for t in used if t not in self.definitions))

    @cached_property
    def loss(self) -> Expr:
        """The scalar that is differentiated. Raises ``LookupError`` where there is none."""
        found = [t for t in self.definitions if t.role is Role.LOSS]
        if not found:
            raise LookupError("this program defines no loss")
        return found[-1][()]

    def users(self, tensor: Tensor) -> tuple[Equation, ...]:
        """The equations whose right-hand side mentions ``tensor``."""
        return tuple(self._users.get(tensor, ()))

    @cached_property
    def _users(self) -> dict[Tensor, list[Equation]]:
        users: dict[Tensor, list[Equation]] = {}
        for equation in self.equations:
            for tensor in dict.fromkeys(map(tensor_of, entries(equation.rhs))):
                users.setdefault(tensor, []).append(equation)
        return users

    def extended(self, *equations: Equation) -> Program:
        """This program with more equations behind it."""
        return Program((*self.equations, *equations), self.facts, self.derived)


IRRATIONAL = (Function, Exp1, NumberSymbol, Largest, ArgLargest)


def is_rational(*exprs: Expr) -> bool:
    """Whether equal values of ``exprs`` are equal modulo a prime, too.

    So it is where there are no roots, no cases, and no functions but those of which nothing is
    known.
    """
    special = (node for expr in exprs for node in nodes(expr, *IRRATIONAL))
    powers = (power for expr in exprs for power in nodes(expr, Pow))
    return all(isinstance(node, KroneckerDelta) for node in special) and all(
        power.exp.is_Integer for power in powers
    )
