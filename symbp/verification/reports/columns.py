"""Text as a terminal shows it: what takes two columns, what takes none, what must not be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, combining, east_asian_width

WIDTH = 100
"""Columns of a line of a report."""

TAB = " " * 4
_UNBROKEN = re.compile(r"(?:[^\s\u3000-\uffef]+|[^\s])[、。，．）」：]*\s*|\s+")
"""What stays on one line: a word, or a wide sign, with the punctuation after it."""

_PLAIN_SPACES = {"\u3000": "  "}


def piece(char: str) -> str:
    """What stands for ``char`` on one line of a terminal: itself, unless it would do something.

    Control and formatting characters could move the cursor, or turn text around; a picture or a
    sign stands for each.
    """
    if char == "\t":
        return TAB
    if char.isprintable():
        return char
    if category(char) in ("Zs", "Zl", "Zp"):
        return _PLAIN_SPACES.get(char, " ")
    return chr(0x2400 + ord(char)) if ord(char) < 32 else "\ufffd"


def visible(text: str) -> str:
    """``text`` on one line, with nothing in it that does more than show."""
    return "".join(map(piece, text))


def columns(text: str) -> int:
    """How many columns ``text`` takes: Japanese characters take two, combining signs none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, width: int) -> str:
    """``text`` with spaces up to ``width`` columns."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    """``text``, its end replaced by … where it takes more than ``width`` columns."""
    if columns(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = "", 1
    for char in text:
        used += columns(char)
        if used > width:
            break
        kept += char
    return kept + "…"


def wrapped(text: str, width: int = WIDTH) -> Iterator[str]:
    """``text`` in lines of at most ``width`` columns, broken at spaces and around wide signs."""
    line = ""
    for part in _UNBROKEN.findall(text):
        if line and columns(line + part.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += part
    yield line.rstrip()
