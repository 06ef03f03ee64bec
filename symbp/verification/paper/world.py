"""What a page says about its network, and the networks that it may mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from sympy import Expr

from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.verification.paper.known import Lines
from symbp.verification.paper.meanings import Meaning
from symbp.verification.paper.stack import Stack
from symbp.verification.text import Spot

Make = Callable[[], tuple[Stack, ...]]
"""A network in its forms, made when it is asked for, and once."""


ROW_LAYOUT = "condition.row_layout"
"""The doubt about a page whose derivatives by vectors are rows."""

UNLIKE = "condition.forward_unlike"
"""How a page computes its own layers is no mistake: it was read in the wrong way."""

USUAL = ("sigmoid", "tanh", "relu")
"""Activations that people leave unsaid, or say in a way that is not understood."""


@dataclass(frozen=True)
class Guess:
    """A network with an output activation and a loss of which not both were named."""

    activation: str
    loss: str
    reduction: str
    make: Make

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        return self.make()


@dataclass(frozen=True)
class World:
    """``stack`` is what is known; ``guesses`` fill in what is not, the commonest first.

    ``others`` are the same network in other forms: with the samples of a batch, or for one of them.
    ``is_of_samples``: the page writes the loss of one sample, which may be all that a step sees.
    ``is_loss_open``: the page says of the loss no more than what it depends on.
    ``doubt`` is the condition on which all rests where the page was perhaps not understood.
    ``is_double``: letters of the page have two meanings, and may have been confused.
    ``is_given``: a network was given, so that its equations are no definitions but claims.
    ``is_of_numbers``: the page writes W, as for a matrix, and holds only where it is a number.
    ``is_output_any``: the page differentiates the output activation, whatever function it is.
    ``opened`` are the networks that it is with one known activation for all that are left open.
    ``declared`` are the equations of a given network when nothing is learnt.
    ``linear`` makes the same network with the identity for every activation. ``defining`` is where
    the claims begin that say what δ means.
    """

    stack: Stack
    others: tuple[Stack, ...] = ()
    is_double: bool = False
    is_given: bool = False
    is_of_numbers: bool = False
    is_loss_known: bool = True
    is_loss_written: bool = True  # as a formula that could be taken over
    is_output_known: bool = True
    is_output_any: bool = False
    is_of_samples: bool = False
    is_loss_open: bool = False
    doubt: str = ""
    guesses: tuple[Guess, ...] = ()
    opened: Mapping[str, Make] = field(default_factory=dict)
    linear: Make | None = None
    defining: frozenset[Spot] = frozenset()
    declared: tuple[Equation, ...] = ()

    @cached_property
    def _declared(self) -> Lines:
        return Lines.of((equation.lhs, [equation.rhs]) for equation in self.declared)

    def declares(self, left: Expr, right: Expr) -> bool:
        """Whether ``left = right`` is one of the equations when nothing is learnt."""
        meant = canonical(right)
        return any(canonical(found) == meant for found in self._declared.rights(left))

    @property
    def is_complete(self) -> bool:
        return self.is_loss_known and self.is_output_known

    def speaking_of(self, *exprs: Expr) -> World:
        """This world, in the form that has all that ``exprs`` speak of."""
        stack = form((self.stack, *self.others), *exprs)
        return self if stack is None else replace(self, stack=stack)

    def meaning(self, delta: Meaning, defining: frozenset[Spot]) -> World:
        """This world where δ means ``delta``, as is said at ``defining``."""
        if delta == self.stack.delta:
            return replace(self, defining=defining)

        def there(stacks: tuple[Stack, ...]) -> tuple[Stack, ...]:
            return tuple(replace(stack, delta=delta) for stack in stacks)

        def made(make: Make) -> Make:
            return cache(lambda: there(make()))

        return replace(
            self,
            stack=replace(self.stack, delta=delta),
            others=there(self.others),
            guesses=tuple(replace(guess, make=made(guess.make)) for guess in self.guesses),
            opened={name: made(make) for name, make in self.opened.items()},
            linear=made(self.linear) if self.linear is not None else None,
            defining=defining,
        )


def form(stacks: tuple[Stack, ...], *exprs: Expr) -> Stack | None:
    """The first of ``stacks`` that has all that ``exprs`` speak of."""
    found = [stack for stack in stacks if stack.instances(*exprs)]
    return next((stack for stack in found if stack.knows(*exprs)), next(iter(found), None))
