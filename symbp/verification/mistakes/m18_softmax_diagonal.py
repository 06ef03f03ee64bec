"""M18: only a part of the softmax Jacobian is used."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, KroneckerDelta, Sum, exp

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, places
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.output import Slopes, by_delta
from symbp.verification.mistakes.paths import paths


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``Σ_k ∂E/∂z_k ∂z_k/∂u_j`` -> ``∂E/∂z_j ∂z_j/∂u_j``, or all terms but that one"""
    for place in places(expr, context.free):
        if isinstance(place.part, KroneckerDelta):
            yield Made(place.put(Integer(1)), "diagonal")
            yield Made(place.put(Integer(0)), "rest")
        if isinstance(place.part, Add):
            yield from _of_bracket(place)
    yield from _by_path(context)
    for z in context.outputs:
        u = context.sources.get(z)
        if u is None or not u.axes or context.formula(u.entry, u.entry) is not None:
            continue
        slopes = Slopes.of(expr, context, z)
        for say, delta in _partly(z, u, context):
            found = (*by_delta(context, z, None, delta), *slopes.replaced(None, delta))
            yield from (Made(made, say) for made in found)


def _by_path(context: Context) -> Iterator[Made]:
    """The left side by way of the one softmax that reads it: ``∂E/∂p_j p_j (1 − p_j)``"""
    found = paths(context)
    if len(found) != 1:
        return
    equation, at = found[0].equation, found[0].target
    by = tensor_of(equation.lhs)
    if by.axes == tensor_of(at).axes and equation.rhs.has(Sum) and equation.rhs.has(exp):
        here = by[indices_of(at)]
        yield Made(Partial(context.program.loss, here) * Partial(here, at), "diagonal")
        yield Made(Partial(context.program.loss, here) * here, "own")


def _of_bracket(place: Place) -> Iterator[Made]:
    """``[k = j] − z_j`` -> ``[k = j]``, ``[k = j] (1 − z_j)``"""
    for chosen in place.part.args:
        if isinstance(chosen, KroneckerDelta):
            others = place.part - chosen
            yield Made(place.put(chosen), "diagonal", part=chosen)
            yield Made(place.put(chosen * (1 + others)), "diagonal", part=chosen * (1 + others))


def _partly(z: Tensor, u: Tensor, context: Context) -> Iterator[tuple[str, Equation]]:
    """δ from the diagonal of the Jacobian, and from all else."""
    own = indices_of(u.entry)
    (slot,) = [n for n, axis in enumerate(u.axes) if axis.place is not None] or [len(own) - 1]
    loss, j = context.program.loss, own[slot]
    k = z.axes[slot].fresh([i for i in own if isinstance(i, Index)], "k")
    here, there = z[own], z[(*own[:slot], k, *own[slot + 1 :])]
    at = u[own]
    yield "own", Equation("", at, Partial(loss, here) * here)
    yield "diagonal", Equation("", at, Partial(loss, here) * Partial(here, at))
    others = Partial(loss, there) * Partial(there, at) * (1 - KroneckerDelta(j, k))
    yield "rest", Equation("", at, total(others, k))


TEXTS = {
    "en": {
        "what": "Only the diagonal of the softmax Jacobian is used, or only what is beside it.",
        "why": "Each output of a softmax depends on every u: ∂z_k/∂u_j = z_k ([k = j] − z_j).",
        "example": "δ_j = ∂E/∂z_j · z_j (1 − z_j) with a softmax",
        "fix": "Sum over all outputs k, with z_k ([k = j] − z_j).",
        "diagonal": "only the diagonal of the softmax Jacobian is there: the terms −z_k z_j are"
        " missing",
        "own": "the terms −z_k z_j of the softmax Jacobian are missing, for k = j too",
        "rest": "the diagonal of the softmax Jacobian is missing: for k = j it is z_j (1 − z_j)",
    },
    "ja": {
        "what": "ソフトマックスのヤコビ行列の対角成分だけ、または非対角成分だけを使っている。",
        "why": "ソフトマックスの各出力はすべての u に依存する: ∂z_k/∂u_j = z_k ([k = j] − z_j)。",
        "example": "ソフトマックスなのに δ_j = ∂E/∂z_j · z_j (1 − z_j)",
        "fix": "z_k ([k = j] − z_j) を用いて、すべての出力 k について和をとる。",
        "diagonal": "ヤコビ行列の対角成分しかない。−z_k z_j の項が抜けている",
        "own": "ソフトマックスのヤコビ行列の −z_k z_j の項が、k = j も含めて抜けている",
        "rest": "ヤコビ行列の対角成分が抜けている。k = j では z_j (1 − z_j) である",
    },
}

MISTAKE = Mistake("M18", TEXTS, make)
