"""Text that remembers where each of its characters was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 2**32
"""More than the columns of any line."""


@dataclass(frozen=True, order=True)
class Spot:
    """A line and a column of a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Text:
    """``content``, whose character p was typed at ``places[p]``; one place more marks the end.

    A place is a spot as one number, ``line * WIDTH + column``: a page has as many as characters.
    Rewriting a text (macros, small characters, line ends) keeps the places of what it came from.
    """

    content: str
    places: tuple[int, ...]

    @staticmethod
    def of(content: str, line: int = 1, column: int = 1) -> Text:
        """``content`` as it stands in a file from a line and a column on."""
        places: list[int] = []
        rows = content.split("\n")
        for row in rows:
            begin = line * WIDTH + column
            places.extend(range(begin, begin + len(row) + 1))
            line, column = line + 1, 1
        return Text(content, tuple(places))

    @staticmethod
    def joined(parts: Iterable[Text]) -> Text:
        """The parts one after the other; each character keeps its spot."""
        kept = [part for part in parts if part]
        places: list[int] = []
        for part in kept:
            places.extend(part.places)
            places.pop()
        places.append(kept[-1].places[-1] if kept else WIDTH + 1)
        return Text("".join(part.content for part in kept), tuple(places))

    def __len__(self) -> int:
        return len(self.content)

    def __bool__(self) -> bool:
        return bool(self.content)

    def __getitem__(self, part: slice) -> Text:
        start, stop, _ = part.indices(len(self.content))
        stop = max(start, stop)
        return Text(self.content[start:stop], self.places[start : stop + 1])

    def __add__(self, other: Text) -> Text:
        return Text(self.content + other.content, self.places[:-1] + other.places)

    def at(self, position: int) -> Spot:
        """Where the character at ``position`` was typed."""
        return Spot(*divmod(self.places[min(max(position, 0), len(self.content))], WIDTH))

    @property
    def start(self) -> Spot:
        """Where it begins."""
        return self.at(0)

    @property
    def end(self) -> Spot:
        """Where it ends: behind its last character."""
        return self.at(len(self.content))

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Where all characters were typed, and the end. As many objects: not for long texts."""
        return tuple(Spot(*divmod(place, WIDTH)) for place in self.places)

    def standing_for(self, content: str) -> Text:
        """``content`` in place of all of this: it was typed where this begins."""
        return Text(content, (*(self.places[0],) * len(content), self.places[-1]))

    def ended(self, content: str) -> Text:
        """``content`` that was typed where this ends."""
        return Text(content, (self.places[-1],) * (len(content) + 1))

    def before(self, content: str) -> Text:
        """``content`` to stand before this, typed where this begins."""
        return Text(content, (self.places[0],) * (len(content) + 1))

    def strip(self) -> Text:
        """Without the blanks at both ends."""
        start = len(self.content) - len(self.content.lstrip())
        return self[start : start + len(self.content.strip())]
