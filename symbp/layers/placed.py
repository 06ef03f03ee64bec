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
    ``drawn`` are random masks with the chance of a 1, ``states`` what is remembered with what it
    begins with, ``updates`` what becomes of it. ``inference`` holds instead of equations of the
    same ids when nothing is learnt.
    """

    place: Expr
    equations: tuple[Equation, ...]
    output: Tensor
    parameters: tuple[Parameter, ...] = ()
    constants: Mapping[Tensor, float] = field(default_factory=dict)
    sizes: Mapping[Axis, int] = field(default_factory=dict)
    merged: tuple[tuple[Axis, ...], ...] = ()
    drawn: tuple[tuple[Tensor, float], ...] = ()
    states: tuple[tuple[Tensor, float], ...] = ()
    updates: tuple[Equation, ...] = ()
    inference: tuple[Equation, ...] = ()
    shared: Mapping[str, Tensor] = field(default_factory=dict)
    """The parameters of other layers that it uses, by the names that it has for them."""
