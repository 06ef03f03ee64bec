"""From a derived network to the plan of its trainer: what is computed, and which line says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from symbp.derivation.backprop import Section
from symbp.derivation.names import delta_of, product_of, tangent_of
from symbp.documents.lesson import Lesson
from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import (
    GAUSS_NEWTON,
    HESSIAN,
    Role,
    Tensor,
    entries,
    indices_of,
    tensor_of,
)
from symbp.heads import Head
from symbp.losses.criterion import CLOSED, Targets
from symbp.losses.loss import term_of
from symbp.network import Network
from symbp.notation.convention import Matrix
from symbp.notation.notation import Notation
from symbp.optimizers.clipping import CLIPPING
from symbp.optimizers.optimizer import ABOVE_ZERO, BELOW_ONE
from symbp.optimizers.rule import RULES, Rule
from symbp.optimizers.schedule import SCHEDULES, schedule
from symbp.targets.plan import (
    Goal,
    LearntTensor,
    Line,
    ModulePlan,
    Product,
    Samples,
    SecondOrder,
    Settings,
    UpdateRule,
)
from symbp.training import Table

if TYPE_CHECKING:
    from symbp.derivation.second import Second
    from symbp.derivation.tangent import Motion

ENDS = (Role.TERM, Role.LOSS)


def plan(
    network: Network,
    sections: Sequence[Section],
    lesson: Lesson,
    notation: Notation,
    documents: Sequence[str],
    second: Second | None = None,
) -> ModulePlan:
    """The trainer of ``network``, whose layers ``sections`` derive and ``lesson`` numbers.

    With ``second`` it also has products of second derivatives with a direction.
    """
    concrete = network.concrete
    citing = _Citing(lesson, notation, "batch." if network.is_general else "", concrete)
    program = concrete.program()
    compared = {e.id for e in concrete.compared}
    loss = [e for e in program.equations if tensor_of(e.lhs).role in ENDS or e.id in compared]
    forward = [e for e in program.equations if e not in loss]
    backward = [result for section in sections for result in section.results]
    optimizer = concrete.optimizer
    return ModulePlan(
        name=network.name,
        title=network.title.en or network.name,
        names=notation.identifier,
        sizes=concrete.sizes(),
        inputs=(concrete.input, *concrete.graph.inputs[1:]),
        goals=_goals(concrete),
        forward=citing.lines(forward),
        loss=citing.lines(loss),
        backward=citing.lines(backward),
        parameters=tuple(
            LearntTensor(
                p.tensor, p.initialiser.kind, p.initialiser.scale, *_fans(p.tensor, program)
            )
            for p in concrete.parameters()
        ),
        optimizers=tuple(_update_rule(rule, concrete, citing) for rule in RULES.values()),
        schedules=tuple((name, citing.lines(schedule(name))) for name in SCHEDULES),
        clipping=citing.lines([CLIPPING]),
        constants=tuple(concrete.constants().items()),
        settings=Settings(
            optimizer.name,
            optimizer.rate,
            optimizer.schedule,
            optimizer.decay,
            optimizer.clip,
            concrete.training.epochs,
            concrete.training.batch_size,
            concrete.training.seed,
        ),
        samples=_samples(network),
        batched=concrete.batch,
        layout=_layout(concrete, notation, second),
        documents=tuple(documents),
        inference=citing.lines(concrete.inference, "inference.") if _differs(concrete) else (),
        drawn=concrete.graph.drawn,
        states=concrete.graph.states,
        updates=citing.lines(concrete.updates, "renewal."),
        is_stack=isinstance(concrete.inputs, int) and concrete.is_stack,
        count=notation.convention.sizes["sample"],
        second=None if second is None else _second_order(second, concrete, citing),
    )


class _Citing:
    """Turns equations into lines that cite the lesson."""

    def __init__(self, lesson: Lesson, notation: Notation, prefix: str, concrete: Network) -> None:
        self.lesson = lesson
        self.notation = notation
        self.prefix = prefix
        self.last = concrete.last

    def lines(self, equations: Iterable[Equation], group: str = "") -> tuple[Line, ...]:
        """Each equation as a line; those of ``group`` are looked for there first."""
        return tuple(self.line(equation, group) for equation in equations)

    def line(self, equation: Equation, group: str = "") -> Line:
        found = self.lesson.cite(equation, self.last, group) if group else None
        number, note = found or self.lesson.cite(equation, self.last, self.prefix) or ("", "")
        spelled = self.notation.unicode_equation(equation.lhs, equation.rhs)
        lhs, rhs = self.notation.meant(equation.lhs, equation.rhs)
        return Line(Equation(equation.id, lhs, rhs), str(number), spelled, note)


def _differs(network: Network) -> bool:
    """Whether the network does something else when nothing is learnt."""
    return network.graph.inference != network.graph.equations


def _fans(parameter: Tensor, program: Program) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    """The axes of a parameter that are summed over where it is first used, and the others."""
    equation = program.users(parameter)[0]
    entry = entries(equation.rhs, parameter)[0]
    left = indices_of(equation.lhs)
    slots = list(zip(indices_of(entry), parameter.axes, strict=True))
    return (
        tuple(axis for index, axis in slots if index not in left),
        tuple(axis for index, axis in slots if index in left),
    )


def _update_rule(rule: Rule, network: Network, citing: _Citing) -> UpdateRule:
    declared = network.optimizer.constants if rule == network.optimizer.rule else rule.constants
    constants = tuple((Tensor(name, (), Role.CONSTANT), value) for name, value in declared)
    return UpdateRule(
        rule.name,
        citing.lines(rule.equations),
        rule.states,
        constants,
        tuple(tensor for tensor, _ in constants if tensor.name in BELOW_ONE),
        tuple(tensor for tensor, _ in constants if tensor.name in ABOVE_ZERO),
    )


def _goals(network: Network) -> tuple[Goal, ...]:
    """What is measured: several losses have terms of their own."""
    several = len(network.heads) > 1
    return tuple(
        Goal(
            head.predictions,
            head.target,
            _target_kind(head),
            term_of(head.number) if several else None,
        )
        for head in network.heads
    )


def _target_kind(head: Head) -> str:
    criterion = head.loss.criterion
    is_plain = criterion.targets is Targets.VALUES
    return "probabilities" if is_plain and criterion.allowed == CLOSED else criterion.targets.value


def _samples(network: Network) -> Samples | None:
    data = network.concrete.data or network.data
    return Samples(data.inputs, data.targets) if isinstance(data, Table) else None


def _second_order(second: Second, network: Network, citing: _Citing) -> SecondOrder:
    learnt = [parameter.tensor for parameter in network.parameters()]

    def product(motions: Iterable[Motion], end: str) -> Product:
        lines = citing.lines(motion.tangent_equation for motion in motions)
        return Product(lines, tuple(product_of(tensor, end) for tensor in learnt))

    return SecondOrder(
        tuple(map(tangent_of, learnt)),
        citing.lines(motion.tangent_equation for motion in second.forward),
        product(second.backward, HESSIAN),
        product(second.linear, GAUSS_NEWTON),
    )


def _layout(
    network: Network, notation: Notation, second: Second | None
) -> dict[Tensor, tuple[int, ...]]:
    """The tensors whose axes the notation has in the other order: weights, samples in columns."""
    turned: list[Tensor] = []
    if notation.convention.weight_to_from:
        learnt = (parameter.tensor for parameter in network.parameters())
        turned += (t for t in learnt if t.role is Role.WEIGHT and len(t.axes) == 2)
    if notation.convention.matrix is Matrix.COLUMNS and network.concrete.is_stack:
        computed = [tensor_of(e.lhs) for e in network.program().equations]
        deltas = [delta_of(t) for t in computed if t.role is Role.PREACTIVATION]
        quantities = (network.input, *computed, *deltas, network.target)
        turned += (t for t in quantities if len(t.axes) == 2)
    if second is not None:
        turned += [other for t in turned for other in second.named_after(t)]
    return dict.fromkeys(turned, (1, 0))
