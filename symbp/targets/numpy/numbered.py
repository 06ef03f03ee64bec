"""Numbers of layers in code and in formulas: ``z2`` is z of layer 2, and so is z²."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from symbp.notation.glyphs import SUBSCRIPTS, SUPERSCRIPTS
from symbp.targets.numpy.names import SIZES

WORD = re.compile(r"(SIZES\[\d+\]|[A-Za-z_]\w*)")
PLAIN = "0123456789"
SCRIPTS = (dict(zip(PLAIN, PLAIN, strict=True)), SUPERSCRIPTS, SUBSCRIPTS)
"""How digits are spelled in formulas, and what belongs to them there."""

RUNS = [f"[{''.join(table[digit] for digit in PLAIN)}]+" for table in SCRIPTS]
COUNT = re.compile(f"({'|'.join(RUNS)})")

DIGITS = {ord(table[digit]): digit for table in SCRIPTS for digit in PLAIN}
"""Digits in any spelling, as they are in numbers."""

TABLES = {table[digit]: table for table in SCRIPTS for digit in PLAIN}
FIRST = {digit: table[PLAIN[0]] for digit, table in TABLES.items()}
"""By a digit: the spelling that it is in, and its 0."""

Named = Mapping[str, tuple[str, int]]
"""Names that have one number, that of a layer: what is left without it, and the number."""


@dataclass(frozen=True)
class Counted:
    """A number in a ``text``, perhaps that of a layer; in code it belongs to a ``stem``."""

    number: int
    text: str
    stem: str = ""

    @property
    def look(self) -> str:
        """What it looks like, whatever the number is."""
        return f"{self.stem}[]" if self.stem else FIRST[self.text[0]]

    def moved(self, variable: str, by: int, named: Callable[[str], str]) -> str:
        """The same with the number ``variable + by`` instead."""
        if self.stem:
            far = f" {'+' if by > 0 else '-'} {abs(by)}" if by else ""
            return f"{named(self.stem)}[{variable}{far}]"
        text = f"{variable}{by:+}" if by else variable
        table = TABLES[self.text[0]]
        return "".join(table.get(char, char) for char in text)


@dataclass(frozen=True)
class Passing:
    """The name of a value that is only passed on; a number in it keeps it apart."""

    name: str

    @property
    def look(self) -> str:
        return self.name.rstrip(PLAIN)

    def __str__(self) -> str:
        return self.name


Piece = str | Counted | Passing
Text = tuple[Piece, ...]


@dataclass(frozen=True)
class Reading:
    """Finds the numbers of layers; ``passing`` are names of values that are only passed on."""

    named: Named
    passing: frozenset[str]

    def code(self, text: str) -> Text:
        return _pieces(text, WORD, self._word)

    def formula(self, text: str) -> Text:
        return _pieces(text, COUNT, _count)

    def _word(self, word: str) -> Piece:
        if word in self.named:
            stem, number = self.named[word]
            return Counted(number, word, stem)
        array, mark, view = word.rpartition("_")
        if mark and array in self.named and view.isalpha():
            stem, number = self.named[array]
            return Counted(number, word, f"{stem}_{view}")
        if word.startswith(f"{SIZES}["):
            return Counted(int(word[len(SIZES) + 1 : -1]), word, SIZES)
        return Passing(word) if word in self.passing else word


def _count(digits: str) -> Counted:
    return Counted(int(digits.translate(DIGITS)), digits)


def _pieces(text: str, pattern: re.Pattern[str], piece: Callable[[str], Piece]) -> Text:
    """What is found in ``text``, every other of what is split there, as pieces."""
    parts: list[Piece] = [*pattern.split(text)]
    parts[1::2] = map(piece, parts[1::2])  # type: ignore[arg-type]
    return tuple(parts)
