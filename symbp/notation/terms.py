"""A flat term -> a formula: how far a Σ reaches, what a ∂ and a slash take, what is multiplied.

The grammar leaves a term as a row of items. Here it is walked once from left to right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lark import Token, Tree

from symbp.notation import formula as tree
from symbp.notation.glyphs import COMMANDS
from symbp.notation.grammar import Item
from symbp.notation.spelling import ONES

if TYPE_CHECKING:
    from symbp.notation.syntax import Syntax

BIG = {"Σ": "Σ", "max": "max", "arg max": "argmax"}
MARKS = {"\\hat": "\u0302", "\\tilde": "\u0303"}
SKIPPED = ("DOT",)


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
        if name not in PRIMARIES:
            raise self.syntax.unexpected(item, "factor")
        return PRIMARIES[name](self, item)

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


def _number(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.number(item))


def _bracketed(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.single(item))


def _sign(row: Row, item: Item) -> tree.Formula:
    glyph = glyph_of(str(item))
    # Δw and words are several letters of which only the whole is a name.
    while kind(row.next) in ("LETTER", "WORD"):
        longer = glyph + glyph_of(str(row.next))
        if not row.syntax.lexicon.is_prefix(longer):
            break
        row.take()
        glyph = longer
    return _with_scripts(row, item, glyph)


def _marked(row: Row, item: Item) -> tree.Formula:
    inner = row.syntax.single(row.take())
    glyph = inner.glyph if isinstance(inner, tree.Sign) else ""
    return _with_scripts(row, item, glyph + MARKS[str(item)])


def _norm(row: Row, item: Item) -> tree.Formula:
    return _with_scripts(row, item, "‖g‖")


def _ones(row: Row, item: Item) -> tree.Formula:
    return row.raised(tree.Sign(ONES))


def _with_scripts(row: Row, item: Item, glyph: str) -> tree.Formula:
    above, below, primes = row.scripts()
    found = row.syntax.sign(item, glyph, above, below, primes)
    if isinstance(found, tree.Sign) and kind(row.next) == "group" and row.syntax.applies(found):
        return row.raised(tree.Apply(found, row.syntax.list(row.take())))
    return found


def _sum(row: Row, item: Item) -> tree.Formula:
    above, below, _ = row.scripts()
    bounds = row.syntax.bounds(item, below, above)
    body = row.product()
    if isinstance(body, tree.Big) and body.operator == "Σ":
        return tree.Big("Σ", bounds + body.bounds, body.body)
    return tree.Big("Σ", bounds, body)


def _function(row: Row, item: Item) -> tree.Formula:
    name = function_name(str(item))
    above, below, _ = row.scripts()
    if name in BIG and below is not None:
        return tree.Big(BIG[name], row.syntax.bounds(item, below, None), row.product())
    in_brackets = kind(row.next) == "group"
    arguments = row.syntax.list(row.take()) if in_brackets else (row.primary(),)
    if name == "exp":
        return row.raised(tree.Exponential(arguments[0]))
    power = None if above is None else row.syntax.content(above)
    return tree.Call(name, arguments, power)


def _fraction(row: Row, item: Item) -> tree.Formula:
    assert isinstance(item, Tree)
    _, top, bottom = item.children
    above, below = row.syntax.row(top), row.syntax.row(bottom)
    if not (above and below and kind(above.next) == kind(below.next) == "PARTIAL"):
        return tree.Fraction(row.syntax.content(top), row.syntax.content(bottom))
    above.take()
    below.take()
    wrt = below.product()
    return tree.Derivative(row.primary() if above.next is None else above.product(), wrt)


def _root(row: Row, _item: Item) -> tree.Formula:
    return tree.Root(row.primary())


def _brackets(row: Row, item: Item) -> tree.Formula:
    return tree.Iverson(row.syntax.single(item))


def _indicator(row: Row, _item: Item) -> tree.Formula:
    return tree.Indicator(row.syntax.single(row.take()))


def _bars(row: Row, item: Item) -> tree.Formula:
    return row.raised(tree.Modulus(row.syntax.single(item)))


def _cases(row: Row, item: Item) -> tree.Formula:
    return row.syntax.cases(item)


PRIMARIES: dict[str, Callable[[Row, Item], tree.Formula]] = {
    "NUMBER": _number,
    "LETTER": _sign,
    "WORD": _sign,
    "MARK": _marked,
    "NORM": _norm,
    "ONES": _ones,
    "SUM": _sum,
    "FUNCTION": _function,
    "fraction": _fraction,
    "ROOT": _root,
    "group": _bracketed,
    "braces": _bracketed,
    "brackets": _brackets,
    "INDICATOR": _indicator,
    "bars": _bars,
    "cases": _cases,
}
"""Kind of item -> how what begins with it is read."""


def glyph_of(text: str) -> str:
    r"""``δ`` for ``\delta``; what is no Greek letter stays."""
    if text.startswith("\\mathrm{"):
        return text[len("\\mathrm{") : -1]
    return COMMANDS.get(text[1:], text) if text.startswith("\\") else text


def function_name(text: str) -> str:
    r"""``tanh`` for ``\tanh``, ``erf`` for ``\operatorname{erf}``."""
    name = text.removeprefix("\\operatorname").removeprefix("*").strip("{}\\").replace("\\,", " ")
    return "log" if name == "ln" else name
