"""Labels that stand beside a formula: ``・・・①``, ``…(a)``, ``(1)`` at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from symbp.verification.page import Math, Piece, Prose

CIRCLED = "①-⑳⑴-⒇㉑-㉟ⓐ-ⓩ❶-❿"
NAME = r"[A-Za-z0-9]{1,3}(?:[.\-][0-9]{1,3})?['′]?|[ivx]{1,4}|\*{1,3}|[A-Za-z]{2,4}[0-9]"
ENCLOSED = rf"[(\[]\s*(?P<enclosed>{NAME})\s*[)\]]"
LEADER = r"[・･…⋯.·‥─―–—\-]{2,}|[…⋯‥―—]|(?:\\[cl]?dots\s*)+"
BEHIND = re.compile(
    rf"^[\s,.、。,]*(?:(?P<leader>{LEADER})\s*)?(?:式)?(?:(?P<circled>[{CIRCLED}])|{ENCLOSED})"
)
LEADING = re.compile(rf"^[\s,.、。,]*(?:{LEADER})\s*$")
AHEAD = re.compile(rf"^[\s>*\-]*(?:式)?(?:(?P<circled>[{CIRCLED}])|{ENCLOSED})[\s:.]*$")
ALONE = re.compile(rf"^(?:(?P<circled>[{CIRCLED}])|{ENCLOSED})$")
INSIDE = re.compile(
    rf"(?P<leader>(?:{LEADER})\s*|\\q?quad\s*|\\hspace\{{[^{{}}]*\}}\s*|\s{{2,}})"
    rf"(?:\\(?:text|mathrm|textrm|mbox)\{{\s*)?(?:(?P<circled>[{CIRCLED}])|{ENCLOSED})\s*\}}?$"
)
SUBSCRIPT = re.compile(r"^_\{?([0-9A-Za-z]{1,2})\}?$")


def labelled(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each formula with the labels that stand beside it on its line.

    A formula that is nothing but a label, as ``$(a)$`` behind dots, becomes words.
    """
    kept = [_inside(piece) if isinstance(piece, Math) else piece for piece in pieces]
    for at, piece in enumerate(kept):
        if isinstance(piece, Math) and not SUBSCRIPT.match(piece.text.content):
            label = _behind(kept, at) or _ahead(kept, at)
            if label and label not in piece.labels:
                kept[at] = replace(piece, labels=(*piece.labels, label))
    return [_part_of_label(kept, at) for at in range(len(kept))]


def _part_of_label(pieces: list[Piece], at: int) -> Piece:
    """``$_1$`` right behind a circled number, as words."""
    piece, before = pieces[at], pieces[at - 1] if at else None
    if isinstance(piece, Math) and isinstance(before, Prose) and before.row == piece.row:
        circled = re.search(rf"[{CIRCLED}]\s*$", before.text.content)
        if circled and SUBSCRIPT.match(piece.text.content):
            return Prose(piece.text, piece.row)
    return piece


def _inside(math: Math) -> Math:
    """A label at the end of the formula itself, behind dots or a wide blank."""
    found = INSIDE.search(math.text.content)
    if not found or found.start() == 0:
        return math
    is_dots = found["leader"].strip().startswith((".", "\\cdots", "\\dots", "\\ldots"))
    if is_dots and not found["circled"] and "=" not in math.text.content:
        return math
    return replace(
        math,
        text=math.text[: found.start()].strip(),
        labels=(*math.labels, _name(found)),
    )


def _name(found: re.Match[str]) -> str:
    return found["circled"] or found["enclosed"]


def _behind(pieces: list[Piece], at: int) -> str:
    """The label behind the formula at ``at``, on its line."""
    following = pieces[at + 1 : at + 4]
    last = _last_line(pieces[at])
    if not following or not isinstance(words := following[0], Prose) or words.row != last:
        return ""
    found = BEHIND.match(words.text.content)
    is_claim = bool(re.search(r"[=≡←]|\\(?:gets|leftarrow|equiv|coloneqq)", _typed(pieces[at])))
    if (
        found
        and (found["circled"] or found["leader"] or is_claim)
        and _is_label(found, words.text.content[found.end() :])
    ):
        return _name(found) + _subscript(pieces, at, words.text.content[found.end() :])
    if LEADING.match(words.text.content) and len(following) > 1:
        return _formula_label(pieces, at + 2, words.row)
    return ""


def _typed(piece: Piece) -> str:
    assert isinstance(piece, Math)
    return piece.text.content


def _last_line(piece: Piece) -> int:
    assert isinstance(piece, Math)
    return piece.text.at(len(piece.text)).line


def _is_label(found: re.Match[str], rest: str) -> bool:
    """Whether a name in brackets is a label, and neither a reference nor a remark."""
    if found["circled"]:
        return bool(found["leader"]) or not re.match(r"\s*(?:式|より|から|を|の|に|,|、)", rest)
    return bool(found["leader"]) or not rest.strip(" .,。、")


def _subscript(pieces: list[Piece], at: int, rest: str) -> str:
    """``_1`` where ``⑨ $_1$`` is the label; the formula becomes words."""
    following = pieces[at + 2] if at + 2 < len(pieces) else None
    if rest.strip() or not isinstance(following, Math):
        return ""
    found = SUBSCRIPT.match(following.text.content)
    if not found:
        return ""
    pieces[at + 2] = Prose(following.text, following.row)
    return "_" + found.group(1)


def _formula_label(pieces: list[Piece], at: int, row: int) -> str:
    following = pieces[at]
    if not isinstance(following, Math) or following.row != row:
        return ""
    found = ALONE.match(following.text.content.strip())
    if not found:
        return ""
    pieces[at] = Prose(following.text, following.row)
    return _name(found)


def _ahead(pieces: list[Piece], at: int) -> str:
    """The label before the formula, where nothing else stands on its line before it."""
    math, before = pieces[at], pieces[at - 1] if at else None
    assert isinstance(math, Math)
    if not isinstance(before, Prose) or before.row != math.row:
        return ""
    if at > 1 and getattr(pieces[at - 2], "row", None) == math.row:
        return ""
    found = AHEAD.match(before.text.content)
    return _name(found) if found else ""
