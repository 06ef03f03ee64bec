"""M09: an index is another one than it should be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sympy import Expr

from symbp.equations.axis import Index
from symbp.equations.tensor import Role, indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, entries_in, products, with_index
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``w_jk`` -> ``w_ik``"""
    for place, new, right, wrong in _exchanged(expr, context):
        facts = {"wrong": wrong, "right": right, "entry": new}
        yield Made(place.put(new), "slip", facts, new)
    yield from _renamed(expr, context)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``w_ik`` -> ``w_jk``"""
    for place, new, wrong, right in _exchanged(written, context):
        facts = {"wrong": wrong, "right": right, "entry": place.part}
        yield Made(place.put(new), "slip", facts, place.part)
    for made in _renamed(written, context):
        facts = {**made.facts, "wrong": made.facts["right"], "right": made.facts["wrong"]}
        yield Made(made.expr, made.say, facts)


def _exchanged(expr: Expr, context: Context) -> Iterator[tuple[Place, Expr, Index, Index]]:
    """Each entry with one other index: its place, the new entry, the old index and the new one."""
    for place in entries_in(expr, context.free):
        own = indices_of(place.part)
        around = tuple(dict.fromkeys((*place.scope, *context.strays)))
        for slot, (old, axis) in enumerate(zip(own, tensor_of(place.part).axes, strict=True)):
            if isinstance(old, Index):
                fitting = [i for i in around if i.axis == axis]
                for other in dict.fromkeys((*fitting, *around)):
                    if other != old:
                        yield place, with_index(place.part, slot, other), old, other


def _renamed(expr: Expr, context: Context) -> Iterator[Made]:
    """One index for another in a whole term, and two indices exchanged."""
    for place in products(expr, context.free):
        around = tuple(dict.fromkeys((*place.scope, *context.strays)))
        for one, other in combinations(around, 2):
            if one.axis == other.axis:
                for old, new in ((one, other), (other, one)):
                    if not place.part.has_free(old):
                        continue
                    facts = {"wrong": new, "right": old, "entry": place.part}
                    yield Made(place.put(place.part.xreplace({old: new})), "slip", facts)
    for place in entries_in(expr, context.free):
        tensor = tensor_of(place.part)
        if tensor.role is Role.WEIGHT:
            for new in context.at(tensor, (*place.scope, *context.strays)):
                if indices_of(new) not in (own := indices_of(place.part), own[::-1]):
                    facts = {"wrong": new, "right": place.part}
                    yield Made(place.put(new), "letters", facts, new)


TEXTS = {
    "en": {
        "what": "An index is not the one that belongs there.",
        "why": "Each letter runs over the units of one layer; another letter is another quantity.",
        "example": "w_ij where the sum runs over k and w_jk belongs",
        "fix": "Write below each letter which layer it runs over, and compare.",
        "slip": "index {wrong} should be {right}",
        "letters": "{wrong} should be {right}",
    },
    "ja": {
        "what": "添字が正しいものと違う。",
        "why": "添字の文字はそれぞれ一つの層のユニットを動く。文字が違えば別の量である。",
        "example": "k についての和で w_jk とすべきところが w_ij",
        "fix": "各文字がどの層を動くかを書き出して比べる。",
        "slip": "添字 {wrong} は {right} とすべきである",
        "letters": "{wrong} は {right} とすべきである",
    },
}

MISTAKE = Mistake("M09", TEXTS, make, undo)
