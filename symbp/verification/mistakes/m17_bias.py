"""M17: the gradient of a bias is summed wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.axis import total
from symbp.equations.tensor import Role, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, places, products, summing
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_n δ_nj`` -> its mean, ``Σ_j δ_nj``, ``Σ_n δ_nj z_ni``, 0"""
    target = context.target
    if target is None or tensor_of(target).role is not Role.BIAS:
        return
    yield Made(0 * expr, "missing")
    yield from _sums(expr, context)
    for axis in context.batch:
        yield Made(expr / axis.size, "mean", {"size": axis.size})
    for j in context.free:
        both = j.axis.fresh(context.free, j.letter + "'")
        summed = total(expr.xreplace({j: both}), both)
        yield Made(summed, "axis", {"index": j})
        yield Made(summed / j.axis.size, "axis", {"index": j})
    for place in products(expr, context.free):
        yield from _times_input(place, context)


def _times_input(place: Place, context: Context) -> Iterator[Made]:
    """With the input of the weight beside it, summed over its units or not."""
    inputs = context.inputs_beside()
    above = [up for z in inputs if (up := context.shifted(z, 1)) is not None]
    for z in (*inputs, *above):
        if not z.axes:  # one number
            for entry in context.at(z, place.scope):
                yield Made(place.put(place.part * entry), "input", {"input": entry}, entry)
            continue
        around = (*place.scope, *context.strays)
        letters = [i for i in context.strays if i.axis == z.axes[-1]]
        for i in letters or [z.axes[-1].fresh(around, "i")]:
            for entry in context.at(z, (*place.scope, i)):
                facts = {"input": entry}
                yield Made(place.put(place.part * entry), "input", facts, entry)
                yield Made(place.put(total(place.part * entry, i)), "input", facts, entry)


def _sums(expr: Expr, context: Context) -> Iterator[Made]:
    for place in places(expr, context.free):
        for n, body in summing(place.part):
            if n.axis in context.batch:
                yield Made(place.put(body), "samples", {"index": n})
                for j in context.free:
                    inner = j.axis.fresh(context.free, j.letter + "'")
                    new = total(body.xreplace({j: inner}), inner)
                    yield Made(place.put(new), "wrong_axis", {"index": j, "right": n})


TEXTS = {
    "en": {
        "what": "The gradient of a bias is summed over the wrong axis, averaged, or multiplied by"
        " the input.",
        "why": "A bias has the input 1 for every sample: its gradient is the sum of δ over the"
        " samples, unit by unit.",
        "example": "∂E/∂b = Σ_n Σ_j δ_nj instead of ∂E/∂b_j = Σ_n δ_nj",
        "fix": "Sum δ over the samples only.",
        "missing": "the bias is left as it is: its gradient is missing",
        "mean": "this is the mean over {size}; the sum is needed, since δ has the factor already",
        "axis": "sum over samples only; here units, {index}, are summed over too",
        "wrong_axis": "the sum runs over {index}; it must run over {right}",
        "samples": "the sum over the samples {index} is missing",
        "input": "the gradient of a bias does not have the factor {input}: its input is 1",
    },
    "ja": {
        "what": "バイアスの勾配で、和の軸が違う、平均になっている、または入力が掛かっている。",
        "why": "バイアスの入力はどの標本でも 1 なので、勾配は δ をユニットごとに標本について"
        "足したものになる。",
        "example": "∂E/∂b_j = Σ_n δ_nj とすべきところが ∂E/∂b = Σ_n Σ_j δ_nj",
        "fix": "δ を標本についてだけ足す。",
        "missing": "バイアスの勾配がなく、バイアスが変わらない",
        "mean": "{size} についての平均になっている。δ に係数があるので和をとる",
        "axis": "標本についてだけ足す。ここではユニット {index} についても足している",
        "wrong_axis": "{index} について足しているが、正しくは {right} についての和である",
        "samples": "標本 {index} についての和が抜けている",
        "input": "バイアスの勾配に {input} は掛からない(入力は 1 である)",
    },
}

MISTAKE = Mistake("M17", TEXTS, make)
