"""Long statements over several lines, broken where a reader would."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 100
STEP = "    "
OPEN, CLOSE = "([{", ")]}"


def statement(target: str, text: str, width: int) -> list[str]:
    """``target text`` in lines of at most ``width`` characters, as far as breaks allow.

    ``target`` ends in the sign of an assignment.
    """
    whole = f"{target} {text}"
    if len(whole) <= width:
        return [whole]
    head, *rest = broken(text, width, len(target) + 1)
    return [f"{target} {head}", *rest]


def broken(text: str, width: int, used: int = 0) -> list[str]:
    """``text`` in lines, the first of which has ``used`` characters before it."""
    if used + len(text) <= width:
        return [text]
    alone = text.removesuffix(",")
    for terms in (_cases(alone), _terms(alone)):
        if len(terms) > 1:
            return ["(", *_indented(terms, width), ")" + text[len(alone) :]]
    start, end = _widest_group(text)
    if end <= start + 1:
        return [text]
    inner = text[start + 1 : end]
    commas = _split(inner, ", ")
    pieces = [f"{piece}," for piece in commas] if len(commas) > 1 else _terms(inner)
    after, *more = broken(text[end + 1 :], width, 1)
    return [text[: start + 1], *_indented(pieces, width), text[end] + after, *more]


def _indented(pieces: list[str], width: int) -> Iterator[str]:
    for piece in pieces:
        for line in broken(piece, width - len(STEP), 0):
            yield STEP + line


def _cases(text: str) -> list[str]:
    """``a if c else b`` before its ``if`` and its ``else``, where they stand in no brackets."""
    first, *condition = _split(text, " if ")
    if not condition:
        return [text]
    one, other = _split(condition[0], " else ")
    return [first, f"if {one}", f"else {other}"]


def _terms(text: str) -> list[str]:
    """``text`` before each ``+`` and ``-`` that stands in no brackets."""
    terms = [""]
    for part in _split(text, " "):
        if part in ("+", "-"):
            terms.append(part)
        else:
            terms[-1] += f" {part}" if terms[-1] else part
    return [term for term in terms if term]


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in OPEN) - (char in CLOSE)
        if depth == 0 and text.startswith(separator, at):
            parts.append(text[start:at])
            start = at + len(separator)
    return [*parts, text[start:]]


def _widest_group(text: str) -> tuple[int, int]:
    """Where the longest outermost pair of brackets opens and closes."""
    best, depth, start = (0, 0), 0, 0
    for at, char in enumerate(text):
        if char in OPEN:
            start = at if depth == 0 else start
            depth += 1
        elif char in CLOSE:
            depth -= 1
            if depth == 0 and at - start > best[1] - best[0]:
                best = (start, at)
    return best
