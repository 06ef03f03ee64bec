"""What begins with each kind of item: how far a Σ reaches, what a function takes.

A table from kind to function.
"""

from __future__ import annotations

from collections.abc import Callable

from lark import Tree

from symbp.notation import formula as tree
from symbp.notation.glyphs import COMMANDS
from symbp.notation.grammar import Item
from symbp.notation.row import Row, kind
from symbp.notation.spelling import ONES

BIG = {"Σ": "Σ", "max": "max", "arg max": "argmax"}
MARKS = {"\\hat": "\u0302", "\\tilde": "\u0303"}


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
    _, top, *others = item.children
    if not others:
        digits = str(top)  # as in \frac12
        if len(digits) != 2:
            raise row.syntax.unexpected(item, "two digits")
        return tree.Fraction(tree.Number(digits[0]), tree.Number(digits[1]))
    bottom = others[0]
    above, below = (row.syntax.row(part) for part in (top, bottom))
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
    return row.raised(row.syntax.cases(item))


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
