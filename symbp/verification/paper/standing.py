"""What the names of a page stand for, as far as lines have been seen to hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.tensor import Role, tensors_in
from symbp.verification.paper.claim import Claim
from symbp.verification.verdict import Verdict

HELD = (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED, Verdict.DEFINITION)

Name = tuple[str, Role]


@dataclass
class Standing:
    """The quantities of the lines that hold: it is known that they are what they are read as."""

    names: set[Name] = field(default_factory=set)

    def note(self, claim: Claim, verdict: Verdict) -> None:
        """Takes note of the verdict on a claim."""
        if verdict in HELD:
            self.names |= _names(claim.left, claim.right)

    def has(self, *sides: Expr) -> bool:
        """Whether everything that ``sides`` speak of stands in lines that hold.

        A δ does with what it is a slope by.
        """
        return all(
            name in self.names or (name[1] is Role.DELTA and self._has_units)
            for name in _names(*sides)
        )

    @property
    def _has_units(self) -> bool:
        return any(role is Role.PREACTIVATION for _, role in self.names)


def _names(*sides: Expr) -> set[Name]:
    """Names and roles of what has entries: what a loss is of is known with the loss."""
    return {(t.name, t.role) for t in tensors_in(*sides) if t.axes and t.role is not Role.TARGET}
