"""What a person typed, cut into prose, mathematics and code, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.verification.text import Spot, Text


@dataclass(frozen=True)
class Heading:
    """A title; ``level`` from 1."""

    text: Text
    level: int


@dataclass(frozen=True)
class Prose:
    """Words between formulas; formulas and words of one source line share their ``row``."""

    text: Text
    row: int


@dataclass(frozen=True)
class Math:
    r"""One line of mathematics, macros expanded, without delimiters, labels and ``&``.

    ``block`` is shared by the rows of one environment; ``labels`` are ``a`` of ``(a)``, ``①``, or
    what stands in ``\tag``; ``display`` tells ``$$…$$`` from ``$…$``.
    """

    text: Text
    row: int
    block: int
    display: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """A program, ``language`` as the fence or the file names it."""

    text: Text
    language: str = "python"


@dataclass(frozen=True)
class Cell:
    """A table cell of prose and formulas; tables are numbered down the page."""

    pieces: tuple[Prose | Math, ...]
    table: int
    row: int
    column: int


Piece = Heading | Prose | Math | Code | Cell


@dataclass(frozen=True)
class Trouble:
    """Something that could not be used, as facts: ``code`` and where."""

    code: str
    at: Spot
    found: str = ""


@dataclass(frozen=True)
class Page:
    """A file. ``troubles`` are those of its layout: an unclosed ``$``, a macro that grows.

    ``cells`` are the lines of ``source`` at which the cells of a notebook begin.
    """

    file: str
    source: str
    pieces: tuple[Piece, ...]
    troubles: tuple[Trouble, ...] = ()
    cells: tuple[int, ...] = ()
