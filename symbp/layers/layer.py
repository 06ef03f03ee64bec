"""What every layer offers, and the tensors that layers pass to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr

from symbp.activations.activation import Scalar, U, constant
from symbp.equations.axis import Axis, Index
from symbp.equations.tensor import Role, Tensor

SAMPLE = Axis("sample", None, "n")
"""The axis of a batch."""

NUMBERS = ("zeros", "ones")
INITIALISERS = ("glorot", "he", "normal", "uniform", *NUMBERS)


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

    @property
    def is_weight(self) -> bool:
        """Whether it is called so, or begins at random: biases and gains begin with a number."""
        return self.tensor.role is Role.WEIGHT or self.initialiser.kind not in NUMBERS


def function_of(activation: Scalar) -> Callable[[Expr], Expr]:
    """An activation as a function, its constants as numbers."""
    own = {constant(name): value for name, value in activation.constants}
    formula = activation.formula.xreplace(own)
    return lambda x: formula.xreplace({U: x})


def units(place: Expr) -> Axis:
    """The units of the layer at ``place``; those of place 0 are the network's inputs."""
    return Axis("unit", place, "j")


def activations(place: Expr, samples: tuple[Index, ...] = ()) -> Tensor:
    """``z[n, j]`` at ``place``: what leaves that layer."""
    return Tensor("z", (*(n.axis for n in samples), units(place)), Role.ACTIVATION, place)
