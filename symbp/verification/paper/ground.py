"""What is to be said, with formulas that are not spelled yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.verification.finding import Said


@dataclass(frozen=True)
class Ground:
    """A sentence by its key, with expressions and plain words as facts."""

    key: str
    facts: Mapping[str, Expr | str] = field(default_factory=dict)

    def said(self, spell: Callable[[Expr], str]) -> Said:
        facts = {k: spell(v) if isinstance(v, Expr) else str(v) for k, v in self.facts.items()}
        return Said(self.key, facts)
