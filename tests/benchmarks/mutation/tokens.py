"""LaTeX as tokens that know where they stand, with the writer's own macros expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
MACRO = re.compile(r"\\newcommand\{?(\\[A-Za-z]+)\}?(?:\[(\d)\])?\{|\\def(\\[A-Za-z]+)((?:#\d)*)\{")
SIZING = {r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"}
SMALL = SIZING | {r"\displaystyle", r"\limits", r"\,", r"\;", r"\!", r"\:", r"\ "}
SMALL |= {r"\quad", r"\qquad", "&"}
SAME = {
    "δ": r"\delta",
    "η": r"\eta",
    "σ": r"\sigma",
    "λ": r"\lambda",
    "∂": r"\partial",
    "Σ": r"\sum",
    "∑": r"\sum",
    "⊙": r"\odot",
    "∘": r"\odot",
    r"\circ": r"\odot",
    "·": r"\cdot",
    "・": r"\cdot",
    "*": r"\cdot",
    "←": r"\leftarrow",
    "≡": r"\equiv",
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    "−": "-",
    "φ": r"\phi",
    r"\varphi": r"\phi",
    r"\intercal": r"\top",
    r"\gets": r"\leftarrow",
    "θ": r"\theta",
    "Θ": r"\Theta",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    "α": r"\alpha",
}


@dataclass(frozen=True)
class Token:
    """``text`` as it is meant, typed at ``start`` to ``end``.

    A token from a macro's body has the span of the call; ``opens`` and ``closes`` tell whether it
    is the first or the last that the call stands for.
    """

    text: str
    start: int
    end: int
    plain: bool = True
    opens: bool = True
    closes: bool = True


@dataclass(frozen=True)
class Macro:
    """A command with ``count`` arguments."""

    count: int
    body: str


def macros(source: str) -> dict[str, Macro]:
    """What the document defines with newcommand and def."""
    found = {}
    for match in MACRO.finditer(source):
        name = match[1] or match[3]
        count = int(match[2] or 0) if match[1] else len(match[4]) // 2
        found[name] = Macro(count, source[match.end() : closing(source, match.end() - 1)])
    return found


def closing(source: str, opening: int) -> int:
    """Where the brace that is opened at ``opening`` is closed."""
    depth = 0
    for position in range(opening, len(source)):
        depth += {"{": 1, "}": -1}.get(source[position], 0)
        if depth == 0:
            return position
    return len(source)


def tokens(source: str, start: int, end: int, known: Mapping[str, Macro]) -> list[Token]:
    """The tokens of a stretch of source, macros expanded, layout left out."""
    raw: list[Token] = []
    sized = None  # where a sizing command stands that belongs to the next bracket
    for m in TOKEN.finditer(source, start, end):
        if m[0] in SIZING:
            sized = m.start()
        elif not m[0].isspace() and m[0] not in SMALL:
            raw.append(Token(SAME.get(m[0], m[0]), m.start() if sized is None else sized, m.end()))
            sized = None
    return expand(raw, known)


def expand(raw: Sequence[Token], known: Mapping[str, Macro]) -> list[Token]:
    """Each call of a macro as its body, with the arguments where they were typed."""
    made: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        at += 1
        if token.text not in known:
            made.append(token)
            continue
        macro, arguments, stop = known[token.text], [], token.end
        for _ in range(macro.count):
            inner, at, stop = argument(raw, at)
            arguments.append(expand(inner, known))
        body: list[Token] = []
        parts = TOKEN.findall(macro.body)
        for here, part in enumerate(parts):
            if here and parts[here - 1] == "#":
                body += arguments[int(part) - 1]
            elif part != "#" and not part.isspace() and part not in SMALL:
                body.append(Token(SAME.get(part, part), token.start, stop, False, here == 0, False))
        if body and not body[-1].plain:
            body[-1] = replace(body[-1], closes=True)
        made += expand(body, {name: m for name, m in known.items() if name != token.text})
    return made


def argument(raw: Sequence[Token], at: int) -> tuple[list[Token], int, int]:
    """A braced group without its braces, or one token; where to go on; where it ends."""
    if raw[at].text != "{":
        return [raw[at]], at + 1, raw[at].end
    depth, first = 0, at
    while True:
        depth += {"{": 1, "}": -1}.get(raw[at].text, 0)
        at += 1
        if depth == 0:
            return list(raw[first + 1 : at - 1]), at, raw[at - 1].end
