"""A sign with all that stands above and below it."""

from __future__ import annotations

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.grammar import Item, tokens
from symbp.notation.lexicon import Lexicon
from symbp.notation.row import Syntax, raised
from symbp.notation.subscripts import indices, labelled


def scripted(
    syntax: Syntax,
    item: Item,
    glyph: str,
    above: tuple[Item, ...],
    below: Item | None,
    primes: int,
    suffix: str = "",
) -> tree.Formula:
    """``w^{l}_{ij}``, or a power of a sign that has no place; ``suffix`` are digits in W1."""
    lexicon = syntax.lexicon
    behind = _is_behind(above, below)
    is_placed = behind and glyph.isupper() and _is_place(lexicon, glyph, scripts.flat(below)[0])
    said = scripts.above(lexicon, glyph, above, behind=behind, is_placed=is_placed)
    if glyph == "e" and said.powers and not lexicon.is_known("e"):
        return tree.Exponential(syntax.content(said.powers[0]))
    bare = tree.Sign(glyph, "", said.place, (), primes + said.primes)
    found = _with_subscript(syntax, bare, below, suffix)
    if said.sample:
        sample = tree.Number(said.sample) if said.sample.isdigit() else tree.Sign(said.sample)
        found = found._replace(indices=(tree.Sample(sample), *found.indices))
    syntax.columns.note(found, syntax.column(item))
    whole: tree.Formula = tree.Transposed(found) if said.turned else found
    for power in said.powers:
        whole = raised(syntax, whole, power)
    return whole


def _is_behind(above: tuple[Item, ...], below: Item | None) -> bool:
    """Whether what is above was typed after what is below."""
    if not above or below is None:
        return False
    return (tokens(above[0])[0].start_pos or 0) > (tokens(below)[0].start_pos or 0)


def _with_subscript(syntax: Syntax, bare: tree.Sign, below: Item | None, suffix: str) -> tree.Sign:
    """``bare`` with what is below: a label, a place, a step of an update, or indices."""
    lexicon, glyph = syntax.lexicon, bare.glyph
    label = scripts.flat(below)[0] or suffix
    if label and lexicon.has(bare._replace(label=label)):
        return bare._replace(label=label)
    if scripts.is_step(lexicon, glyph, label):
        return bare._replace(primes=bare.primes + (label in scripts.NEW))
    if not bare.place and _is_place(lexicon, glyph, label):
        return bare._replace(place=label)
    if below is not None and (labels := lexicon.labels.get((glyph, bare.place))):
        label, own = labelled(syntax, below, labels)
        if label:
            return bare._replace(label=label, indices=own)
        label = scripts.flat(below)[0] or suffix
    found = indices(syntax, below) if below is not None else ()
    word, rest = scripts.label(label)
    if word and below is not None:
        cut = 1 if "," in rest or "," in label else len(word)
        found = found[cut:] if rest else ()
        bare = bare._replace(primes=bare.primes + (word in scripts.NEW))
        word = "" if word in (*scripts.NEW, *scripts.OLD) else word
    if suffix:
        found = (tree.Number(suffix),)
    return bare._replace(label=word, indices=found)


def _is_place(lexicon: Lexicon, glyph: str, label: str) -> bool:
    """Whether what is below says the layer: W_1, where the notation has places or matrices."""
    if not label or label not in lexicon.places.get(glyph, {}):
        return False
    entries = any(sign.glyph == glyph for sign in lexicon.tensors)
    return lexicon.is_matrix or not entries
