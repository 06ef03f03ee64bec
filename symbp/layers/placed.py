"""A layer at its place in a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.layers.layer import Parameter


@dataclass(frozen=True)
class Placed:
    """The equations of a layer at ``place``, and what it passes on.

    ``sizes`` are those of the axes that are new here, ``merged`` groups of axes that are one.
    """

    place: Expr
    equations: tuple[Equation, ...]
    output: Tensor
    parameters: tuple[Parameter, ...] = ()
    constants: Mapping[Tensor, float] = field(default_factory=dict)
    sizes: Mapping[Axis, int] = field(default_factory=dict)
    merged: tuple[tuple[Axis, ...], ...] = ()
    shared: Mapping[str, Tensor] = field(default_factory=dict)
    """The parameters of other layers that it uses, by the names that it has for them."""
