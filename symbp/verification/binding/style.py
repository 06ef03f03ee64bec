"""How a page writes: brackets around places, matrices or indices, one sample or many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.notation.glyphs import SUPERSCRIPTS
from symbp.verification.binding.facts import Fact, Line
from symbp.verification.binding.peek import parts
from symbp.verification.binding.suffixes import BELOW, is_chain

PLACE = re.compile(
    r"\^\s*\{?\s*(?P<open>[\[(])?\s*\^?"
    r"(?:(?P<letter>[lLℓ]|\\ell)(?![a-zA-Z])(?:\s*[+−-]\s*\d)?|(?P<number>\d{1,2}))"
)
SMALL = {ord(small): f"^{char}" for char, small in SUPERSCRIPTS.items() if char in "([lL0123456789"}
"""Small characters above a name as what they stand for."""
SHAPES = {"[": "square", "(": "round"}


@dataclass(frozen=True)
class Style:
    """What can be told of a page from its signs alone."""

    lines: tuple[Line, ...]

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(p for line in self.lines for p in parts(line.sides) if isinstance(p, Sign))

    @cached_property
    def _places(self) -> list[re.Match[str]]:
        """What stands above names, as it was typed."""
        texts = (line.statement.text.content.translate(SMALL) for line in self.lines)
        return [match for text in texts for match in PLACE.finditer(text)]

    @cached_property
    def has_places(self) -> bool:
        """Whether layers are told apart; a bare number above may be a power."""
        return (
            bool(self._below)
            or any(m["letter"] or m["open"] for m in self._places)
            or any(s.place.isdigit() and s.indices and not self._is_squared(s) for s in self.signs)
        )

    @cached_property
    def _unplaced(self) -> frozenset[str]:
        """The names that stand with indices and nothing above."""
        return frozenset(s.glyph for s in self.signs if s.indices and not s.place)

    def _is_squared(self, sign: Sign) -> bool:
        """Whether a 2 above a name is a power: the same name stands without it, too."""
        return sign.place == "2" and sign.glyph in self._unplaced

    @property
    def speaks_of_last(self) -> bool:
        """Whether the last layer is called L."""
        return any(match["letter"] == "L" for match in self._places)

    @property
    def speaks_of_any(self) -> bool:
        return any(match["letter"] == "l" for match in self._places)

    @property
    def highest(self) -> int:
        """The highest layer that bears a number."""
        if not self.has_places:
            return 0
        return max(self._below or self._above, default=0)

    @property
    def _above(self) -> list[int]:
        """The numbers of layers above names: what is squared is at no layer 2."""
        numbers = [m for m in self._places if m["number"]]
        opened = [int(m["number"]) for m in numbers if m["open"]]
        signs = [(int(s.place), s) for s in self.signs if s.place.isdigit()]
        indexed = {s.glyph.lower() for _, s in signs if s.indices}
        placed = [place for place, s in signs if s.indices or s.glyph.lower() in indexed]
        return opened or placed or [int(m["number"]) for m in numbers]

    def meets(self, place: str, glyphs: frozenset[str]) -> bool:
        """Whether a line speaks of a layer and of one of ``glyphs``."""
        for line in self.lines:
            signs = [p for p in parts(line.sides) if isinstance(p, Sign)]
            is_there = any(s.place.strip("[]()") == place for s in signs)
            if is_there and any(s.glyph in glyphs for s in signs):
                return True
        return False

    @cached_property
    def _below(self) -> list[int]:
        """The numbers of layers where these stand below."""
        below = (s.place[1:] for s in self.signs if s.place.startswith(BELOW))
        return [int(text) for text in below if text.isdecimal()]

    @cached_property
    def is_chain(self) -> bool:
        """Whether each layer is one number."""
        return is_chain(line.sides for line in self.lines)

    @property
    def has_indices(self) -> bool:
        return any(_is_indexed(sign) for sign in self.signs)

    def has_labels(self, glyph: str) -> bool:
        """Whether ``glyph`` with an index of its own numbers units, as in ``y_{n,t_n}``."""
        inner = (i for sign in self.signs for i in sign.indices if isinstance(i, Sign))
        return any(index.glyph == glyph and index.indices for index in inner)

    @property
    def has_matrices(self) -> bool:
        kinds = (tree.Transposed, tree.Hadamard)
        return any(isinstance(p, kinds) for line in self.lines for p in parts(line.sides))

    def facts(self) -> Iterator[Fact]:
        """Brackets, where there are places, and whether dZ is a name."""
        if any(sign.glyph in ("dZ", "dz") for sign in self.signs):
            yield Fact("named-delta", "yes", "document")
        told = [m for m in self._places if m["open"] or m["letter"]]
        shapes = Counter(SHAPES.get(match["open"] or "", "plain") for match in told)
        if shapes and self.has_places:
            ((shape, _),) = shapes.most_common(1)
            yield Fact("brackets", shape, "document")

    def batches(self, glyphs: frozenset[str], count: str) -> tuple[bool, ...]:
        """Whether many samples are spoken of, or one: both, the likelier first, where signs differ.

        ``glyphs`` are those of activations, pre-activations, deltas and the target.
        """
        widths = Counter(len(s.indices) for s in self.signs if s.glyph in glyphs and s.indices)
        whole = [s for s in self.signs if s.glyph in glyphs and not s.indices]
        capitals = any(s.glyph[-1].isupper() for s in whole)
        every = (p for line in self.lines for p in parts(line.sides))
        divided = [p.bottom for p in every if isinstance(p, tree.Fraction)]
        signs = (s for bottom in divided for s in parts(bottom) if isinstance(s, Sign))
        many = capitals or widths[2] > 0 or any(sign.glyph == count for sign in signs)
        one = widths[1] > 0 or (bool(whole) and not capitals)
        if many and one:
            return (widths[2] >= widths[1], widths[2] < widths[1])
        return (True,) if many else (False,) if one else ()


def _is_indexed(sign: Sign) -> bool:
    return any(isinstance(i, Sign) and not i.indices for i in sign.indices)
