"""Lines about a step of training, ``v' = μ v − η g``: they are those that the network declares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.notation.scope import Scope
from symbp.verification.finding import Finding, Said
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict


@dataclass(frozen=True)
class Training:
    """The ``equations`` of the optimizer of a network.

    They are about one entry of any parameter, and are read by themselves: w, v and g have no layer
    there, as they have elsewhere on the page.
    """

    equations: tuple[Equation, ...]
    notation: Notation

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
        if left not in self._declared:
            return None
        is_declared = canonical(right) == self._declared[left]
        verdict = Verdict.PROVED if is_declared else Verdict.ASSIGNMENT
        message = Said("paper.declared" if is_declared else "paper.assignment")
        text = statement.text
        label = " ".join(statement.labels)
        return Finding(text.at(0), text.content, verdict, message, text.at(len(text)), label=label)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.notation, Scope.of(*self.equations))

    @cached_property
    def _declared(self) -> dict[Expr, Expr]:
        return {equation.lhs: canonical(equation.rhs) for equation in self.equations}
