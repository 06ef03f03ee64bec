"""Telling at a glance that two windows look alike, a number of layers apart.

What each equation looks like is found once. Windows of equations that look the same, as far from
their units, are the same: then neither is cut out nor derived again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Integer

from symbp.derivation.dependence import Dependence
from symbp.derivation.window import reached
from symbp.equations.axis import l
from symbp.equations.looks import look
from symbp.equations.tensor import Role, Tensor

Outline = tuple[object, ...]


@dataclass
class Outlines:
    """The outlines of the windows of one program."""

    dependence: Dependence
    numbers: dict[object, int] = field(default_factory=dict)
    forms: dict[Tensor, int] = field(default_factory=dict)

    @cached_property
    def _has_terms(self) -> bool:
        """Whether the loss has terms, which belong to many windows in part."""
        return any(t.role is Role.TERM for t in self.dependence.program.definitions)

    def of(self, unit: Tensor, inner: Sequence[Tensor] = ()) -> Outline | None:
        """What the window around ``unit`` looks like; None where its equations do not tell."""
        if self._has_terms or unit.place is None:
            return None
        inside, cuts = reached(self.dependence, unit, inner)
        order = sorted(inside, key=self.dependence.position.__getitem__)
        apart = tuple(None if t.place is None else t.place - unit.place for t in order)
        forms = tuple(map(self._form, order))
        return forms, apart, order.index(unit), tuple(order.index(cut) for cut in cuts)

    def _form(self, tensor: Tensor) -> int:
        """A number for the equation of ``tensor``, the same wherever it stands."""
        if tensor not in self.forms:
            equation = self.dependence.program.definitions[tensor]
            here = Integer(0) if tensor.place is None else tensor.place
            seen = look(here, equation.lhs, equation.rhs), tensor.place is None
            self.forms[tensor] = self.numbers.setdefault(seen, len(self.numbers))
        return self.forms[tensor]


def elsewhere(places: Sequence[Expr], here: Expr) -> dict[Expr, Expr]:
    """From ``places`` that are counted from l to those that are meant where l is ``here``."""
    return {place: here + (place - l) for place in places}
