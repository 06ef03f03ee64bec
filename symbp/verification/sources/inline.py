r"""Words and formulas within a run of text: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]``, environments.

A dollar opens a formula as Pandoc has it: no blank behind an opening one, none before a closing
one, and no digit behind that, so that $5 and $6 stay money. With blanks on both sides it must look
like mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.sources import limits
from symbp.verification.sources.gathering import Gathering
from symbp.verification.text import Text

ENVIRONMENTS = frozenset(
    name + star
    for name in [
        "equation",
        "align",
        "aligned",
        "alignat",
        "flalign",
        "gather",
        "gathered",
        "multline",
        "eqnarray",
        "displaymath",
        "math",
        "split",
        "array",
        "cases",
        "alignedat",
        "dmath",
        "IEEEeqnarray",
        "empheq",
        "subequations",
        "matrix",
        "pmatrix",
        "bmatrix",
    ]
    for star in ("", "*")
)
OPENING = re.compile(r"\\begin\s*\{(?P<name>[A-Za-z]+\*?)\}|\\.|`+|\$+", re.DOTALL)
CLOSING = {r"\(": r"\)", r"\[": r"\]"}
BLANK_LINE = re.compile(r"\n[ \t]*\n")
DOLLARS = re.compile(r"\\.|\$+|[{}]|\n[ \t]*\n", re.DOTALL)
TELLING = re.compile(r"[=\\_^+*/<>∂δηΣα-ωΑ-Ω]|^\s*[A-Za-z]'?\s*$")
TRIED = 20
"""Dollars that are tried as the end of a formula."""


@dataclass(frozen=True)
class Fragment:
    """A run of words or a formula, delimiters left out."""

    text: Text
    is_math: bool
    display: bool = False


def fragments(text: Text, gathering: Gathering, backticks: bool = True) -> Iterator[Fragment]:
    """``text`` cut into words and formulas, in order; ``backticks`` enclose code."""
    content, done, at = text.content, 0, 0
    while gathering.may_open() and (found := OPENING.search(content, at)):
        at = found.end()
        if found.group().startswith("`"):
            at = _behind_code(content, found) if backticks else at
            continue
        cut = _formula(text, found, gathering)
        if cut is None:
            continue
        begin, end, stop, display = cut
        if done < found.start():
            yield Fragment(text[done : found.start()], is_math=False)
        yield Fragment(text[begin:end], is_math=True, display=display)
        done = at = stop
    if done < len(content):
        yield Fragment(text[done:], is_math=False)


def _behind_code(content: str, opening: re.Match[str]) -> int:
    """Behind the run of backticks that closes a span of code, or behind what opened none."""
    ticks = opening.group()
    closing = re.compile(f"(?<!`){ticks}(?!`)") if len(ticks) < limits.DEPTH else None
    found = closing.search(content, opening.end(), opening.end() + 1_000) if closing else None
    return found.end() if found else opening.end()


def _formula(
    text: Text, opening: re.Match[str], gathering: Gathering
) -> tuple[int, int, int, bool] | None:
    """Begin and end of the formula, where reading goes on, and whether it is displayed."""
    content, mark, start = text.content, opening.group(), opening.end()
    if opening["name"]:
        if opening["name"] not in ENVIRONMENTS:
            return None
        closing = rf"\end{{{opening['name']}}}"
        end = content.find(closing, start, start + limits.FORMULA)
        if end >= 0:
            stop = end + len(closing)
            return opening.start(), stop, stop, True
    elif mark in CLOSING:
        end = content.find(CLOSING[mark], start, start + limits.FORMULA)
        if end >= 0 and not (mark == r"\(" and BLANK_LINE.search(content, start, end)):
            return start, end, end + 2, mark == r"\["
    elif mark == "$$":
        end = _twice(content, start)
        if end >= 0:
            return start, end, end + 2, True
    elif mark == "$":
        return _once(text, opening, gathering)
    else:
        return None
    gathering.left_open(text.at(opening.start()), mark)
    return None


def _twice(content: str, start: int) -> int:
    """Where the next ``$$`` is."""
    for found in DOLLARS.finditer(content, start, start + limits.FORMULA):
        if found.group().startswith("$$"):
            return found.start()
    return -1


def _once(
    text: Text, opening: re.Match[str], gathering: Gathering
) -> tuple[int, int, int, bool] | None:
    content, start = text.content, opening.end()
    if content[start : start + 1] == "`":  # $`…`$, as some hosts have it
        end = content.find("`$", start, start + limits.ROW)
        if end > start:
            return start + 1, end, end + 2, False
    depth, tried, nested, seen = 0, 0, None, False
    for found in DOLLARS.finditer(content, start, start + limits.ROW):
        mark = found.group()
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif mark.startswith("\n"):
            break
        elif mark == "$":
            seen, tried = True, tried + 1
            if _closes(content, start, found.start()):
                if depth <= 0:
                    return start, found.start(), found.end(), False
                nested = nested or found
        if tried == TRIED:
            break
    if nested:  # braces that never close
        return start, nested.start(), nested.end(), False
    if not seen and not content[start : start + 1].isdigit():
        gathering.left_open(text.at(opening.start()), "$")
    elif tried == TRIED:
        gathering.unclosed += 1
    return None


def _closes(content: str, start: int, end: int) -> bool:
    """Whether what stands between two dollars is a formula."""
    inside = content[start:end]
    if not inside.strip():
        return False
    opens, closes = not inside[0].isspace(), not inside[-1].isspace()
    if opens and closes:
        return not content[end + 1 : end + 2].isdigit()
    return bool(TELLING.search(inside)) and (opens == closes or "=" in inside or "\\" in inside)
