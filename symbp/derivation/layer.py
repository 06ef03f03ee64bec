"""The derivation of one layer: ∂E/∂w and ∂E/∂b by way of δ, then δ, then both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Integer, Sum

from symbp.derivation.dependence import Dependence
from symbp.derivation.lemma import lemma
from symbp.derivation.moves.chain import Chain, definition_at, letters
from symbp.derivation.moves.sums import under_sums
from symbp.derivation.names import RATE, adjoint_of, change_of
from symbp.derivation.parts import partials, put
from symbp.derivation.settle import settled
from symbp.derivation.stages import ENDS
from symbp.derivation.step import Derivation, Step
from symbp.derivation.window import Window
from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.nodes import has, written
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of

DEFINITION = "def."
"""What the ids of lines begin with that give names to adjoints."""


def loss_id(program: Program) -> str:
    """The id of the equation of the loss."""
    return program.definitions[tensor_of(program.loss)].id


def adjoint_id(tensor: Tensor) -> str:
    """The id of the derivation of a stage's adjoint: ``delta@3``, ``z_bar@3``."""
    adjoint = adjoint_of(tensor)
    return f"{adjoint.name}@{written(adjoint.place)}"


def definition_id(tensor: Tensor) -> str:
    """The id of the line that gives a stage's adjoint its name."""
    return f"{DEFINITION}{adjoint_id(tensor)}"


def descent(program: Program, parameter: Expr) -> Expr:
    """−η ∂E/∂w"""
    return -RATE[()] * Partial(program.loss, parameter)


@dataclass(frozen=True)
class LayerDerivation:
    """All derivations of the layer whose pre-activation is ``around.unit``."""

    around: Window
    derivations: tuple[Derivation, ...] = field(default=(), compare=False)
    inner: tuple[Tensor, ...] = ()
    """Stages within the window whose adjoints are spoken of."""

    @cached_property
    def program(self) -> Program:
        """The window's equations and what δ and Δw are by definition: steps are certified there."""
        known = self.around.program
        definitions = [
            Equation(adjoint_id(u), adjoint_of(u).entry, Partial(known.loss, u.entry))
            for u in (self.around.unit, *self.inner, *self.around.cuts)
            if u in known.definitions
        ]
        changes = [
            Equation(f"d{p.name}@{written(p.place)}", change_of(p).entry, descent(known, p.entry))
            for p in self.around.parameters
        ]
        return known.extended(*definitions, *changes)


def derive_layer(around: Window) -> tuple[Derivation, ...]:
    """The derivations of one layer, in the order of reading."""
    return tuple(Author(around).write())


