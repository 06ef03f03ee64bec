"""The quantities that a derivation names."""

from __future__ import annotations

from dataclasses import replace

from symbp.equations.tensor import ALONG, LINEAR, Role, Tensor, change_name

RATE = Tensor("eta", role=Role.CONSTANT)


BAR = "_bar"
"""How the name of an adjoint ends."""


def delta_of(unit: Tensor) -> Tensor:
    """δ, the derivative of the loss with respect to a pre-activation."""
    return Tensor("delta", unit.axes, Role.DELTA, unit.place)


def adjoint_of(tensor: Tensor) -> Tensor:
    """The derivative of the loss with respect to ``tensor``, by name: δ of a pre-activation."""
    if tensor.role is Role.PREACTIVATION:
        return replace(delta_of(tensor), name=tensor.name.replace("u", "delta", 1))
    return Tensor(f"{tensor.name}{BAR}", tensor.axes, Role.ADJOINT, tensor.place)


def change_of(parameter: Tensor) -> Tensor:
    """Δw, what an update adds to a parameter."""
    return Tensor(change_name(parameter), parameter.axes, Role.OTHER, parameter.place)


STEP = Tensor("xi", role=Role.CONSTANT)
"""How far all parameters have been moved along a direction."""


def tangent_of(tensor: Tensor) -> Tensor:
    """How fast ``tensor`` changes as the parameters move; of a parameter, its direction."""
    return replace(tensor, name=f"{tensor.name}{ALONG}")


def product_of(parameter: Tensor, end: str) -> Tensor:
    """The entries that belong to ``parameter`` of a matrix of second derivatives times a direction.

    ``end`` says of which: HESSIAN, GAUSS_NEWTON.
    """
    return replace(parameter, name=f"{parameter.name}{end}")


def linear_adjoint_of(adjoint: Tensor) -> Tensor:
    """How fast an adjoint changes where all behind the loss's own slope counts as linear."""
    return replace(adjoint, name=f"{adjoint.name}{LINEAR}")
