"""Notebooks: cells of Markdown and of code.

The source of the page is the cells one below the other, each under a line ``[n]`` with its number;
positions are those of that text. ``Page.cells`` has the line at which each cell begins, so that a
spot can be told as the line of a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.page import Code, Piece
from symbp.verification.sources import limits, markdown
from symbp.verification.sources.gathering import Gathering
from symbp.verification.sources.source import Source
from symbp.verification.sources.texts import join, lines
from symbp.verification.sources.writing import Writer
from symbp.verification.text import Spot, Text

MAGIC = re.compile(r"^\s*[%!?]")


@dataclass(frozen=True)
class Notebook:
    """``kinds`` and first lines (from 0, of what stands below ``[n]``) of the cells."""

    source: Source
    kinds: tuple[str, ...]
    starts: tuple[int, ...]


def opened(content: str, gathering: Gathering) -> Notebook:
    """The cells of a notebook; a trouble tells where it is none."""
    rows: list[str] = []
    kinds: list[str] = []
    starts: list[int] = []
    for number, (kind, text) in enumerate(_cells(content, gathering), 1):
        rows.append(f"[{number}]")
        kinds.append(kind)
        starts.append(len(rows))
        rows += Source.of(text, gathering).lines
    return Notebook(Source.of("\n".join(rows), gathering), tuple(kinds), tuple(starts))


def _cells(content: str, gathering: Gathering) -> Iterator[tuple[str, str]]:
    if len(content) > 4 * limits.CHARACTERS:  # pictures are stored in notebooks, too
        gathering.trouble("large_file", Spot(1, 1), str(4 * limits.CHARACTERS))
        return
    try:
        whole = json.loads(content.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        gathering.trouble("not_a_notebook", Spot(1, 1))
        return
    cells = whole.get("cells") if isinstance(whole, dict) else None
    if not isinstance(cells, list):
        gathering.trouble("not_a_notebook", Spot(1, 1))
        return
    if len(cells) > limits.CELLS:
        gathering.trouble("many_cells", Spot(1, 1), str(limits.CELLS))
    for cell in cells[: limits.CELLS]:
        typed = cell.get("source", "") if isinstance(cell, dict) else ""
        if isinstance(typed, list):
            typed = "".join(part for part in typed if isinstance(part, str))
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if isinstance(typed, str) and isinstance(kind, str):
            yield kind, typed


def pieces(notebook: Notebook, writer: Writer) -> Iterator[Piece]:
    """The pieces of all cells, those of code without the lines meant for the notebook itself."""
    ends = [*(start - 1 for start in notebook.starts[1:]), len(notebook.source.lines)]
    ends = ends[: len(notebook.starts)]
    for kind, start, end in zip(notebook.kinds, notebook.starts, ends, strict=True):
        if start >= end or start >= len(notebook.source.lines):
            continue
        if kind == "code":
            yield Code(_code(notebook.source.block(start, end)))
        elif kind == "markdown":
            kept = [
                "" if not start <= at < end else row for at, row in enumerate(notebook.source.lines)
            ]
            yield from markdown.pieces(Source("\n".join(kept[:end])), writer)


def _code(text: Text) -> Text:
    kept: list[Text] = []
    for line in lines(text):
        if not MAGIC.match(line.content):
            kept += [line, line.ended("\n")]
    joined = join(kept[:-1])
    return joined or text[:0]
