"""What a program may be at most, and the reading of its text into a syntax tree."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.text import Spot, Text

CHARACTERS = 200_000
NODES = 20_000
DEPTH = 60
DIGITS = 10
RANK = 6
STEPS = 20_000
ROUNDS = 200
"""How often the body of one loop is unrolled at most."""
CALLS = 20
"""How deep functions may call one another."""
ITEMS = 10_000
"""The longest list or string that is made."""
BITS = 2_000
"""How long numerators and denominators may become."""

NUMBER = re.compile(r"\d[\d_]*")
OPENING, CLOSING = "([{", ")]}"


@dataclass
class Budget:
    """Steps and time that are left."""

    until: float
    """Of the clock of processor time."""
    steps: int = STEPS

    def spend(self) -> str | None:
        """One step; what has run out, if anything."""
        self.steps -= 1
        if self.steps < 0:
            return "too_many_steps"
        return "too_slow" if self.steps % 16 == 0 and process_time() > self.until else None


def parsed(text: Text) -> ast.Module:
    """The syntax tree of ``text``. Raises ``CodeTrouble``; never runs deep or long."""
    if len(text.content) > CHARACTERS:
        raise _trouble("too_long", text.at(0), most=CHARACTERS)
    _check_brackets(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text.content)
    except SyntaxError as error:
        at = text.at(offset(text, error.lineno or 1, 0) + max((error.offset or 1) - 1, 0))
        raise _trouble("syntax", at, what=str(error.msg)) from None
    except (ValueError, RecursionError, MemoryError):
        raise _trouble("syntax", text.at(0)) from None
    _check_tree(module, text)
    return module


def offset(text: Text, line: int, column: int) -> int:
    """The position of a line (from 1) and a column in bytes of UTF-8 (from 0)."""
    lines = text.content.split("\n")
    line = min(max(line, 1), len(lines))
    start = sum(len(each) + 1 for each in lines[: line - 1])
    return start + len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def _trouble(code: str, at: Spot, **facts: object) -> CodeTrouble:
    return CodeTrouble(code, at.line, at.column, {k: str(v) for k, v in facts.items()})


def _check_brackets(text: Text) -> None:
    """Brackets nest no deeper than the parser bears; those in strings are counted as well."""
    depth = 0
    for position, char in enumerate(text.content):
        depth = max(0, depth + (char in OPENING) - (char in CLOSING))
        if depth > DEPTH:
            raise _trouble("too_deep", text.at(position), most=DEPTH)
    for number in NUMBER.finditer(text.content):
        if len(number[0]) > 4000:  # Python itself refuses to read such a number
            raise _trouble("big_number", text.at(number.start()), most=DIGITS)


def _check_tree(module: ast.Module, text: Text) -> None:
    for count, (node, depth) in enumerate(_nodes(module), 1):
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        if count > NODES:
            raise _trouble("too_many_nodes", text.at(offset(text, line, column)), most=NODES)
        if depth > DEPTH:
            raise _trouble("too_deep", text.at(offset(text, line, column)), most=DEPTH)


def _nodes(module: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    waiting: list[tuple[ast.AST, int]] = [(module, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
