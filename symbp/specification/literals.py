"""Where a character of a text stands within the TOML that says the text."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[ \t]*\n[ \t\n]*|.)", re.DOTALL)


def offset_in(text: str, start: int, at: int) -> int:
    """The offset of character ``at``, from 1, of the string whose quotes begin at ``start``."""
    quote = text[start : start + 3]
    if quote not in ('"""', "'''"):
        quote = text[start : start + 1]
    if quote[:1] not in ('"', "'"):
        return start
    position = start + len(quote)
    if len(quote) == 3 and text.startswith("\n", position):
        position += 1  # a line break right behind the quotes is none of the text
    count = 1
    while count < at and position < len(text):
        escape = _ESCAPE.match(text, position) if quote[0] == '"' else None
        if escape is None:
            position += 1
            count += 1
            continue
        position = escape.end()
        count += not escape[0][1:].isspace()  # a break that is escaped says nothing
    return position
