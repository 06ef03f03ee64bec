"""What every layer offers, and the tensors that layers pass to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sympy import Expr

from symbp.equations.axis import Axis, Index
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor

SAMPLE = Axis("sample", None, "n")
"""The axis of a batch."""

INITIALISERS = ("glorot", "he", "normal", "uniform", "zeros", "ones")


@dataclass(frozen=True)
class Initialiser:
    """From what a parameter is drawn before training. All have mean 0; ``scale`` multiplies.

    glorot: normal, deviation √(2 / (fan in + fan out)); he: normal, deviation √(2 / fan in);
    normal: deviation 1; uniform: from −1 to 1; zeros: 0; ones: ``scale`` itself. The fan in of a
    weight are the axes that its layer sums over.
    """

    kind: str
    scale: float = 1.0


@dataclass(frozen=True)
class Parameter:
    """A tensor that is learnt, and how it begins."""

    tensor: Tensor
    initialiser: Initialiser


class Layer(Protocol):
    """A layer at ``place`` reads the tensor ``incoming``, whose last axis are its units.

    ``samples`` are the indices of the batch-like axes in front; none for a single sample. The last
    equation defines what the next layer reads.
    """

    @property
    def kind(self) -> str:
        """The word that a specification calls it by."""

    def output_size(self) -> int | None:
        """The number of units that leave it; None where that is left open."""

    def parameters(self, place: Expr, incoming: Tensor) -> tuple[Parameter, ...]:
        """What it learns."""

    def constants(self, place: Expr) -> Mapping[Tensor, float]:
        """The chosen numbers in its equations, with their values."""

    def equations(
        self, place: Expr, incoming: Tensor, samples: tuple[Index, ...], letters: str = "ij"
    ) -> tuple[Equation, ...]:
        """Its forward equations; ``letters`` name the units before and those after it."""


def units(place: Expr) -> Axis:
    """The units of the layer at ``place``; those of place 0 are the network's inputs."""
    return Axis("unit", place, "j")


def activations(place: Expr, samples: tuple[Index, ...] = ()) -> Tensor:
    """``z[n, j]`` at ``place``: what leaves that layer."""
    return Tensor("z", (*(n.axis for n in samples), units(place)), Role.ACTIVATION, place)
