"""M19: a softmax is applied twice, or along the wrong axis."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Derivative, Expr, Sum, exp

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.tensor import entries, indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``softmax(u)`` -> ``softmax(softmax(u))``, or a softmax over the samples"""
    differentiated = {part.wrt for part in expr.atoms(Partial)}
    differentiated |= {z for part in expr.atoms(Derivative) for z in part.variables}
    for z in entries(expr):
        if z in differentiated:
            continue
        u = context.preactivated(z)
        definition = context.definition(tensor_of(z)) if u is not None else None
        if definition is None or not definition.rhs.has(Sum) or not indices_of(z):
            continue
        *_, j = indices_of(z)
        if u is None or not isinstance(j, Index):
            continue
        facts = {"output": z}
        yield Made(expr.xreplace({z: _normalised(z, j)}), "twice", facts)
        for other in indices_of(z):
            if isinstance(other, Index) and other != j:
                along = _normalised(u, other)
                yield Made(expr.xreplace({z: along}), "axis", {"index": other, "right": j})


def _normalised(entry: Expr, index: Index) -> Expr:
    """``e^{t_i} / Σ_m e^{t_m}``"""
    m = index.axis.index(index.letter + "*")
    return exp(entry) / total(exp(entry.xreplace({index: m})), m)


TEXTS = {
    "en": {
        "what": "Softmax is applied twice, or normalises along the wrong axis.",
        "why": "The outputs of each sample must sum to 1 over the units; a second softmax flattens"
        " them.",
        "example": "probabilities handed to a loss that applies softmax itself",
        "fix": "Apply softmax once, over the units of each sample.",
        "twice": "softmax is applied to {output}, which is a softmax already",
        "axis": "the softmax is normalised over {index}; it must be over {right}",
    },
    "ja": {
        "what": "ソフトマックスを二重に適用している、または正規化の軸が違う。",
        "why": "出力は標本ごとにユニットについて足して 1 になる。二度目のソフトマックスは"
        "それを平らにする。",
        "example": "内部でソフトマックスを適用する損失に確率を渡す",
        "fix": "標本ごとに、ユニットについて一度だけ適用する。",
        "twice": "すでにソフトマックスの出力である {output} に再び適用している",
        "axis": "{index} について正規化しているが、正しくは {right} についてである",
    },
}

MISTAKE = Mistake("M19", TEXTS, make)
