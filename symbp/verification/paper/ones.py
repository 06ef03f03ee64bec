"""The same network with one unit in each layer and one sample, where matrices are numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sympy import Expr

from symbp.equations.equality import Certificate, compare
from symbp.equations.fingerprint import axes_of
from symbp.equations.relocate import Places
from symbp.verification.paper.stack import Stack
from symbp.verification.paper.world import World


@dataclass(frozen=True)
class StackOfOnes(Stack):
    """A stack at whose points every axis has but one entry."""

    @staticmethod
    def of(stack: Stack) -> StackOfOnes:
        given = {f.name: getattr(stack, f.name) for f in fields(stack) if f.init}
        found = StackOfOnes(**given)
        vars(found).update(program=stack.program, known=stack.known)  # worked out once for both
        return found

    def compare(self, left: Expr, right: Expr, places: Places) -> Certificate:
        """Whether two expressions are equal, with l at one place. Raises NoMeaning."""
        sides = self.at(left, places), self.at(right, places)
        return compare(*sides, self.program, sizes=dict.fromkeys(axes_of(self.program, *sides), 1))


def of_ones(world: World) -> World:
    """``world`` with one unit in each layer, and one sample."""
    others = tuple(map(StackOfOnes.of, world.others))
    return replace(world, stack=StackOfOnes.of(world.stack), others=others)
