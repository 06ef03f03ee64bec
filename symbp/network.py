"""A network: layers in a row, a loss at their end, and how it is trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Integer

from symbp.agreement import disagreements, form_faults, graph_disagreements, named_faults
from symbp.equations.axis import Axis, Index, L
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor
from symbp.errors import SpecErrors
from symbp.general import Windows, windows
from symbp.heads import Head, equations, heads, is_plain, joined, values
from symbp.layers.dense import Dense
from symbp.layers.graph import Graph, Input, nodes_of
from symbp.layers.layer import SAMPLE, Parameter, activations
from symbp.losses.loss import Loss, Value
from symbp.optimizers.optimizer import Optimizer
from symbp.training import Table, Title, Training

INPUTS = Integer(0)
"""The place of what is read: ``z`` there is x."""


@dataclass(frozen=True)
class Network:
    """Layers 1, 2, …, the last of which predicts.

    Where there are several losses, ``further`` are those behind the first, and E is their sum.
    Without ``batch`` all equations are those of one sample. Where ``instance`` is given only the
    form is declared: ``layers`` are then a hidden layer in general and the last one, ``inputs`` is
    None, and the instance is a network of this form with depth and sizes.
    Raises SpecErrors where the parts do not fit together, TypeError for a word where a loss or an
    optimizer is wanted: ``of`` takes words.
    """

    name: str
    inputs: int | tuple[int, ...] | tuple[Input, ...] | None
    layers: tuple[Any, ...]
    loss: Loss
    optimizer: Optimizer = field(default_factory=Optimizer.of)
    training: Training = Training()
    data: Table | str | None = None
    title: Title = Title()
    batch: bool = True
    instance: Network | None = None
    further: tuple[Loss, ...] = ()

    def __post_init__(self) -> None:
        for given, kind in ((self.loss, Loss), (self.optimizer, Optimizer)):
            if not isinstance(given, kind):
                raise TypeError(f"{given!r} is no {kind.__name__}: Network.of takes words")
        if self.is_general:
            faults = [*named_faults(self.name), *form_faults(self.layers, self.loss)]
        elif self.is_stack:
            faults = disagreements(self.name, self.inputs, self.layers, self.loss, self.data)
            _ = self.graph if not faults else None  # found now, not when it is asked for
        else:
            parts = (self.name, self.inputs, self.layers, self.losses, self.data)
            faults = graph_disagreements(*parts, lambda: self.graph)
        if faults:
            raise SpecErrors(faults)

    @staticmethod
    def of(
        name: str,
        inputs: int | tuple[int, ...] | tuple[Input, ...],
        layers: Iterable[Any],
        loss: str | Loss | Iterable[Loss] = "half_squared_error",
        optimizer: str | Optimizer = "sgd",
        **others: Any,
    ) -> Network:
        """A network from words; ``others`` are the fields of the class.

        ``loss`` may be several, each with the layer that it ``reads`` and its ``weight``.
        """
        loss = Loss.of(loss) if isinstance(loss, str) else loss
        first, *further = (loss,) if isinstance(loss, Loss) else tuple(loss)
        optimizer = Optimizer.of(optimizer) if isinstance(optimizer, str) else optimizer
        if further:
            others["further"] = tuple(further)
        return Network(name, inputs, tuple(layers), first, optimizer, **others)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What is measured, at one layer or at several."""
        return (self.loss, *self.further)

    @property
    def is_stack(self) -> bool:
        """Whether fully connected layers follow each other, from units to units."""
        plain = not isinstance(self.inputs, (tuple, list)) and self.is_plain
        return plain and all(isinstance(layer, Dense) for layer in self.layers)

    @property
    def is_plain(self) -> bool:
        """Whether there is one loss, that of the last layer."""
        return is_plain(self.losses)

    @property
    def kinds(self) -> dict[Expr, str]:
        """What kind each layer is, by its place; none where all are fully connected."""
        if self.is_stack:
            return {}
        nodes = enumerate(nodes_of(self.layers), 1)
        compared = {h.placed.place: h.loss.criterion.name for h in self.heads if h.placed}
        return {Integer(place): node.layer.kind for place, node in nodes} | compared

    @property
    def is_general(self) -> bool:
        """Whether only the form is declared."""
        return self.instance is not None

    @cached_property
    def concrete(self) -> Network:
        """The network that has a depth and sizes: itself, or the instance of its form."""
        return self.instance or self

    @property
    def depth(self) -> Expr:
        """The number of layers: an Integer, or ``L`` in general."""
        return L if self.is_general else Integer(len(self.layers))

    @property
    def last(self) -> Expr:
        """The place of the layer that predicts; where several do, none of them is the last."""
        return self.depth if self.is_plain else self.depth + 1

    @cached_property
    def graph(self) -> Graph:
        """The layers at their places. Raises SpecErrors where they do not fit."""
        return joined(self.inputs, self.layers, self.losses, batch=self.batch)

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """Each loss with what it reads and its target."""
        return heads(self.losses, self.graph, self.layers)

    @property
    def predictions(self) -> tuple[Tensor, ...]:
        """What the losses read."""
        return tuple(tensor for head in self.heads for tensor in head.predictions)

    @cached_property
    def samples(self) -> tuple[Index, ...]:
        """The indices of the batch, if there is one, and of all that is like a batch."""
        if self.is_general:
            return (SAMPLE.index("n"),) if self.batch else ()
        return self.heads[0].samples

    def program(self) -> Program:
        """The equations from x to E, with places 1, 2, …; those of the instance in general."""
        return self.concrete._program

    @cached_property
    def _program(self) -> Program:
        weights = [p.tensor for p in self.graph.parameters if p.is_weight]
        found = self._named(
            (*self.graph.equations, *self.compared, *equations(self.heads, weights))
        )
        facts = {fact.id: fact for head in self.heads for fact in head.facts}
        return Program(found, tuple(facts.values()))

    @property
    def compared(self) -> tuple[Equation, ...]:
        """The equations of what losses compare."""
        return self._named(e for placed in self.graph.ends for e in placed.equations)

    @property
    def inference(self) -> tuple[Equation, ...]:
        """The equations from x to y when nothing is learnt."""
        return self._named(self.graph.inference)

    @property
    def updates(self) -> tuple[Equation, ...]:
        """What becomes in each step of what is remembered and not learnt."""
        return self._named(self.graph.updates)

    def _named(self, equations: Iterable[Equation]) -> tuple[Equation, ...]:
        """``equations`` with a constant that all layers share called by its name alone."""
        renamed = {old[()]: new[()] for old, new in self._constants.items()}
        return tuple(Equation(e.id, e.lhs, e.rhs.xreplace(renamed)) for e in equations)

    def windows(self) -> Windows:
        """The equations at a place l and at the place L, where only the form is declared."""
        return windows(self.layers, self.loss, self.samples)

    def sizes(self) -> dict[Axis, int]:
        """The sizes of all axes; nothing of a batch, whose size is open."""
        return dict(self.concrete.graph.sizes)

    def parameters(self) -> tuple[Parameter, ...]:
        """What is learnt, in the order of the layers, with what it begins with."""
        each = self.concrete
        begin = each.training.initialiser
        return tuple(
            replace(found, initialiser=begin(found.initialiser)) for found in each.graph.parameters
        )

    def constants(self) -> dict[Tensor, Value]:
        """The values of the constants in the program."""
        each = self.concrete
        own = {
            each._constants[tensor]: value
            for placed in (*each.graph.placed, *each.graph.ends)
            for tensor, value in placed.constants.items()
        }
        return {**own, **values(each.heads)}

    @property
    def input(self) -> Tensor:
        """x, that is ``z`` at place 0."""
        if self.is_general:
            return activations(INPUTS, self.samples)
        return self.graph.inputs[0]

    @property
    def prediction(self) -> Tensor:
        """y, that is ``z`` at the last place."""
        if self.is_general:
            return activations(self.last, self.samples)
        return self.heads[0].predictions[0]

    @property
    def target(self) -> Tensor:
        """``d[n, j]``, or ``t[n]`` where the targets are labels."""
        return self.loss.target(self.prediction)

    @cached_property
    def _constants(self) -> dict[Tensor, Tensor]:
        """Each layer's constants; without place where all layers give that name one value."""
        everything = (*self.graph.placed, *self.graph.ends)
        found = {t: v for placed in everything for t, v in placed.constants.items()}
        values: dict[str, set[float]] = {}
        for tensor, value in found.items():
            values.setdefault(tensor.name, set()).add(value)
        return {t: replace(t, place=None) if len(values[t.name]) == 1 else t for t in found}
