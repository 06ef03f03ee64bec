"""M07: 1/m is missing, stands twice, or is in one gradient and not in another."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.axis import Size
from symbp.equations.tensor import Role
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import products
from symbp.verification.mistakes.mistake import Made, Mistake


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``a/m`` -> ``a``, ``a/m²``"""
    for size in context.sizes:
        says = _says(size, context)
        for place in products(expr, context.free):
            for factor, say in zip((size, 1 / size), says, strict=True):
                yield Made(place.put(factor * place.part), say, {"size": size})


def undo(written: Expr, context: Context) -> Iterator[Made]:
    """``a`` -> ``a/m``"""
    for size in context.sizes:
        below, above = _says(size, context)
        yield Made(written / size, below, {"size": size}, written)
        yield Made(written * size, above, {"size": size}, written)


def _says(size: Size, context: Context) -> tuple[str, str]:
    """What is said of a line that is too large by the factor ``size``, and of one too small."""
    definitions = context.program.definitions.items()
    losses = [e.rhs for t, e in definitions if t.role in (Role.LOSS, Role.TERM)]
    is_mean = any(rhs.has(1 / size) for rhs in losses)
    return ("missing", "twice") if is_mean else ("multiplied", "added")


TEXTS = {
    "en": {
        "what": "The factor 1/m of a mean is missing, stands twice, or is in only some gradients.",
        "why": "A loss that is a mean over m samples has 1/m in every gradient, once.",
        "example": "1/m in ∂E/∂w but not in ∂E/∂b",
        "fix": "Put 1/m into δ of the last layer and nowhere else.",
        "missing": "the factor 1/{size} is missing",
        "twice": "1/{size} stands twice",
        "multiplied": "there is a factor {size} too many",
        "added": "the loss has no 1/{size}",
    },
    "ja": {
        "what": "平均の 1/m が抜けている、二重にある、または一部の勾配にしかない。",
        "why": "m 個の標本の平均である損失では、どの勾配にも 1/m がちょうど一度現れる。",
        "example": "∂E/∂w には 1/m があるが ∂E/∂b にはない",
        "fix": "1/m は出力層の δ にだけ入れる。",
        "missing": "1/{size} が抜けている",
        "twice": "1/{size} が二重に掛かっている",
        "multiplied": "{size} が余分に掛かっている",
        "added": "損失に 1/{size} はない",
    },
}

MISTAKE = Mistake("M07", TEXTS, make, undo)
