"""Recurrence in time as recurrence in layers: one time, the one before it and the one after.

Where h[t] is computed from h[t − 1], the equation of h is written down twice: as it stands, with an
``earlier`` h that is given, and for the ``later`` time, where all but h is given. Each is then a
tensor of its own, as w at layer l + 1 is another than w at layer l. ``spoken`` takes it back, also
where a tensor is ``given``, that is held fixed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sympy import Expr

from symbp.equations.equation import Equation
from symbp.equations.nodes import nodes
from symbp.equations.program import Program
from symbp.equations.recurrence import shifts
from symbp.equations.tensor import Role, Tensor, TensorSymbol, entries, tensor_of, tensors_in

EARLIER, LATER, GIVEN = MARKS = ("earlier ", "later ", "given ")
"""What the names of tensors begin with that stand for others: those of another time, and those
that are held fixed."""


def unrolled(program: Program) -> Program:
    """``program`` with earlier and later times as tensors of their own; as it is without any."""
    position = {tensor: k for k, tensor in enumerate(program.definitions)}
    here: list[Equation] = []
    later: list[Equation] = []
    for equation in program.equations:
        own = position.get(tensor_of(equation.lhs), -1)
        back = {
            tensor_of(e)
            for e in entries(equation.rhs)
            if position.get(tensor_of(e), -1) >= own >= 0 and shifts(e, equation.lhs)
        }
        if back:
            later.append(_later(equation, back))
            renamed = {t.symbol: marked(t, EARLIER).symbol for t in back}
            equation = replace(equation, rhs=equation.rhs.xreplace(renamed))  # noqa: PLW2901
        here.append(equation)
    if not later:
        return program
    return Program((*here, *later), program.facts)


def marked(tensor: Tensor, mark: str) -> Tensor:
    """``tensor`` at another time."""
    return replace(tensor, name=f"{mark}{tensor.name}")


def is_earlier(tensor: Tensor) -> bool:
    return tensor.name.startswith(EARLIER)


def is_later(tensor: Tensor) -> bool:
    return tensor.name.startswith(LATER)


def spoken(exprs: Iterable[Expr], marks: tuple[str, ...] = MARKS) -> dict[Expr, Expr]:
    """What ``xreplace`` wants to call by one name again what is told apart by ``marks``."""
    found: dict[Expr, Expr] = {}
    for expr in exprs:
        for symbol in nodes(expr, TensorSymbol):
            name = symbol.tensor.name
            while name.startswith(marks):  # what is later may be given, too
                for mark in marks:
                    name = name.removeprefix(mark)
            if name != symbol.tensor.name:
                found[symbol] = replace(symbol.tensor, name=name).symbol
    return found


def _later(equation: Equation, back: set[Tensor]) -> Equation:
    """The equation as it stands for the time after this one."""
    others = {tensor_of(equation.lhs), *tensors_in(equation.rhs)} - back
    moving = {t for t in others if t.role is not Role.CONSTANT}
    renamed = {t.symbol: marked(t, LATER).symbol for t in moving}
    left = marked(tensor_of(equation.lhs), LATER)
    name = f"{LATER}{equation.id}"
    lhs = equation.lhs.xreplace({tensor_of(equation.lhs).symbol: left.symbol})
    return Equation(name, lhs, equation.rhs.xreplace(renamed))
