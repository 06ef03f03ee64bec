"""Groups in braces: where they end, and what a command takes as its argument."""

from __future__ import annotations

import re

TOKEN = re.compile(r"\\.|[{}]", re.DOTALL)
BLANKS = re.compile(r"[ \t]*\n?[ \t]*")
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)


def group_end(content: str, start: int, longest: int) -> int | None:
    """Just behind the ``}`` that closes the ``{`` at ``start``; None where none does."""
    depth = 0
    for found in TOKEN.finditer(content, start, min(len(content), start + longest)):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth == 0:
            return found.end()
    return None


def argument(content: str, start: int, longest: int) -> tuple[int, int, int] | None:
    """Begin and end of the argument at ``start``, braces left out, and where reading goes on.

    An argument is a group in braces, a command or a character; None where nothing follows.
    """
    blanks = BLANKS.match(content, start)
    start = blanks.end() if blanks else start
    if start >= len(content) or content[start] == "}":
        return None
    if content[start] == "{":
        end = group_end(content, start, longest)
        return None if end is None else (start + 1, end - 1, end)
    command = COMMAND.match(content, start)
    end = command.end() if command else start + 1
    return start, end, end
