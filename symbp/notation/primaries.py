"""What begins with each kind of item: a table from kind to function."""

from __future__ import annotations

from collections.abc import Callable

from lark import Token, Tree

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.differentials import is_differential
from symbp.notation.glyphs import ONES
from symbp.notation.grammar import Item, children, kind, trees
from symbp.notation.names import function, marked, name, norm_of_gradient, sum_
from symbp.notation.row import Row


def _number(row: Row, item: Item) -> tree.Formula:
    number = row.syntax.number(item)
    if number.text == "1" and _is_of_condition(row, ("group", "braces")):
        return _indicator(row, item)
    return row.raised(number)


def _bracketed(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.single(item))


def _norm(row: Row, item: Item) -> tree.Formula:
    inner = tree.Norm(row.syntax.single(item))
    if kind(row.next) == "scripted" and scripts.flat(row.next)[0] in ("_2", "_F"):
        row.take()
    return row.raised(inner)


def _ones(row: Row, item: Item) -> tree.Formula:
    if _is_of_condition(row, ("group", "braces", "brackets")):
        return _indicator(row, item)
    return row.raised(tree.Sign(ONES))


def _is_of_condition(row: Row, brackets: tuple[str, ...]) -> bool:
    r"""Whether a condition follows, in ``brackets`` or below: ``1\{u > 0\}``, ``1_{u > 0}``."""
    item = row.next
    if item is None or kind(item) != "scripted":
        return item is not None and kind(item) in brackets and _is_condition(item)
    sign, below = children(item)
    return kind(sign) == "UNDER" and _is_condition(below)


def _is_condition(item: Item) -> bool:
    """Whether there is a sign of relation right between brackets."""
    if isinstance(item, Token):
        return False
    cells = [cell for cell in trees(item) if kind(cell) == "cell"]
    relations = [each for cell in cells for logical in trees(cell) for each in trees(logical)]
    return any(kind(child) == "REL" for each in relations for child in children(each))


def _dots(_row: Row, _item: Item) -> tree.Formula:
    return tree.Dots()


def _fraction(row: Row, item: Item) -> tree.Formula:
    r"""``\frac{a}{b}``, or ``\frac{∂E}{∂w}``, where what is differentiated may follow."""
    assert isinstance(item, Tree)
    _, top, bottom = item.children
    above, below = (row.syntax.row(part) for part in (top, bottom))
    if above is None or below is None or not _is_slope(above, below):
        return row.raised(tree.Fraction(row.syntax.content(top), row.syntax.content(bottom)))
    above.take()
    below.take()
    wrt = below.product()
    return tree.Derivative(row.primary() if above.next is None else above.product(), wrt)


def _is_slope(above: Row, below: Row) -> bool:
    return is_differential(above) and is_differential(below) and len(below.items) > 1


def _nabla(row: Row, item: Item) -> tree.Formula:
    """``∇_w E``"""
    _, below, _ = row.scripts()
    if below is None:
        raise row.syntax.unexpected(item, "index")
    return tree.Derivative(row.primary(), row.syntax.content(below))


def _root(row: Row, _item: Item) -> tree.Formula:
    return tree.Root(row.primary())


def _brackets(row: Row, item: Item) -> tree.Formula:
    """``[i = j]``, or mere brackets."""
    inner = row.syntax.single(item)
    if isinstance(inner, (tree.Relation, tree.Junction)):
        return row.raised(tree.Iverson(inner))
    return row.raised(inner)


def _indicator(row: Row, _item: Item) -> tree.Formula:
    r"""``\mathbb{1}[u > 0]``, ``\mathbb{1}(i = j)``, ``\mathbb{1}_{i = j}``"""
    below = row.scripts()[1] if kind(row.next) == "scripted" else None
    condition = row.syntax.single(row.take() if below is None else below)
    if _is_of_letters(condition):
        return row.raised(tree.Iverson(condition))
    return row.raised(tree.Indicator(condition))


def _is_of_letters(condition: tree.Formula) -> bool:
    """``i = j``, of which the values of quantities are no part."""
    if not isinstance(condition, tree.Relation) or condition.operator != "=":
        return False
    sides = (condition.left, condition.right)
    return all(isinstance(s, tree.Sign) and not (s.indices or s.place) for s in sides)


def _bars(row: Row, item: Item) -> tree.Formula:
    return row.raised(tree.Modulus(row.syntax.single(item)))


def _cases(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.cases(item))


PRIMARIES: dict[str, Callable[[Row, Item], tree.Formula]] = {
    "NUMBER": _number,
    "LETTER": name,
    "WORD": name,
    "MARK": marked,
    "NORM": norm_of_gradient,
    "ONES": _ones,
    "SUM": sum_,
    "DOTS": _dots,
    "NABLA": _nabla,
    "norm": _norm,
    "FUNCTION": function,
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
