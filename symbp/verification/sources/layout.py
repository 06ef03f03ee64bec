r"""A formula as rows: environments opened, ``\\`` and ``&`` removed, labels taken out.

Environments that are values (matrices, ``cases``) stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.sources import limits
from symbp.verification.sources.braces import argument
from symbp.verification.sources.texts import without
from symbp.verification.text import Text

VALUES = re.compile(r"(?:[pbBvV]?(?:small)?matrix|d?cases|rcases)\*?$")
SPECIFIED = re.compile(r"(?:array|alignat|alignedat|IEEEeqnarray|empheq)\*?$")
TOKEN = re.compile(
    r"\\(?P<which>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}"
    r"|(?P<row>\\\\\*?(?:\[-?[\d.]+\s*[a-z]{2}\])?|\\newline(?![A-Za-z])|\\cr(?![A-Za-z]))"
    r"|\\(?P<taking>tag\*?|label|ref|eqref|hspace\*?|vspace\*?|phantom|[hv]phantom"
    r"|color|textcolor|colorbox|boxed|fbox|shortintertext|intertext)(?![A-Za-z])"
    r"|\\(?P<dropped>nonumber|notag|displaystyle|textstyle|hline|centering|allowbreak|hfill|hfil"
    r"|allowdisplaybreaks|limits|nolimits|relax|bigskip|medskip|smallskip|noindent)(?![A-Za-z])"
    r"|\\.|[{}&]|%[^\n]*",
    re.DOTALL,
)
ENDS = " \t\r\n.,;:、。,.;~"
ENDING = re.compile(r"(?:\\[,;:! ]|\\q?quad(?![A-Za-z])|\\text\{[\s.,;、。]*\}|~)$")


@dataclass(frozen=True)
class Row:
    """A line of mathematics; or, where ``is_words``, words that stand between lines."""

    text: Text
    labels: tuple[str, ...] = ()
    is_words: bool = False


@dataclass
class _Open:
    """A row being read: where it began, what is cut out of it, its labels."""

    start: int
    cuts: list[tuple[int, int]]
    labels: list[str]


def rows(text: Text) -> Iterator[Row]:
    """The rows of a formula, in order; empty ones are left out."""
    content = text.content
    row, depth, whole, at = _Open(0, [], []), 0, 0, 0
    flat: list[bool] = []
    while found := TOKEN.search(content, at):
        begin, at, mark = found.start(), found.end(), found.group()
        if found["which"] == "begin":
            flat.append(not whole and not _is_value(content, found))
            whole += not flat[-1]
            if flat[-1]:
                at = _behind_columns(content, found)
                row.cuts.append((begin, at))
        elif found["which"] == "end":
            if flat and flat.pop():
                row.cuts.append((begin, at))
            else:
                whole = max(0, whole - 1)
        elif found["taking"]:
            words, at = _taken(text, found, row, whole)
            if words is not None:
                yield from _closed(text, row, begin)
                yield Row(words, is_words=True)
                row = _Open(at, [], [])
        elif found["dropped"] in {"limits", "nolimits"}:
            continue
        elif found["dropped"] or mark.startswith("%"):
            row.cuts.append((begin, at))
        elif mark in {"{", "}"}:
            depth = max(0, depth + (1 if mark == "{" else -1))
        elif whole or depth:
            continue
        elif found["row"]:
            yield from _closed(text, row, begin)
            row = _Open(at, [], [])
        elif mark == "&":
            row.cuts.append((begin, at))
    yield from _closed(text, row, len(content))


def _is_value(content: str, begin: re.Match[str]) -> bool:
    """Whether an environment is a matrix or cases; an array is one only within brackets."""
    name = begin["name"]
    if name.startswith("array"):
        return bool(
            re.search(r"\\left\s*\\?\S\s*$", content[max(0, begin.start() - 20) : begin.start()])
        )
    return bool(VALUES.match(name))


def _behind_columns(content: str, begin: re.Match[str]) -> int:
    r"""Behind ``\begin{array}{rcl}``, or ``\\begin{align}``."""
    at = begin.end()
    option = re.compile(r"\s*\[[a-z]\]").match(content, at)
    at = option.end() if option else at
    if SPECIFIED.match(begin["name"]):
        taken = argument(content, at, 100)
        return taken[2] if taken else at
    return at


def _taken(text: Text, found: re.Match[str], row: _Open, whole: int) -> tuple[Text | None, int]:
    """A command with an argument: words between rows, if these, and where reading goes on."""
    content, command = text.content, found["taking"]
    taken = argument(content, found.end(), limits.FORMULA)
    if taken is None:
        row.cuts.append((found.start(), found.end()))
        return None, found.end()
    begin, end, stop = taken
    if command.endswith("intertext") and not whole:
        return text[begin:end], stop
    if command in {"boxed", "fbox"}:  # what stands in the box is read on; its brace is cut out
        row.cuts += [(found.start(), begin)]
        if stop > end:
            row.cuts.append((end, stop))
        return None, begin
    if command in {"tag", "tag*", "label"}:
        row.labels.append(content[begin:end].strip(" ()$"))
    row.cuts.append((found.start(), stop))
    return None, stop


def _closed(text: Text, row: _Open, end: int) -> Iterator[Row]:
    """The row that ends at ``end``, trimmed."""
    base = row.start
    cuts = sorted((a - base, min(b, end) - base) for a, b in row.cuts if a < end)
    line = trimmed(without(text[base:end], _apart(cuts)))
    if line:
        yield Row(line, tuple(label for label in row.labels if label))


def _apart(cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, stop in cuts:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(stop, kept[-1][1]))
        else:
            kept.append((start, stop))
    return kept


def trimmed(text: Text) -> Text:
    """Without blanks at both ends and without the punctuation of the sentence around it."""
    text = text.strip()
    while text:
        kept = len(text.content.rstrip(ENDS))
        if text.content[kept:].strip().startswith(("..", "...")):
            kept += len(text.content[kept:].rstrip(" \t\n,;、。"))
        if text.content[:kept].endswith("\\"):
            kept += 1  # \, and the like
        ending = ENDING.search(text.content[:kept])
        kept = ending.start() if ending else kept
        if kept >= len(text):
            return text
        text = text[:kept]
    return text
