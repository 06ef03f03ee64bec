"""The ways from a quantity to the loss, one for each equation that reads it.

∂E/∂h[t] = Σ ∂E/∂y[t] ∂y[t]/∂h[t] + Σ ∂E/∂u[t + 1] ∂u[t + 1]/∂h[t]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Sum

from symbp.derivation.moves.chain import definition_at
from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.relocate import places_of
from symbp.equations.tensor import tensor_of
from symbp.verification.mistakes.context import Context


@dataclass(frozen=True)
class Path:
    """What reads the quantity ``target``, and what comes back that way."""

    equation: Equation
    target: Expr
    share: Expr

    @property
    def is_statistic(self) -> bool:
        """Whether it leads through a mean or a variance of what is differentiated by."""
        by, wrt = tensor_of(self.equation.lhs).axes, tensor_of(self.target).axes
        return len(by) < len(wrt) and set(by) <= set(wrt) and self.equation.rhs.has(Sum)


def paths(context: Context) -> tuple[Path, ...]:
    """The paths from what the left side is differentiated by; none where that is not known."""
    target = context.target
    if target is None or not all(place.is_Integer for place in places_of(target)):
        return ()
    users = context.program.users(tensor_of(target))
    return tuple(_path(e, target, context) for e in users if not _is_slope(e))


def _is_slope(equation: Equation) -> bool:
    return isinstance(equation.lhs, Partial) or bool(equation.rhs.has(Partial))


def _path(equation: Equation, target: Expr, context: Context) -> Path:
    loss = context.program.loss
    if equation.lhs == loss:
        return Path(equation, target, Partial(equation.rhs, target))
    taken = {*target.atoms(Index), *equation.rhs.atoms(Index)}
    letters: list[Index] = []
    for axis in tensor_of(equation.lhs).axes:
        letters.append(axis.fresh([*taken, *letters]))
    there = tensor_of(equation.lhs)[tuple(letters)]
    direct = Partial(definition_at(equation, there, taken), target)
    return Path(equation, target, total(Partial(loss, there) * direct, *letters))


def subsets(found: tuple[Path, ...]) -> Iterator[tuple[tuple[Path, ...], tuple[Path, ...]]]:
    """Some of the paths, and the others: neither is empty."""
    for chosen in range(1, 2 ** len(found) - 1):
        some = tuple(path for k, path in enumerate(found) if chosen >> k & 1)
        yield some, tuple(path for path in found if path not in some)
