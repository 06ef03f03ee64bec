"""Steps and what they are too much by, each held against the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer

from symbp.equations.axis import Size
from symbp.equations.tensor import Tensor
from symbp.verification.code.scene import Form, Scene
from symbp.verification.code.updates import Effect, _sign


def _meaning(forms: Sequence[Form] | None) -> tuple[object, ...]:
    """What an array is, and how much of it."""
    return (forms[0].of, forms[0].factor) if forms else ()


def _like(tensor: Tensor, entry: Expr) -> Expr:
    return tensor[tuple(entry.indices)] if tensor.axes else tensor[()]


def _off(e: Effect, base: Expr | None) -> Expr | None:
    """What a step is too much by."""
    if e.factor is None:
        return Integer(-1) if e.sign < 0 else None
    signed: Expr = abs(e.factor) if e.sign >= 0 else -abs(e.factor)
    return signed if base is None else signed / base


def _base(effects: Sequence[Effect]) -> Expr | None:
    """The multiple that the steps share: 1 if any does, else the most frequent."""
    found = [abs(e.factor) for e in effects if e.is_along and e.factor is not None]
    if not found:
        return None
    return Integer(1) if 1 in found else Counter(found).most_common(1)[0][0]


def _against_each_other(scene: Scene, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Steps of unknown size, told by each other where a number of samples lies between them."""
    effects = _of_single_numbers(scene, _of_rules(_of_typed_rates(scene, effects)))
    blank = [e for e in effects if is_odd(e)]
    if len(blank) < 2:
        return tuple(effects)
    out = list(effects)
    inverse = scene.field.inverse(blank[0].ratio)
    relative = {e.parameter: scene.named(scene.field.reduce(e.ratio * inverse)) for e in blank}
    if any(f is not None and f.atoms(Size) for f in relative.values()):
        out = [replace(e, factor=relative[e.parameter]) if e in blank else e for e in effects]
    return tuple(out)


def _of_typed_rates(scene: Scene, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Steps with a number for a rate and the gradient in them, ``w -= 0.1 * x * d``, over that."""
    rates = [n for e in effects if e.kind == "plain" for n in e.typed]
    rates += [n for e in effects if e.is_typed for n in e.typed]
    return tuple(_over_typed(scene, e, rates) if e.is_typed else e for e in effects)


def _over_typed(scene: Scene, e: Effect, rates: Sequence[Expr]) -> Effect:
    """The step over a number of its own that leaves the gradient, else over that of others."""
    ratios = [scene.field.reduce(e.ratio * scene.field.rational(1 / n)) for n in (*e.typed, *rates)]
    found = [f for f in map(scene.named, ratios) if f is not None]
    if not found:
        return e
    factor = next((f for f in found if abs(f) == 1), found[0])
    return replace(e, factor=factor, sign=_sign(factor))


def _of_single_numbers(scene: Scene, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """A gradient of one entry is along any other: an odd multiple must be that of others, too."""
    return tuple(
        replace(e, ratio=None)
        if is_odd(e)
        and len(effects) > 1
        and scene.gradient(e.parameter.before).size == 1
        and not any(
            o is not e and o.is_along and scene.field.same(o.ratio, e.ratio) for o in effects
        )
        else e
        for e in effects
    )


def is_odd(e: Effect) -> bool:
    return e.is_along and e.factor is None and e.kind != "rule"


def _of_rules(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Of steps by one rule whose sign is not clear, those against the others go up the slope."""
    signs = {e.factor.could_extract_minus_sign() for e in effects if _is_unclear(e) and e.factor}
    if len(signs) < 2:
        return tuple(effects)
    return tuple(
        replace(e, sign=-1 if e.factor is not None and e.factor.could_extract_minus_sign() else 1)
        if _is_unclear(e)
        else e
        for e in effects
    )


def _is_unclear(e: Effect) -> bool:
    return e.kind == "rule" and e.is_along and not e.sign and e.factor is not None
