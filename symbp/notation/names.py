"""What begins with a letter or a word: a sign, a function and its arguments, a Σ or a maximum."""

from __future__ import annotations

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.function_names import FUNCTIONS, NAMED, function_name
from symbp.notation.glyphs import MATRICES, NORM, glyph_of
from symbp.notation.grammar import Item, kind
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError
from symbp.notation.row import Row
from symbp.notation.scripted import scripted
from symbp.notation.subscripts import bounds, with_entry

BIG = {"max": "max", "arg max": "argmax"}
"""Functions that, with something below them, are taken over all its values."""

MARKS = {"\\hat": "\u0302", "\\tilde": "\u0303", "\\bar": "\u0304", "\\dot": ""}
"""Command -> the combining character; a dot is as good as a prime."""

PLACED = ("l", "L", "(l)", "(L)", "[l]", "[L]")
"""What may stand above the name of a function without being a power."""


def name(row: Row, item: Item) -> tree.Formula:
    """A sign, or the function that a word names."""
    glyph = glyph_of(str(item))
    if glyph in (*MATRICES, "d") and (product := _product(row, glyph)) is not None:
        return _with_scripts(row, item, product, row.last)
    if kind(item) == "WORD" and _is_function(row.syntax.lexicon, glyph):
        return _called(row, NAMED.get(glyph, glyph))
    glyph = _longest(row, glyph)
    return _with_scripts(row, item, glyph, row.last)


def _product(row: Row, matrix: str) -> str | None:
    r"""``H\tilde{w}``, ``d\hat{x}``: two letters, the second marked, where both are one sign."""
    start, items = row.position, list(row.items)
    if kind(row.next) == "MARK":
        mark = MARKS[str(row.take())]
        glyph, rest = _under_mark(row, mark)
        if row.syntax.lexicon.is_known(matrix + glyph + mark):
            row.items[row.position : row.position] = rest
            return matrix + glyph + mark
    row.position, row.items[:] = start, items
    return None


def _longest(row: Row, glyph: str) -> str:
    """Δw and words are several letters of which only the whole is a name; takes the others."""
    lexicon = row.syntax.lexicon
    longer, ahead = glyph, 0
    best, taken = glyph, 0
    while kind(row.ahead(ahead)) in ("LETTER", "WORD") and not row.is_script:
        longer += glyph_of(str(row.ahead(ahead)))
        if not lexicon.is_prefix(longer):
            break
        ahead += 1
        if lexicon.is_known(longer):
            best, taken = longer, ahead
    for _ in range(taken):
        row.take()
    return best


def marked(row: Row, item: Item) -> tree.Formula:
    r"""``\hat{y}_j``; a dot above is a prime."""
    mark = MARKS[str(item)]
    glyph, rest = _under_mark(row, mark)
    row.items[row.position : row.position] = rest
    return _with_scripts(row, item, glyph + mark, None, dots=0 if mark else 1)


def _under_mark(row: Row, mark: str) -> tuple[str, list[Item]]:
    """The letter that is marked, with marks of its own, and what stands behind it in braces.

    Several letters where they are one sign: dz with ``mark`` above.
    """
    item = row.take()
    if kind(item) in ("LETTER", "WORD"):
        return glyph_of(str(item)), []
    if kind(item) == "MARK" and MARKS[str(item)]:
        own = MARKS[str(item)]
        glyph, rest = _under_mark(row, own + mark)
        return glyph + own, rest
    inner = row.syntax.row(item) if kind(item) == "braces" else None
    if inner is None:
        raise row.syntax.unexpected(item, "letter")
    glyph, rest = _under_mark(inner, mark)
    longer = glyph + "".join(glyph_of(str(i)) for i in inner.items[inner.position :])
    if not rest and row.syntax.lexicon.is_known(longer + mark):
        return longer, []
    return glyph, [*rest, *inner.items[inner.position :]]


def norm_of_gradient(row: Row, item: Item) -> tree.Formula:
    """``‖g‖``, which is one sign."""
    return _with_scripts(row, item, NORM, None)


def function(row: Row, item: Item) -> tree.Formula:
    r"""``\tanh u``, ``\max_k u_k``"""
    return _called(row, function_name(str(item)))


def sum_(row: Row, _item: Item) -> tree.Formula:
    """``Σ_i …``, up to the end of the product."""
    above, below, _ = row.scripts()
    over = bounds(row.syntax, below, above[0] if above else None)
    body = row.product()
    if isinstance(body, tree.Big) and body.operator == "Σ" and over and body.bounds:
        return tree.Big("Σ", over + body.bounds, body.body)
    return tree.Big("Σ", over, body)


def _is_function(lexicon: Lexicon, glyph: str) -> bool:
    """Whether a word names a function rather than something in scope."""
    return not lexicon.is_known(glyph) and NAMED.get(glyph, glyph) in FUNCTIONS


def _with_scripts(
    row: Row, item: Item, glyph: str, last: Item | None, dots: int = 0
) -> tree.Formula:
    """A sign with its scripts and its arguments; ``last`` is where its glyph ends."""
    lexicon = row.syntax.lexicon
    suffix = ""
    in_line = last is not None and not row.is_script
    if in_line and kind(row.next) == "NUMBER" and _touches(last, row.next):
        suffix = str(row.take())
    above, below, primes = row.scripts()
    found = scripted(row.syntax, item, glyph, above, below, primes + dots, suffix)
    if not isinstance(found, tree.Sign) or kind(row.next) not in ("group", "brackets"):
        return found
    in_brackets = kind(row.next) == "brackets" and lexicon.is_loss(found)
    takes = lexicon.is_loss(found) or lexicon.function(found) is not None
    if takes and not in_brackets:
        return _applied(row, found)
    if _is_function(lexicon, glyph) and not found.indices and not found.label:
        arguments = row.syntax.list(row.take())
        return with_entry(row, tree.Call(NAMED.get(glyph, glyph), arguments, None, primes))
    return found


def _touches(one: Item | None, other: Item | None) -> bool:
    """Whether nothing stands between two tokens."""
    ends = getattr(one, "end_pos", None)
    return ends is not None and ends == getattr(other, "start_pos", -1)


def _applied(row: Row, sign: tree.Sign) -> tree.Formula:
    """``f(u)``, ``f(u)_j``; ``E(z(w), d)`` is a note on what E depends on."""
    lexicon = row.syntax.lexicon
    group = row.take()
    if lexicon.is_loss(sign) and lexicon.function(sign) is None:
        try:
            arguments = row.syntax.list(group)
        except ReadError:
            arguments = ()  # z(w, x): not a formula, and no part of the value
        return row.raised(tree.Note(sign, arguments))
    return with_entry(row, tree.Apply(sign, row.syntax.list(group)))


def _called(row: Row, called: str) -> tree.Formula:
    """A function that has a name of its own, with its arguments."""
    above, below, primes = row.scripts()
    if called in BIG and below is not None:
        return tree.Big(BIG[called], bounds(row.syntax, below, None), row.product())
    # \log_e and ReLU^{(l)} say no more than the name.
    powers = [each for each in above if scripts.flat(each)[0] not in PLACED]
    in_brackets = kind(row.next) in ("group", "brackets")
    arguments = row.syntax.list(row.take()) if in_brackets else (row.primary(),)
    if called == "exp":
        return row.raised(tree.Exponential(arguments[0]))
    power = None if not powers else row.syntax.content(powers[0])
    return with_entry(row, tree.Call(called, arguments, power, primes))
