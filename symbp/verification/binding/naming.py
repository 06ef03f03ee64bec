"""What a page calls the target, the loss and δ of the layers that it builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.chain import Layer, Sides
from symbp.verification.binding.forward import bare
from symbp.verification.binding.patterns import LOSSES, compared
from symbp.verification.binding.peek import parts

Key = tuple[str, int | None]
"""The neutral name of a tensor and the number of its layer."""


def is_predicting(lines: Sequence[Sides], layers: Sequence[Layer]) -> bool:
    """Whether what the last layer sums up is what is compared with a target."""
    return target_of(lines, layers[-1].left) is not None


def target_of(lines: Sequence[Sides], prediction: Sign) -> Sign | None:
    """What the prediction is compared with in a loss."""
    for sides in lines:
        for part in parts(sides):
            pair = compared(part)
            names = [bare(sign) for sign in pair or ()]
            if prediction in names:
                others = [name for name in names if name != prediction]
                if others:
                    return others[0]
    return None


def loss_of(lines: Sequence[Sides], known: set[Sign]) -> str:
    """What is differentiated by something known and is neither a layer's nor indexed."""
    for sides in lines:
        for part in parts(sides):
            if isinstance(part, tree.Derivative) and isinstance(part.of, Sign):
                of, wrt = part.of, part.wrt
                is_plain = not (of.indices or of.place or of.label or of.primes)
                is_known = isinstance(wrt, Sign) and bare(wrt) in known
                if is_plain and is_known and (of.glyph in LOSSES or bare(of) not in known):
                    return of.glyph
    return ""


def deltas_of(lines: Sequence[Sides], signs: Mapping[Key, Sign], depth: int) -> dict[Key, Sign]:
    """What δ of each layer is called: as it is defined, else as the layer's other signs are."""
    layers = {sign: key for key, sign in signs.items() if key[0] in ("u", "z")}
    said: dict[int, Sign] = {}
    for sides in lines:
        for left, right in _equalities(sides):
            wrt = right.wrt if isinstance(right, tree.Derivative) else None
            if isinstance(left, Sign) and isinstance(wrt, Sign) and bare(left) not in layers:
                name, place = layers.get(bare(wrt), ("", None))
                is_unit = name == "u" or (name == "z" and ("u", place) not in signs)
                if is_unit and place and left.indices == wrt.indices:
                    said.setdefault(place, bare(left))
    glyph = next((sign.glyph for sign in said.values()), "δ")
    found: dict[Key, Sign] = {}
    for place in range(1, depth + 1):
        own = said.get(place)
        others = [sign for other, sign in said.items() if other != place]
        if own is not None and (
            own.place or own.label or own.primes or _is_alone(own, others, lines)
        ):
            found["delta", place] = own
        else:
            at = next((s.place for n in "uzw" if (s := signs.get((n, place))) and s.place), "")
            found["delta", place] = Sign(own.glyph if own else glyph, place=at or str(place))
    return found


def _is_alone(own: Sign, others: Sequence[Sign], lines: Sequence[Sides]) -> bool:
    """Whether a sign without a place stands for one layer only, as its letters show."""
    if own in others:
        return False
    every = (p for sides in lines for p in parts(sides) if isinstance(p, Sign))
    return len({sign.indices for sign in every if bare(sign) == own}) == 1


def _equalities(sides: Sides) -> Iterator[tuple[tree.Formula, tree.Formula]]:
    for number, left in enumerate(sides):
        for right in sides[number + 1 :]:
            yield left, right
