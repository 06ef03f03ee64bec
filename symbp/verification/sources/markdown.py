r"""Markdown: blocks by markdown-it-py, formulas within them with their exact places.

Only the blocks are read by markdown-it-py. Displayed formulas over several lines are kept from
being read as lists and headings by a rule of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from symbp.verification.page import Cell, Code, Heading, Piece
from symbp.verification.sources import limits
from symbp.verification.sources.inline import Fragment
from symbp.verification.sources.program_lines import is_python, programs
from symbp.verification.sources.source import Source
from symbp.verification.sources.texts import lines, narrow
from symbp.verification.sources.writing import Writer
from symbp.verification.text import Text

DISPLAYED = 200
"""Lines that a displayed formula may have."""

OPENING = re.compile(r"\$\$|\\\[|\\begin\s*\{([A-Za-z]+\*?)\}")
FORMULAS = frozenset({"math", "latex", "tex", "katex", "mathjax", "asciimath"})
PYTHON = frozenset({"", "python", "py", "python3", "ipython", "numpy"})
BOLD = re.compile(r"^\s*(\*\*|__)(?P<title>(?:(?!\1).)+)\1\s*$")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FRONT = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
DELIMITED = re.compile(r"\$|\\\(|\\\[|\\begin\s*\{")
PSEUDO = 7
"""The level of a title that is a paragraph in bold."""


def displayed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula over several lines, as a block: what is in it is no list and no heading."""
    begin = state.bMarks[start] + state.tShift[start]
    found = OPENING.match(state.src, begin)
    if not found:
        return False
    name = found.group(1)
    if name in {"document", "itemize", "enumerate"}:
        return False
    closing = rf"\end{{{name}}}" if name else {"$$": "$$", r"\[": r"\]"}[found.group()]
    last = min(end, start + DISPLAYED) - 1
    at = state.src.find(closing, found.end(), state.eMarks[last])
    if at < 0 or at < state.eMarks[start]:
        return False
    line = start
    while state.eMarks[line] < at:
        line += 1
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
    if not silent:
        state.line = line + 1
        token = state.push("inline", "", 0)
        token.content = state.getLines(start, line + 1, state.blkIndent, False)
        token.map = [start, line + 1]
    return True


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable("table")
    reader.disable(["inline", "reference", "html_block", "code"])
    ends = ["paragraph", "reference", "blockquote", "list"]
    reader.block.ruler.before("fence", "displayed", displayed, {"alt": ends})
    return reader


def pieces(source: Source, writer: Writer) -> Iterator[Piece]:
    """The pieces of a Markdown file."""
    content = _blanked(source.content, [*FRONT.finditer(source.content)])
    content = _blanked(content, [*COMMENT.finditer(content)])
    found = programs(source.lines, fences=True)
    rows = content.split("\n")
    for first, last in found:
        rows[first:last] = [""] * (last - first)
    tokens = _reader().parse("\n".join(rows))
    left = [(first, source.block(first, last)) for first, last in found]
    bare = not DELIMITED.search("\n".join(rows))
    for at, token in enumerate(tokens):
        while left and token.map and left[0][0] < token.map[0]:
            yield Code(left.pop(0)[1])
        writer.gathering.tables += token.type == "table_open"
        if token.type == "inline" and token.map:
            yield from _inline(tokens, at, source, writer, bare)
        elif token.type == "fence" and token.map:
            yield from _fence(token, source, writer)
    yield from (Code(text) for _, text in left)


def _blanked(content: str, spans: list[re.Match[str]]) -> str:
    for found in reversed(spans):
        blank = re.sub(r"[^\n]", " ", found.group())
        content = content[: found.start()] + blank + content[found.end() :]
    return content


def _inline(
    tokens: list[Token], at: int, source: Source, writer: Writer, bare: bool
) -> Iterator[Piece]:
    token, opening = tokens[at], tokens[at - 1]
    assert token.map is not None
    if opening.type in {"th_open", "td_open"}:
        yield from _cell(tokens, at, source, writer)
        return
    text = source.located(token.content, *token.map)
    if opening.type == "heading_open":
        yield Heading(narrow(text), int(opening.tag[1:]))
        return
    first, *others = lines(text)
    if BOLD.match(first.content) and opening.type == "paragraph_open":
        yield Heading(narrow(first), PSEUDO)
        text = text[len(first) + 1 :]
        if not others:
            return
    if bare:
        from symbp.verification.sources.plain import paragraph

        yield from paragraph(text, writer)
    else:
        yield from writer.run(text)


def _cell(tokens: list[Token], at: int, source: Source, writer: Writer) -> Iterator[Piece]:
    token = tokens[at]
    assert token.map is not None
    column, before = 0, at - 1
    while tokens[before].type != "tr_open":
        column += tokens[before].type in {"th_open", "td_open"}
        before -= 1
        if column > limits.COLUMNS_OF_TABLE:
            return
    row = token.map[0]
    text = source.in_row(token.content, row, column)
    kept = tuple(writer.run(text))
    yield Cell(kept, writer.gathering.tables, row, column - 1)


def _fence(token: Token, source: Source, writer: Writer) -> Iterator[Piece]:
    assert token.map is not None
    text = source.located(token.content.rstrip("\n"), token.map[0] + 1, token.map[1])
    language = token.info.strip().split(" ")[0].strip("{}.").lower() if token.info.strip() else ""
    if language in FORMULAS:
        yield from _mathematics(text, writer)
    elif language in PYTHON and (language or is_python(text.content)):
        yield Code(text)
    elif language:
        yield Code(text, language)
    else:
        from symbp.verification.sources.plain import paragraph

        yield from paragraph(text, writer)


def _mathematics(text: Text, writer: Writer) -> Iterator[Piece]:
    """A fenced formula: with delimiters of its own, as rows, or a line for each."""
    if re.search(r"\$|\\\[|\\\(", text.content):
        yield from writer.run(text, backticks=False)
        return
    separate = [line for line in lines(text) if line.content.strip()]
    if (
        r"\\" in text.content
        or r"\begin" in text.content
        or not all("=" in line.content for line in separate)
    ):
        separate = [text]
    for line in separate:
        yield from writer.formula(Fragment(line, is_math=True, display=True))
