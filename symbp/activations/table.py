"""The activations that ship with the package."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from sympy import Interval, Piecewise, erf, exp, log, oo, sqrt, tanh

from symbp.activations.activation import Activation, General, Scalar, Softmax, U, constant
from symbp.errors import Fault, SpecErrors, fault, meant

PROBABILITY = Interval.open(0, 1)
POSITIVE = Interval.open(0, oo)
ALPHA = constant("alpha")

_ALL: tuple[Activation, ...] = (
    Scalar("identity", U),
    Scalar("sigmoid", 1 / (1 + exp(-U)), PROBABILITY),
    Scalar("tanh", tanh(U), Interval.open(-1, 1)),
    # At the kink the second branch holds: ReLU goes on at 0 as it comes from the left.
    Scalar("relu", Piecewise((U, U > 0), (0, True)), Interval(0, oo), "he"),
    Scalar(
        "leaky_relu",
        Piecewise((U, U > 0), (ALPHA * U, True)),
        gain="he",
        constants=(("alpha", 0.01),),
    ),
    Scalar(
        "elu",
        Piecewise((U, U > 0), (ALPHA * (exp(U) - 1), True)),
        gain="he",
        constants=(("alpha", 1.0),),
    ),
    Scalar("softplus", log(1 + exp(U)), POSITIVE, "he"),
    Scalar("gelu", U * (1 + erf(U / sqrt(2))) / 2, gain="he"),
    Scalar("silu", U / (1 + exp(-U)), gain="he"),
    Softmax(PROBABILITY),
    General(),
)

ACTIVATIONS = MappingProxyType({each.name: each for each in _ALL})


def named(name: str, **constants: float) -> Activation:
    """The activation called ``name``, with other values for its constants where given.

    Raises SpecErrors for an unknown name and for a constant that it does not have.
    """
    found = ACTIVATIONS.get(name)
    if found is None:
        known = tuple(ACTIVATIONS)
        raise SpecErrors(
            [fault("unknown_activation", given=name, meant=meant(name, known), known=known)]
        )
    return with_constants(found, constants)


def with_constants(activation: Activation, values: dict[str, float]) -> Activation:
    """``activation`` with other values for its constants. Raises SpecErrors for one it lacks."""
    if not values:
        return activation
    own = dict(activation.constants)
    given = {name: float(value) for name, value in values.items()}
    strange = [name for name in values if name not in own]
    if strange or not isinstance(activation, Scalar):
        raise SpecErrors([_strange(name, tuple(own)) for name in strange])
    return replace(activation, constants=tuple({**own, **given}.items()))


def _strange(name: str, known: tuple[str, ...]) -> Fault:
    return fault("unknown_key", name, given=name, meant=meant(name, known), known=known)
