"""Gradient clipping by the norm of all gradients together."""

from __future__ import annotations

from sympy import Piecewise

from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.optimizers.rule import GRADIENT

NORM = Tensor("norm")
"""‖g‖: the root of the sum of squares over every entry of every gradient of the network."""
LIMIT = Tensor("clip", (), Role.CONSTANT)
CLIPPED = Tensor("g_clipped")

CLIPPING = Equation(
    "update.g_clipped",
    CLIPPED[()],
    Piecewise((GRADIENT[()] * LIMIT[()] / NORM[()], NORM[()] > LIMIT[()]), (GRADIENT[()], True)),
)
"""``g · min(1, c / ‖g‖)``; the condition keeps it defined where ‖g‖ = 0."""
