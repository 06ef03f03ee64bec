"""M22: the mask of a ReLU is taken from the wrong array."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Piecewise

from symbp.derivation.names import delta_of
from symbp.equations.calculus import Partial
from symbp.equations.tensor import indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.slopes import Slope, slopes


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``[u > 0]`` -> ``[δ > 0]``, ``[u^{l+1} > 0]``, ``[u < 0]``"""
    for slope in slopes(expr, context):
        if len(slope.factors) != 1 or not isinstance(slope.factors[0], Piecewise):
            continue
        mask = slope.factors[0]
        (high, condition), *others = mask.args
        (low, _) = others[0] if others else (0, True)
        yield Made(
            slope.replaced(Piecewise((low, condition), (high, True))),
            "reversed",
            {"right": slope.u},
        )
        for other in _arrays(slope, context):
            new = mask.xreplace({slope.u: other})
            yield Made(slope.replaced(new), "array", {"wrong": other, "right": slope.u}, new)


def _arrays(slope: Slope, context: Context) -> Iterator[Expr]:
    """What the mask may have been taken from: gradients of the unit, and the layers around."""
    delta, z = delta_of(tensor_of(slope.u)), context.activated(slope.u)
    if context.is_known(delta):
        yield delta[indices_of(slope.u)]
    for unit in (slope.u, *([] if z is None else [z])):
        yield Partial(context.program.loss, unit)
    yield slope.place.without(*slope.factors)
    for by in (1, -1):
        for tensor in (tensor_of(slope.u), delta, tensor_of(context.activated(slope.u) or slope.u)):
            near = context.shifted(tensor, by)
            if near is not None:
                yield from context.at(near, slope.place.scope)


TEXTS = {
    "en": {
        "what": "The mask of a ReLU is taken from another array than its input.",
        "why": "The slope of a ReLU is 1 where its input was positive in the forward pass, else 0.",
        "example": "d1[d1 < 0] = 0 instead of d1[u1 < 0] = 0",
        "fix": "Keep u from the forward pass, and mask by u > 0.",
        "array": "the mask is taken from {wrong}; it must be {right} > 0",
        "reversed": "the mask is the wrong way round: the gradient passes where {right} > 0",
    },
    "ja": {
        "what": "ReLU のマスクを、その入力ではない配列から作っている。",
        "why": "ReLU の傾きは、順伝播での入力が正なら 1、それ以外は 0 である。",
        "example": "d1[u1 < 0] = 0 とすべきところが d1[d1 < 0] = 0",
        "fix": "順伝播の u を残しておき、u > 0 でマスクする。",
        "array": "マスクが {wrong} から作られている。正しくは {right} > 0 である",
        "reversed": "マスクが逆である。勾配は {right} > 0 のところを通る",
    },
}

MISTAKE = Mistake("M22", TEXTS, make)
