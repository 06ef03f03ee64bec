"""M27: δ means one thing here and another there."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed

from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, entries, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``δ_k w_jk`` -> ``∂E/∂z_k w_jk``"""
    for delta in _deltas(expr):
        if (other := _by_output(delta, context)) is not None:
            facts = {"symbol": delta, "meaning": other}
            yield Made(expr.xreplace({delta: other}), "used", facts, other, cost=1)


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """The line is right where δ is read as ∂E/∂z throughout."""
    meant = {d: o for d in _deltas(written) if (o := _by_output(d, context)) is not None}
    made = written.xreplace(meant)
    for delta, other in meant.items():
        yield Made(made, "meant", {"symbol": delta, "meaning": other}, delta)
        break
    if isinstance(context.left, Indexed) and tensor_of(context.left).role is Role.DELTA:
        goal = _by_output(context.left, context)
        if goal is None:
            return
        facts = {"symbol": context.left, "meaning": goal}
        yield Made(written, "meant", facts, goal=goal, cost=0 if written == goal else 1)
        yield Made(made, "meant", facts, goal=goal)


def _deltas(expr: Expr) -> list[Expr]:
    return [e for e in entries(expr) if tensor_of(e).role is Role.DELTA]


def _by_output(delta: Expr, context: Context) -> Expr | None:
    """``∂E/∂z_k``, given ``δ_k`` that is ``∂E/∂u_k``; the other way round where it is that."""
    unit = context.unit_of(delta)
    if unit is None:
        return None
    is_output = tensor_of(unit).role is Role.ACTIVATION
    other = context.preactivated(unit) if is_output else context.activated(unit)
    return None if other is None else Partial(context.program.loss, other)


TEXTS = {
    "en": {
        "what": "A symbol is used with another meaning than the one that it was given.",
        "why": "δ = ∂E/∂u and δ = ∂E/∂z differ by the factor f′(u): both are in use, not together.",
        "example": "δ^l is ∂E/∂u^l in one line, and the next reads δ^(l+1) as ∂E/∂z^(l+1)",
        "fix": "Define δ once, and keep to it in every line.",
        "used": "{symbol} is read as {meaning} here",
        "meant": "this is right only if {symbol} stands for {meaning}, which is not its definition",
        "below": "in the other lines {symbol} is used as {meaning}",
    },
    "ja": {
        "what": "記号が、定義とは違う意味で使われている。",
        "why": "δ = ∂E/∂u と δ = ∂E/∂z は f′(u) だけ違う。どちらもあるが、混ぜてはならない。",
        "example": "δ^l は ∂E/∂u^l なのに、次の式では δ^(l+1) が ∂E/∂z^(l+1) になっている",
        "fix": "δ を一度定義し、どの行でもその意味で使う。",
        "used": "ここでは {symbol} が {meaning} の意味で使われている",
        "meant": "{symbol} が {meaning} を表すなら正しいが、それは定義と違う",
        "below": "他の行では {symbol} が {meaning} の意味で使われている",
    },
}

MISTAKE = Mistake("M27", TEXTS, make, undo)
