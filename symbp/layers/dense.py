"""The fully connected layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from symbp.activations.activation import Activation
from symbp.activations.table import named
from symbp.equations.axis import Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.errors import Fault, SpecErrors, fault
from symbp.layers.layer import SAMPLE, Initialiser, Parameter, activations, units
from symbp.layers.placed import Placed

LARGEST = 1_000_000
"""More units than any layer has; a larger number is a slip of the keyboard."""


@dataclass(frozen=True, init=False)
class Dense:
    """``u[n, j] = Σ_i w[i, j] z[n, i] + b[j]``, then ``z[n, j] = f(u[n, j])``.

    ``units`` is None in a network of which only the form is given. ``activation`` may be a name.
    Raises SpecErrors for a size that is none and for an activation that is unknown.
    """

    units: int | None
    activation: Activation
    bias: bool

    kind = "dense"

    def __init__(
        self, units: int | None = None, activation: str | Activation = "identity", bias: bool = True
    ) -> None:
        faults = list(size_faults(units, "units")) if units is not None else []
        if isinstance(activation, str):
            try:
                activation = named(activation)
            except SpecErrors as error:
                faults += [each.under("activation") for each in error.faults]
        if faults:
            raise SpecErrors(tuple(faults))
        object.__setattr__(self, "units", units)
        object.__setattr__(self, "activation", activation)
        object.__setattr__(self, "bias", bias)

    def output_size(self) -> int | None:
        return self.units

    def constants(self, place: Expr) -> dict[Tensor, float]:
        return {_constant(name, place): value for name, value in self.activation.constants}

    def parameters(self, place: Expr, incoming: Tensor) -> tuple[Parameter, ...]:
        weight = Parameter(_weight(place, incoming), Initialiser(self.activation.gain))
        bias = Parameter(_bias(place), Initialiser("zeros"))
        return (weight, bias) if self.bias else (weight,)

    def equations(
        self, place: Expr, incoming: Tensor, samples: tuple[Index, ...], letters: str = "ij"
    ) -> tuple[Equation, ...]:
        i = incoming.axes[-1].index(letters[0])
        j = units(place).index(letters[1])
        z = activations(place, samples)
        u = Tensor("u", z.axes, Role.PREACTIVATION, place)[(*samples, j)]
        weighted = total(_weight(place, incoming)[i, j] * incoming[(*samples, i)], i)
        constants = {name: _constant(name, place)[()] for name, _ in self.activation.constants}
        return (
            Equation(f"u@{place}", u, weighted + _bias(place)[j] if self.bias else weighted),
            Equation(f"z@{place}", z[(*samples, j)], self.activation.of(u, j, constants)),
        )

    def put(
        self, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sequence[int | None]]
    ) -> Placed:
        """The layer at ``place``; all axes of what it reads but the last are like a batch."""
        if len(reads) != 1:
            raise SpecErrors([fault("layer_reads", "from", given=len(reads), wanted=1)])
        if reads[0].labels:
            raise SpecErrors([fault("layer_tokens")])
        if not reads[0].axes or reads[0].axes[-1] == SAMPLE:
            raise SpecErrors([fault("layer_axes", given=0, wanted=1, name=self.kind)])
        (incoming,) = reads
        samples: list[Index] = []
        for axis in incoming.axes[:-1]:
            samples.append(axis.fresh(samples))
        equations = self.equations(place, incoming, tuple(samples))
        sizes = {units(place): self.units} if self.units is not None else {}
        return Placed(
            place,
            equations,
            tensor_of(equations[-1].lhs),
            self.parameters(place, incoming),
            self.constants(place),
            sizes,
        )


def size_faults(size: object, *path: str | int) -> tuple[Fault, ...]:
    """What keeps ``size`` from being a number of units; True is none, though Python counts it."""
    if isinstance(size, bool) or not isinstance(size, int):
        return (fault("size_type", *path, given=size),)
    if size < 1:
        return (fault("size_positive", *path, given=size),)
    return (fault("size_huge", *path, given=size, limit=LARGEST),) if size > LARGEST else ()


def _weight(place: Expr, incoming: Tensor) -> Tensor:
    return Tensor("w", (incoming.axes[-1], units(place)), Role.WEIGHT, place)


def _bias(place: Expr) -> Tensor:
    return Tensor("b", (units(place),), Role.BIAS, place)


def _constant(name: str, place: Expr) -> Tensor:
    return Tensor(name, (), Role.CONSTANT, place)
