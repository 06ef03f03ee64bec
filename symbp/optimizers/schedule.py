"""How the learning rate falls from step to step."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from sympy import Expr, exp

from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.optimizers.rule import ETA, STEP

ETA0 = Tensor("eta0", (), Role.CONSTANT)
"""The rate at the first step."""
FALL = Tensor("decay", (), Role.CONSTANT)

SCHEDULES: MappingProxyType[str, Callable[[Expr, Expr, Expr], Expr]] = MappingProxyType(
    {
        "inverse_time": lambda eta0, k, passed: eta0 / (1 + k * passed),
        "exponential": lambda eta0, k, passed: eta0 * exp(-k * passed),
    }
)
"""Of the first rate, the decay k and the number of steps that have passed."""

CONSTANT = "constant"


def schedule(name: str) -> tuple[Equation, ...]:
    """The equation of η at step t; none where η is a constant."""
    if name == CONSTANT:
        return ()
    rate = SCHEDULES[name](ETA0[()], FALL[()], STEP[()] - 1)
    return (Equation("update.eta", ETA[()], rate),)
