"""What a page says about its network, and the networks that it may mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Expr

from symbp.verification.paper.stack import Stack


@dataclass(frozen=True)
class Guess:
    """A network with an output activation and a loss that nobody named, by their names."""

    activation: str
    loss: str
    stack: Stack


@dataclass(frozen=True)
class World:
    """``stack`` is what is known; ``guesses`` fill in what is not, the commonest first.

    ``others`` are the same network in other forms: with the samples of a batch, or for one of them.

    ``is_given``: a network was given, so that its equations are no definitions but claims.
    ``linear`` is the same network with the identity for every activation that is left open.
    """

    stack: Stack
    others: tuple[Stack, ...] = ()
    is_given: bool = False
    is_loss_known: bool = True
    is_output_known: bool = True
    guesses: tuple[Guess, ...] = ()
    linear: Stack | None = None

    @cached_property
    def is_complete(self) -> bool:
        return self.is_loss_known and self.is_output_known

    def speaking_of(self, *exprs: Expr) -> World:
        """This world, in the form that has all that ``exprs`` speak of."""
        for stack in (self.stack, *self.others):
            if stack.instances(*exprs):
                return replace(self, stack=stack)
        return self
