"""What a target is given: everything that a generated module says, decided beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symbp.equations.axis import Axis
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.targets.styles import STYLE

Names = Callable[[Tensor | Partial], str]
"""An identifier in ASCII for a tensor, or for the gradient ∂E/∂w."""

Number = int | float

WEIGHT, GRADIENT = Tensor("w", (), Role.WEIGHT), Tensor("g")
STEP, RATE = Tensor("t"), Tensor("eta", (), Role.CONSTANT)
FIRST_RATE, FALL = Tensor("eta0", (), Role.CONSTANT), Tensor("decay", (), Role.CONSTANT)
NORM, LIMIT = Tensor("norm"), Tensor("clip", (), Role.CONSTANT)
"""What the update equations of every optimizer speak of, beside states and constants."""


@dataclass(frozen=True)
class Line:
    """An equation with its number in the derivation, its spelling, and a note such as ``l = 2``."""

    equation: Equation
    number: str = ""
    spelling: str = ""
    note: str = ""


@dataclass(frozen=True)
class LearntTensor:
    """A parameter; ``kind`` is one of glorot, he, normal, uniform, zeros, ones.

    ``summed`` are its axes that its equation sums over, ``others`` those that are left.
    """

    tensor: Tensor
    kind: str
    scale: float = 1.0
    summed: tuple[Axis, ...] = ()
    others: tuple[Axis, ...] = ()


@dataclass(frozen=True)
class UpdateRule:
    """An optimizer: ``lines`` lead from w, g, t, η and states ``s`` to ``w'`` and ``s'``.

    ``constants`` have the values that are used unless others are given. None is below 0; some are
    ``below_one``, some ``above_zero``.
    """

    name: str
    lines: tuple[Line, ...]
    states: tuple[Tensor, ...] = ()
    constants: tuple[tuple[Tensor, float], ...] = ()
    below_one: tuple[Tensor, ...] = ()
    above_zero: tuple[Tensor, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What ``train`` does unless told otherwise."""

    optimizer: str = "sgd"
    rate: float = 0.1
    schedule: str = "constant"
    decay: float = 0.0
    clip: float | None = None
    epochs: int = 100
    batch_size: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Samples:
    """Data that a module carries: for each sample its inputs, and its targets or its label."""

    inputs: tuple[tuple[Number, ...], ...]
    targets: tuple[tuple[Number, ...], ...] | tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """A matrix of second derivatives times a direction: ``lines`` lead to ``results``.

    Those are one for each parameter.
    """

    lines: tuple[Line, ...]
    results: tuple[Tensor, ...]


@dataclass(frozen=True)
class SecondOrder:
    """What leads from a direction of the parameters to matrices of second derivatives times it.

    ``directions`` are the parameters' own. ``forward`` are tangents of the forward pass; two ways
    lead back from them.
    """

    directions: tuple[Tensor, ...]
    forward: tuple[Line, ...]
    hessian: Product
    gauss_newton: Product


@dataclass(frozen=True)
class Goal:
    """What ``predictions`` are held against: a ``target``, or only each other where it is None.

    ``kind`` is values, probabilities (from 0 to 1), one_hot, signs or labels. ``term`` is what
    this costs, where there are several goals.
    """

    predictions: tuple[Tensor, ...]
    target: Tensor | None
    kind: str = "values"
    term: Tensor | None = None

    @property
    def is_single(self) -> bool:
        """Whether one prediction is held against a target."""
        return len(self.predictions) == 1 and self.target is not None


@dataclass(frozen=True)
class ModulePlan:
    """A trainer to be written.

    ``inputs`` are read, ``goals`` are what is measured. ``layout`` lists the tensors not stored in
    the order of their axes. ``documents`` are the files whose numbers the comments bear. Without
    ``batched`` the equations are those of one sample; ``count`` is what the number of samples is
    called. In a ``stack`` units follow units, and nothing else.

    ``drawn`` are random masks with the chance of a 1; ``states`` what is remembered between steps
    and what it begins with, ``updates`` what becomes of it; ``inference`` leads from inputs to
    predictions when nothing is learnt, where that is another way.

    ``style`` is one of STYLES; ``without`` names the SWITCHES that are off.
    """

    name: str
    title: str
    names: Names
    sizes: Mapping[Axis, int]
    inputs: tuple[Tensor, ...]
    goals: tuple[Goal, ...]
    forward: tuple[Line, ...]
    loss: tuple[Line, ...]
    backward: tuple[Line, ...]
    parameters: tuple[LearntTensor, ...]
    optimizers: tuple[UpdateRule, ...]
    schedules: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    clipping: tuple[Line, ...] = ()
    constants: tuple[tuple[Tensor, float | tuple[float, ...]], ...] = ()
    settings: Settings = Settings()
    samples: Samples | None = None
    batched: bool = True
    layout: Mapping[Tensor, tuple[int, ...]] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    count: str = "N"
    is_stack: bool = True
    inference: tuple[Line, ...] = ()
    drawn: tuple[tuple[Tensor, float], ...] = ()
    states: tuple[tuple[Tensor, float], ...] = ()
    updates: tuple[Line, ...] = ()
    second: SecondOrder | None = None
    style: str = STYLE
    without: tuple[str, ...] = ()

    @property
    def input(self) -> Tensor:
        """What is read first."""
        return self.inputs[0]

    @property
    def predictions(self) -> tuple[Tensor, ...]:
        """What is predicted, in the order of the goals."""
        return tuple(dict.fromkeys(p for goal in self.goals for p in goal.predictions))

    @property
    def targets(self) -> dict[Tensor, Goal]:
        """The targets, each with a goal that it is of."""
        found: dict[Tensor, Goal] = {}
        for goal in self.goals:
            if goal.target is not None:
                found.setdefault(goal.target, goal)
        return found

    @property
    def is_plain(self) -> bool:
        """Whether there is one input, one prediction, and one target for it."""
        only = len(self.inputs) == len(self.goals) == 1 and self.goals[0].is_single
        return only and self.input.role is not Role.MASK

    def shape(self, tensor: Tensor) -> tuple[int, ...]:
        """The shape of what a sample has of ``tensor``."""
        return tuple(self.sizes[axis] for axis in tensor.axes if axis in self.sizes)
