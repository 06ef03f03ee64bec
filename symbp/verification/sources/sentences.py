"""The prose of a page as sentences, formulas in them as numbered marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.page import Math, Page, Prose
from symbp.verification.text import Spot

MARK = re.compile(r"⟦(\d+)⟧")
END = re.compile(r"[。!?]|(?<=[^\d\s.])[.!?](?=\s|$)")
BULLET = re.compile(r"^\s*(?:[-*+・•※]|\\-|\d+[.)]\s)")
LONGEST = 1_000


@dataclass(frozen=True)
class Sentence:
    """``text`` with ``⟦n⟧`` for its nth formula."""

    text: str
    at: Spot
    maths: tuple[Math, ...]

    def formulas(self) -> Iterator[tuple[re.Match[str], Math]]:
        """Where formulas stand, and which."""
        for found in MARK.finditer(self.text):
            yield found, self.maths[int(found.group(1))]


def sentences(page: Page) -> Iterator[Sentence]:
    """The sentences of paragraphs and lists; titles and tables have none."""
    row, text, maths, at = -2, [], [], Spot(1, 1)  # type: int, list[str], list[Math], Spot
    for piece in page.pieces:
        if not isinstance(piece, Prose | Math):
            yield from _cut("".join(text), at, tuple(maths))
            text, maths, row = [], [], -2
            continue
        is_item = isinstance(piece, Prose) and piece.row != row and BULLET.match(piece.text.content)
        if not row <= piece.row <= row + 1 or is_item or sum(map(len, text)) > LONGEST:
            yield from _cut("".join(text), at, tuple(maths))
            text, maths, at = [], [], piece.text.at(0)
        elif piece.row != row:
            text.append("\n")
        if isinstance(piece, Math):
            text.append(f"⟦{len(maths)}⟧")
            maths.append(piece)
        else:
            text.append(piece.text.content)
        row = piece.text.at(len(piece.text)).line
    yield from _cut("".join(text), at, tuple(maths))


def _cut(text: str, at: Spot, maths: tuple[Math, ...]) -> Iterator[Sentence]:
    done = 0
    for found in [*END.finditer(text), None]:
        stop = found.end() if found else len(text)
        if text[done:stop].strip():
            yield Sentence(text[done:stop].strip(), at, maths)
        done = stop
