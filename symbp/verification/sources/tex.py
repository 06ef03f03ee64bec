r"""LaTeX documents: what stands between ``\begin{document}`` and its end, without comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbp.verification.page import Cell, Code, Heading, Math, Piece, Prose
from symbp.verification.sources import limits
from symbp.verification.sources.macros import Macro, expand
from symbp.verification.sources.source import Source
from symbp.verification.sources.texts import narrow, without
from symbp.verification.sources.writing import Writer
from symbp.verification.text import Text

COMMENT = re.compile(r"(?<!\\)(?:\\\\)*(%[^\n]*(?:\n[ \t]*(?=\S))?)")
BODY = re.compile(r"\\begin\s*\{document\}")
BLOCK = re.compile(
    r"\\begin\s*\{(?P<name>verbatim|Verbatim|lstlisting|minted|comment|tabular\*?|tabularx|longtable)\}"
)
TABLES = frozenset({"tabular", "tabular*", "tabularx", "longtable"})
OPTIONS = re.compile(r"(?:\s*\[[^\]\n]*\]|\s*\{(?:[^{}\n]|\{[^{}\n]*\})*\})*")
LANGUAGE = re.compile(r"language\s*=\s*\{?\s*(\w+)|\{(\w+)\}", re.IGNORECASE)
TITLE = re.compile(
    r"\\(?P<kind>part|chapter|section|subsection|subsubsection|paragraph|title|frametitle)\*?"
    r"\s*(?:\[[^\]\n]*\])?\s*\{(?P<title>(?:[^{}]|\{[^{}]*\})*)\}"
)
LEVELS = {"title": 1, "part": 1, "chapter": 1, "section": 2, "subsection": 3, "frametitle": 3}
SPLIT = re.compile(r"(?<!\\)&|\\\\(?:\[[^\]]*\])?|\\hline|\\(?:top|mid|bottom)rule")


def pieces(source: Source, writer: Writer) -> Iterator[Piece]:
    """The pieces of a LaTeX file."""
    content = source.content
    begin = BODY.search(content)
    first = begin.end() if begin else 0
    end = content.find(r"\end{document}", first)
    last = end if end >= 0 else len(content)
    spans = _skipped(content, writer)
    text = Text.of(content)[first:last] if content else Text.of("")
    text = without(text, [(a - first, b - first) for a, b in spans if first <= a and b <= last])
    text = expand(text, _structural(writer), writer.gathering)
    done = 0
    while found := BLOCK.search(text.content, done):
        name = found["name"]
        stop = text.content.find(rf"\end{{{name}}}", found.end())
        stop = stop if stop >= 0 else len(text)
        yield from _run(text[done : found.start()], writer)
        yield from _block(text, found, stop, writer)
        done = min(len(text), stop + len(rf"\end{{{name}}}"))
    yield from _run(text[done:], writer)


def _skipped(content: str, writer: Writer) -> list[tuple[int, int]]:
    """Comments and definitions; programs keep their ``%``."""
    kept = [
        (found.end(), content.find(rf"\end{{{found['name']}}}", found.end()))
        for found in BLOCK.finditer(content)
        if found["name"] not in TABLES
    ]
    spans = [found.span(1) for found in COMMENT.finditer(content)]
    if kept:
        spans = [s for s in spans if not any(a <= s[0] < b for a, b in kept[:200])]
    spans += [(macro.start, macro.stop) for _, macro in writer.macros]
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, stop))
    return apart


def _structural(writer: Writer) -> dict[str, Macro]:
    r"""Macros that open or close environments, as ``\be``; they are expanded everywhere."""
    opening = (r"\begin", r"\end", r"\[", r"\]", "$")
    return {
        macro.name: macro
        for _, macro in writer.macros
        if macro.arity == 0 and any(mark in macro.body for mark in opening)
    }


def _block(text: Text, found: re.Match[str], stop: int, writer: Writer) -> Iterator[Piece]:
    options = OPTIONS.match(text.content, found.end(), stop)
    start = options.end() if options else found.end()
    inside = text[start:stop]
    if found["name"] in TABLES:
        yield from _cells(inside, writer)
    elif found["name"] != "comment":
        told = LANGUAGE.search(options.group() if options else "")
        language = (told.group(1) or told.group(2)).lower() if told else "python"
        while inside and inside.content[0] in " \n":
            inside = (
                inside[1:] if inside.content[0] == "\n" or not inside.content.strip() else inside
            )
            if not inside or inside.content[0] == " ":
                break
        yield Code(inside, language)


def _cells(text: Text, writer: Writer) -> Iterator[Piece]:
    writer.gathering.tables += 1
    row = column = done = 0
    for found in [*SPLIT.finditer(text.content), None]:
        stop = found.start() if found else len(text)
        kept = tuple(writer.run(text[done:stop], backticks=False))
        if kept and column < limits.COLUMNS_OF_TABLE:
            yield Cell(kept, writer.gathering.tables, row, column)
        ends_row = found is not None and found.group() != "&"
        row, column = (row + 1, 0) if ends_row else (row, column + 1)
        done = found.end() if found else stop


def _run(text: Text, writer: Writer) -> Iterator[Piece]:
    """Words and formulas, titles apart."""
    done = 0
    for found in TITLE.finditer(text.content):
        yield from _words(text[done : found.start()], writer)
        title = text[found.start("title") : found.end("title")]
        yield Heading(narrow(title), LEVELS.get(found["kind"], 4))
        done = found.end()
    yield from _words(text[done:], writer)


def _words(text: Text, writer: Writer) -> Iterator[Prose | Math]:
    if text.content.strip():
        yield from writer.run(text, backticks=False)
