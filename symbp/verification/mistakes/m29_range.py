"""M29: true, but not everywhere that the claim says."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.axis import l
from symbp.equations.equality import Verdict
from symbp.equations.relocate import Places, places_of
from symbp.errors import SymbpError
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """The line as it stands: it is right in some layers and refuted by another one."""
    instances = context.reference.instances(context.left, written)
    if len(instances) < 2 or not any(place.has(l) for place in places_of(context.left)):
        return
    held = [_holds(written, context, places) for places in instances]
    if any(held):
        say = "last" if held[-1] and not any(held[:-1]) else "hidden"
        yield Made(written, say, goal=written)


def _holds(written: Expr, context: Context, places: Places) -> bool:
    try:
        certificate = context.reference.compare(context.left, written, places)
    except (SymbpError, LookupError, ArithmeticError, NotImplementedError, ValueError):
        return False
    return certificate.verdict is not Verdict.REFUTED


TEXTS = {
    "en": {
        "what": "The claim holds in some layers, or for some activations, and not in all.",
        "why": "The last layer has no next one, and the identity has f′ = 1: what holds there may"
        " fail elsewhere.",
        "example": "δ^l_j = f′(u^l_j) Σ_k δ^(l+1)_k w^(l+1)_jk for l = L",
        "fix": "Say for which layers, and which f, the line is meant.",
        "hidden": "this is true in the hidden layers, not in the last one",
        "last": "this is true in the last layer, not in the hidden ones",
    },
    "ja": {
        "what": "主張が成り立つ層や活性化関数が限られている。",
        "why": "最後の層には次の層がなく、恒等関数では f′ = 1 である。そこで成り立つことが他でも"
        "成り立つとは限らない。",
        "example": "l = L での δ^l_j = f′(u^l_j) Σ_k δ^(l+1)_k w^(l+1)_jk",
        "fix": "どの層、どの f についての式なのかを書く。",
        "hidden": "隠れ層では正しいが、最後の層では正しくない",
        "last": "最後の層では正しいが、隠れ層では正しくない",
    },
}

MISTAKE = Mistake("M29", TEXTS, undo=undo)
