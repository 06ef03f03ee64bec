"""What a page is gathered in: its pieces, its troubles, and how much may still be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from symbp.verification.page import Piece, Trouble
from symbp.verification.sources import limits
from symbp.verification.text import Spot, Text


@dataclass
class Gathering:
    """Pieces in reading order. ``left`` is how many formulas may still come."""

    pieces: list[Piece] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    left: int = limits.FORMULAS
    characters: int = limits.MATHEMATICS
    expansions: int = limits.EXPANSIONS
    unclosed: int = 0
    blocks: int = 0
    tables: int = 0

    def trouble(self, code: str, at: Spot, found: str = "") -> None:
        if len(self.troubles) < limits.TROUBLES:
            self.troubles.append(Trouble(code, at, found[:80]))

    def block(self) -> int:
        """A new number for the rows of one formula."""
        self.blocks += 1
        return self.blocks

    def may_open(self) -> bool:
        """Whether formulas are still looked for."""
        return self.left > 0 and self.unclosed < limits.UNCLOSED

    def take(self, row: Text) -> bool:
        """Counts a row of mathematics; False where it is too long, or there are too many."""
        if len(row) > limits.ROW:
            self.trouble("long_formula", row.at(0), str(limits.ROW))
            return False
        if self.left <= 0:
            return False
        self.left -= 1
        self.characters -= len(row)
        if self.left == 0 or self.characters < 0:
            self.left = 0
            self.trouble("too_many_formulas", row.at(0), str(limits.FORMULAS))
        return self.characters >= 0

    def left_open(self, at: Spot, opening: str) -> None:
        """Tells of a delimiter that never closes."""
        self.unclosed += 1
        self.trouble("unclosed", at, opening)
        if self.unclosed == limits.UNCLOSED:
            self.trouble("too_many_unclosed", at, opening)
