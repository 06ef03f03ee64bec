"""M16: one of several paths is not added."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, Sum

from symbp.equations.calculus import Partial
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import fixed, places, summing
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.paths import paths


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``a + b`` -> ``a``; ``Σ_n a_n`` -> its last term, as ``=`` in place of ``+=`` leaves it"""
    for place in places(expr, context.free):
        for index, body in summing(place.part):
            last = fixed(body, index, index.axis.size - Integer(1))
            yield Made(place.put(last), "last", {"index": index}, last)
        if isinstance(place.part, Add):
            for path in place.part.args:
                new = place.part - path
                is_use = any(a.has(Sum, Partial) for a in place.part.args)
                yield Made(place.put(new), "path", {"path": path}, new, cost=0 if is_use else 1)
    yield from _by_paths(context)


def _by_paths(context: Context) -> Iterator[Made]:
    """The left side by way of all equations that read it but one."""
    found = paths(context)
    for path in found if len(found) > 1 else ():
        rest = Add(*(other.share for other in found if other is not path))
        yield Made(rest, "path", {"path": path.equation.lhs})


TEXTS = {
    "en": {
        "what": "A quantity that is used more than once gets only part of its gradient.",
        "why": "The gradient is the sum over all uses: = overwrites what += would add.",
        "example": "grad = … in a loop over the samples instead of grad += …",
        "fix": "Add up one term for each use.",
        "last": "only the last term over {index} is kept: add the terms up",
        "path": "the path through {path} is not added",
        "turn": "only one turn of the loop is kept: add them up with +=",
    },
    "ja": {
        "what": "複数回使われる量の勾配が、一部しか足されていない。",
        "why": "勾配はすべての使用箇所についての和である。= では += で足すはずのものを上書きする。",
        "example": "標本についてのループで grad += … とすべきところが grad = …",
        "fix": "使われる箇所ごとに一項ずつ足す。",
        "last": "{index} についての最後の項しか残っていない。すべて足す",
        "path": "{path} を通る経路が足されていない",
        "turn": "ループの 1 回分しか残っていない。+= ですべて足す",
    },
}

MISTAKE = Mistake("M16", TEXTS, make)
