"""Items in a row, taken one after the other from left to right."""

from __future__ import annotations

from collections.abc import Iterable

from symbp.notation.grammar import Item, kind


class Cursor:
    """Items, and how far they have been read."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = list(items)
        self.position = 0

    @property
    def next(self) -> Item | None:
        """What comes; None at the end."""
        return self.items[self.position] if self.position < len(self.items) else None

    @property
    def last(self) -> Item:
        """What was taken last."""
        return self.items[self.position - 1]

    def ahead(self, steps: int) -> Item | None:
        """What comes ``steps`` after the next item."""
        place = self.position + steps
        return self.items[place] if place < len(self.items) else None

    def took(self, wanted: str) -> bool:
        """Whether the next item is of that kind; if so it is taken."""
        found = kind(self.next) == wanted
        self.position += found
        return found
