"""Texts taken apart and put together, in time proportional to their length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symbp.verification.text import Text

NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
"""Full-width characters, as Japanese keyboards make them, and their ASCII likes."""


def join(parts: Iterable[Text]) -> Text:
    """The parts one after the other; each character keeps its spot."""
    return Text.joined(parts)


def without(text: Text, spans: Iterable[tuple[int, int]]) -> Text:
    """``text`` without the characters of some spans, which are in order and apart."""
    spans = list(spans)
    if not spans:
        return text
    starts = [0, *(stop for _, stop in spans)]
    stops = [*(start for start, _ in spans), len(text)]
    kept = join(text[a:b] for a, b in zip(starts, stops, strict=True) if a < b)
    return kept or text[:0]


def lines(text: Text) -> Iterator[Text]:
    """The lines, without their ends."""
    start = 0
    for line in text.content.split("\n"):
        yield text[start : start + len(line)]
        start += len(line) + 1


def narrow(text: Text) -> Text:
    """Full-width characters replaced by ASCII; nothing moves."""
    return Text(text.content.translate(NARROW), text.places)
