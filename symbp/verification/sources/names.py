"""What glyphs stand for, as a document says: symbol tables, lists, "where a denotes …"."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from symbp.verification.page import Cell, Math, Page, Prose
from symbp.verification.sources.roles import PATTERNS, role
from symbp.verification.sources.sentences import Sentence, sentences
from symbp.verification.statement import Remark
from symbp.verification.text import Spot

SCRIPT = (
    r"(?:[_^]_*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\}|\\?[^\W_]++|\([\w,+\-]++\)|\*)"
    r"|[′'’⁰-ₜⁱⁿ¹²³ᴸˡᵢⱼₖₙᵀ⁺⁻¹])*+"
)
"""What is taken is never given back: names of many parts would be taken apart in all ways."""
BASE = (
    r"(?:\\(?:mathbf|boldsymbol|bm|vec|hat|mathrm|mathcal|tilde|bar|mathsf|mathit)\s*\{?\s*"
    r"(?:\\[A-Za-z]+|\w)\s*\}?|\\(?!text|frac|dfrac|sum|partial)[A-Za-z]+|Δ?[^\W\d_]|ℒ)"
)
GLYPH = re.compile(rf"^\{{?(?:\\Delta\s*)?{BASE}{SCRIPT}\}}?$")
ENTRY = r"(?:[^()=]|(?<=[\^{])\(\w+(?:\s*[-−+]\s*\d)?\))+"
"""An entry of a matrix; its layer may stand in brackets, ``a^{(l-1)}_{ni}``."""
MATRIX = re.compile(rf"^(?P<whole>\S{{1,40}})\s*=\s*\(\s*(?P<entry>{ENTRY})\)$")
IS = re.compile(
    r"^\s*(?::\s|[—–]\s|\s-\s|(?:is|are|denotes?|stands? for|represents?|means|be)\b)\s*(?P<words>.*)$"
)
JAPANESE_IS = re.compile(r"^\s*(?:は|が|を|:|=|…+|・・・)\s*(?P<words>[^、。,.⟦]{1,40})")
CALLED = re.compile(r"(?:とする|とします|とおく|と書く|である|です|を表す|を表し|とし|で表)")
BULLET = re.compile(r"^\s*(?:[-*+・•◦]|\d+[.)])?\s*$")
COLON = re.compile(r"^\s*(?:[:—–=]|-\s|\.{3}|…+|・・・)\s*(?P<words>\S.*)$")
APPOSED = (
    "loss",
    "weight",
    "bias",
    "activation_function",
    "learning_rate",
    "target",
    "preactivation",
)
ALPHABETIC = r"(?:\\[A-Za-z]+|[A-Za-zα-ωΑ-Ωℒ])"
TYPED_GLYPH = rf"{ALPHABETIC}[A-Za-z]?{SCRIPT}"
LISTED = re.compile(
    rf"^\s*(?:[-*・•]\s*)?(?P<glyph>{TYPED_GLYPH}|\S{{1,6}} = \([^()]+\))(?:\s*:\s*|\s{{2,}}|\t\s*)(?P<words>\S.*)$"
)
IN_BRACKETS = re.compile(rf"(?<![\w\\])(?P<glyph>{TYPED_GLYPH})\s*\((?P<words>[^()]{{1,20}})\)")
EQUALS = re.compile(rf"(?<![\w\\])(?P<glyph>{TYPED_GLYPH})\s*=\s*(?P<words>[^\s=\d+*/(]{{2,12}})")
NEGATED = re.compile(r"ではな|でない|\bnot\b", re.IGNORECASE)


def symbols(page: Page) -> tuple[Remark, ...]:
    """One remark for each glyph and role; what a table says outdoes what sentences say."""
    told = [*_tables(page), *_lists(page)]
    sure = {remark.facts["glyph"] for remark in told}
    told += [remark for remark in _sentences(page) if remark.facts["glyph"] not in sure]
    kept: dict[tuple[str, str], Remark] = {}
    for remark in told:
        kept.setdefault((remark.facts["glyph"], remark.facts["role"]), remark)
    return tuple(kept.values())


def _remark(glyph: str, role_: str, at: Spot, **more: str) -> Remark:
    glyph = glyph.strip()
    if glyph.startswith("{") and glyph.endswith("}"):
        glyph = glyph[1:-1].strip()
    return Remark("names", at, {"glyph": glyph, "role": role_, **more})


def _of_formula(content: str, role_: str, at: Spot) -> Iterator[Remark]:
    """``u^l_j``, or ``U = (u_j)``, which names a matrix and its entries."""
    matrix = MATRIX.match(content.strip())
    if matrix:
        entry = matrix["entry"].strip()
        yield _remark(matrix["whole"], role_, at, entries=entry)
        yield _remark(entry, role_, at)
    elif GLYPH.match(content.strip()):
        yield _remark(content, role_, at)


# ---- tables ------------------------------------------------------------------------------------


def _rows(page: Page) -> Iterator[list[Cell]]:
    cells = [piece for piece in page.pieces if isinstance(piece, Cell)]
    for _, row in groupby(cells, key=lambda cell: (cell.table, cell.row)):
        yield list(row)


def _is_glyphs(cell: Cell) -> bool:
    words = "".join(p.text.content for p in cell.pieces if isinstance(p, Prose))
    formulas = [p for p in cell.pieces if isinstance(p, Math)]
    return bool(formulas) and not re.sub(r"または|or|and|[\s,、,/()]|及び|や", "", words)


def _said(row: Sequence[Cell]) -> str:
    """The words of the first cell that has words only; else all that a cell says."""
    alone = [c for c in row if c.pieces and not any(isinstance(p, Math) for p in c.pieces)]
    mixed = [c for c in row if c not in alone and not _is_glyphs(c)]
    for cell in [*alone, *mixed]:
        words = " ".join(p.text.content for p in cell.pieces if isinstance(p, Prose)).strip()
        if words:
            return words
    return ""


def _tables(page: Page) -> Iterator[Remark]:
    for row in _rows(page):
        named = role(_said(row))
        glyphs = next((cell for cell in row if _is_glyphs(cell)), None)
        if named and glyphs:
            for piece in glyphs.pieces:
                if isinstance(piece, Math):
                    yield from _of_formula(piece.text.content, named, piece.text.at(0))


def tabulated(page: Page) -> frozenset[int]:
    """The cells (their ``id``) that show a symbol of a table, and claim nothing."""
    found: set[int] = set()
    for row in _rows(page):
        for cell in row:
            formulas = [p for p in cell.pieces if isinstance(p, Math)]
            if _is_glyphs(cell) and _said(row) and all(_is_symbol(p) for p in formulas):
                found.add(id(cell))
    return frozenset(found)


def _is_symbol(math: Math) -> bool:
    content = math.text.content.strip()
    return "=" not in content or bool(MATRIX.match(content))


# ---- lists -------------------------------------------------------------------------------------


def _lists(page: Page) -> Iterator[Remark]:
    """``- $u$: pre-activation``, and the like in plain text."""
    pieces = [piece for piece in page.pieces if isinstance(piece, Math | Prose)]
    for _, group in groupby(pieces, key=lambda piece: piece.row):
        row = list(group)
        if isinstance(row[0], Prose) and BULLET.match(row[0].text.content):
            row = row[1:]
        if len(row) > 1 and isinstance(row[0], Math) and isinstance(row[1], Prose):
            said = COLON.match(row[1].text.content)
            named = role(_first_clause(said["words"])) if said else ""
            if named:
                yield from _of_formula(row[0].text.content, named, row[0].text.at(0))
        elif len(row) == 1 and isinstance(row[0], Prose):
            yield from _typed(row[0])


def _typed(prose: Prose) -> Iterator[Remark]:
    content = prose.text.content
    listed = LISTED.match(content)
    found = [listed] if listed else [*IN_BRACKETS.finditer(content), *EQUALS.finditer(content)]
    for match in found:
        named = role(_first_clause(match["words"]))
        if named:
            at = prose.text.at(match.start("glyph"))
            yield from _of_formula(match["glyph"], named, at)


def _first_clause(words: str) -> str:
    return re.split(r"[。;;]|\.\s|,\s", words.strip())[0]


# ---- sentences ---------------------------------------------------------------------------------


def _sentences(page: Page) -> Iterator[Remark]:
    for sentence in sentences(page):
        if NEGATED.search(sentence.text):
            continue
        for at, formula in sentence.formulas():
            if not GLYPH.match(formula.text.content.strip()):
                continue
            behind = sentence.text[at.end() :]
            named = _english(sentence, at, behind) or _japanese(behind) or _apposed(sentence, at)
            if named:
                yield _remark(formula.text.content, named, formula.text.at(0))


def _english(sentence: Sentence, at: re.Match[str], behind: str) -> str:
    """``where $a$ denotes the activation``, ``let $t$ be the target``."""
    said = IS.match(behind)
    ahead = sentence.text[: at.start()]
    if not said or not re.search(
        r"\b(?:where|with|let|here|and|,)\s*(?:⟦\d+⟧[^⟦]*(?:,|and)\s*)*$|^\s*$",
        ahead,
        re.IGNORECASE,
    ):
        return ""
    words = re.split(r"[,;.⟦]|\b(?:and|of|in|for|from|to|with|that|which)\b", said["words"])[0]
    of = re.match(rf"{re.escape(words)}of\s+(?:the|a|each)\s+\w+", said["words"])
    return role(of.group() if of else words)


def _japanese(behind: str) -> str:
    """``$z$ を重み付き線形和とする``; the last word before とする counts."""
    said = JAPANESE_IS.match(behind)
    if not said:
        return ""
    called = CALLED.search(said["words"])
    words = said["words"][: called.start()] if called else ""
    return role(words) if len(words) <= 16 else ""


def _apposed(sentence: Sentence, at: re.Match[str]) -> str:
    r"""``損失関数 $E$``, ``the learning rate $\eta$``: the words that end right before."""
    ahead = sentence.text[: at.start()].rstrip()[-24:]
    clause = re.split(r"[、。,.;:⟧()「」をがはにと]|\bof\b|\bto\b|\bby\b", ahead)[-1].strip()
    found = role(clause)
    pattern = dict(PATTERNS).get(found)
    if found not in APPOSED or pattern is None:
        return ""
    last = [match.end() for match in pattern.finditer(clause)][-1]
    return (
        found
        if re.fullmatch(r"\s*(?:関数|データ|係数|値|functions?|vectors?|matrix)?", clause[last:])
        else ""
    )
