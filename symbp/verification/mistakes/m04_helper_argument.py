"""M04: a helper for the derivative is given u where it wants z, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Mul

from symbp.equations.calculus import Partial
from symbp.equations.tensor import entries
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.slopes import slopes, slopes_below


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``z (1 − z)`` -> ``u (1 − u)``, and ``σ'(u)`` -> ``σ'(z)``"""
    for slope in (*slopes(expr, context), *slopes_below(expr, context)):
        z, group = context.activated(slope.u), Mul(*slope.factors)
        if z is None or context.is_opaque(slope.u):
            continue
        facts = {"right": z, "given": slope.u}
        if set(entries(group)) == {z}:
            other = group.xreplace({z: slope.u})
            yield Made(slope.replaced(other), "wants_output", facts, other)
        turned = {"right": slope.u, "given": z}
        other = context.slope_at(slope.u, z)
        yield Made(slope.replaced(other), "wants_input", turned, other)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``u (1 − u)`` -> ``z (1 − z)``"""
    by = {partial.wrt for partial in written.atoms(Partial)}
    for u in entries(written):
        z = context.activated(u)
        if z is not None and u not in by and not context.is_opaque(u):
            yield Made(written.xreplace({u: z}), "wants_output", {"right": z, "given": u}, u)


TEXTS = {
    "en": {
        "what": "A helper for f′ that is written in terms of the output is given the input,"
        " or the reverse.",
        "why": "x(1 − x) is the derivative of the sigmoid only if x is its output.",
        "example": "d(u) instead of d(z), where d(x) = x(1 − x)",
        "fix": "Look up which of the two the helper wants.",
        "wants_output": "the helper wants the output {right}, and got {given}",
        "wants_input": "the helper wants the input {right}, and got {given}",
    },
    "ja": {
        "what": "出力で書かれた f′ の補助関数に入力を渡している(またはその逆)。",
        "why": "x(1 − x) がシグモイドの微分になるのは x がその出力のときだけである。",
        "example": "d(x) = x(1 − x) に対して d(z) とすべきところが d(u)",
        "fix": "補助関数が入力と出力のどちらを受け取るのかを確かめる。",
        "wants_output": "この補助関数は出力 {right} を受け取るが、{given} が渡されている",
        "wants_input": "この補助関数は入力 {right} を受け取るが、{given} が渡されている",
    },
}

MISTAKE = Mistake("M04", TEXTS, make, undo)
