"""The ways from a quantity to the loss, one for each equation that reads it.

∂E/∂h[t] = Σ ∂E/∂y[t] ∂y[t]/∂h[t] + Σ ∂E/∂u[t + 1] ∂u[t + 1]/∂h[t]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Sum

from symbp.derivation.dependence import Dependence
from symbp.derivation.moves.chain import definition_at
from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.relocate import places_of
from symbp.equations.tensor import Tensor, entries, tensor_of
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
    """The paths from what the left side is differentiated by; none where that is not known.

    Where one equation alone reads it, entry by entry, they part behind that.
    """
    target = context.target
    if target is None or not all(place.is_Integer for place in places_of(target)):
        return ()
    return _paths(target, context, ())


def _paths(target: Expr, context: Context, seen: tuple[Tensor, ...]) -> tuple[Path, ...]:
    users = context.program.users(tensor_of(target))
    readers = [e for e in users if not _is_slope(e) and _leads_on(e, context)]
    alone = readers[0] if len(readers) == 1 and tensor_of(target) not in seen else None
    if alone is None or alone.rhs.has(Sum) or alone.lhs == context.program.loss:
        return tuple(_path(equation, target, context) for equation in readers)
    there, direct, letters = _back(alone, target, context)
    behind = _paths(there, context, (*seen, tensor_of(target)))
    return tuple(
        Path(path.equation, path.target, total(path.share * direct, *letters)) for path in behind
    )


def _is_slope(equation: Equation) -> bool:
    return isinstance(equation.lhs, Partial) or bool(equation.rhs.has(Partial))


def _leads_on(equation: Equation, context: Context) -> bool:
    """Whether the loss is computed from what the equation defines, or is that."""
    loss = context.program.loss
    dependence = Dependence(context.program)
    return equation.lhs == loss or dependence.depends(tensor_of(loss), tensor_of(equation.lhs))


def _path(equation: Equation, target: Expr, context: Context) -> Path:
    loss = context.program.loss
    if equation.lhs == loss:
        return Path(equation, target, Partial(equation.rhs, target))
    there, direct, letters = _back(equation, target, context)
    return Path(equation, target, total(Partial(loss, there) * direct, *letters))


def _back(
    equation: Equation, target: Expr, context: Context
) -> tuple[Expr, Expr, tuple[Index, ...]]:
    """An entry that ``equation`` defines, its slope by ``target`` alone, and its indices.

    A number is a name for what defines it, so that what goes through it is taken away again.
    """
    taken = {*target.atoms(Index), *equation.rhs.atoms(Index)}
    letters: list[Index] = []
    for axis in tensor_of(equation.lhs).axes:
        letters.append(axis.fresh([*taken, *letters]))
    there = tensor_of(equation.lhs)[tuple(letters)]
    own = definition_at(equation, there, taken)
    numbers = {e for e in entries(own) if not tensor_of(e).axes and e != target}
    computed = [e for e in numbers if context.definition(tensor_of(e)) is not None]
    through = Add(*(Partial(own, e) * Partial(e, target) for e in computed))
    return there, Partial(own, target) - through, tuple(letters)


def subsets(found: tuple[Path, ...]) -> Iterator[tuple[tuple[Path, ...], tuple[Path, ...]]]:
    """Some of the paths, and the others: neither is empty."""
    for chosen in range(1, 2 ** len(found) - 1):
        some = tuple(path for k, path in enumerate(found) if chosen >> k & 1)
        yield some, tuple(path for path in found if path not in some)
