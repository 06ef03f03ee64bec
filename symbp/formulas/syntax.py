"""The grammar of equations with indices, and the tree of what was read.

    equation  = entry "=" sum
    entry     = name [ "[" [ index { "," index } ] "]" ]
    index     = "..." | sum [ "=" sum ]
    sum       = product { ("+" | "-") product }
    product   = signed { ("*" | "/") signed }
    signed    = { "+" | "-" } power
    power     = atom [ ("^" | "**") signed ]
    atom      = number | entry | name "(" arguments ")" | "(" sum ")"
    arguments = argument { "," argument }
    argument  = sum [ comparison sum ]

Nothing is known here of what names mean: ``meaning.py`` finds that out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from symbp.formulas.numbers import error
from symbp.formulas.tokens import Token, tokens

DEEPEST = 40
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")

T = TypeVar("T")


@dataclass(frozen=True)
class Number:
    token: Token


@dataclass(frozen=True)
class Rest:
    """``...``: the indices that nobody names."""

    token: Token


@dataclass(frozen=True)
class Reference:
    """``w[i, j]``; ``slots`` is None for a name without brackets."""

    token: Token
    slots: tuple[Tree, ...] | None = None

    @property
    def name(self) -> str:
        return self.token.text


@dataclass(frozen=True)
class Operation:
    """``sign`` between two operands; before the only one it is a minus."""

    token: Token
    sign: str
    operands: tuple[Tree, ...]


@dataclass(frozen=True)
class Called:
    """``name(arguments)``"""

    token: Token
    arguments: tuple[Tree, ...]

    @property
    def name(self) -> str:
        return self.token.text


Tree: TypeAlias = "Number | Rest | Reference | Operation | Called"


@dataclass(frozen=True)
class Stated:
    """``left = right``"""

    left: Reference
    right: Tree


def parse_equation(text: str) -> Stated:
    """The equation ``text``. Raises SpecErrors with the column of what does not fit."""
    parser = _Parser(tokens(text, indices=True))
    left = parser.entry()
    parser.expect("=")
    right = parser.sum()
    parser.expect_end()
    return Stated(left, right)


def parse_entry(text: str) -> Reference:
    """``w[i, j]`` by itself. Raises SpecErrors."""
    parser = _Parser(tokens(text, indices=True))
    entry = parser.entry()
    parser.expect_end()
    return entry


class _Parser:
    """Recursive descent; each method reads one rule of the grammar."""

    def __init__(self, words: list[Token]) -> None:
        self.words = words
        self.position = self.depth = 0

    @property
    def here(self) -> Token:
        return self.words[self.position]

    def take(self, *texts: str) -> Token | None:
        """The token here, if it is one of the signs ``texts``, which is then passed."""
        if self.here.kind != "sign" or self.here.text not in texts:
            return None
        self.position += 1
        return self.words[self.position - 1]

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            code = "formula_end" if self.here.kind == "end" else "formula_expected"
            raise error(code, self.here, given=self.here.text, wanted=text)

    def expect_end(self) -> None:
        if self.here.kind != "end":
            raise error("formula_expected", self.here, given=self.here.text, wanted="")

    def name(self) -> Token:
        token = self.here
        if token.kind != "name":
            code = "formula_end" if token.kind == "end" else "formula_unexpected"
            raise error(code, token, given=token.text)
        self.position += 1
        return token

    def entry(self) -> Reference:
        token = self.name()
        if self.take("[") is None:
            return Reference(token)
        if self.take("]"):
            return Reference(token, ())
        return Reference(token, self.list(self.index, "]"))

    def index(self) -> Tree:
        if dots := self.take("..."):
            return Rest(dots)
        value = self.sum()
        token = self.take("=")
        return Operation(token, "=", (value, self.sum())) if token else value

    def list(self, rule: Callable[[], T], end: str) -> tuple[T, ...]:
        found = [self.nested(rule)]
        while self.take(","):
            found.append(self.nested(rule))
        self.expect(end)
        return tuple(found)

    def sum(self) -> Tree:
        return self.operated(self.product, "+", "-")

    def product(self) -> Tree:
        return self.operated(self.signed, "*", "/")

    def operated(self, rule: Callable[[], Tree], *signs: str) -> Tree:
        value = rule()
        while token := self.take(*signs):
            value = Operation(token, token.text, (value, rule()))
        return value

    def signed(self) -> Tree:
        first, negative = self.here, False
        while token := self.take("+", "-"):
            negative ^= token.text == "-"
        value = self.power()
        return Operation(first, "-", (value,)) if negative else value

    def power(self) -> Tree:
        base = self.atom()
        token = self.take("^", "**")
        return Operation(token, "^", (base, self.nested(self.signed))) if token else base

    def atom(self) -> Tree:
        token = self.here
        if token.kind == "number":
            self.position += 1
            return Number(token)
        if self.take("("):
            value = self.nested(self.sum)
            self.expect(")")
            return value
        entry = self.entry()
        if entry.slots is None and self.take("("):
            return Called(token, self.list(self.argument, ")"))
        return entry

    def argument(self) -> Tree:
        left = self.sum()
        token = self.take(*COMPARISONS)
        return Operation(token, token.text, (left, self.sum())) if token else left

    def nested(self, rule: Callable[[], T]) -> T:
        """What ``rule`` reads, one level further in."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise error("formula_deep", self.here, limit=DEEPEST)
        value = rule()
        self.depth -= 1
        return value
