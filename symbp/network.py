"""A network: layers in a row, a loss at their end, and how it is trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Integer

from symbp.agreement import disagreements, form_faults, named_faults
from symbp.equations.axis import Axis, Index, L
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor
from symbp.errors import SpecErrors
from symbp.general import Windows, windows
from symbp.layers.dense import Dense
from symbp.layers.layer import SAMPLE, Parameter, activations, units
from symbp.losses.loss import Loss
from symbp.optimizers.optimizer import Optimizer
from symbp.training import Table, Title, Training

INPUTS = Integer(0)
"""The place of what is read: ``z`` there is x."""


@dataclass(frozen=True)
class Network:
    """Layers 1, 2, …, the last of which predicts.

    Without ``batch`` all equations are those of one sample. Where ``instance`` is given only the
    form is declared: ``layers`` are then a hidden layer in general and the last one, ``inputs`` is
    None, and the instance is a network of this form with depth and sizes.
    Raises SpecErrors where the parts do not fit together.
    """

    name: str
    inputs: int | None
    layers: tuple[Dense, ...]
    loss: Loss
    optimizer: Optimizer = field(default_factory=Optimizer.of)
    training: Training = Training()
    data: Table | str | None = None
    title: Title = Title()
    batch: bool = True
    instance: Network | None = None

    def __post_init__(self) -> None:
        if self.is_general:
            faults = [*named_faults(self.name), *form_faults(self.layers, self.loss)]
        else:
            faults = disagreements(self.name, self.inputs, self.layers, self.loss, self.data)
        if faults:
            raise SpecErrors(faults)

    @staticmethod
    def of(
        name: str,
        inputs: int,
        layers: Iterable[Dense],
        loss: str | Loss = "half_squared_error",
        optimizer: str | Optimizer = "sgd",
        **others: Any,
    ) -> Network:
        """A network from words; ``others`` are the fields of the class."""
        loss = Loss.of(loss) if isinstance(loss, str) else loss
        optimizer = Optimizer.of(optimizer) if isinstance(optimizer, str) else optimizer
        return Network(name, inputs, tuple(layers), loss, optimizer, **others)

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
        """The place of the layer that predicts."""
        return self.depth

    @cached_property
    def samples(self) -> tuple[Index, ...]:
        """The index of the batch, if there is one."""
        return (SAMPLE.index("n"),) if self.batch else ()

    def program(self) -> Program:
        """The equations from x to E, with places 1, 2, …; those of the instance in general."""
        return self.concrete._program

    @cached_property
    def _program(self) -> Program:
        equations: list[Equation] = []
        for place, layer in self._places:
            equations += layer.equations(place, self._incoming(place), self.samples)
        weights = [p.tensor for p in self.parameters() if p.tensor.role is Role.WEIGHT]
        equations += self.loss.equations(self.prediction, self.samples, weights)
        renamed = {old[()]: new[()] for old, new in self._constants.items()}
        plain = (Equation(e.id, e.lhs, e.rhs.xreplace(renamed)) for e in equations)
        return Program(tuple(plain), self.loss.facts(self.prediction, self.samples))

    def windows(self) -> Windows:
        """The equations at a place l and at the place L, where only the form is declared."""
        return windows(self.layers, self.loss, self.samples)

    def sizes(self) -> dict[Axis, int]:
        """The number of units at each place; nothing of a batch, whose size is open."""
        each = self.concrete
        counts = [each.inputs, *(layer.units for layer in each.layers)]
        return {units(Integer(p)): count for p, count in enumerate(counts) if count is not None}

    def parameters(self) -> tuple[Parameter, ...]:
        """What is learnt, in the order of the layers, with what it begins with."""
        each = self.concrete
        begin = each.training.initialiser
        return tuple(
            replace(found, initialiser=begin(found.initialiser))
            for place, layer in each._places
            for found in layer.parameters(place, each._incoming(place))
        )

    def constants(self) -> dict[Tensor, float]:
        """The values of the constants in the program."""
        each = self.concrete
        values = {
            each._constants[tensor]: value
            for place, layer in each._places
            for tensor, value in layer.constants(place).items()
        }
        return {**values, **each.loss.values()}

    @property
    def input(self) -> Tensor:
        """x, that is ``z`` at place 0."""
        return activations(INPUTS, self.samples)

    @property
    def prediction(self) -> Tensor:
        """y, that is ``z`` at the last place."""
        return activations(self.last, self.samples)

    @property
    def target(self) -> Tensor:
        """``d[n, j]``, or ``t[n]`` where the targets are labels."""
        return self.loss.target(self.prediction)

    @cached_property
    def _places(self) -> tuple[tuple[Expr, Dense], ...]:
        return tuple((Integer(p), layer) for p, layer in enumerate(self.layers, 1))

    def _incoming(self, place: Expr) -> Tensor:
        return activations(place - 1, self.samples)

    @cached_property
    def _constants(self) -> dict[Tensor, Tensor]:
        """Each layer's constants; without place where all layers give that name one value."""
        found = {t: v for place, layer in self._places for t, v in layer.constants(place).items()}
        values: dict[str, set[float]] = {}
        for tensor, value in found.items():
            values.setdefault(tensor.name, set()).add(value)
        return {t: replace(t, place=None) if len(values[t.name]) == 1 else t for t in found}
