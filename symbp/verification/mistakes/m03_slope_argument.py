"""M03: f′ twice, or at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.tensor import tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.slopes import Slope, slopes, slopes_below, slopes_twice


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``f'(u)`` -> ``f'(u)²``, ``f'(z)``, ``f'(u^{l+1})``, ``f'(u^{l−1})``"""
    for slope in (*slopes(expr, context), *slopes_below(expr, context)):
        right = context.primed(slope.u)
        own = slope.written(context)
        yield Made(slope.replaced(own * own), "twice", {"slope": right})
        for argument in _arguments(slope, context):
            facts = {"slope": context.primed(slope.u, argument), "right": right}
            for at in (slope.u, argument):
                other = context.slope_at(at, argument)
                if other is not None and context.formula(at, argument) != argument:
                    yield Made(
                        slope.replaced(other), "argument", facts, _typed(facts["slope"], context)
                    )


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``f'(u)²`` -> ``f'(u)``"""
    for slope in slopes_twice(written, context):
        facts = {"slope": context.primed(slope.u)}
        yield Made(slope.replaced(1), "twice", facts, slope.place.part)


def _arguments(slope: Slope, context: Context) -> Iterator[Expr]:
    """What f′ may have been taken at: the output of the unit, and the units around it."""
    z = context.activated(slope.u)
    if z is not None:
        yield z
        yield from context.at(tensor_of(z), slope.place.scope)
    for by in (1, -1, 0):
        unit = context.shifted(tensor_of(slope.u), by)
        for u in context.at(unit, slope.place.scope) if unit is not None else ():
            if u != slope.u:
                yield u


def _typed(slope: Expr, context: Context) -> Expr:
    """``slope`` as the writer has it, whose functions may belong to no layer."""
    plain = Opaque(FunctionSymbol(slope.symbol.label), slope.argument, slope.order)
    return plain if context.written.has(plain) else slope


TEXTS = {
    "en": {
        "what": "f′ stands twice, or is taken of something other than its own input.",
        "why": "∂f(u)/∂u is f′ at u, once: not at f(u), and not at the input of another layer.",
        "example": "f′(z_j) instead of f′(u_j)",
        "fix": "Take f′ once, at the pre-activation of the same unit.",
        "twice": "{slope} stands twice",
        "argument": "f′ is taken as {slope}; it must be {right}",
    },
    "ja": {
        "what": "f′ が二重に掛かっている、または f′ の引数が違う。",
        "why": "∂f(u)/∂u は u における f′ 一つである。f(u) でも他の層の入力でもない。",
        "example": "f′(u_j) とすべきところが f′(z_j)",
        "fix": "同じユニットの入力 u における f′ を一度だけ掛ける。",
        "twice": "{slope} が二重に掛かっている",
        "argument": "{slope} となっているが、正しくは {right}",
    },
}

MISTAKE = Mistake("M03", TEXTS, make, undo)
