"""The functions of a module that compute: forward, loss, and loss with gradients."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from symbp.equations.axis import Size
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.lowering.arrays import Named
from symbp.lowering.stored import NotLowered
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.folding import Folding
from symbp.targets.numpy.names import SIZES, Identifiers, is_passing
from symbp.targets.numpy.numbered import Reading
from symbp.targets.numpy.shapes import Shapes
from symbp.targets.numpy.spelling import DTYPE, Spelling
from symbp.targets.numpy.statements import WIDTH, Body
from symbp.targets.numpy.tables import Tables
from symbp.targets.plan import Line, ModulePlan


@dataclass(frozen=True)
class Passes:
    """Lowers the equations of a plan once, and sorts them into functions."""

    plan: ModulePlan
    names: Identifiers
    shapes: Shapes

    @cached_property
    def _lowered(self) -> tuple[Body, Body, Body]:
        plan = self.plan
        return self.lowered(plan.forward), self.lowered(plan.loss), self.backward

    def lowered(self, lines: Iterable[Line]) -> Body:
        """The lines as assignments, where forward lines are what activations are by definition."""
        return statements.lowered(lines, self._activations, self.plan.layout)

    @cached_property
    def _activations(self) -> dict[Tensor, Equation]:
        defined = {tensor_of(line.equation.lhs): line.equation for line in self.plan.forward}
        return {t: e for t, e in defined.items() if t.role is Role.ACTIVATION}

    @cached_property
    def backward(self) -> Body:
        """The backward pass, with all that it computes."""
        return self.lowered(self.plan.backward)

    @cached_property
    def forward(self) -> Body:
        return statements.tidy(self._lowered[0])

    @cached_property
    def loss(self) -> Body:
        return statements.tidy(self._lowered[1], self._lowered[0].assigns)

    @cached_property
    def both(self) -> Body:
        """The loss and the backward pass."""
        forward, loss, backward = self._lowered
        together = Body(loss.lines + backward.lines, loss.assigns + backward.assigns)
        wanted = [*loss.computed, *self.gradients.values()]
        return statements.tidy(statements.needed(together, wanted), forward.assigns)

    @cached_property
    def whole(self) -> Body:
        """All that a step computes: forward, loss, backward, and what becomes of the states."""
        parts = [*self._lowered, *([self._updating] if self.plan.updates else [])]
        lines = tuple(line for part in parts for line in part.lines)
        return statements.tidy(Body(lines, tuple(a for part in parts for a in part.assigns)))

    @cached_property
    def inference(self) -> Body | None:
        """The forward pass when nothing is learnt, where it is another one."""
        return self._also(self.plan.inference) if self.plan.inference else None

    @cached_property
    def updates(self) -> Body | None:
        """What becomes of the states."""
        return statements.tidy(self._updating) if self.plan.updates else None

    @cached_property
    def _updating(self) -> Body:
        return statements.lowered(self.plan.updates, {}, self.plan.layout)

    def _also(self, lines: tuple[Line, ...]) -> Body:
        return statements.tidy(statements.lowered(lines, {}, self.plan.layout))

    @cached_property
    def gradients(self) -> dict[Tensor, Partial]:
        """The gradient of each parameter, in the order of the parameters.

        Raises NotLowered for a parameter without one.
        """
        computed = self._lowered[2].computed
        by_tensor = {tensor_of(of.wrt): of for of in computed if isinstance(of, Partial)}
        for each in self.plan.parameters:
            if each.tensor not in by_tensor:
                raise NotLowered("no-gradient", each.tensor)
        return {each.tensor: by_tensor[each.tensor] for each in self.plan.parameters}

    @cached_property
    def values(self) -> list[Tensor]:
        """What the forward pass returns."""
        return [of for of in self.forward.computed if isinstance(of, Tensor)]

    @cached_property
    def params(self) -> list[Tensor]:
        """What is kept between steps: what is learnt, and what is remembered."""
        learnt = [each.tensor for each in self.plan.parameters]
        return [*learnt, *(tensor for tensor, _ in self.plan.states)]

    @property
    def arrays(self) -> dict[Tensor, tuple[float, ...]]:
        """The constants that are no single numbers."""
        return {t: value for t, value in self.plan.constants if isinstance(value, tuple)}

    @property
    def drawn(self) -> list[Tensor]:
        """The random masks."""
        return [tensor for tensor, _ in self.plan.drawn]

    def code(self, body: Body) -> list[str]:
        """The lines of a function: what it takes out of its arguments, then its statements."""
        return [*self._head(body), *self._statements(body)]

    def tables(self, body: Body) -> Tables:
        """How a function finds its arrays."""
        known = frozenset[str]() if body is self.forward else self.fields.stems
        return Tables(self.names, self._folding(body).stems | known)

    @cached_property
    def fields(self) -> Tables:
        """How the values of a forward pass are found."""
        return self.tables(self.forward)

    def _statements(self, body: Body) -> list[str]:
        """The statements, after the tables that they fill."""
        folding, stems = self._folding(body), self.tables(body).stems
        tables = list(map(self.names.together, folding.filled(stems)))
        return [*layout.emptied(tables, WIDTH), *folding.lines(stems)]

    def _folding(self, body: Body) -> Folding:
        """The statements, those of layers that are alike in loops."""
        known = self._foldings.get(id(body))
        if known is None:
            groups = statements.groups(body, Spelling(self.names))
            of = [assign.target.of for assign in body.assigns]
            if body is self.inference:  # its values are returned as those of the forward pass are
                of = [each for each in of if each not in self.values]
            of += [*self.drawn, *(self.params if body is self.forward else ())]
            of += self.plan.second.directions if self.plan.second else ()
            parted = filter(None, map(self.names.parted, of))
            allowed = frozenset((SIZES, *(stem for stem, _ in parted)))
            allowed |= frozenset() if body is self.forward else self.fields.stems
            kept = {} if body in self.all else self._of_layers(body)
            allowed |= frozenset(stem for stem, _ in kept.values())
            passing = self.names.passing() - kept.keys()
            reading = Reading(self.names.numbered() | kept, passing)
            known = body, Folding(groups, self.names, reading, allowed)
            self._foldings[id(body)] = known
        return known[1]

    def _of_layers(self, body: Body) -> dict[str, tuple[str, int]]:
        """Names of what is computed on the way, and read in other layers, as those of its layer."""
        wholes = {a.equation: a.target.of for a in body.assigns if not is_passing(a.target.of)}
        found: dict[str, tuple[str, int]] = {}
        for assign in body.assigns:
            parted = self.names.parted(wholes.get(assign.equation))
            if is_passing(assign.target.of) and parted is not None:
                stem = assign.target.of.label
                while (stem, parted[1]) in found.values():
                    stem += "_"
                found[self.names(assign.target.of)] = stem, parted[1]
        return found

    @property
    def runs(self) -> list[list[tuple[int, list[Equation]]]]:
        """The layers that are alike: of each its number, and its equations."""
        bodies = (self.forward, self.both)
        return [run.told for body in bodies for run in self._folding(body).runs]

    @cached_property
    def _foldings(self) -> dict[int, tuple[Body, Folding]]:
        """By the identity of bodies, which are kept: else another might get that of one."""
        return {}

    @property
    def all(self) -> list[Body]:
        """The bodies of all functions."""
        others = (self.inference, self.updates)
        return [self.forward, self.loss, self.both, *(b for b in others if b is not None)]

    def renewing(self, body: Body, used: list[Tensor]) -> list[str]:
        """The lines of the function that renews the states, from the values of a step."""
        tables = self.tables(body)
        lines = self._from_params([t for t in self.params if t in body.used], tables)
        lines += [f"{name} = values.{name}" for name in tables.all(used)]
        if self.shapes.batch is not None and self.shapes.batch.size in body.used:
            y = self.fields.at(self.plan.predictions[0])
            lines.append(f"{self.names(self.shapes.batch.size)} = len(values.{y})")
        return [*lines, *self._statements(body)]

    def _head(self, body: Body) -> list[str]:
        values = [] if body in (self.forward, self.inference) else self.values
        self._check(body, values)
        tables = self.tables(body)
        lines = [*self.given(body.used, tables), *self.drawing(body.used, tables)]
        if self.shapes.batch is not None and self.shapes.batch.size in body.used:
            lines.append(self.shapes.counted())
        known = bool(self.plan.states) and body == self.both
        return lines + self._from_values([t for t in values if t in body.used], tables, known)

    def drawing(self, used: Collection[Named], tables: Tables) -> list[str]:
        """The lines that take out random masks."""
        drawn = [t for t in self.drawn if t in used]
        if any(map(tables.has, drawn)):
            return tables.taken_out("masks._asdict()", {t: t for t in drawn}, drawn, "")
        return tables.unpacked("masks", self.drawn, drawn)

    def _check(self, body: Body, values: list[Tensor]) -> None:
        """Raises NotLowered for what is used and comes from nowhere."""
        plan = self.plan
        given = {*plan.inputs, *self.drawn, *values, *self.params, *(t for t, _ in plan.constants)}
        given |= set() if body is self.forward else plan.targets.keys()
        given |= set(plan.second.directions) if plan.second else set()
        for of in body.used - given:
            if not isinstance(of, Size):
                raise NotLowered("undefined", of)

    def validating(self) -> list[str]:
        """The lines of the loss of what is predicted when nothing is learnt."""
        body = self.loss
        tables = self.tables(body)
        lines = self.given(body.used, tables)
        if self.shapes.batch is not None and self.shapes.batch.size in body.used:
            lines.append(self.shapes.counted())
        used = [t for t in self.values if t in body.used]
        lines += tables.unpacked(f"infer(params, {self._inputs})", self.values, used)
        return [*lines, *self._statements(body)]

    def measuring(self) -> list[str]:
        """The lines of each loss by itself."""
        terms = [goal.term for goal in self.plan.goals if goal.term is not None]
        return self.code(statements.needed(self.loss, terms))

    @property
    def _inputs(self) -> str:
        return ", ".join(map(self.names, self.plan.inputs))

    def given(self, used: Collection[Named], tables: Tables) -> list[str]:
        """The lines that take out parameters, and arrays in the precision of these."""
        arrays = [self.names(t) for t in self.arrays if t in used]
        return [
            *self._from_params([t for t in self.params if t in used], tables),
            *(f'{name} = ARRAYS["{name}"].astype({DTYPE})' for name in arrays),
        ]

    def _from_params(self, used: Collection[Tensor], tables: Tables) -> list[str]:
        return tables.taken_out("params", {t: t for t in self.params}, used, "SHAPES")

    def from_grads(self, tables: Tables) -> list[str]:
        """The lines that take out the arrays that gradients are written into."""
        keys = {of: tensor for tensor, of in self.gradients.items()}
        order = "LEARNT" if self.plan.states else "SHAPES"
        return tables.taken_out("grads", keys, keys, order)

    def _from_values(self, used: list[Tensor], tables: Tables, known: bool) -> list[str]:
        """What is ``used`` of a forward pass, which may be ``known`` already."""
        masks = ", masks" if self.drawn else ""
        call = f"forward(params, {self._inputs}{masks})"
        if known:
            call = f"{call} if values is None else values"
            call = f"({call})" if len(tables.all(used)) == 1 else call
        return tables.unpacked(call, self.values, used)
