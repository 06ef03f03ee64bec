"""Layers that are written down as text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from sympy import Expr

from symbp.equations.tensor import Tensor
from symbp.layers.forward import Forward, put
from symbp.layers.placed import Placed

Sizes = Sequence[int | None]
"""The shape of what comes in, None for the number of samples."""

NEVER = "-1e30"
"""A number that is never the largest, and whose exponential is 0."""


class Written(ABC):
    """A layer whose ``forward`` gives its equations as text; all else follows from them."""

    @abstractmethod
    def forward(self, *shapes: Sizes) -> Forward:
        """The equations for tensors of these shapes."""

    def put(self, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sizes]) -> Placed:
        """The layer at ``place``. Raises SpecErrors for whatever does not fit."""
        return put(self.forward(*shapes), place, reads)
