"""Text -> formula: the inverse of ``latex.write`` and of ``unicode.write``.

The names in scope decide what grammar cannot: whether z^2 is a place or a power, and whether f(u)
is an application or a product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lark import Token, Tree

from symbp.notation import formula as tree
from symbp.notation.grammar import Item, children, parse, tokens, trees
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError
from symbp.notation.row import Row, kind
from symbp.notation.source import Source
from symbp.notation.terms import PRIMARIES

RELATIONS = {"\\le": "≤", "\\leq": "≤", "\\ge": "≥", "\\geq": "≥", "\\ne": "≠", "\\neq": "≠"}
RELATIONS |= {":=": "="}
TRANSPOSED = ("T", "\\top", "ᵀ")
JUNCTIONS = {"\\land": "∧", "\\lor": "∨"}


class Syntax:
    """Reads one line; ``columns`` remembers where each sign stood, by the identity of the sign."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.source = Source.of(text)
        self.lexicon = lexicon
        self.primaries: Mapping[str, Callable[[Row, Item], tree.Formula]] = PRIMARIES
        self.columns: dict[int, int] = {}

    def line(self) -> tree.Formula:
        """The formula of the whole line. Raises ReadError."""
        root = parse(self.source)
        return self.logical(root.children[0])

    def logical(self, item: Item) -> tree.Formula:
        parts = [self.relation(child) for child in trees(item)]
        if len(parts) == 1:
            return parts[0]
        operator = next(str(t) for t in children(item) if kind(t) == "LOGIC")
        return tree.Junction(JUNCTIONS.get(operator, operator), tuple(parts))

    def relation(self, item: Item) -> tree.Formula:
        first, *rest = children(item)
        found = self.expr(first)
        for operator, side in zip(rest[::2], rest[1::2], strict=True):
            text = RELATIONS.get(str(operator), str(operator))
            found = tree.Relation(found, text, self.expr(side))
        return found

    def expr(self, item: Item) -> tree.Formula:
        parts: list[tuple[bool, tree.Formula]] = []
        negative = False
        for child in children(item):
            if kind(child) == "sign":
                negative = kind(children(child)[0]) == "MINUS"
            else:
                parts.append((negative, self.term(child)))
                negative = False
        if len(parts) == 1 and not parts[0][0]:
            return parts[0][1]
        return tree.Terms(tuple(parts))

    def term(self, item: Item) -> tree.Formula:
        row = Row(self, children(item))
        return row.product()

    def row(self, item: Item) -> Row | None:
        """The items of a group that is nothing but one term without a sign."""
        if isinstance(item, Token):
            return None
        node = item
        while kind(node) != "term":
            inner = trees(node)
            if len(inner) != 1 or kind(node) == "sign":
                return None
            node = inner[0]
        return Row(self, children(node))

    def list(self, item: Item) -> tuple[tree.Formula, ...]:
        """What stands between brackets, with commas between."""
        if isinstance(item, Token):
            return (self.content(item),)
        cell = item if kind(item) == "cell" else trees(item)[0]
        return tuple(self.logical(child) for child in trees(cell))

    def single(self, item: Item) -> tree.Formula:
        """The one formula between brackets. Raises ReadError where there are more."""
        found = self.list(item)
        if len(found) != 1:
            raise self.unexpected(item, "formula")
        return found[0]

    def content(self, item: Item) -> tree.Formula:
        """A group, or the one letter or digit that needs none."""
        if isinstance(item, Token):
            return Row(self, [item]).product()
        return self.single(item)

    def number(self, item: Item) -> tree.Number:
        if len(str(item)) > 12:
            raise ReadError("number_too_large", self.column(item), found=str(item))
        return tree.Number(str(item))

    def sign(
        self, item: Item, glyph: str, above: Item | None, below: Item | None, primes: int
    ) -> tree.Formula:
        """``w^{l}_{ij}``, or a power of a sign that has no place."""
        place, more = self.flat(above)
        primes += more
        label = self.flat(below)[0]
        indices = self.indices(below) if below is not None else ()
        power = None
        if place and place in TRANSPOSED:
            return tree.Transposed(self.sign(item, glyph, None, below, primes))
        if place and not self.lexicon.has_place(glyph, place):
            power, place = above, ""
        if label and self.lexicon.has(tree.Sign(glyph, label, place, primes=primes)):
            found: tree.Formula = tree.Sign(glyph, label, place, (), primes)
        elif glyph == "e" and power is not None and not self.lexicon.is_known("e"):
            return tree.Exponential(self.content(power))
        else:
            found = tree.Sign(glyph, "", place, indices, primes)
        self.columns[id(found)] = self.column(item)
        return found if power is None else self.raised(found, power)

    def flat(self, item: Item | None) -> tuple[str, int]:
        """What stands in a script as mere text, and the number of primes in it."""
        if item is None:
            return "", 0
        found = tokens(item)
        primes = sum(kind(token) == "PRIME" for token in found)
        text = "".join(str(t) for t in found if kind(t) not in ("PRIME", *_BRACES))
        return text.replace("−", "-"), primes

    def indices(self, item: Item) -> tuple[tree.Formula, ...]:
        """Indices side by side, ``nj``, or with commas, ``n,t_n``."""
        row = self.row(item) if isinstance(item, Tree) else Row(self, [item])
        if row is None:
            return self.list(item)
        found: list[tree.Formula] = []
        while row.next is not None:
            if kind(row.next) == "NUMBER":
                found += [tree.Number(digit) for digit in str(row.take())]
            else:
                found.append(row.primary())
        return tuple(found)

    def applies(self, sign: tree.Sign) -> bool:
        """Whether a bracket after ``sign`` holds its arguments."""
        plain = sign._replace(primes=0)
        return plain in self.lexicon.functions or self.lexicon.is_loss(sign)

    def raised(self, base: tree.Formula, above: Item) -> tree.Formula:
        """``base`` to the power of ``above``, or transposed."""
        if self.flat(above)[0] in TRANSPOSED:
            return tree.Transposed(base)
        return tree.Power(base, self.content(above))

    def bounds(self, item: Item, below: Item | None, above: Item | None) -> tuple[tree.Bound, ...]:
        """``_{i}``, ``_{i,j}`` or ``_{i=1}^{n}``."""
        if below is None:
            raise self.unexpected(item, "index")
        first = self.list(below)[0] if above is not None else None
        if isinstance(first, tree.Relation) and above is not None:
            if isinstance(first.left, tree.Sign):
                return (tree.Bound(first.left, first.right, self.content(above)),)
            raise self.unexpected(below, "index")
        letters = self.indices(below)
        if not all(isinstance(letter, tree.Sign) and not letter.indices for letter in letters):
            raise self.unexpected(below, "index")
        return tuple(tree.Bound(letter) for letter in letters if isinstance(letter, tree.Sign))

    def cases(self, item: Item) -> tree.Formula:
        pieces: list[tuple[tree.Formula, tree.Formula | None]] = []
        for child in trees(item):
            value, *condition = trees(child)
            pieces.append((self.logical(value), self.logical(condition[0]) if condition else None))
        return tree.Cases(tuple(pieces))

    def column(self, item: Item | None) -> int:
        found = tokens(item) if item is not None else []
        position = found[0].start_pos if found else 0
        return self.source.column(position or 0)

    def unexpected(self, item: Item | None, *expected: str) -> ReadError:
        found = "" if item is None else self.flat(item)[0]
        return ReadError("unexpected", self.column(item), found=found, expected=expected)


_BRACES = ("OPEN_BRACE", "CLOSE_BRACE")
