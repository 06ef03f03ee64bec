"""The words of a formula."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symbp.errors import SpecErrors, fault

LONGEST = 500
MOST_DIGITS = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|<=|>=|[-+*/^(),<>]))",
    re.ASCII,
)
_WITH_INDICES = re.compile(
    _TOKEN.pattern.replace(r"\*\*|<=|>=|", r"\*\*|<=|>=|==|!=|\.\.\.|[\[\]=]|"), re.ASCII
)
_BLANK = re.compile(r"\s*")


@dataclass(frozen=True)
class Token:
    """``kind`` is number, name, sign or end; ``at`` its column, from 1."""

    kind: str
    text: str
    at: int


def tokens(text: str, *, indices: bool = False) -> list[Token]:
    """The tokens of ``text`` and an end; brackets, ``=`` and ``...`` too, with ``indices``.

    Raises SpecErrors where a character fits nowhere.
    """
    pattern = _WITH_INDICES if indices else _TOKEN
    if len(text) > LONGEST:
        raise SpecErrors([fault("formula_long", at=1, given=len(text), limit=LONGEST)])
    found, position = [], 0
    while (position := _BLANK.match(text, position).end()) < len(text):  # type: ignore[union-attr]
        match = pattern.match(text, position)
        if match is None:
            raise SpecErrors([fault("formula_character", at=position + 1, given=text[position])])
        kind = str(match.lastgroup)
        token = Token(kind, match[kind], match.start(kind) + 1)
        if kind == "number" and sum(c.isdigit() for c in token.text) > MOST_DIGITS:
            raise SpecErrors([fault("formula_digits", at=token.at, limit=MOST_DIGITS)])
        found.append(token)
        position = match.end()
    return [*found, Token("end", "", len(text) + 1)]
