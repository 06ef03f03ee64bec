"""Compact forms: adjoints of a layer's inner stages put into each other, and simplified.

    x̄ = x̂̄/s + μ̄/N + 2/N v̄ (x − μ)   ->   x̄ = γ/s (z̄ − 1/N Σ z̄ − x̂ 1/N Σ x̂ z̄)

The staged form is what the chain rule gives, a stage at a time. The compact one follows from it by
what the stages are by definition, and is what the field knows by heart. The adjoint of what a
convolution reads is one where no stage lies between, too:

    z̄_r = Σ_i Σ_p δ_i w_p [r = i + p]            ->   z̄_r = Σ_p δ_{r − p} w_p
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Add, Expr

from symbp.derivation.dependence import Dependence
from symbp.derivation.layer import LayerDerivation, adjoint_id
from symbp.derivation.moves.chain import definition_at, letters
from symbp.derivation.moves.definitions import CollectPart, Mean, Quotient
from symbp.derivation.moves.fractions import Collect
from symbp.derivation.moves.solve import Solve
from symbp.derivation.moves.sums import with_letters
from symbp.derivation.names import adjoint_of
from symbp.derivation.stages import is_stage
from symbp.derivation.step import Derivation, Step
from symbp.derivation.unroll import is_later
from symbp.derivation.window import Window, parameters_in
from symbp.equations.canonical import drawn_out, terms
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, tensor_of

MOST = 60
"""Operations in a compact form: longer ones are none."""

Known = Mapping[Tensor, Equation]
"""The adjoints that have been derived."""


def inner_stages(dependence: Dependence, unit: Tensor) -> tuple[Tensor, ...]:
    """The stages behind ``unit`` whose adjoints a compact form does without.

    Statistics of a normalisation and what is made of them; the gate behind its pre-activation.
    """
    readers = [t for t in dependence.users(unit) if is_stage(dependence, t) and not is_later(t)]
    if unit.role is Role.PREACTIVATION:
        alone = len(readers) == 1 == len(dependence.users(unit))
        return tuple(t for t in readers if alone and t.place == unit.place)
    statistics = [t for t in readers if _is_part(t, unit) and _is_plain(dependence, t)]
    if not statistics:
        return ()
    place = statistics[0].place
    found: list[Tensor] = []
    frontier = [unit]
    while frontier:
        for user in dependence.users(frontier.pop(0)):
            if user in found or user.place != place or not _is_plain(dependence, user):
                continue
            found.append(user)
            frontier.append(user)
    return tuple(found)


def _is_part(tensor: Tensor, unit: Tensor) -> bool:
    """Whether a tensor has some of the axes of ``unit`` and no others: something was summed."""
    return len(tensor.axes) < len(unit.axes) and set(tensor.axes) <= set(unit.axes)


def _is_plain(dependence: Dependence, tensor: Tensor) -> bool:
    """Whether nothing learnt enters a tensor, and nothing of another time."""
    equation = dependence.program.definitions[tensor]
    return not parameters_in(equation) and not is_later(tensor) and bool(tensor.axes)


def compact(around: Window, inner: tuple[Tensor, ...], known: Known) -> LayerDerivation | None:
    """The compact form of the adjoint of ``around.unit``; None where there is none.

    ``around`` has the ``inner`` stages within, ``known`` are the adjoints in their staged form.
    """
    derivation = _Compacting(around, inner, known).derivation()
    if derivation is None:
        return None
    return LayerDerivation(around, (derivation,), inner)


@dataclass(frozen=True)
class _Compacting:
    around: Window
    inner: tuple[Tensor, ...]
    known: Known

    def derivation(self) -> Derivation | None:
        unit = self.around.unit
        goal = self.known[adjoint_of(unit)].lhs
        before = self.known[adjoint_of(unit)].rhs
        steps = [Step("recall_staged", goal, before, (adjoint_id(unit),))]
        while (step := self.inserted(steps[-1].after)) is not None:
            steps.append(step)
        while (step := self.simplified(steps[-1].after)) is not None:
            steps.append(step)
        is_short = steps[-1].after.count_ops() <= MOST
        if len(steps) < 2 or not is_short:
            return None
        return Derivation(f"compact.{adjoint_id(unit)}", goal, tuple(steps))

    def inserted(self, expr: Expr) -> Step | None:
        """The next adjoint of an inner stage put in."""
        wanted = {adjoint_of(t): t for t in self.inner}
        found = [e for e in entries(expr) if tensor_of(e) in wanted]
        if not found:
            return None
        tensor = tensor_of(found[0])
        taken = letters(expr, self.known[adjoint_of(self.around.unit)].lhs)
        known = {
            e: definition_at(self.known[tensor], e, taken) for e in found if tensor_of(e) == tensor
        }
        return Step("insert", expr, expr.xreplace(known), (adjoint_id(wanted[tensor]),))

    def simplified(self, expr: Expr) -> Step | None:
        definitions = self.around.program.definitions
        if (vanished := Mean(definitions)(expr)) is not None:
            after, fact = vanished
            return Step("fact", expr, after, facts={"left": fact.lhs, "right": fact.rhs})
        for tensor in self.inner:
            after = Quotient(definitions[tensor])(expr)
            if after is not None and after != expr:
                return Step("quotient", expr, after, facts={"of": definitions[tensor].lhs})
        drawn = with_letters(Add(*(drawn_out(term) for term in terms(expr))), expr)
        if drawn != expr and drawn.count_ops() <= expr.count_ops():
            return Step("distribute", expr, drawn)
        for move in (Collect(), CollectPart()):
            if (after := move(expr)) is not None and after != expr:
                return Step("collect", expr, after)
        if (solved := Solve()(expr)) is not None:
            facts = {"index": solved.index, "bracket": solved.bracket}
            return Step("solve", expr, solved.after, facts=facts)
        return None
