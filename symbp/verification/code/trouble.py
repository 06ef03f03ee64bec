"""What an interpreter of programs cannot make sense of, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbp.errors import SymbpError
from symbp.verification.text import Spot


@dataclass(eq=False)
class CodeTrouble(SymbpError):
    """``code`` names what is the matter at ``line`` and ``column`` (from 1); ``facts`` tell more.

    ``syntax``, ``too_long``, ``too_deep``, ``too_many_nodes``, ``big_number``, ``too_many_steps``,
    ``too_slow``, ``shortened`` (``count``, ``few``: turns of a loop, and those that were followed
    in their place), ``shapes`` (``left``, ``right``), ``unsupported`` (``what``), ``unknown_name``
    (``name``), ``branch`` (a condition that only a run decides), ``layout`` (``name``, ``rank``:
    the shape of an argument was guessed).
    """

    code: str
    line: int
    column: int
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.line}:{self.column}: {self.code} {facts}".rstrip()

    @property
    def at(self) -> Spot:
        return Spot(self.line, self.column)
