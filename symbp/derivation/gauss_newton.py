"""The Gauss–Newton matrix: the Hessian of a network that counts as linear.

Forward tangents lead to that of the loss's slope, and the equations of the backward pass, with all
but adjoints held fixed, lead from there to the parameters (Schraudolph, Fast curvature
matrix-vector products, 2002). The slope is δ where that changes with the prediction alone, at a
constant rate, as y − d does: loss and activation match. Elsewhere it is ∂E/∂y. What a loss does
with predictions in several stages belongs to the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Add, Expr, Integer, expand

from symbp.derivation.dependence import Dependence
from symbp.derivation.lemma import lemma
from symbp.derivation.moves.chain import Chain, letters
from symbp.derivation.moves.sums import under_sums
from symbp.derivation.names import adjoint_of, linear_adjoint_of, tangent_of
from symbp.derivation.parts import put
from symbp.derivation.settle import settled
from symbp.derivation.stages import ENDS
from symbp.derivation.step import Derivation, Step
from symbp.derivation.tangent import Motion
from symbp.derivation.unroll import GIVEN, marked, unrolled
from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import (
    GAUSS_NEWTON,
    Role,
    Tensor,
    entries,
    indices_of,
    tensor_of,
    tensors_in,
)

ADJOINTS = (Role.DELTA, Role.ADJOINT)

Proven = tuple[Derivation, Program]
"""A derivation, and the program in which it holds."""


@dataclass(frozen=True)
class Output:
    """A pre-activation ``unit`` that only ``prediction`` reads, whose adjoint the loss gives."""

    unit: Tensor
    prediction: Tensor
    equation: Equation


@dataclass(frozen=True)
class GaussNewton:
    """The motions of ``results``, the backward pass of ``program``, in which all is ``moving``."""

    program: Program
    results: tuple[Equation, ...]
    moving: frozenset[Tensor]
    predictions: tuple[Tensor, ...] = ()
    """Where the loss begins, if it has stages of its own."""

    @cached_property
    def motions(self) -> tuple[Motion, ...]:
        """Those of adjoints and gradients; those of the gradients are the matrix's."""
        return tuple(self._motion(part) for e in self.results for part in self._parts(e))

    @cached_property
    def curvatures(self) -> tuple[Proven, ...]:
        """∂²E/∂u∂u where only the prediction lies between the pre-activations u and the loss."""
        return tuple(self._curvature(output) for output in self._outputs)

    @cached_property
    def cuts(self) -> tuple[Proven, ...]:
        """∂E/∂y and δ by way of it, for predictions up to which the network counts as linear."""
        found = []
        for unit, slope in self._slopes.items():
            known = Equation(slope.id, slope.goal, slope.steps[0].after)
            program = self._extended(known)
            found += [(slope, program), (self._by_prediction[unit], program)]
        return tuple(found)

    @property
    def slopes(self) -> tuple[Derivation, ...]:
        """∂E/∂y of these predictions."""
        return tuple(self._slopes.values())

    # ---- all but adjoints held fixed ------------------------------------------------------------

    def _motion(self, equation: Equation) -> Motion:
        """The equation where only adjoints move, and what does not depend on them."""
        free, bound = self._apart(equation.rhs)
        fixed = {
            t.symbol: marked(t, GIVEN).symbol
            for t in tensors_in(bound) & self.moving
            if t not in self._adjoints
        }
        rest = Equation(equation.id, equation.lhs, free + bound.xreplace(fixed))
        return Motion(rest, self.moving | self._adjoints, _name, GAUSS_NEWTON)

    @cached_property
    def _adjoints(self) -> frozenset[Tensor]:
        """What the way back knows and computes in the network, before it comes to gradients."""
        sides = (t for e in self.results for t in tensors_in(e.lhs, e.rhs))
        slopes = (adjoint_of(output.prediction) for output in self._unmatched.values())
        found = (t for t in (*sides, *slopes) if t.role in ADJOINTS)
        return frozenset(found) - self._of_the_loss

    @cached_property
    def _of_the_loss(self) -> frozenset[Tensor]:
        """The adjoints of what follows on predictions and leads to none."""
        reach = self._dependence.depends
        return frozenset(
            adjoint_of(t)
            for t in self.program.definitions
            if any(reach(t, y) for y in self.predictions)
            and not any(t == y or reach(y, t) for y in self.predictions)
        )

    def _apart(self, rhs: Expr) -> tuple[Expr, Expr]:
        """What holds no adjoint, and what is linear in adjoints."""
        for terms in (Add.make_args(rhs), Add.make_args(expand(rhs))):
            bound = [t for t in terms if tensors_in(t) & self._adjoints]
            if all(map(self._is_linear, bound)):
                return Add(*(t for t in terms if t not in bound)), Add(*bound)
        raise NotImplementedError("a backward pass that is not linear in its adjoints")

    def _is_linear(self, term: Expr) -> bool:
        none = {e: Integer(0) for e in entries(term) if tensor_of(e) in self._adjoints}
        return bool(canonical(term.xreplace(none)) == 0)

    # ---- where the loss begins ------------------------------------------------------------------

    @cached_property
    def _outputs(self) -> tuple[Output, ...]:
        preactivations = (t for t in self.program.definitions if t.role is Role.PREACTIVATION)
        units: dict[Tensor | None, Tensor] = {adjoint_of(t): t for t in preactivations}
        found = []
        for equation in self.results:
            unit = units.get(defined_by(equation))
            if unit is None or any(t.role in ADJOINTS for t in tensors_in(equation.rhs)):
                continue
            users = self._dependence.users(unit)
            if len(users) == 1 and users[0].role not in ENDS:
                found.append(Output(unit, users[0], equation))
        return tuple(found)

    @cached_property
    def _unmatched(self) -> dict[Tensor | None, Output]:
        """The outputs, by their δ, up to whose predictions the network counts as linear."""
        found: dict[Tensor | None, Output] = {}
        for output in self._outputs:
            tangent = Motion(output.equation, self.moving).derivation.result
            slope = Motion(self._slope(output.prediction).equation, self.moving).derivation.result
            if tensors_in(tangent) & self.moving and canonical(slope) != 0:
                found[adjoint_of(output.unit)] = output
        return found

    def _parts(self, equation: Equation) -> Iterator[Equation]:
        """The equation; that of an unmatched δ in two, by way of ∂E/∂y."""
        output = self._unmatched.get(defined_by(equation))
        if output is None:
            yield equation
            return
        yield self._slopes[output.unit].equation
        yield self._by_prediction[output.unit].equation

    @cached_property
    def _slopes(self) -> dict[Tensor, Derivation]:
        return {o.unit: self._slope(o.prediction) for o in self._unmatched.values()}

    @cached_property
    def _by_prediction(self) -> dict[Tensor, Derivation]:
        return {output.unit: self._chained(output) for output in self._unmatched.values()}

    def _slope(self, prediction: Tensor) -> Derivation:
        """The slope of the loss at the prediction, ∂E/∂y, which gets a name."""
        partial = Partial(self.program.loss, prediction.entry)
        found = lemma(self._dependence, frozenset(letters(partial)), partial)
        adjoint = adjoint_of(prediction)
        named = Step("define_slope", adjoint.entry, partial, facts={"wrt": partial.wrt})
        name = f"{adjoint.name}@{adjoint.place}"
        return Derivation(name, adjoint.entry, (named, *found.steps))

    def _chained(self, output: Output) -> Derivation:
        """δ = Σ ∂E/∂y ∂y/∂u"""
        delta, y = output.equation.lhs, output.prediction
        goal = Partial(self.program.loss, output.unit[indices_of(delta)])
        chain = Chain(self._dependence, frozenset(letters(delta)))
        chained = chain.through(goal, (y,))
        named = {
            p: adjoint_of(y)[indices_of(p.wrt)]
            for p in chained.atoms(Partial)
            if p.of == self.program.loss
        }
        facts = {"wrt": goal.wrt, "via": next(iter(named)).wrt}
        first = Step("chain_output", goal, chained, facts=facts)
        steps = self._inserted(first, named, self._dependence, self._slopes[output.unit].id)
        return Derivation(f"prediction.delta@{output.unit.place}", delta, steps)

    def _curvature(self, output: Output) -> Proven:
        """∂δ/∂u by way of the prediction."""
        equation, unit = output.equation, output.unit
        program = self._extended(equation)
        dependence = Dependence(program)
        tied = {q: s for s, (q, _) in dependence.reach(tensor_of(equation.lhs), unit).items()}
        taken = letters(equation.lhs, equation.rhs)
        at: list[Index] = []
        for slot, axis in enumerate(unit.axes):
            at.append(indices_of(equation.lhs)[tied[slot]] if slot in tied else axis.fresh(taken))
            taken.add(at[-1])
        goal = Partial(equation.lhs, unit[tuple(at)])
        chained = Chain(dependence, frozenset(taken)).through(goal, (output.prediction,))
        via = next(p.wrt for p in chained.atoms(Partial) if tensor_of(p.wrt) != unit)
        facts = {"of": goal.of, "wrt": goal.wrt, "via": via}
        first = Step("chain_curvature", goal, chained, facts=facts)
        steps = self._inserted(first, {}, dependence, equation.id)
        return Derivation(f"curvature.{unit.name}@{unit.place}", goal, steps), program

    def _inserted(
        self, first: Step, known: dict[Expr, Expr], dependence: Dependence, use: str
    ) -> tuple[Step, ...]:
        """``first``, then its derivatives put in: those that are ``known``, the others worked out.

        ``use`` is the id of what is known.
        """
        avoid = frozenset(letters(first.after))
        pending = sorted((p for p in first.after.atoms(Partial) if p not in known), key=str)
        lemmas = {p: lemma(dependence, avoid, p) for p in pending}
        found = {**known, **{p: each.result for p, each in lemmas.items()}}
        uses = (use, *(each.id for each in lemmas.values()))
        inserted = Step("insert", first.after, under_sums(put(first.after, found)), uses)
        return settled([first, inserted], self.program.facts)

    def _extended(self, equation: Equation) -> Program:
        """The program and an equation that was derived from it."""
        known = self._dependence.program
        return Program((*known.equations, equation), known.facts, derived=True)

    @cached_property
    def _dependence(self) -> Dependence:
        return Dependence(unrolled(self.program))


def defined_by(equation: Equation) -> Tensor | None:
    """What an equation computes that is no gradient."""
    return None if isinstance(equation.lhs, Partial) else tensor_of(equation.lhs)


def _name(tensor: Tensor) -> Tensor:
    """Adjoints have tangents of another kind: all else is held fixed."""
    return linear_adjoint_of(tensor) if tensor.role in ADJOINTS else tangent_of(tensor)
