"""Along which axis each index of a page runs, found from the slots that letters stand in.

A letter means one thing within a line, and where a sum binds it within that sum; what ties lines
to each other are the slots of the quantities that they share.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from symbp.notation import formula as tree
from symbp.notation.formula import Sign

Slot = Hashable

COUNTS = frozenset("mnNMTDHKCJ")
"""Letters that say how many there are of something."""


class Untyped(Exception):
    """The page writes something that does not fit: the same name with fewer indices, say."""


def bare(sign: Sign) -> Sign:
    """``sign`` without its indices: what it is called."""
    return sign._replace(indices=())


@dataclass
class Slots:
    """Slots that run along one axis; ``named`` are the names that stand with a power as one."""

    named: frozenset[Sign] = frozenset()
    widths: dict[Sign, int] = field(default_factory=dict)
    sizes: dict[Sign, Slot] = field(default_factory=dict)
    functions: dict[str, None] = field(default_factory=dict)
    letters: dict[Slot, str] = field(default_factory=dict)
    _leaders: dict[Slot, Slot] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def find(self, slot: Slot) -> Slot:
        """The one slot that speaks for all that run along its axis."""
        while (above := self._leaders.get(slot, slot)) != slot:
            slot = above
        return slot

    def tie(self, one: Slot, other: Slot) -> None:
        """From now on both run along one axis."""
        a, b = self.find(one), self.find(other)
        if a != b:
            self._leaders[b] = a
            self.letters.setdefault(a, self.letters.get(b, ""))

    def name(self, sign: Sign) -> Sign:
        """What ``sign`` is called: a number above it is a power, unless that is a name."""
        if bare(sign) in self.named or not sign.place:
            return bare(sign)
        if not sign.place.isdigit():
            raise Untyped(sign.glyph)
        return bare(sign)._replace(place="")

    def line(self, sides: tuple[tree.Formula, ...]) -> None:
        """Takes in a line. Raises Untyped."""
        free: dict[str, Slot] = {}
        for side in sides:
            self._walk(side, free)

    def _walk(self, formula: Any, letters: dict[str, Slot]) -> None:
        match formula:
            case Sign():
                self._sign(formula, letters)
            case tree.Big():
                self._big(formula, letters)
            case tree.Product():
                before: Any = None
                for factor in formula.factors:
                    if isinstance(factor, tree.Big) and isinstance(before, tree.Fraction):
                        self._big(factor, letters, before.bottom)
                    else:
                        self._walk(factor, letters)
                    before = factor
            case tree.Fraction(top=tree.Big() as summed, bottom=below):
                self._big(summed, letters, below)
                self._walk(below, letters)
            case tree.Apply():
                self.functions[formula.function.glyph] = None
                self._parts(formula.arguments, letters)
            case tree.Number() | str() | None:
                return
            case _ if isinstance(formula, tuple):
                self._parts(formula, letters)

    def _parts(self, formula: tuple[Any, ...], letters: dict[str, Slot]) -> None:
        for part in formula:
            self._walk(part, letters)

    def _letter(self, sign: Sign) -> Slot:
        slot = ("letter", next(self._numbers))
        self.letters[slot] = sign.glyph
        return slot

    def _sign(self, sign: Sign, letters: dict[str, Slot]) -> None:
        name = self.name(sign)
        if self.widths.setdefault(name, len(sign.indices)) != len(sign.indices):
            raise Untyped(sign.glyph)
        for k, index in enumerate(sign.indices):
            letter = _plain(index)
            if letter is not None:
                if letter.glyph not in letters:
                    letters[letter.glyph] = self._letter(letter)
                self.tie(letters[letter.glyph], (name, k))

    def _big(
        self, formula: tree.Big, letters: dict[str, Slot], divisor: tree.Formula | None = None
    ) -> None:
        """Σ_i: a letter of its own. Its bounds tell its size, or what the sum is divided by."""
        inner = dict(letters)
        for bound in formula.bounds:
            slot = inner[bound.letter.glyph] = self._letter(bound.letter)
            size = bound.size if bound.size is not None else bound.upper
            divided = _size_in(divisor) if size is None else None
            own = divided is not None and divided.glyph == bound.letter.glyph.upper()
            if len(formula.bounds) == 1 or own:  # of several letters, N counts n
                size = size or divided
            if isinstance(size, Sign):
                self.tie(self.sizes.setdefault(size, slot), slot)
        self._walk(formula.body, inner)


def _plain(index: tree.Formula) -> Sign | None:
    """The letter of an index that is one, perhaps at another time: j, t - 1."""
    if isinstance(index, Sign) and not index.indices:
        return index
    if isinstance(index, tree.Terms) and len(index.parts) == 2:
        (_, first), (_, second) = index.parts
        if isinstance(first, Sign) and isinstance(second, tree.Number):
            return first
    return None


def _size_in(divisor: tree.Formula | None) -> Sign | None:
    """How many terms a sum has, where it is divided by that: m in 1/m Σ_i and in 1/(2m) Σ_i."""
    factors = divisor.factors if isinstance(divisor, tree.Product) else (divisor,)
    signs = [factor for factor in factors if not isinstance(factor, tree.Number)]
    if len(signs) != 1 or not isinstance(signs[0], Sign):
        return None
    is_count = signs[0] == Sign(signs[0].glyph) and signs[0].glyph in COUNTS
    return signs[0] if is_count else None
