"""The quantities that a derivation names."""

from __future__ import annotations

from symbp.equations.tensor import Role, Tensor

RATE = Tensor("eta", role=Role.CONSTANT)


def delta_of(unit: Tensor) -> Tensor:
    """δ, the derivative of the loss with respect to a pre-activation."""
    return Tensor("delta", unit.axes, Role.DELTA, unit.place)


def change_of(parameter: Tensor) -> Tensor:
    """Δw, what an update adds to a parameter."""
    return Tensor(f"d{parameter.name}", parameter.axes, Role.OTHER, parameter.place)
