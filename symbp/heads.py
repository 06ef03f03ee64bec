"""What a network is measured by: losses at the layers that they read, and E made of them.

E = D                      one loss
E = ζ₁ D₁ + ζ₂ D₂ + R      several, each with its weight, and the penalty
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sympy import Add, Expr

from symbp.equations.axis import Index
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, tensors_in
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.layers.graph import End, Graph, inputs_of, join, nodes_of
from symbp.layers.placed import Placed
from symbp.losses.criterion import Targets
from symbp.losses.loss import LAMBDA, LOSS, PENALTY, Loss, Value, penalty, term_of

if TYPE_CHECKING:
    from symbp.layers.written import Sizes

WEIGHT = "zeta"
"""What the weight of a loss is called."""

LATEST = 8
"""Graphs that are remembered."""


@dataclass(frozen=True)
class Head:
    """A loss, the ``predictions`` that it reads, and the target that it holds them against.

    ``measured`` is what its criterion is applied to: the prediction, or what ``placed``, the
    equations of a relation between several, make of them. ``number`` counts from 1, and is 0 where
    there is no other.
    """

    loss: Loss
    predictions: tuple[Tensor, ...]
    measured: Tensor
    target: Tensor | None
    number: int = 0
    placed: Placed | None = None
    called: Mapping[str, str] = field(default_factory=dict)
    """The constants that bear its number, since another loss has them with another value."""

    @property
    def samples(self) -> tuple[Index, ...]:
        """The indices of the batch, if there is one, and of all that is like a batch."""
        axes = self.measured.axes if self.placed else self.measured.axes[:-1]
        found: list[Index] = []
        for axis in axes:
            found.append(axis.fresh(found))
        return tuple(found)

    @property
    def weight(self) -> Tensor:
        """The constant that its term is multiplied by."""
        return Tensor(f"{WEIGHT}{self.number or ''}", (), Role.CONSTANT)

    @property
    def term(self) -> Expr:
        """The value of the loss, without its weight."""
        return self.loss.data_term(self.measured, self.samples, self.target, self.called)

    @property
    def facts(self) -> tuple[Equation, ...]:
        """What is known of the target."""
        if self.target is None:
            return ()
        return self.loss.facts(self.measured, self.samples, self.target)


@dataclass(frozen=True)
class Relating:
    """The equations of a loss that compares several predictions with each other, as a layer."""

    loss: Loss
    alone: bool = True

    def put(self, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sizes]) -> Placed:
        """At ``place``. Raises SpecErrors for predictions that cannot be compared."""
        from symbp.layers.forward import Forward
        from symbp.layers.placing import put

        relation = self.loss.criterion.relation
        assert relation is not None
        if len(reads) != len(relation.reads):
            facts = {"given": len(reads), "wanted": len(relation.reads)}
            raise SpecErrors([fault("loss_reads", "from", loss=self.loss.criterion.name, **facts)])
        tensors, sizes, entries = [*reads], [*shapes], [*relation.reads]
        if self.loss.criterion.targets is not Targets.NONE:
            at = None if self.alone else place
            each = len(reads[0].axes) if relation.of_units else len(reads[0].axes) - 1
            tensors.append(Tensor("d", reads[0].axes[:each], Role.TARGET, at))
            sizes.append(tuple(shapes[0])[:each])
            entries.append(relation.target)
        constants = dict(self.loss.constants)
        forward = Forward(tuple(entries), relation.equations, constants=constants)
        try:
            return put(forward, place, tensors, sizes)
        except SpecErrors:
            given = ["×".join(str(n) for n in s if n is not None) for s in shapes]
            name = self.loss.criterion.name
            raise SpecErrors([fault("loss_shapes", "from", loss=name, given=given)]) from None


def is_plain(losses: Sequence[Loss]) -> bool:
    """Whether there is one loss, that of the last layer."""
    return len(losses) < 2 and not any(each.reads or each.criterion.relation for each in losses)


def joined(inputs: Any, layers: Sequence[Any], losses: Sequence[Loss], *, batch: bool) -> Graph:
    """The graph of ``layers``, and of what losses compare. Raises SpecErrors."""
    return _joined(_Parts((inputs, *layers), tuple(losses), batch))


@dataclass(frozen=True, eq=False)
class _Parts:
    """What is joined: the same where it is the same objects, as when it is checked and then used.

    Equal ones are not enough: 1 and 1.0 are, and True.
    """

    layers: tuple[Any, ...]
    losses: tuple[Loss, ...]
    batch: bool

    @cached_property
    def _objects(self) -> tuple[int, ...]:
        return (*map(id, self.layers), 0, *map(id, self.losses), self.batch)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Parts) and self._objects == other._objects

    def __hash__(self) -> int:
        return hash(self._objects)


@lru_cache(maxsize=LATEST)
def _joined(parts: _Parts) -> Graph:
    (inputs, *layers), losses = parts.layers, parts.losses
    last = names_of(layers)[-1:]
    ends = [
        End(Relating(loss, len(losses) == 1), loss.reads or tuple(last), path_of(k, losses))
        for k, loss in enumerate(losses)
        if loss.criterion.relation is not None
    ]
    return join(inputs_of(inputs), nodes_of(layers), ends, batch=parts.batch)


def path_of(number: int, losses: Sequence[Loss]) -> tuple[str | int, ...]:
    """Where the loss with this number is declared."""
    return ("loss", number) if len(losses) > 1 else ("loss",)


def names_of(layers: Sequence[Any]) -> list[str]:
    """What the layers are called, in their order."""
    return [node.name or f"layer{k}" for k, node in enumerate(nodes_of(layers), 1)]


def head_faults(losses: Sequence[Loss], layers: Sequence[Any]) -> Iterator[Fault]:
    """Losses that read what is no layer, or several; the penalty of more than one."""
    names = names_of(layers)
    for k, loss in enumerate(losses):
        path = path_of(k, losses)
        if loss.criterion.relation is None and len(loss.reads) > 1:
            facts = {"given": len(loss.reads), "wanted": 1, "loss": loss.criterion.name}
            yield fault("loss_reads", *path, "from", **facts)
        for name in loss.reads:
            if name not in names and loss.criterion.relation is None:
                facts = {"given": name, "meant": meant(name, names), "known": tuple(names)}
                yield fault("loss_from", *path, "from", **facts)
    for k in [k for k, loss in enumerate(losses) if loss.l2][1:]:
        yield fault("penalty_again", *path_of(k, losses), "l2")


def heads(losses: Sequence[Loss], graph: Graph, layers: Sequence[Any]) -> tuple[Head, ...]:
    """``losses`` at what they read; the last layer where they do not say."""
    last = names_of(layers)[-1]
    relations = iter(graph.ends)
    several = _different(losses)
    found = []
    for k, loss in enumerate(losses):
        number = k + 1 if len(losses) > 1 else 0
        predictions = tuple(graph.outputs[name] for name in loss.reads or (last,))
        if loss.criterion.relation is None:
            (z,) = predictions
            wanted = loss.target(z, z.place if number else None)
            called = {name: f"{name}{number}" for name in loss.numbers if name in several}
            found.append(Head(loss, predictions, z, wanted, number, called=called))
            continue
        placed = next(relations)
        sides = (e.rhs for e in placed.equations)
        target = next((t for t in tensors_in(*sides) if t.role is Role.TARGET), None)
        learnt = tuple(t for t in predictions if t not in graph.inputs)
        found.append(Head(loss, learnt, placed.output, target, number, placed))
    return tuple(found)


def _different(losses: Sequence[Loss]) -> set[str]:
    """The constants that do not have one value in all losses."""
    values: dict[str, set[Value]] = {}
    for loss in losses:
        for name, value in loss.numbers.items():
            values.setdefault(name, set()).add(value)
    return {name for name, given in values.items() if len(given) > 1}


def equations(found: Sequence[Head], weights: Sequence[Tensor]) -> Iterator[Equation]:
    """The equations of E; the penalty falls on ``weights``."""
    decay = any(head.loss.l2 for head in found)
    if len(found) == 1 and not decay and found[0].loss.weight == 1:
        yield Equation("E", LOSS[()], found[0].term)
        return
    terms = []
    for head in found:
        term = term_of(head.number)
        yield Equation(term.name, term[()], head.term)
        terms.append(term[()] if head.loss.weight == 1 else head.weight[()] * term[()])
    if decay:
        yield Equation("R", PENALTY[()], penalty(weights))
        terms.append(PENALTY[()])
    yield Equation("E", LOSS[()], Add(*terms))


def values(found: Sequence[Head]) -> dict[Tensor, Value]:
    """The values of the constants in the equations of E, but for those of relations."""
    out: dict[Tensor, Value] = {}
    for head in found:
        if head.placed is None:
            out |= head.loss.values(head.measured, head.called)
        elif head.loss.l2:
            out[LAMBDA] = head.loss.l2
        if head.loss.weight != 1:
            out[head.weight] = head.loss.weight
    return out
