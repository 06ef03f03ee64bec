"""A flat term, read once from left to right: what is multiplied, what a slash and a ∂ take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from lark import Token

from symbp.notation import formula as tree
from symbp.notation.grammar import Item
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError

SKIPPED = ("DOT",)


class Syntax(Protocol):
    """What a row asks of the line that it is part of: how brackets and scripts are read."""

    lexicon: Lexicon
    primaries: Mapping[str, Callable[[Row, Item], tree.Formula]]

    def row(self, item: Item) -> Row | None: ...
    def list(self, item: Item) -> tuple[tree.Formula, ...]: ...
    def single(self, item: Item) -> tree.Formula: ...
    def content(self, item: Item) -> tree.Formula: ...
    def number(self, item: Item) -> tree.Number: ...
    def cases(self, item: Item) -> tree.Formula: ...
    def applies(self, sign: tree.Sign) -> bool: ...
    def raised(self, base: tree.Formula, above: Item) -> tree.Formula: ...
    def bounds(
        self, item: Item, below: Item | None, above: Item | None
    ) -> tuple[tree.Bound, ...]: ...
    def sign(
        self, item: Item, glyph: str, above: Item | None, below: Item | None, primes: int
    ) -> tree.Formula: ...
    def unexpected(self, item: Item | None, *expected: str) -> ReadError: ...


def kind(item: Item | None) -> str:
    """The name of a token's type or of a rule; empty at the end."""
    return "" if item is None else item.type if isinstance(item, Token) else str(item.data)


class Row:
    """The items of one term and how far it has been read."""

    def __init__(self, syntax: Syntax, items: list[Item]) -> None:
        self.syntax = syntax
        self.items = [item for item in items if kind(item) not in SKIPPED]
        self.position = 0

    @property
    def next(self) -> Item | None:
        return self.items[self.position] if self.position < len(self.items) else None

    def take(self) -> Item:
        """The next item. Raises ReadError at the end of the term."""
        if self.next is None:
            raise self.syntax.unexpected(self.items[-1] if self.items else None, "factor")
        self.position += 1
        return self.items[self.position - 1]

    def took(self, wanted: str) -> bool:
        """Whether the next item is of that kind; if so it is taken."""
        found = kind(self.next) == wanted
        self.position += found
        return found

    def product(self) -> tree.Formula:
        """Everything up to the end: factors, or operands of ⊙."""
        operands: list[tree.Formula] = []
        while True:
            factors = [self.factor()]
            while self.next is not None and kind(self.next) != "HADAMARD":
                factors.append(self.factor())
            operands.append(tree.product(factors))
            if not self.took("HADAMARD"):
                break
        return operands[0] if len(operands) == 1 else tree.Hadamard(tuple(operands))

    def factor(self) -> tree.Formula:
        """A primary, over others where slashes follow: a/b c is (a/b) c."""
        if kind(self.next) == "PARTIAL":
            return self.derivative()
        found = self.primary()
        while self.took("SLASH"):
            found = tree.Fraction(found, self.primary())
        return found

    def derivative(self) -> tree.Formula:
        """``∂E/∂w``, ``∂/∂w (…)``"""
        self.take()
        of = None if kind(self.next) == "SLASH" else self.primary()
        for wanted in ("SLASH", "PARTIAL"):
            if not self.took(wanted):
                raise self.syntax.unexpected(self.next or self.items[-1], wanted)
        wrt = self.primary()
        return tree.Derivative(self.primary() if of is None else of, wrt)

    def primary(self) -> tree.Formula:
        """The next thing that is no operator, with its scripts and arguments."""
        item = self.take()
        name = kind(item)
        if name not in self.syntax.primaries:
            raise self.syntax.unexpected(item, "factor")
        return self.syntax.primaries[name](self, item)

    def scripts(self) -> tuple[Item | None, Item | None, int]:
        """What follows: the item above, the item below, the number of primes."""
        above = below = None
        primes = 0
        while True:
            if kind(self.next) == "scripted":
                item = self.take()
                sign, content = item.children  # type: ignore[union-attr]
                if kind(sign) == "UNDER":
                    below = content
                elif kind(content) == "PRIME":
                    primes += 1
                else:
                    above = content
            elif self.took("PRIME"):
                primes += 1
            else:
                return above, below, primes

    def raised(self, base: tree.Formula) -> tree.Formula:
        """``base`` with the power or the transposition that follows."""
        above, _, _ = self.scripts()
        return base if above is None else self.syntax.raised(base, above)
