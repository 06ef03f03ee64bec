"""The part of a program that one layer's derivation looks at.

From a pre-activation u it reaches to the next pre-activations, whose δ is known by then; what lies
behind them is left open, a functional of their units. So one layer's derivation does not depend on
the depth, and layers that look alike have the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property

from sympy import Add, Expr, expand_mul

from symbp.derivation.dependence import Dependence
from symbp.derivation.stages import ENDS, is_stage
from symbp.derivation.unroll import GIVEN, is_later, marked
from symbp.equations.axis import l
from symbp.equations.calculus import Functional
from symbp.equations.equation import Equation
from symbp.equations.nodes import written
from symbp.equations.program import Program
from symbp.equations.relocate import substitution
from symbp.equations.tensor import PARAMETERS, Role, Tensor, TensorSymbol, entries, tensor_of


@dataclass(frozen=True)
class Window:
    """``program`` around the pre-activation ``unit``: to ``cuts``, or to the loss where none is."""

    program: Program
    unit: Tensor
    cuts: tuple[Tensor, ...]
    elsewhere: tuple[Tensor, ...] = ()
    """The parameters whose gradients are derived elsewhere, for others use them, too."""

    @cached_property
    def parameters(self) -> tuple[Tensor, ...]:
        """The parameters that enter ``unit``, and nothing else, in the order of its equation."""
        if self.unit not in self.program.definitions:
            return (self.unit,)  # it is a parameter itself
        used = map(tensor_of, entries(self.program.definitions[self.unit].rhs))
        mine = (t for t in used if t not in self.elsewhere and not is_later(t))
        learnt = dict.fromkeys(t for t in mine if t.role in PARAMETERS)
        return tuple(sorted(learnt, key=lambda t: PARAMETERS.index(t.role)))

    def moved(self, places: Mapping[Expr, Expr]) -> tuple[Window, dict[Expr, Expr]]:
        """The same window elsewhere, and the substitution that moved it."""
        sides = [side for e in self._all for side in (e.lhs, e.rhs)]
        atoms = substitution(sides, places)
        names = {written(old): written(new) for old, new in places.items()}

        def moved(equation: Equation) -> Equation:
            name = _moved_id(equation.id, names)
            return Equation(name, equation.lhs.xreplace(atoms), equation.rhs.xreplace(atoms))

        def tensor(t: Tensor) -> Tensor:
            symbol: TensorSymbol = atoms.get(t.symbol, t.symbol)
            return symbol.tensor

        program = Program(
            tuple(map(moved, self.program.equations)), tuple(map(moved, self.program.facts))
        )
        tensors = (tuple(map(tensor, each)) for each in (self.cuts, self.elsewhere))
        return Window(program, tensor(self.unit), *tensors), atoms

    @property
    def _all(self) -> tuple[Equation, ...]:
        return (*self.program.equations, *self.program.facts)


def _moved_id(name: str, moved: Mapping[str, str]) -> str:
    stem, at, place = name.partition("@")
    return f"{stem}@{moved[place]}" if at and place in moved else name


def window(
    dependence: Dependence,
    unit: Tensor,
    elsewhere: AbstractSet[Tensor] = frozenset(),
    inner: Sequence[Tensor] = (),
) -> Window:
    """The window around ``unit`` of the program of which ``dependence`` knows.

    It looks through the stages ``inner``, as if they were none.
    """
    inside, cuts = reached(dependence, unit, inner)
    own = parameters_in(dependence.program.definitions[unit])
    program = _around(dependence, unit, inside, cuts, own - elsewhere)
    used = tuple(sorted(own & elsewhere, key=lambda t: t.symbol_name))
    return Window(program, unit, tuple(cuts), used)


def reached(
    dependence: Dependence, unit: Tensor, inner: Sequence[Tensor] = ()
) -> tuple[list[Tensor], list[Tensor]]:
    """What the window around ``unit`` holds, and the stages among it at which it ends."""
    inside, cuts = [unit], []
    frontier = [unit]
    while frontier:
        for user in dependence.users(frontier.pop(0)):
            if user in inside:
                continue
            inside.append(user)
            if is_stage(dependence, user) and user not in inner:
                cuts.append(user)
            else:
                frontier.append(user)
    return inside, cuts


def window_between(dependence: Dependence, parameter: Tensor, uses: Sequence[Tensor]) -> Window:
    """The window from a parameter to all that is computed from it directly."""
    program = _around(dependence, parameter, list(uses), uses, {parameter})
    return Window(program, parameter, tuple(uses))


def _around(
    dependence: Dependence,
    unit: Tensor,
    inside: Sequence[Tensor],
    cuts: Sequence[Tensor],
    parameters: set[Tensor],
) -> Program:
    """The equations of ``inside``, and of the loss as far as it depends on them."""
    program = dependence.program
    terms = [v for v in program.definitions if v.role is Role.TERM]
    rest = Functional(*(cut.entry for cut in cuts))
    loss = tensor_of(program.loss)
    equations = []
    for tensor in sorted({*inside, *terms, loss}, key=dependence.position.__getitem__):
        equation = program.definitions[tensor]
        if tensor in cuts:
            equations.append(_with_given(equation, cuts))
        elif tensor in inside:
            equations.append(equation)
        elif tensor.role is Role.TERM and parameters & parameters_in(equation):
            equations.append(_only(equation, parameters))
        elif tensor.role is Role.TERM and _leads_to(dependence, unit, tensor, cuts):
            equations.append(Equation(equation.id, equation.lhs, rest))
        elif tensor == loss:
            equations.append(equation if terms else Equation(equation.id, equation.lhs, rest))
    # The loss stands last: a later time is written down behind it.
    equations.sort(key=lambda e: tensor_of(e.lhs).role in ENDS)
    facts = program.facts if loss in inside else ()
    return Program(tuple(equations), facts)


def _with_given(equation: Equation, cuts: Sequence[Tensor]) -> Equation:
    """The equation of a cut, where the other cuts are held fixed: they are paths of their own."""
    own = tensor_of(equation.lhs)
    fixed = {t.symbol: marked(t, GIVEN).symbol for t in cuts if t != own}
    return Equation(equation.id, equation.lhs, equation.rhs.xreplace(fixed))


def _leads_to(dependence: Dependence, unit: Tensor, term: Tensor, cuts: Sequence[Tensor]) -> bool:
    """Whether a term of the loss depends on what is behind ``cuts``."""
    if any(dependence.depends(term, cut) for cut in cuts):
        return True
    return all(map(is_later, cuts)) and dependence.depends(term, unit)


def parameters_in(equation: Equation) -> set[Tensor]:
    """The parameters on the right-hand side of ``equation``."""
    return {t for t in map(tensor_of, entries(equation.rhs)) if t.role in PARAMETERS}


def _only(equation: Equation, parameters: set[Tensor]) -> Equation:
    """A penalty without the terms of other layers."""
    seen = (addend for addend, used in _addends(equation.rhs) if used & parameters)
    return Equation(equation.id, equation.lhs, Add(*seen))


@cache
def _addends(penalty: Expr) -> tuple[tuple[Expr, frozenset[Tensor]], ...]:
    """The terms of a penalty, each with the tensors in it."""
    terms = Add.make_args(expand_mul(penalty))
    return tuple((term, frozenset(map(tensor_of, entries(term)))) for term in terms)


def in_general(around: Window) -> tuple[Window, dict[Expr, Expr]]:
    """``around`` with its unit at ``l`` and all other places relative to it, and the way back."""
    here = around.unit.place
    used = {
        place
        for e in around.program.equations
        for side in (e.lhs, e.rhs)
        for entry in entries(side)
        for place in (tensor_of(entry).place, *(a.place for a in tensor_of(entry).axes))
        if place is not None
    }
    there = {place: l + (place - here) for place in used}
    moved, _ = around.moved(there)
    return moved, {new: old for old, new in there.items()}
