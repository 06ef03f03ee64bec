"""Whether a page has biases."""

from __future__ import annotations

from symbp.equations.tensor import Role
from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.facts import Line
from symbp.verification.binding.patterns import ZERO
from symbp.verification.binding.peek import parts

NAMED = ("bias", "bias-as-weight")
FORWARD = ("order", "matrix")
"""What only a weighted sum shows."""


def speaks_of_biases(lines: tuple[Line, ...], binding: Binding) -> bool:
    """False where the page sums weighted inputs and there is no bias anywhere on it."""
    if has_bias_units(lines, binding):
        return False
    said = {fact.key for fact in binding.facts}
    if not said.isdisjoint(NAMED) or said.isdisjoint(FORWARD):
        return True
    glyph = binding.notation.convention.glyphs[Role.BIAS].lower()
    glyphs = (glyph, f"d{glyph}", f"Δ{glyph}".lower())
    for part in (part for line in lines for part in parts(line.sides)):
        if isinstance(part, tree.Bound) and part.lower == ZERO:
            return True
        if isinstance(part, Sign) and (part.glyph.lower() in glyphs or ZERO in part.indices):
            return True
    return False


def has_bias_units(lines: tuple[Line, ...], binding: Binding) -> bool:
    """Whether a unit 0 is summed with all others: no bias stands apart.

    Either it is said to be 1, or sums begin with it, and nowhere is it written by itself.
    """
    convention = binding.notation.convention
    glyph = convention.glyphs[Role.BIAS].lower()
    is_said, firsts = False, set()
    for line in lines:
        left = line.sides[0]
        is_unit = isinstance(left, Sign) and ZERO in left.indices and len(left.indices) == 1
        if is_unit and line.sides[1:] == (tree.ONE,):
            is_said = True
            continue
        for part in parts(line.sides):
            if isinstance(part, tree.Bound) and part.lower is not None:
                firsts.add(part.lower)
            if isinstance(part, Sign) and (ZERO in part.indices or part.glyph.lower() == glyph):
                return False
    begins = ZERO in firsts and not convention.bias_as_weight
    return begins or (is_said and not firsts)
