"""Lines about a step of training, ``v' = μ v − η g``: those that the network declares, or any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from sympy import Expr

from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.notation.scope import Scope
from symbp.optimizers.optimizer import Optimizer
from symbp.optimizers.rule import RULES
from symbp.optimizers.schedule import CONSTANT, SCHEDULES
from symbp.verification.finding import Finding, Said
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict


@dataclass(frozen=True)
class Training:
    """The ``equations`` of the optimizer of a network; of every optimizer where none ``is_given``.

    They are about one entry of any parameter, and are read by themselves: w, v and g have no layer
    there, as they have elsewhere on the page.
    """

    equations: tuple[Equation, ...]
    notation: Notation
    is_given: bool = True

    @staticmethod
    def of(network: Network | None, notation: Notation) -> Training:
        if network is None:
            return Training(_common(), notation, is_given=False)
        return Training(network.concrete.optimizer.equations, notation)

    def finding(self, statement: Statement) -> Finding | None:
        """The finding on a line that gives a new value to what an optimizer keeps; else None.

        There are many ways to write one optimizer. A line that is not one of the equations is no
        line of theirs; it is not wrong for that.
        """
        if statement.text.content.lstrip().startswith("="):
            return None
        try:
            left, right = self._reader.equation(statement.text.content)
        except (ReadError, NotImplementedError, TypeError, ValueError):
            return None
        if left not in self._sides:
            return None
        is_known = canonical(right) in map(canonical, self._sides[left])
        if not is_known and not self.is_given:
            return None
        is_declared = is_known and self.is_given
        verdict = Verdict.PROVED if is_declared else Verdict.ASSIGNMENT
        message = Said("paper.declared" if is_declared else "paper.assignment")
        text = statement.text
        label = " ".join(statement.labels)
        return Finding(text.at(0), text.content, verdict, message, text.at(len(text)), label=label)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.notation, Scope.of(*self.equations))

    @cached_property
    def _sides(self) -> dict[Expr, list[Expr]]:
        found: dict[Expr, list[Expr]] = {}
        for equation in self.equations:
            found.setdefault(equation.lhs, []).append(equation.rhs)
        return found


@cache
def _common() -> tuple[Equation, ...]:
    """What any known optimizer says, with and without a limit on gradients."""
    found: dict[tuple[Expr, Expr], Equation] = {}
    for name in RULES:
        for schedule in (CONSTANT, *SCHEDULES):
            for clip in (None, 1.0):
                for equation in Optimizer.of(name, schedule=schedule, clip=clip).equations:
                    found.setdefault((equation.lhs, equation.rhs), equation)
    return tuple(found.values())
