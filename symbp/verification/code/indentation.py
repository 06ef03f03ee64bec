"""Indentation that was lost, as it is where a program was pasted into a page of prose.

A structure is proposed only where the statements decide it: a head wants a body; a function goes
on as long as names are used that only it knows, and up to its last ``return``; a loop goes on as
long as it changes what it reads. What they do not decide is listed as a doubt, to be asked about.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from symbp.verification.code.layout import Layout
from symbp.verification.code.lines import Line, logical
from symbp.verification.text import Spot, Text

STEP = 4


@dataclass(frozen=True)
class Doubt:
    """A line that may stand inside or outside of the block that begins at line ``head``."""

    at: Spot
    text: str
    head: int
    inside: bool  # as proposed


@dataclass(frozen=True)
class Restored:
    """``text`` with the proposed indentation; ``changes`` are the lines that were moved."""

    text: Text
    changes: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def restore(text: Text) -> Restored:
    """``text`` as it probably was. What parses, or what is no program at all, is left alone."""
    rows = _rows(text)
    if parses(text.content) or any(row.content[:1] in (" ", "\t") for row in _heads(rows)):
        return Restored(text)
    lines = logical([row.content.rstrip("\n") for row in rows])
    if lines is None:
        return Restored(text)
    layout = Layout(lines)
    layout.block(0, len(lines), 0, ())
    parts: list[Text] = []
    changes = []
    for line, depth in zip(lines, layout.depths, strict=True):
        for at in range(line.first, line.last + 1):
            row = rows[at]
            if depth and row.content.strip():
                parts.append(row.before(" " * STEP * depth))
                changes.append(row.start.line)
            parts.append(row)
    out = Text.joined(parts)
    if not parses(out.content):
        return Restored(text)
    doubts = tuple(
        Doubt(
            rows[lines[at].first].start,
            lines[at].source,
            rows[lines[head].first].at(0).line,
            is_in,
        )
        for at, head, is_in in layout.doubts
    )
    return Restored(out, tuple(changes), doubts)


def parses(source: str) -> bool:
    """Whether ``source`` is a program."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def programs(text: Text) -> tuple[Text, ...]:
    """The programs that stand between the words of a page, without fences."""
    rows = _rows(text)
    found: list[Text] = []
    at = 0
    while at < len(rows):
        stop = _end_of_program(rows, at)
        if stop > at + 1:
            found.append(text[_offset(rows, at) : _offset(rows, stop)])
        at = max(stop, at + 1)
    return tuple(found)


def _end_of_program(rows: Sequence[Text], start: int) -> int:
    """Where the program that begins with an import, a definition or an assignment ends."""
    at, end = start, start
    while at < len(rows):
        source = rows[at].content.strip()
        if not source or source.startswith("#"):
            if end == start:
                return start
            at += 1
            continue
        lines = None
        for last in range(at + 1, min(at + 40, len(rows)) + 1):
            lines = logical([row.content.rstrip("\n") for row in rows[at:last]])
            if lines is not None:
                break
        if lines is None or not _is_code(lines[0]):
            return end
        at = end = last
    return end


def _is_code(line: Line) -> bool:
    """Words of a language without blanks are names to Python: a bare name is no statement."""
    node = line.node
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call) and all(name.isascii() for name in line.reads)
    names = {*line.binds, *line.reads}
    return not isinstance(node, ast.AnnAssign) and all(name.isascii() for name in names)


def _rows(text: Text) -> list[Text]:
    rows, start = [], 0
    for piece in text.content.splitlines(keepends=True):
        rows.append(text[start : start + len(piece)])
        start += len(piece)
    return rows


def _heads(rows: Sequence[Text]) -> list[Text]:
    """The lines on which a statement may begin."""
    depth, out = 0, []
    for row in rows:
        if depth <= 0 and row.content.strip():
            out.append(row)
        plain = row.content.split("#")[0]
        depth += sum(map(plain.count, "([{")) - sum(map(plain.count, ")]}"))
    return out


def _offset(rows: Sequence[Text], at: int) -> int:
    return sum(len(row) for row in rows[:at])
