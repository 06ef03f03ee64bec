"""Second order: how the gradient changes as the parameters move along a direction.

The tangents of all equations, forward and backward, give the Hessian times that direction. For the
Gauss–Newton matrix the network counts as linear: forward tangents lead to that of the loss's slope,
and the equations of the backward pass, with all else held fixed, lead from there to the parameters
(Schraudolph, Fast curvature matrix-vector products, 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Add, Expr, Integer, expand

from symbp.derivation.dependence import Dependence
from symbp.derivation.lemma import lemma
from symbp.derivation.moves.chain import Chain, letters
from symbp.derivation.moves.sums import under_sums
from symbp.derivation.names import (
    GAUSS_NEWTON,
    HESSIAN,
    adjoint_of,
    linear_adjoint_of,
    product_of,
    tangent_of,
)
from symbp.derivation.parts import put
from symbp.derivation.stages import ENDS
from symbp.derivation.tangent import Motion, movers
from symbp.derivation.unroll import GIVEN, marked
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import PARAMETERS, Role, Tensor, entries, tensor_of, tensors_in


@dataclass(frozen=True)
class Second:
    """The motions of ``program`` and of ``results``, what its backward pass computes, in order."""

    program: Program
    results: tuple[Equation, ...]

    @cached_property
    def moving(self) -> frozenset[Tensor]:
        """What changes with the parameters."""
        learnt = [t for t in self.program.inputs if t.role in PARAMETERS]
        return movers((*self.program.equations, *self.results), learnt)

    @cached_property
    def adjoints(self) -> frozenset[Tensor]:
        """What the backward pass computes on the way to the gradients."""
        return frozenset(tensor_of(e.lhs) for e in self.results if not isinstance(e.lhs, Partial))

    @cached_property
    def backward(self) -> tuple[Motion, ...]:
        """The motions of adjoints and gradients; those of the gradients are the Hessian's."""
        return tuple(Motion(e, self.moving) for e in self.results if self._moves(e))

    @cached_property
    def forward(self) -> tuple[Motion, ...]:
        """The motions that those of the backward pass need, of either kind."""
        wanted = _read((*self.backward, *self.linear))
        found: list[Motion] = []
        for equation in reversed(self.program.equations):
            if tensor_of(equation.lhs) in self.moving & wanted:
                found.append(Motion(equation, self.moving))
                wanted |= _read(found[-1:])
        return tuple(reversed(found))

    @cached_property
    def linear(self) -> tuple[Motion, ...]:
        """The motions of adjoints and gradients where the network counts as linear."""
        found = (linear for e in self.results if self._moves(e) for linear in self._linear(e))
        return tuple(found)

    @staticmethod
    def named_after(tensor: Tensor) -> tuple[Tensor, ...]:
        """What is stored as ``tensor`` is: its tangents, and products that belong to it."""
        ends = (HESSIAN, GAUSS_NEWTON)
        products = (product_of(tensor, end) for end in ends)
        return tangent_of(tensor), linear_adjoint_of(tensor), *products

    def _moves(self, equation: Equation) -> bool:
        return isinstance(equation.lhs, Partial) or tensor_of(equation.lhs) in self.moving

    # ---- Gauss–Newton ---------------------------------------------------------------------------

    def _linear(self, equation: Equation) -> Iterator[Motion]:
        """The equation where only adjoints move, and what does not depend on them."""
        for part in self._cut(equation):
            free, bound = self._apart(part.rhs)
            fixed = {t.symbol: marked(t, GIVEN).symbol for t in self._forward_in(bound)}
            rest = Equation(part.id, part.lhs, free + bound.xreplace(fixed))
            yield Motion(rest, self.moving | self.prediction_adjoints, _linear_name, GAUSS_NEWTON)

    @cached_property
    def prediction_adjoints(self) -> frozenset[Tensor]:
        """The slopes of the loss at predictions, where the Gauss–Newton matrix begins there."""
        return frozenset(adjoint_of(y) for y in self._predictions.values())

    @cached_property
    def _predictions(self) -> dict[Tensor, Tensor]:
        """The δ that depend on more than the prediction's distance, each with its prediction."""
        found: dict[Tensor, Tensor] = {}
        for equation in self.results:
            if isinstance(equation.lhs, Partial) or tensors_in(equation.rhs) & self.adjoints:
                continue
            motion = Motion(equation, self.moving)
            if not tensors_in(motion.derivation.result) & self.moving:
                continue  # affine in the prediction: loss and activation match
            unit = self._unit(tensor_of(equation.lhs))
            users = self._dependence.users(unit) if unit else ()
            if len(users) == 1 and users[0].role not in ENDS:
                bends = Motion(self._slope(users[0]), self.moving).derivation.result
                if canonical(bends) != 0:
                    found[tensor_of(equation.lhs)] = users[0]
        return found

    def _cut(self, equation: Equation) -> Iterator[Equation]:
        """The equation of δ by way of the loss's slope at the prediction, where it begins there."""
        lhs = equation.lhs
        y = None if isinstance(lhs, Partial) else self._predictions.get(tensor_of(lhs))
        if y is None:
            yield equation
            return
        unit = self._unit(tensor_of(lhs))
        assert unit is not None
        yield self._slope(y)
        at = unit[lhs.indices]
        chained = Chain(self._dependence, frozenset(letters(lhs))).through(
            Partial(self.program.loss, at), (y,)
        )
        known: dict[Expr, Expr] = {}
        for partial in chained.atoms(Partial):
            if partial.of == self.program.loss:
                known[partial] = adjoint_of(y)[partial.wrt.indices]
            else:
                avoid = frozenset(letters(chained))
                known[partial] = lemma(self._dependence, avoid, partial).result
        yield replace(equation, rhs=under_sums(put(chained, known)))

    def _slope(self, prediction: Tensor) -> Equation:
        """∂E/∂y"""
        partial = Partial(self.program.loss, prediction.entry)
        found = lemma(self._dependence, frozenset(letters(partial)), partial)
        adjoint = adjoint_of(prediction)
        return Equation(f"{adjoint.name}@{adjoint.place}", adjoint.entry, found.result)

    @cached_property
    def _dependence(self) -> Dependence:
        return Dependence(self.program)

    def _unit(self, adjoint: Tensor) -> Tensor | None:
        """The pre-activation whose δ it is."""
        units = (t for t in self.program.definitions if t.role is Role.PREACTIVATION)
        return next((t for t in units if adjoint_of(t) == adjoint), None)

    def _apart(self, rhs: Expr) -> tuple[Expr, Expr]:
        """What holds no adjoint, and what is linear in adjoints."""
        for terms in (Add.make_args(rhs), Add.make_args(expand(rhs))):
            bound = [t for t in terms if tensors_in(t) & (self.adjoints | self.prediction_adjoints)]
            if all(self._is_linear(term) for term in bound):
                return Add(*(t for t in terms if t not in bound)), Add(*bound)
        raise NotImplementedError("a backward pass that is not linear in its adjoints")

    def _is_linear(self, term: Expr) -> bool:
        known = self.adjoints | self.prediction_adjoints
        none = {e: Integer(0) for e in entries(term) if tensor_of(e) in known}
        return bool(canonical(term.xreplace(none)) == 0)

    def _forward_in(self, expr: Expr) -> set[Tensor]:
        return {t for t in tensors_in(expr) & self.moving if t not in self.adjoints}


def _linear_name(tensor: Tensor) -> Tensor:
    """Adjoints have tangents of another kind: all else is held fixed."""
    is_adjoint = tensor.role in (Role.DELTA, Role.ADJOINT)
    return linear_adjoint_of(tensor) if is_adjoint else tangent_of(tensor)


def _read(motions: Iterable[Motion]) -> set[Tensor]:
    return set[Tensor]().union(*(tensors_in(m.equation.rhs) for m in motions))
