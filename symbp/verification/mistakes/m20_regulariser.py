"""M20: the gradient of a penalty on the weights."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Rational

from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import PARAMETERS, Role, entries, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake

FACTORS = (Integer(2), Rational(1, 2))


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``a + λw`` -> ``a``, ``a + 2λw``, ``a − λw``; ``a`` -> ``a + λb`` for a bias"""
    target = context.target
    if target is None or tensor_of(target).role not in PARAMETERS:
        return
    own = context.here(tensor_of(target))
    for term, rule in _penalties(context):
        facts = {"term": target}
        if entries(rule.rhs, own):
            penalty = Partial(term, target)
            yield Made(expr - penalty, "missing", facts)
            yield Made(expr - penalty + target, "constant", facts)
            yield Made(expr - 2 * penalty, "sign", facts)
            for factor in (*FACTORS, *(1 / size for size in context.sizes)):
                made = expr + (factor - 1) * penalty
                yield Made(made, "factor", {"factor": factor, "term": target})
            continue
        for constant in entries(rule.rhs):
            if tensor_of(constant).role is Role.CONSTANT:
                yield Made(expr + constant * target, "bias", {"term": constant * target})


def _penalties(context: Context) -> list[tuple[Expr, Equation]]:
    """The terms of the loss that read parameters and no data."""
    found = []
    for tensor, equation in context.program.definitions.items():
        if tensor.role is Role.TERM:
            read = {tensor_of(e).role for e in entries(equation.rhs)}
            if read & set(PARAMETERS) and not read & {Role.ACTIVATION, Role.TARGET}:
                found.append((tensor[()], equation))
    return found


TEXTS = {
    "en": {
        "what": "The gradient of the penalty is missing, has a wrong factor or sign, or is applied"
        " to a bias.",
        "why": "(λ/2) Σ w² adds λ w to ∂E/∂w of every weight, and nothing to a bias.",
        "example": "∂E/∂w = Σ_n δ z where the loss has (λ/2) Σ w²",
        "fix": "Add the derivative of the penalty as it is stated.",
        "missing": "the penalty is missing: the loss depends on {term} directly, too",
        "factor": "the gradient of the penalty on {term} has the wrong factor {factor}",
        "constant": "λ is missing in front of {term}",
        "sign": "the gradient of the penalty on {term} has the wrong sign",
        "bias": "{term} does not belong here: the penalty is on the weights only",
    },
    "ja": {
        "what": "正則化項の勾配がない、係数や符号が違う、またはバイアスにも掛かっている。",
        "why": "(λ/2) Σ w² は各重みの ∂E/∂w に λ w を加えるが、バイアスには何も加えない。",
        "example": "損失に (λ/2) Σ w² があるのに ∂E/∂w = Σ_n δ z",
        "fix": "正則化項を、書いてあるとおりに微分して加える。",
        "missing": "正則化項の勾配が抜けている。損失は {term} に直接も依存する",
        "factor": "{term} の正則化項の係数が違う({factor} 倍になっている)",
        "constant": "{term} の前の λ が抜けている",
        "sign": "{term} の正則化項の符号が逆である",
        "bias": "{term} は不要である。正則化項は重みだけに掛かる",
    },
}

MISTAKE = Mistake("M20", TEXTS, make)
