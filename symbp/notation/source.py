"""Before the grammar: one spelling for what is typed in many ways, and every column is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from symbp.notation.glyphs import SUBSCRIPTS, SUPERSCRIPTS, VULGAR
from symbp.notation.typing import COMMANDS, SILENT, UPRIGHT, WITH_ARGUMENT, char

_UP = {small: large.replace("−", "-") for large, small in SUPERSCRIPTS.items()}
_DOWN = {small: large.replace("−", "-") for large, small in SUBSCRIPTS.items()}
_PARTS = {made: f"\\frac{{{top}}}{{{bottom}}}" for (top, bottom), made in VULGAR.items()}


class Piece(NamedTuple):
    """``text`` stands for what was typed at ``column``."""

    text: str
    column: int


@dataclass(frozen=True)
class Source:
    """``text`` as the grammar wants it; ``columns[p]`` is where its character p was typed."""

    text: str
    columns: tuple[int, ...]

    @staticmethod
    def of(typed: str) -> Source:
        pieces = _trimmed(_braced(list(_pieces(typed))))
        columns = [column for text, column in pieces for _ in text]
        text = "".join(text for text, _ in pieces)
        return Source(text, (*columns, len(typed) + 1))

    def column(self, position: int) -> int:
        """The column, from 1, where what is at ``position`` was typed."""
        return self.columns[min(max(position, 0), len(self.columns) - 1)]


SPELLED = ("sum", "sigma", "delta", "eta", "theta", "phi", "alpha", "lambda", "partial")
"""Words that stand for a sign where nobody typesets it."""

_ENDING = " \t\n\r.,;、。，．・"
_RULES: tuple[tuple[str, str], ...] = (
    ("mark", r"\\math(?:bf|bb|bbm|ds)\s*(?:\{1\}|1)|\\(?:boldsymbol|bm)\s*\{1\}"),
    ("word", rf"\\(?:{'|'.join(UPRIGHT)})\*?(?:\s*\{{[^{{}}]*\}}|\s+[a-zA-Z0-9])"),
    ("gone", rf"\\(?:{'|'.join(WITH_ARGUMENT)})\s*\{{[^{{}}]*\}}"),
    ("defined", r"\\(?:stackrel|overset)\s*\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}\s*(?:\{=\}|=)"),
    ("joined", r"\\mathrel\s*\{\s*([+-])\s*\}\s*="),
    ("invisible", r"\\(?:left|right|[bB]igg?[lrm]?)\s*\.(?!\d)"),
    ("opened", r"\\(?:left|[bB]igg?l)\s*\|"),
    ("closed", r"\\(?:right|[bB]igg?r)\s*\|"),
    ("break", r"\\\\"),
    ("cases", r"\\(?:begin|end)\s*\{d?cases\}"),
    ("environment", r"\\(?:begin|end)\s*\{[a-z]*\*?\}(?:\{[a-z]*\})?"),
    ("command", r"\\[a-zA-Z]+"),
    ("norm", r"\\\|"),
    ("brace", r"\\[{}]"),
    ("blank", r"\\[,;:!> ]|~"),
    ("entrywise", r"\.\*"),
    ("dots", r"\.{2,}|[・．。]{2,}|…+"),
    ("up", f"[{re.escape(''.join(_UP))}]+"),
    ("down", f"[{re.escape(''.join(_DOWN))}]+"),
    ("below", r"_[h-np-s]{2,3}(?![A-Za-z0-9_'])"),
    ("spelled", rf"(?<![A-Za-z])(?:{'|'.join(SPELLED)})(?![A-Za-z])"),
    ("char", r"(?s:.)"),
)  # fmt: skip
_PATTERN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _RULES))
_FIXED = {
    "gone": "", "defined": ":=", "invisible": "", "opened": "⟮|", "closed": "|⟯",
    "break": "\\\\", "norm": "‖", "blank": " ", "dots": "…", "entrywise": "⊙", "environment": " ",
}  # fmt: skip
_BRACES = {"\\{": "(", "\\}": ")"}


def _pieces(typed: str) -> Iterator[Piece]:
    in_cases = "\\begin{cases}" in typed.replace(" ", "") or "dcases" in typed
    for found in _PATTERN.finditer(typed):
        kind, text, column = found.lastgroup or "", found.group(), found.start() + 1
        if kind == "word":
            yield from _word(text, column)
        elif kind == "joined":
            yield Piece("+=" if "+" in text else "-=", column)
        elif kind in ("up", "down"):
            yield from _small(text, kind, column)
        elif kind == "below":
            yield from _below(text, column, is_plain="\\" not in typed)
        elif kind == "spelled":
            sign = COMMANDS[text] if "\\" not in typed else text
            yield from (Piece(part, column + at) for at, part in enumerate(sign))
        elif kind == "mark":
            yield Piece("𝟙" if "bb" in text or "ds" in text else "𝟏", column)
        elif kind == "cases":
            yield Piece(text.replace(" ", "").replace("dcases", "cases"), column)
        elif kind == "command":
            name = text[1:]
            yield Piece(" " if name in SILENT else COMMANDS.get(name, text), column)
            if len(COMMANDS.get(name, text)) > 1 and name not in SILENT:
                yield Piece(" ", column)
        elif kind == "brace":
            yield Piece(_BRACES[text], column)
        elif kind == "char":
            small = " " if text == "&" and not in_cases else char(text)
            yield Piece(_PARTS.get(small, small), column)
        else:
            yield Piece(_FIXED[kind], column)


def _below(text: str, column: int, is_plain: bool) -> Iterator[Piece]:
    """``_{ij}`` for ``_ij``, as it is typed where nobody typesets it."""
    yield Piece("_{" if is_plain else "_", column)
    for offset, letter in enumerate(text[1:], 1):
        yield Piece(letter, column + offset)
    if is_plain:
        yield Piece("}", column + len(text) - 1)


def _small(text: str, kind: str, column: int) -> Iterator[Piece]:
    """``^{…}`` for small characters."""
    sign, table = ("^", _UP) if kind == "up" else ("_", _DOWN)
    for offset, small in enumerate(text):
        before = sign + "{" if offset == 0 else ""
        after = "}" if offset == len(text) - 1 else ""
        yield Piece(before + table[small] + after, column + offset)


_CONDITIONS = {"if": "if ", "when": "if ", "for": "if ", "otherwise": "otherwise ",
               "else": "otherwise ", "それ以外": "otherwise ", "その他": "otherwise "}  # fmt: skip


def _word(typed: str, column: int) -> Iterator[Piece]:
    r"""``\mathrm{pred}``: a word without its blanks; nothing for a blank."""
    content = typed[typed.index("{") + 1 : -1] if "{" in typed else typed[-1]
    word = re.sub(r"\\[,;:! ]|[\s()（）,.~-]", "", content)
    if word in _CONDITIONS:
        yield Piece(_CONDITIONS[word], column)
    elif word:
        letters = re.sub(r"[^a-zA-Z]", "", word)
        yield Piece(f"\\mathrm{{{letters or 'text'}}}", column)
    else:
        yield Piece(" ", column)


_TAKES = {"\\frac": 2}


def _braced(pieces: list[Piece]) -> list[Piece]:
    r"""Braces around what a fraction takes without any: ``\frac12``, ``\frac ab``."""
    done: list[Piece] = []
    wanted: list[tuple[int, int]] = []  # depth at which arguments are awaited, how many
    depth = 0
    for text, column in pieces:
        awaited = wanted[-1] if wanted and wanted[-1][0] == depth else None
        if awaited and text.strip():
            wanted[-1] = (depth, awaited[1] - 1)
            if text != "{":
                text = "{" + text + "}"  # noqa: PLW2901
            if wanted[-1][1] == 0:
                wanted.pop()
        if text in _TAKES:
            wanted.append((depth, _TAKES[text]))
        depth += (text == "{") - (text == "}")
        while wanted and wanted[-1][0] > depth:
            wanted.pop()
        done.append(Piece(text, column))
    return done


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without the full stop and the commas at the end."""
    kept = [p for p, piece in enumerate(pieces) if piece.text.strip(_ENDING)]
    return pieces[kept[0] : kept[-1] + 1] if kept else []
