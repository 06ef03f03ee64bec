"""Before the grammar: small characters become ``^{…}`` and ``_{…}``, and every column is kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from symbp.notation.glyphs import SUBSCRIPTS, SUPERSCRIPTS, VULGAR

_UP = {small: char.replace("−", "-") for char, small in SUPERSCRIPTS.items()}
_DOWN = {small: char.replace("−", "-") for char, small in SUBSCRIPTS.items()}
_PARTS = {char: f"\\frac{{{top}}}{{{bottom}}}" for (top, bottom), char in VULGAR.items()}


@dataclass(frozen=True)
class Source:
    """``text`` as the grammar wants it; ``columns[p]`` is where its character p was typed."""

    text: str
    columns: tuple[int, ...]

    @staticmethod
    def of(typed: str) -> Source:
        pieces: list[str] = []
        columns: list[int] = []
        position = 0
        for kind, run in groupby(typed, _kind):
            chars = list(run)
            if kind in _TABLES:
                sign, table = _TABLES[kind]
                small = [table[c] for c in chars]
                made = [sign + "{" + small[0], *small[1:]]
                made[-1] += "}"
            else:
                made = [_PARTS.get(c, c) for c in chars]
            for offset, piece in enumerate(made):
                pieces.append(piece)
                columns += [position + offset + 1] * len(piece)
            position += len(chars)
        return Source("".join(pieces), (*columns, position + 1))

    def column(self, position: int) -> int:
        """The column, from 1, where what is at ``position`` was typed."""
        return self.columns[min(max(position, 0), len(self.columns) - 1)]


_TABLES = {"up": ("^", _UP), "down": ("_", _DOWN)}


def _kind(char: str) -> str:
    return "up" if char in _UP else "down" if char in _DOWN else ""
