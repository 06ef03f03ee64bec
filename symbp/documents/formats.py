"""Pages laid out: LaTeX and Markdown by templates, plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from symbp.documents.forms import COMMENTS, SUFFIXES
from symbp.documents.page import Formula, Page
from symbp.documents.speaker import LATEX, PLAIN, Style
from symbp.templating import render

WIDTH = 100
"""Columns of a terminal; longer formulas stand as they are."""


@dataclass(frozen=True)
class Format:
    """A way to lay pages out; ``comment`` opens a comment in files of this kind."""

    suffix: str
    style: Style
    layout: Callable[[Page], str]
    comment: str


def latex(page: Page) -> str:
    """A document that LuaLaTeX compiles as it stands."""
    return render("latex/lesson.tex.jinja", page=page)


def markdown(page: Page) -> str:
    """Markdown with formulas between dollar signs."""
    return render("markdown/lesson.md.jinja", page=page)


def text(page: Page) -> str:
    """Plain text in Unicode, reasons beside the formulas where there is room."""
    return "\n".join(_text(page)) + "\n"


def _text(page: Page) -> Iterator[str]:
    yield from (page.title, "═" * columns(page.title), "")
    yield from _headed(page.symbols_heading)
    wide = max(columns(symbol) for symbol, _ in page.symbols)
    yield from (f"  {pad(symbol, wide)}   {meaning}" for symbol, meaning in page.symbols)
    for part in page.parts:
        yield ""
        yield from _headed(part.heading)
        if part.text:
            yield from (*wrapped(part.text), "")
        digits = max((len(str(f.number)) for f in part.formulas), default=1) + 2
        for formula in part.formulas:
            yield from _formula(formula, digits)


def _headed(heading: str) -> tuple[str, str]:
    return heading, "─" * columns(heading)


def _formula(formula: Formula, digits: int) -> Iterator[str]:
    number = f"({formula.number})".rjust(digits)
    sign = ":=" if formula.defines else "="
    left = " " * columns(formula.lhs) if formula.continues else formula.lhs
    space = "" if formula.reason.endswith("。") else " "
    told = formula.reason + (f"{space}({formula.condition})" if formula.condition else "")
    # In one line however long: a piece of a sum by itself would be read as all of it.
    line = f"  {number}  {left} {sign} {formula.rhs}"
    beside = f"{pad(line, WIDTH // 2 + 6)}  {told}"
    if columns(line) <= WIDTH // 2 + 6 and columns(beside) <= WIDTH + 20:
        yield beside.rstrip()
    else:
        yield from (line, f"  {' ' * digits}    {told}")


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes; Japanese characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str) -> Iterator[str]:
    """``text`` in lines of at most WIDTH columns, broken at spaces and around wide characters."""
    line = ""
    for piece in re.findall(r"[^\s\u3000-\uffef]+\s*|\s+|.", text):
        if line and columns(line + piece.rstrip()) > WIDTH:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip()


def pad(text: str, width: int) -> str:
    """``text`` with spaces up to ``width`` columns."""
    return text + " " * (width - columns(text))


FORMATS = {
    form: Format(SUFFIXES[form], style, layout, COMMENTS[form])
    for form, style, layout in (
        ("text", PLAIN, text),
        ("latex", LATEX, latex),
        ("markdown", LATEX, markdown),
    )
}
