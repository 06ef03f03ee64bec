"""Equations that are the same but for their place: one is lowered, the others are moved there.

u@5 = Σ_i w@5 z@4 + b@5   ->  u5 = z4 @ w5 + b5
u@7 = Σ_i w@7 z@6 + b@7   ->  the same statement, two places further on
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from sympy import Expr, log

from symbp.equations.axis import Axis
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.looks import look
from symbp.equations.nodes import nodes
from symbp.equations.relocate import (
    Places,
    axis_at,
    places_of,
    substitution,
    tensor_at,
)
from symbp.equations.tensor import Tensor, tensor_of, tensors_in
from symbp.lowering.arrays import Assign, Loop, Steps, Temporary, Value
from symbp.lowering.lower import lower
from symbp.lowering.stable import Definitions, stable
from symbp.lowering.stored import Layout


@dataclass
class Lowerer:
    """Lowers equations in forms that do not overflow, those that are alike once."""

    definitions: Definitions
    layout: Layout
    known: dict[object, tuple[Expr, Assign]] = field(default_factory=dict)
    """By what an equation looks like: at which place that was, and the statement."""

    def __call__(self, equation: Equation) -> Assign:
        here = defined(equation).place
        if here is None or nodes(equation.rhs, log):  # a logarithm looks into other equations
            return self._lowered(equation)
        look = self._look(equation, here)
        if look not in self.known:
            self.known[look] = here, self._lowered(equation)
        there, assign = self.known[look]
        if here == there:
            return replace(assign, equation=equation)
        found = places_of(assign.equation.lhs, assign.equation.rhs) if assign.equation else ()
        moved = _Move({place: place + (here - there) for place in found})
        return replace(
            assign, target=moved(assign.target), value=moved(assign.value), equation=equation
        )

    def _lowered(self, equation: Equation) -> Assign:
        safe = replace(equation, rhs=stable(equation.rhs, self.definitions))
        return replace(lower(safe, self.layout), equation=equation)

    def _look(self, equation: Equation, here: Expr) -> object:
        """What the equation looks like, and how its tensors are stored."""
        sides = (equation.lhs, equation.rhs)
        tensors = tensors_in(*sides)
        stored = {(look(here, t.symbol), self.layout[t]) for t in tensors if t in self.layout}
        return look(here, *sides), frozenset(stored)


def defined(equation: Equation) -> Tensor:
    """The tensor that an equation defines, or gives the slope by."""
    left = equation.lhs
    return tensor_of(left.wrt if isinstance(left, Partial) else left)


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@dataclass(frozen=True)
class _Move:
    """Moves statements to other places."""

    places: Places
    known: dict[Any, Any] = field(default_factory=dict)

    def __call__(self, part: Any) -> Any:
        """``part`` with all tensors, axes and indices in it moved."""
        match part:
            case Tensor() | Axis() | Expr():
                if part not in self.known:
                    self.known[part] = self._atom(part)
                return self.known[part]
            case tuple():
                return tuple(map(self, part))
            case Value() | Steps() | Temporary() | Loop():
                kind: Any = type(part)
                return kind(**{name: self(getattr(part, name)) for name in _fields(kind)})
        return part

    def _atom(self, part: Tensor | Axis | Expr) -> Any:
        match part:
            case Tensor():
                return tensor_at(part, self.places)
            case Axis():
                return axis_at(part, self.places)
        return part.xreplace(substitution([part], self.places))