@dataclass(frozen=True)
class Author:
    """Writes what follows from one equation, that of ``around.unit``."""

    around: Window

    @property
    def program(self) -> Program:
        return self.around.program

    @property
    def loss(self) -> Expr:
        return self.program.loss

    @cached_property
    def dependence(self) -> Dependence:
        return Dependence(self.program)

    @property
    def equation(self) -> Equation:
        """The forward equation of the pre-activation."""
        return self.program.definitions[self.around.unit]

    @cached_property
    def avoid(self) -> frozenset[Index]:
        """Letters that keep one meaning in the whole section: those of units, here and before."""
        samples = {i for i in indices_of(self.equation.lhs)[:-1] if isinstance(i, Index)}
        return frozenset(letters(self.equation.lhs, self.equation.rhs) - samples)

    @property
    def chain(self) -> Chain:
        return Chain(self.dependence, self.avoid)

    def lemma_for(self, partial: Partial) -> Derivation:
        return lemma(self.dependence, self.avoid, partial)

    def write(self) -> list[Derivation]:
        gradients = [self.gradient(p, first=k == 0) for k, p in enumerate(self.around.parameters)]
        delta = self.delta()
        wholes = [self.whole(g, delta) for g in gradients]
        return [*gradients, delta, *wholes, *(self.update(w) for w in wholes)]

    # ---- ∂E/∂w = Σ δ z --------------------------------------------------------------------------

    def entry_of(self, parameter: Tensor) -> Expr:
        """The entry of ``parameter`` as its equation has it; where it is picked by labels, any."""
        entry = entries(self.equation.rhs, parameter)[0]
        if all(isinstance(index, Index) for index in indices_of(entry)):
            return entry
        taken = set(letters(self.equation.lhs, self.equation.rhs))
        plain: list[Index] = []
        for index, axis in zip(indices_of(entry), parameter.axes, strict=True):
            plain.append(index if isinstance(index, Index) else axis.fresh(taken | set(plain)))
        return parameter[tuple(plain)]

    def gradient(self, parameter: Tensor, *, first: bool) -> Derivation:
        """∂E/∂w by the chain rule through u, with δ in place of ∂E/∂u."""
        goal = Partial(self.loss, self.entry_of(parameter))
        users = self.dependence.users(parameter)
        chained = self.chain.through(goal, users)
        facts = {"wrt": goal.wrt, "via": self.equation.lhs}
        if len(users) > 1:
            facts["also"] = self.program.definitions[users[1]].lhs
        move = "chain_parameter" if len(users) == 1 else "chain_paths"
        steps = [Step(move, goal, chained, (self.equation.id,), facts=facts)]
        deltas = {p: self.named(p) for p in partials(chained) if self.is_delta(p)}
        lemmas = [self.definition()] if first else []
        lemmas += [self.lemma_for(p) for p in partials(chained) if p not in deltas]
        steps += self.inserted(chained, lemmas, deltas, first=first)
        return Derivation(
            f"grad.{parameter.name}@{written(parameter.place)}",
            goal,
            settled(steps, self.program.facts),
        )

    def inserted(
        self, expr: Expr, lemmas: Sequence[Derivation], deltas: dict[Expr, Expr], *, first: bool
    ) -> list[Step]:
        known = {lemma.goal: lemma.result for lemma in lemmas}
        uses = [lemma.id for lemma in lemmas]
        if not first:
            named = dict.fromkeys(tensor_of(partial.wrt) for partial in deltas)
            uses = [*map(definition_id, named), *uses]
        return [Step("insert", expr, put(expr, {**known, **deltas}), tuple(uses), tuple(lemmas))]

    def definition(self) -> Derivation:
        """δ_j := ∂E/∂u_j"""
        partial = Partial(self.loss, self.equation.lhs)
        name = self.named(partial)
        step = Step("define", name, partial, facts={"wrt": partial.wrt})
        return Derivation(definition_id(self.around.unit), name, (step,))

    def is_delta(self, partial: Partial) -> bool:
        """Whether it is an adjoint that has a name: that of this stage, or of one behind it."""
        named = (self.around.unit, *self.around.cuts)
        return partial.of == self.loss and tensor_of(partial.wrt) in named

    def named_behind(self, expr: Expr) -> tuple[str, ...]:
        """Where the adjoints of the next stages got their names that stand in ``expr``."""
        cuts = self.around.cuts
        return tuple(definition_id(cut) for cut in cuts if entries(expr, adjoint_of(cut)))

    def named(self, partial: Partial) -> Expr:
        return adjoint_of(tensor_of(partial.wrt))[indices_of(partial.wrt)]

    # ---- δ --------------------------------------------------------------------------------------

    def delta(self) -> Derivation:
        """δ from the δ of the next layer, or from the loss."""
        unit = self.around.unit
        partial = Partial(self.loss, self.equation.lhs)
        name = self.named(partial)
        steps = [Step("recall_definition", name, partial, (definition_id(unit),))]
        if not self.around.parameters:  # no gradient has introduced it
            steps = list(self.definition().steps)
        if self.around.cuts:
            self.through_next_layer(partial, steps)
        elif (direct := self.directly(partial)) != 0:
            facts = {"of": self.loss, "wrt": partial.wrt}
            steps.append(Step("unfold", partial, direct, (loss_id(self.program),), facts=facts))
        else:
            users = self.dependence.users(unit)
            chained = self.chain.through(partial, users)
            move = "chain_outputs" if has(chained, Sum) else "chain_output"
            facts = {"wrt": partial.wrt, "via": partials(chained)[0].wrt}
            steps.append(Step(move, partial, chained, facts=facts))
        while pending := [p for p in partials(steps[-1].after) if not self.is_delta(p)]:
            lemma = self.lemma_for(pending[0])
            before = steps[-1].after
            after = put(before, {pending[0]: lemma.result})
            steps.append(Step("insert", before, after, (lemma.id,), (lemma,)))
        return Derivation(adjoint_id(unit), name, settled(steps, self.program.facts))

    def through_next_layer(self, partial: Partial, steps: list[Step]) -> None:
        unit, cuts = self.around.unit, self.around.cuts
        chained = self.chain.through(partial, cuts) + self.directly(partial)
        deltas = {p: self.named(p) for p in partials(chained) if self.is_delta(p)}
        facts = {"wrt": partial.wrt, "via": next(iter(deltas)).wrt}
        steps.append(Step("chain_layer", partial, chained, facts=facts))
        named = put(chained, deltas)
        steps.append(Step("insert_delta", chained, named, self.named_behind(named)))
        for inner in (p for p in partials(named) if is_entry(p.of) and p.of != self.loss):
            v = tensor_of(inner.of)
            users = self.dependence.users(unit)
            via = tuple(c for c in users if c == v or self.dependence.depends(v, c))
            if via == (v,):
                continue
            chain = replace(self.chain, avoid=self.avoid | letters(named))
            wider = put(steps[-1].after, {inner: chain.through(inner, via)})
            facts = {"wrt": inner.wrt, "of": inner.of}
            steps.append(Step("chain_activation", steps[-1].after, wider, facts=facts))

    def directly(self, partial: Partial) -> Expr:
        """The path from this stage to the loss on which no other stage lies."""
        ends = [t for t in self.dependence.users(self.around.unit) if t.role in ENDS]
        out: Expr = Integer(0)
        for end in ends:
            if end[()] == self.loss:
                taken = self.avoid | letters(partial)
                own = definition_at(self.program.definitions[end], self.loss, taken)
                out += Partial(own, partial.wrt)
            else:
                out += self.chain.through(partial, (end,))
        return out

    # ---- both together --------------------------------------------------------------------------

    def whole(self, gradient: Derivation, delta: Derivation) -> Derivation:
        """∂E/∂w with δ written out."""
        known = {delta.goal: delta.result}
        for entry in entries(gradient.result, tensor_of(delta.goal)):
            if entry != delta.goal:  # the same under other letters
                taken = self.avoid | letters(gradient.result)
                known[entry] = definition_at(delta.equation, entry, taken)
        inserted = under_sums(put(gradient.result, known))
        first = Step("insert_whole", gradient.goal, inserted, (gradient.id, delta.id))
        steps = list(settled([first], self.program.facts))
        if self.around.cuts:
            back = {
                entry: Partial(self.loss, cut[indices_of(entry)])
                for cut in self.around.cuts
                for entry in entries(steps[-1].after, adjoint_of(cut))
            }
            restored = steps[-1].after.xreplace(back)
            uses = self.named_behind(steps[-1].after)
            steps.append(Step("restore_delta", steps[-1].after, restored, uses))
        return Derivation(gradient.id.replace("grad.", "whole."), gradient.goal, tuple(steps))

    def update(self, whole: Derivation) -> Derivation:
        """Δw = −η ∂E/∂w"""
        parameter = tensor_of(whole.goal.wrt)
        name = change_of(parameter)[indices_of(whole.goal.wrt)]
        rule = -RATE[()] * whole.goal
        steps = [Step("update", name, rule, ("update",))]
        after = put(rule, {whole.goal: whole.result})
        steps.append(Step("insert", rule, after, (whole.id,)))
        return Derivation(f"update.{parameter.name}@{written(parameter.place)}", name, tuple(steps))
