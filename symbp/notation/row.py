"""A flat term, read once from left to right: what is multiplied, what a slash and a ∂ take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.columns import Columns
from symbp.notation.cursor import Cursor
from symbp.notation.differentials import OF_A_SIGN, is_differential, is_slope
from symbp.notation.grammar import Item, kind
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError

SKIPPED = ("DOT",)
ENTRYWISE = ("HADAMARD", "STAR")


class Syntax(Protocol):
    """What a row asks of the line that it is part of: how brackets are read."""

    lexicon: Lexicon
    columns: Columns
    primaries: Mapping[str, Callable[[Row, Item], tree.Formula]]

    def row(self, item: Item) -> Row | None: ...
    def list(self, item: Item) -> tuple[tree.Formula, ...]: ...
    def logical(self, item: Item) -> tree.Formula: ...
    def single(self, item: Item) -> tree.Formula: ...
    def content(self, item: Item) -> tree.Formula: ...
    def number(self, item: Item) -> tree.Number: ...
    def cases(self, item: Item) -> tree.Formula: ...
    def column(self, item: Item | None) -> int: ...
    def unexpected(self, item: Item | None, *expected: str) -> ReadError: ...


class Row(Cursor):
    """The items of one term and how far it has been read."""

    def __init__(self, syntax: Syntax, items: list[Item]) -> None:
        kept = [item for item in items if kind(item) not in SKIPPED]
        super().__init__(part for item in kept for part in _unbraced(syntax, item))
        self.syntax = syntax
        self.is_script = False  # j0 are two indices, where W0 is one sign

    def take(self) -> Item:
        """The next item. Raises ReadError at the end of the term."""
        if self.next is None:
            raise self.syntax.unexpected(self.items[-1] if self.items else None, "factor")
        self.position += 1
        return self.last

    def product(self) -> tree.Formula:
        """Everything up to the end: factors, or operands of ⊙."""
        operands: list[tree.Formula] = []
        while True:
            factors = [self.factor()]
            while self.next is not None and kind(self.next) not in ENTRYWISE:
                factors.append(self.factor())
            operands.append(_with_diagonals(factors))
            if not any(map(self.took, ENTRYWISE)):
                break
        return operands[0] if len(operands) == 1 else tree.Hadamard(tuple(operands))

    def factor(self) -> tree.Formula:
        """A primary, over others where slashes follow: a/b c is (a/b) c."""
        if kind(self.next) == "PARTIAL" or is_slope(self):
            return self.derivative()
        found = self.primary()
        while self.took("SLASH"):
            found = tree.Fraction(found, self.primary())
        return found

    def derivative(self) -> tree.Formula:
        """``∂E/∂w``, ``∂/∂w (…)``"""
        self.take()
        of = None if kind(self.next) == "SLASH" else self.primary()
        if not self.took("SLASH"):
            raise self.syntax.unexpected(self.next or self.items[-1], "SLASH")
        if not is_differential(self):
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
            raise self.syntax.unexpected(below or self.last, "factor")
        for each in above:
            base = raised(self.syntax, base, each)
        return base


def raised(syntax: Syntax, base: tree.Formula, above: Item) -> tree.Formula:
    """``base`` to the power of ``above``, or transposed."""
    if scripts.flat(above)[0] in scripts.TRANSPOSED:
        return tree.Transposed(base)
    return tree.Power(base, syntax.content(above))


def _unbraced(syntax: Syntax, item: Item) -> list[Item]:
    """The items of ``{w}`` for what is but a sign in braces."""
    inner = syntax.row(item) if kind(item) == "braces" else None
    if inner is None or sum(kind(each) == "LETTER" for each in inner.items) > 1:
        return [item]
    return inner.items if all(kind(each) in OF_A_SIGN for each in inner.items) else [item]


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
