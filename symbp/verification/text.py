"""Text that remembers where each of its characters was typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Spot:
    """A line and a column of a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Text:
    """``content``, whose character p was typed at ``spots[p]``; one spot more marks the end.

    Rewriting a text (macros, small characters, line ends) keeps the spots of what it came from.
    """

    content: str
    spots: tuple[Spot, ...]

    @staticmethod
    def of(content: str, line: int = 1, column: int = 1) -> Text:
        """``content`` as it stands in a file from a line and a column on."""
        spots = []
        for char in content:
            spots.append(Spot(line, column))
            line, column = (line + 1, 1) if char == "\n" else (line, column + 1)
        return Text(content, (*spots, Spot(line, column)))

    def __len__(self) -> int:
        return len(self.content)

    def __bool__(self) -> bool:
        return bool(self.content)

    def __getitem__(self, part: slice) -> Text:
        start, stop, _ = part.indices(len(self.content))
        stop = max(start, stop)
        return Text(self.content[start:stop], self.spots[start : stop + 1])

    def __add__(self, other: Text) -> Text:
        return Text(self.content + other.content, self.spots[:-1] + other.spots)

    def at(self, position: int) -> Spot:
        """Where the character at ``position`` was typed."""
        return self.spots[min(max(position, 0), len(self.content))]

    def standing_for(self, content: str) -> Text:
        """``content`` in place of all of this: it was typed where this begins."""
        return Text(content, (*(self.spots[0],) * len(content), self.spots[-1]))

    def strip(self) -> Text:
        """Without the blanks at both ends."""
        start = len(self.content) - len(self.content.lstrip())
        return self[start : start + len(self.content.strip())]
