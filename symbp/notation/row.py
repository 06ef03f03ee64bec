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
DIFFERENTIALS = ("d", "\\mathrm{d}", "δ")
OF_A_SIGN = ("LETTER", "WORD", "MARK", "scripted", "PRIME", "braces")


class Syntax(Protocol):
    """What a row asks of the line that it is part of: how brackets and scripts are read."""

    lexicon: Lexicon
    primaries: Mapping[str, Callable[[Row, Item], tree.Formula]]

    def row(self, item: Item) -> Row | None: ...
    def list(self, item: Item) -> tuple[tree.Formula, ...]: ...
    def single(self, item: Item) -> tree.Formula: ...
    def content(self, item: Item) -> tree.Formula: ...
    def flat(self, item: Item | None) -> tuple[str, int]: ...
    def indices(self, item: Item) -> tuple[tree.Formula, ...]: ...
    def number(self, item: Item) -> tree.Number: ...
    def cases(self, item: Item) -> tree.Formula: ...
    def applies(self, sign: tree.Sign) -> bool: ...
    def raised(self, base: tree.Formula, above: Item) -> tree.Formula: ...
    def bounds(
        self, item: Item, below: Item | None, above: Item | None
    ) -> tuple[tree.Bound, ...]: ...
    def sign(
        self,
        item: Item,
        glyph: str,
        above: tuple[Item, ...],
        below: Item | None,
        primes: int,
        suffix: str = "",
    ) -> tree.Formula: ...
    def unexpected(self, item: Item | None, *expected: str) -> ReadError: ...


def kind(item: Item | None) -> str:
    """The name of a token's type or of a rule; empty at the end."""
    return "" if item is None else item.type if isinstance(item, Token) else str(item.data)


class Row:
    """The items of one term and how far it has been read."""

    def __init__(self, syntax: Syntax, items: list[Item]) -> None:
        self.syntax = syntax
        kept = [item for item in items if kind(item) not in SKIPPED]
        self.items = [part for item in kept for part in self._parts(item)]
        self.position = 0
        self.is_script = False  # j0 are two indices, where W0 is one sign

    def _parts(self, item: Item) -> list[Item]:
        """The items of ``{w}`` for what is but a sign in braces."""
        if kind(item) != "braces":
            return [item]
        inner = self.syntax.row(item)
        if inner is None or sum(kind(each) == "LETTER" for each in inner.items) > 1:
            return [item]
        return inner.items if all(kind(each) in OF_A_SIGN for each in inner.items) else [item]

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
            while self.next is not None and kind(self.next) not in ("HADAMARD", "STAR"):
                factors.append(self.factor())
            operands.append(_with_diagonals(factors))
            if not (self.took("HADAMARD") or self.took("STAR")):
                break
        return operands[0] if len(operands) == 1 else tree.Hadamard(tuple(operands))

    def factor(self) -> tree.Formula:
        """A primary, over others where slashes follow: a/b c is (a/b) c."""
        if kind(self.next) == "PARTIAL" or self._is_slope():
            return self.derivative()
        found = self.primary()
        while self.took("SLASH"):
            found = tree.Fraction(found, self.primary())
        return found

    def is_differential(self, ahead: int = 0) -> bool:
        """Whether what comes is a ∂ or the d of a differential: one that bears no index."""
        place = self.position + ahead
        item, *after = (*self.items[place : place + 2], None, None)[:2]
        if kind(item) == "PARTIAL":
            return True
        bare = kind(after[0]) not in ("scripted", "PRIME")
        return kind(item) in ("LETTER", "WORD") and str(item) in DIFFERENTIALS and bare

    def _is_slope(self) -> bool:
        """Whether ``dE/dw`` comes."""
        if not self.is_differential():
            return False
        slash = next((p for p in range(1, 8) if kind(self._at(p)) == "SLASH"), 0)
        after = kind(self._at(slash + 2)) in ("LETTER", "WORD", "MARK", "braces")
        inside = all(kind(self._at(p)) in OF_A_SIGN for p in range(1, slash))
        return slash > 0 and inside and self.is_differential(slash + 1) and after

    def ahead(self, steps: int) -> Item | None:
        """What comes ``steps`` after the next item."""
        return self._at(steps)

    def subscripted(self, base: tree.Formula) -> tree.Formula:
        """``softmax(u)_j``: the entry of what is computed, with the powers that follow."""
        if kind(self.next) == "scripted":
            mark, content = self.next.children  # type: ignore[union-attr]
            if kind(mark) == "UNDER":
                self.take()
                base = tree.Entry(base, self.syntax.indices(content))
        return self.raised(base)

    def _at(self, ahead: int) -> Item | None:
        place = self.position + ahead
        return self.items[place] if place < len(self.items) else None

    def derivative(self) -> tree.Formula:
        """``∂E/∂w``, ``∂/∂w (…)``"""
        self.take()
        of = None if kind(self.next) == "SLASH" else self.primary()
        if not self.took("SLASH"):
            raise self.syntax.unexpected(self.next or self.items[-1], "SLASH")
        if not self.is_differential():
            raise self.syntax.unexpected(self.next or self.items[-1], "PARTIAL")
        self.take()
        wrt = self.primary()
        return tree.Derivative(self.primary() if of is None else of, wrt)

    def primary(self) -> tree.Formula:
        """The next thing that is no operator, with its scripts and arguments."""
        item = self.take()
        name = kind(item)
        if name not in self.syntax.primaries:
            raise self.syntax.unexpected(item, "factor")
        return self.syntax.primaries[name](self, item)

    def scripts(self) -> tuple[tuple[Item, ...], Item | None, int]:
        """What follows: the items above, the item below, the number of primes."""
        above: list[Item] = []
        below = None
        primes = 0
        while True:
            if kind(self.next) == "scripted":
                item = self.take()
                sign, content = item.children  # type: ignore[union-attr]
                if kind(sign) == "UNDER":
                    if below is not None:
                        raise self.syntax.unexpected(item, "factor")
                    below = content
                elif kind(content) == "PRIME":
                    primes += 1
                else:
                    above.append(content)
            elif self.took("PRIME"):
                primes += 1
            else:
                return tuple(above), below, primes

    def raised(self, base: tree.Formula) -> tree.Formula:
        """``base`` with the powers or the transposition that follow."""
        if kind(self.next) == "PRIME":
            raise self.syntax.unexpected(self.next, "factor")
        above, below, primes = self.scripts()
        if below is not None or primes:
            raise self.syntax.unexpected(below or self.items[self.position - 1], "factor")
        for each in above:
            base = self.syntax.raised(base, each)
        return base


def _with_diagonals(factors: list[tree.Formula]) -> tree.Formula:
    """The product; ``diag(a) B`` is a ⊙ B, with a repeated along the columns of B."""
    for position, factor in enumerate(factors):
        if isinstance(factor, tree.Call) and factor.name == "diag" and len(factors) > 1:
            (inner,) = factor.arguments if len(factor.arguments) == 1 else (factor,)
            before, after = factors[:position], factors[position + 1 :]
            if not after:
                return tree.Hadamard((tree.product(before), inner))
            return tree.product([*before, tree.Hadamard((inner, _with_diagonals(after)))])
    return tree.product(factors)
