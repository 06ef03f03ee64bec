"""Bringing an expression to its simplest form, a move at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sympy import Expr

from symbp.derivation.moves.fact import Fact
from symbp.derivation.moves.fractions import Cancel, Collect
from symbp.derivation.moves.sums import Collapse, Distribute
from symbp.derivation.step import Step
from symbp.equations.equation import Equation

Move = Callable[[Expr], Expr | tuple[Expr, Equation] | None]


def settled(steps: Sequence[Step], known: tuple[Equation, ...]) -> tuple[Step, ...]:
    """``steps`` and the moves that bring the last one to its simplest form, given facts."""
    out = list(steps)
    moves: Mapping[str, Move] = {
        "cancel": Cancel(),
        "distribute": Distribute(),
        "collapse": Collapse(),
        "fact": Fact(known),
        "collect": Collect(),
    }
    while (step := _next(out[-1].after, moves)) is not None:
        out.append(step)
    return tuple(out)


def _next(expr: Expr, moves: Mapping[str, Move]) -> Step | None:
    for name, move in moves.items():
        answer = move(expr)
        if isinstance(answer, tuple):
            after, fact = answer
            return Step(name, expr, after, facts={"left": fact.lhs, "right": fact.rhs})
        if answer is not None:
            return Step(name, expr, answer)
    return None
