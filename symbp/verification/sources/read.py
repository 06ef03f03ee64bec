"""A file becomes a page: by its suffix, and where that says nothing, by what is in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from symbp.verification.page import Cell, Code, Math, Page, Piece, Prose
from symbp.verification.sources import markdown, notebook, plain, tex
from symbp.verification.sources.gathering import Gathering
from symbp.verification.sources.macros import definitions
from symbp.verification.sources.numbering import labelled
from symbp.verification.sources.program_lines import is_python
from symbp.verification.sources.source import Source
from symbp.verification.sources.writing import Writer

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".qmd", ".rmd"})
TEX = frozenset({".tex", ".ltx", ".latex"})
LATEX_FILE = re.compile(r"\\documentclass|\\begin\s*\{document\}")
MARKED = re.compile(r"^(?:```|~~~|#{1,6}\s|\|?\s*:?-{3,}:?\s*\|)", re.MULTILINE)
FORMULA = re.compile(r"\$[^$\n]+\$|\$\$|\\\(|\\\[")


def read_page(file: str, source: str) -> Page:
    r"""The pieces of a file in reading order.

    Nothing raises: what cannot be used is told in ``troubles``. The page's ``source`` is what its
    spots refer to: the text without a mark at its begin and with ``\n`` for ends of lines; of a
    notebook, its cells (see ``notebook``).
    """
    gathering = Gathering()
    suffix = PurePath(file).suffix.lower()
    if suffix == ".ipynb":
        cells = notebook.opened(source, gathering)
        writer = _writer(cells.source, gathering)
        found = _finished(notebook.pieces(cells, writer))
        page = Page(file, cells.source.content, found, tuple(gathering.troubles))
        return replace(page, cells=tuple(start + 1 for start in cells.starts))
    text = Source.of(source, gathering)
    writer = _writer(text, gathering)
    found = _finished(_pieces(suffix, text, writer))
    return Page(file, text.content, found, tuple(gathering.troubles))


def _writer(source: Source, gathering: Gathering) -> Writer:
    macros = definitions(source.content)
    ends = [found.start() for found in re.finditer("\n", source.content)] if macros else []
    lines = [bisect_right(ends, macro.start - 1) + 1 for macro in macros]
    return Writer(gathering, tuple(zip(lines, macros, strict=True)))


def _pieces(suffix: str, source: Source, writer: Writer) -> Iterator[Piece]:
    if suffix in {".py", ".pyw"}:
        return iter((Code(source.block(0, len(source.lines))),))
    if suffix in MARKDOWN:
        return markdown.pieces(source, writer)
    if suffix in TEX or LATEX_FILE.search(source.content):
        return tex.pieces(source, writer)
    if MARKED.search(source.content) and FORMULA.search(source.content):
        return markdown.pieces(source, writer)
    if is_python(source.content, 10):
        return iter((Code(source.block(0, len(source.lines))),))
    return plain.pieces(source, writer)


def _finished(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """The pieces, with labels; formulas that a label left empty are gone."""
    kept = [_cell(piece) if isinstance(piece, Cell) else piece for piece in pieces]
    return tuple(piece for piece in labelled(kept) if not isinstance(piece, Math) or piece.text)


def _cell(cell: Cell) -> Cell:
    kept = labelled(cell.pieces)
    return replace(cell, pieces=tuple(p for p in kept if isinstance(p, Math | Prose) and p.text))
