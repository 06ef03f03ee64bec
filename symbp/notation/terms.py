"""What begins with each kind of item: how far a Σ reaches, what a function takes.

A table from kind to function.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lark import Tree

from symbp.notation import formula as tree
from symbp.notation.glyphs import COMMANDS
from symbp.notation.grammar import Item
from symbp.notation.read_error import ReadError
from symbp.notation.row import Row, kind
from symbp.notation.spelling import ONES

BIG = {"Σ": "Σ", "max": "max", "arg max": "argmax"}
MARKS = {"\\hat": "\u0302", "\\tilde": "\u0303", "\\bar": "\u0304", "\\dot": ""}
NAMED = {"σ": "sigmoid", "ReLU": "relu", "argmax": "arg max", "sgn": "sign", "lrelu": "leaky_relu"}
"""A word or a glyph -> the function it names, unless it names something in scope."""

FUNCTIONS = frozenset(
    [
        "log",
        "ln",
        "exp",
        "tanh",
        "sinh",
        "cosh",
        "sin",
        "cos",
        "tan",
        "max",
        "min",
        "erf",
        "sign",
        "atan",
        "sigmoid",
        "softmax",
        "softplus",
        "diag",
        "relu",
        "identity",
    ]
) | {"arg max"}


def _number(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.number(item))


def _bracketed(row: Row, item: Item) -> tree.Formula:
    return row.raised(row.syntax.single(item))


def _sign(row: Row, item: Item) -> tree.Formula:
    glyph = glyph_of(str(item))
    if kind(item) == "WORD" and _is_function(row, glyph):
        return _called(row, item, NAMED.get(glyph, glyph))
    # Δw and words are several letters of which only the whole is a name.
    longer, ahead = glyph, 0
    known = 0 if row.syntax.lexicon.is_known(glyph) else -1
    best = glyph
    while kind(row.ahead(ahead)) in ("LETTER", "WORD"):
        longer += glyph_of(str(row.ahead(ahead)))
        if not row.syntax.lexicon.is_prefix(longer):
            break
        ahead += 1
        if row.syntax.lexicon.is_known(longer):
            known, best = ahead, longer
    for _ in range(max(known, 0)):
        row.take()
    return _with_scripts(row, item, best, last_of(row))


def last_of(row: Row) -> Item:
    """What was taken last."""
    return row.items[row.position - 1]


def _is_function(row: Row, name: str) -> bool:
    """Whether a word names a function rather than something in scope."""
    if row.syntax.lexicon.is_known(name):
        return False
    return NAMED.get(name, name) in FUNCTIONS


def _marked(row: Row, item: Item) -> tree.Formula:
    mark = MARKS[str(item)]
    first = row.take()
    inner = row.syntax.row(first) if kind(first) == "braces" else None
    letter = first if inner is None else inner.take()
    glyph = glyph_of(str(letter)) if kind(letter) in ("LETTER", "WORD") else ""
    if not glyph:
        raise row.syntax.unexpected(first, "letter")
    if inner is not None:
        row.items[row.position : row.position] = inner.items[inner.position :]
    if not mark:
        return _with_scripts(row, item, glyph, None, 1)
    return _with_scripts(row, item, glyph + mark, None)


def _norm(row: Row, item: Item) -> tree.Formula:
    return _with_scripts(row, item, "‖g‖", None)


def _normed(row: Row, item: Item) -> tree.Formula:
    inner = tree.Norm(row.syntax.single(item))
    if kind(row.next) == "scripted" and row.syntax.flat(row.next)[0] in ("_2", "_F"):
        row.take()
    return row.raised(inner)


def _ones(row: Row, item: Item) -> tree.Formula:
    return row.raised(tree.Sign(ONES))


def _dots(row: Row, item: Item) -> tree.Formula:
    return tree.Dots()


def _with_scripts(
    row: Row, item: Item, glyph: str, last: Item | None, dots: int = 0
) -> tree.Formula:
    suffix = ""
    in_line = last is not None and not row.is_script
    if in_line and kind(row.next) == "NUMBER" and _touches(last, row.next):
        suffix = str(row.take())
    above, below, primes = row.scripts()
    found = row.syntax.sign(item, glyph, above, below, primes + dots, suffix)
    if not isinstance(found, tree.Sign):
        return found
    if kind(row.next) not in ("group", "brackets"):
        return found
    in_brackets = kind(row.next) == "brackets" and row.syntax.lexicon.is_loss(found)
    if row.syntax.applies(found) and not in_brackets:
        return _applied(row, found)
    if _is_function(row, glyph) and not found.indices and not found.label:
        arguments = row.syntax.list(row.take())
        return row.subscripted(tree.Call(NAMED.get(glyph, glyph), arguments, None, primes))
    return found


def _touches(one: Item | None, other: Item | None) -> bool:
    """Whether nothing stands between two tokens."""
    ends = getattr(one, "end_pos", None)
    return ends is not None and ends == getattr(other, "start_pos", -1)


def _applied(row: Row, sign: tree.Sign) -> tree.Formula:
    """``f(u)``, ``f(u)_j``; ``E(z(w), d)`` is a note on what E depends on."""
    group = row.take()
    if row.syntax.lexicon.is_loss(sign) and row.syntax.lexicon.function(sign) is None:
        try:
            arguments = row.syntax.list(group)
        except ReadError:
            arguments = ()  # z(w, x): not a formula, and no part of the value
        return row.raised(tree.Note(sign, arguments))
    arguments = row.syntax.list(group)
    return row.subscripted(tree.Apply(sign, arguments))


def _sum(row: Row, item: Item) -> tree.Formula:
    above, below, _ = row.scripts()
    bounds = row.syntax.bounds(item, below, above[0] if above else None)
    body = row.product()
    if isinstance(body, tree.Big) and body.operator == "Σ" and bounds and body.bounds:
        return tree.Big("Σ", bounds + body.bounds, body.body)
    return tree.Big("Σ", bounds, body)


def _function(row: Row, item: Item) -> tree.Formula:
    return _called(row, item, function_name(str(item)))


def _called(row: Row, item: Item, name: str) -> tree.Formula:
    above, below, primes = row.scripts()
    if name in BIG and below is not None:
        return tree.Big(BIG[name], row.syntax.bounds(item, below, None), row.product())
    # \log_e and ReLU^{(l)} say no more than the name.
    powers = [each for each in above if row.syntax.flat(each)[0] not in PLACED]
    in_brackets = kind(row.next) in ("group", "brackets")
    arguments = row.syntax.list(row.take()) if in_brackets else (row.primary(),)
    if name == "exp":
        return row.raised(tree.Exponential(arguments[0]))
    power = None if not powers else row.syntax.content(powers[0])
    return row.subscripted(tree.Call(name, arguments, power, primes))


PLACED = ("l", "L", "(l)", "(L)", "[l]", "[L]")


def _fraction(row: Row, item: Item) -> tree.Formula:
    assert isinstance(item, Tree)
    _, top, bottom = item.children
    above, below = (row.syntax.row(part) for part in (top, bottom))
    is_slope = (
        above is not None
        and below is not None
        and above.is_differential()
        and below.is_differential()
        and len(below.items) > 1
    )
    if not is_slope or above is None or below is None:
        return row.raised(tree.Fraction(row.syntax.content(top), row.syntax.content(bottom)))
    above.take()
    below.take()
    wrt = below.product()
    return tree.Derivative(row.primary() if above.next is None else above.product(), wrt)


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


def _indicator(row: Row, item: Item) -> tree.Formula:
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
    "LETTER": _sign,
    "WORD": _sign,
    "MARK": _marked,
    "NORM": _norm,
    "ONES": _ones,
    "SUM": _sum,
    "DOTS": _dots,
    "NABLA": _nabla,
    "norm": _normed,
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
    name = "arg max" if re.fullmatch(r"arg\s*\\?max", name) else name
    return NAMED.get(name, "log" if name == "ln" else name)
