"""M23: two names share one array, and one changes the other."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.derivation.names import delta_of
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``z_j`` -> ``δ_j``, where δ was computed in the array of z; ``u_j`` -> ``z_j``"""
    for entry in entries(expr):
        tensor = tensor_of(entry)
        for other in _sharing(entry, tensor, context):
            if context.is_known(tensor_of(other)):
                made = expr.xreplace({entry: other})
                yield Made(made, "alias", {"wrong": other, "right": entry}, other)


def _sharing(entry: Expr, tensor: Tensor, context: Context) -> Iterator[Expr]:
    if tensor.role is Role.ACTIVATION and context.preactivated(entry) is not None:
        yield delta_of(tensor)[indices_of(entry)]
    if tensor.role is Role.PREACTIVATION and (z := context.activated(entry)) is not None:
        yield z


TEXTS = {
    "en": {
        "what": "An array is changed in place while another name still stands for it.",
        "why": "b = a makes no copy: after b -= 1, a is another array, too.",
        "example": "delta = probs; delta[range(m), t] -= 1; then probs is read again",
        "fix": "Copy: delta = probs.copy().",
        "alias": "{wrong} is the same array as {right}, which is needed unchanged: copy it",
    },
    "ja": {
        "what": "別の名前でも参照されている配列を、その場で書き換えている。",
        "why": "b = a では複製されない。b -= 1 の後は a も変わっている。",
        "example": "delta = probs; delta[range(m), t] -= 1 の後で probs を読む",
        "fix": "delta = probs.copy() のように複製する。",
        "alias": "{wrong} は {right} と同じ配列である。元の値が要るので複製する",
    },
}

MISTAKE = Mistake("M23", TEXTS, make, cost=1)
