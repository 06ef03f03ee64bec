"""Second order: how the gradient changes as the parameters move along a direction.

The tangents of all equations, forward and backward, give the Hessian times that direction; where
the network counts as linear, the Gauss–Newton matrix times it (``gauss_newton.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from symbp.derivation.backprop import Section
from symbp.derivation.gauss_newton import ADJOINTS, GaussNewton, defined_by
from symbp.derivation.names import linear_adjoint_of, product_of, tangent_of
from symbp.derivation.stages import ENDS
from symbp.derivation.tangent import Motion, movers
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import (
    GAUSS_NEWTON,
    HESSIAN,
    PARAMETERS,
    Role,
    Tensor,
    tensor_of,
    tensors_in,
)


@dataclass(frozen=True)
class Second:
    """The motions of ``program`` and of ``results``, what its backward pass computes, in order."""

    program: Program
    results: tuple[Equation, ...]
    predictions: tuple[Tensor, ...] = ()

    @staticmethod
    def of(
        program: Program, sections: Iterable[Section], predictions: tuple[Tensor, ...]
    ) -> Second:
        """That of the derivations in ``sections``."""
        results = tuple(result for section in sections for result in section.results)
        return Second(program, results, predictions)

    @cached_property
    def moving(self) -> frozenset[Tensor]:
        """What changes with the parameters."""
        equations = (*self.program.equations, *self.results)
        read = set[Tensor]().union(*(tensors_in(e.rhs) for e in equations))
        learnt = {t for t in read if t.role in PARAMETERS}
        # Where a layer stands for many, what comes from its neighbours changes, too.
        given = {t for t in read if t.role in (Role.ACTIVATION, *ADJOINTS) and _is_open(t)}
        return movers(equations, learnt | given)

    @cached_property
    def forward(self) -> tuple[Motion, ...]:
        """The motions of all that is computed, up to the loss or to what the way back needs."""
        wanted = _read((*self.backward, *self.linear))
        found: list[Motion] = []
        for equation in reversed(self.program.equations):
            defined = tensor_of(equation.lhs)
            if defined in self.moving and (defined in wanted or defined.role not in ENDS):
                found.append(Motion(equation, self.moving))
                wanted |= _read(found[-1:])
        return tuple(reversed(found))

    @cached_property
    def backward(self) -> tuple[Motion, ...]:
        """The motions of adjoints and gradients; those of the gradients are the Hessian's."""
        return tuple(Motion(e, self.moving) for e in self._moved)

    @property
    def linear(self) -> tuple[Motion, ...]:
        """The same where the network counts as linear."""
        return self.gauss_newton.motions

    @cached_property
    def gauss_newton(self) -> GaussNewton:
        return GaussNewton(self.program, self._moved, self.moving, self.predictions)

    @cached_property
    def _moved(self) -> tuple[Equation, ...]:
        """The results that change, or of which gradients change."""
        return tuple(
            e for e in self.results if isinstance(e.lhs, Partial) or defined_by(e) in self.moving
        )

    @staticmethod
    def named_after(tensor: Tensor) -> tuple[Tensor, ...]:
        """What is stored as ``tensor`` is: its tangents, and products that belong to it."""
        products = (product_of(tensor, end) for end in (HESSIAN, GAUSS_NEWTON))
        return tangent_of(tensor), linear_adjoint_of(tensor), *products


def _is_open(tensor: Tensor) -> bool:
    """Whether its layer is one of many."""
    return tensor.place is not None and not tensor.place.is_Integer


def _read(motions: Iterable[Motion]) -> set[Tensor]:
    return set[Tensor]().union(*(tensors_in(m.equation.rhs) for m in motions))
