"""Runs the grammar: a line of text -> a Lark tree that keeps every token."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from symbp.notation.read_error import ReadError
from symbp.notation.source import Source

LONGEST = 5000
"""Characters in one line."""
DEEPEST = 40
"""Brackets within brackets."""

KEPT, SHORT = 256, 500
"""Trees that are remembered, since each line is read by several readers; of how many characters."""

_FILE = Path(__file__).with_name("reader.lark")

Node = Tree[Token]
Item = Node | Token


@cache
def parser() -> Lark:
    """The parser; made once, since that takes longer than reading a line."""
    return Lark(_FILE.read_text("utf-8"), parser="lalr", lexer="contextual", keep_all_tokens=True)


def _tree(text: str) -> Node:
    return parser().parse(text)


_remembered = lru_cache(maxsize=KEPT)(_tree)


def parse(source: Source) -> Node:
    """The tree of a line, which nobody may change. Raises ReadError."""
    if len(source.text) > LONGEST:
        raise ReadError("too_long", source.column(LONGEST), limit=LONGEST)
    _check_depth(source)
    try:
        return (_remembered if len(source.text) <= SHORT else _tree)(source.text)
    except UnexpectedToken as error:
        found = error.token if error.token.type != "$END" else ""
        position = error.token.start_pos if found else len(source.text)
        raise _unexpected(source, position, str(found), error.accepts or error.expected) from None
    except UnexpectedCharacters as error:
        raise _unexpected(source, error.pos_in_stream, error.char, error.allowed) from None
    except UnexpectedInput as error:
        raise _unexpected(source, error.pos_in_stream, "", ()) from None


def _unexpected(source: Source, position: int | None, found: str, expected: object) -> ReadError:
    words = tuple(sorted(str(word) for word in expected or ()))  # type: ignore[attr-defined]
    column = source.column(len(source.text) if position is None else position)
    return ReadError("unexpected", column, found=found, expected=words)


def _check_depth(source: Source) -> None:
    """Limits brackets within brackets, and signs that take what follows: Σ Σ Σ …, √√√ …"""
    open_: list[int] = [0]
    for found in _DEEP.finditer(source.text):
        text = found.group()
        if text in "{([":
            open_.append(_BRACKET)
        elif text in "})]":
            open_ = open_[:-1] or [0]
        elif text in "+-=":
            open_[-1] = min(open_[-1], _BRACKET)
        else:
            open_[-1] += 1
        if len(open_) > DEEPEST + 1 or sum(open_) > _BRACKET * DEEPEST:
            raise ReadError("too_deep", source.column(found.start()), limit=DEEPEST)


_BRACKET = 3
"""How many Σ are as deep as a bracket."""

_DEEP = re.compile(r"[{(\[})\]+=∑√∇/⟮‖-]|\\[a-z]+|[a-z]{3,}")


def kind(item: Item | None) -> str:
    """The name of a token's type or of a rule; empty at the end."""
    return "" if item is None else item.type if isinstance(item, Token) else str(item.data)


def children(item: Item) -> list[Item]:
    """The parts of a node, tokens among them."""
    assert isinstance(item, Tree)
    return list(item.children)


def trees(item: Item) -> list[Node]:
    """The parts of a node that are nodes themselves."""
    return [child for child in children(item) if isinstance(child, Tree)]


def tokens(item: Item) -> list[Token]:
    """Every token of a node, in the order of the text."""
    if isinstance(item, Token):
        return [item]
    return list(item.scan_values(lambda value: isinstance(value, Token)))
