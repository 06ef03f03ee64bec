"""M28: an assignment typed as an equation, a label used twice, wrong bounds of a sum."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer

from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import fixed, places, summing
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_{k=1}^{m}`` -> ``Σ_{k=2}^{m}``, ``Σ_{k=1}^{m−1}``"""
    for place in places(expr, context.free):
        for index, body in summing(place.part):
            last = index.axis.size - Integer(1)
            for say, at in (("first", Integer(0)), ("last", last)):
                new = place.part - fixed(body, index, at)
                yield Made(place.put(new), say, {"index": index}, new)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``w = w + Δw`` is the update w ← w + Δw: what is on the right is another w."""
    if written.has(context.left):
        made = written - context.left
        yield Made(made, "assignment", {"name": context.left}, written, goal=Integer(0) * written)


TEXTS = {
    "en": {
        "what": "An assignment is typed as an equation, a label is used twice, or a sum runs from 0"
        " where it begins at 1.",
        "why": "= says that both sides are the same number; w = w + Δw would mean Δw = 0.",
        "example": "w = w − η ∂E/∂w instead of w ← w − η ∂E/∂w",
        "fix": "Write ← for an assignment, number each line once, and sum over all units.",
        "first": "the first term of the sum over {index} is left out",
        "last": "the last term of the sum over {index} is left out",
        "assignment": "this is an assignment: {name} stands on both sides",
        "assignment.what": "An assignment is typed as an equation.",
        "assignment.fix": "Write ← for an assignment.",
    },
    "ja": {
        "what": "代入を等式で書いている、番号が重複している、または和の範囲が違う。",
        "why": "= は両辺が同じ数であることを表す。w = w + Δw なら Δw = 0 になってしまう。",
        "example": "w ← w − η ∂E/∂w とすべきところが w = w − η ∂E/∂w",
        "fix": "代入は ← で書き、番号は一度だけ使い、和はすべてのユニットについてとる。",
        "first": "{index} についての和の最初の項が抜けている",
        "last": "{index} についての和の最後の項が抜けている",
        "assignment": "これは代入である({name} が両辺にある)",
        "assignment.what": "代入を等式で書いている。",
        "assignment.fix": "代入は ← で書く。",
    },
}

MISTAKE = Mistake("M28", TEXTS, make, undo)
