"""Text -> formula: the inverse of ``latex.write`` and of ``unicode.write``.

The names in scope decide what grammar cannot: whether z^2 is a place or a power, and whether f(u)
is an application or a product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lark import Token, Tree

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.columns import Columns
from symbp.notation.dots import written_out
from symbp.notation.grammar import LONGEST, Item, Node, children, kind, parse, tokens, trees
from symbp.notation.lexicon import Lexicon
from symbp.notation.primaries import PRIMARIES
from symbp.notation.read_error import ReadError
from symbp.notation.row import Row
from symbp.notation.source import Source

LONGEST_NUMBER = 12


class Syntax:
    """Reads one line; ``columns`` remembers where each sign stood."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        if len(text) > LONGEST:
            raise ReadError("too_long", LONGEST, limit=LONGEST)
        self.source = Source.of(text)
        self.lexicon = lexicon
        self.primaries: Mapping[str, Callable[[Row, Item], tree.Formula]] = PRIMARIES
        self.columns = Columns()

    def line(self) -> tuple[list[tree.Formula | None], list[Token], list[int]]:
        """The sides of the whole line, what stands between them, and where they begin.

        The first side is None where the line begins with a relation; ``a (= b)`` is ``a = b``.
        Raises ReadError.
        """
        (root,) = parse(self.source).children
        relations = trees(root)
        if len(relations) > 1:
            return [self.logical(root)], [], [self.column(root)]
        sides: list[tree.Formula | None] = []
        operators: list[Token] = []
        columns: list[int] = []
        parts = children(relations[0])
        if kind(parts[0]) == "REL":
            sides.append(None)
            columns.append(self.column(parts[0]))
        for part in parts:
            if isinstance(part, Token):
                operators.append(part)
                continue
            aside = self._aside(part)
            sides.append(self.expr(part))
            columns.append(self.column(part))
            for item in children(aside) if aside is not None else ():
                if isinstance(item, Token):
                    operators.append(item)
                else:
                    sides.append(self.expr(item))
                    columns.append(self.column(item))
        return sides, operators, columns

    def _aside(self, expr: Item) -> Node | None:
        """Takes ``(= b)`` off the end of an expression."""
        last = trees(expr)[-1]
        group = children(last)[-1]
        if kind(group) != "group" or len(children(last)) < 2:
            return None
        cell = children(group)[1]
        relation = children(children(cell)[0])[0]
        if len(trees(cell)) > 1 or kind(children(relation)[0]) != "REL":
            return None
        last.children.pop()
        assert isinstance(relation, Tree)
        return relation

    def logical(self, item: Item) -> tree.Formula:
        parts = [self.relation(child) for child in trees(item)]
        if len(parts) == 1:
            return parts[0]
        operator = next(str(t) for t in children(item) if kind(t) == "LOGIC")
        return tree.Junction(operator, tuple(parts))

    def relation(self, item: Item) -> tree.Formula:
        first, *rest = children(item)
        if isinstance(first, Token):
            raise self.unexpected(first, "formula")
        found = self.expr(first)
        for operator, side in zip(rest[::2], rest[1::2], strict=True):
            text = "=" if str(operator) in (":=", "≡") else str(operator)
            if text in "∈≈":
                return tree.Relation(found, text, tree.ONE)
            found = tree.Relation(found, text, self.expr(side))
        return found

    def expr(self, item: Item) -> tree.Formula:
        parts: list[tuple[bool, tree.Formula]] = []
        negative, ahead = False, []  # type: bool, list[Item]
        for child in children(item):
            if kind(child) == "sign":
                # What follows a Σ with nothing behind it is its body: Σ_i −x_i.
                negative ^= kind(children(child)[0]) == "MINUS"
                continue
            items = [*ahead, *children(child)]
            ahead = items if _is_mere_sum(items) and child is not children(item)[-1] else []
            if not ahead:
                parts.append((negative, Row(self, items).product()))
                negative = False
        if any(_dotted(part) for _, part in parts):
            return written_out(self.columns, parts, self.column(item))
        if len(parts) == 1 and not parts[0][0]:
            return parts[0][1]
        return tree.Terms(tuple(parts))

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
        cell = item if kind(item) == "cell" else next(iter(trees(item)), None)
        if cell is None:
            raise self.unexpected(item, "formula")
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
        if len(str(item)) > LONGEST_NUMBER:
            raise ReadError("number_too_large", self.column(item), found=str(item))
        return tree.Number(str(item))

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
        found = "" if item is None else scripts.flat(item)[0]
        return ReadError("unexpected", self.column(item), found=found, expected=expected)


def _dotted(formula: tree.Formula) -> bool:
    if isinstance(formula, tree.Product):
        return any(isinstance(factor, tree.Dots) for factor in formula.factors)
    return isinstance(formula, tree.Dots)


def _is_mere_sum(items: Sequence[Item]) -> bool:
    """Whether a term ends with a Σ and what it runs over."""
    rest = [item for item in items if kind(item) != "scripted"]
    return kind(rest[-1]) == "SUM" if rest else False
