"""Lines read as if every layer had one unit: what is left of those whose shapes do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index
from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation import signs
from symbp.notation.columns import Columns
from symbp.notation.expressions import RULES
from symbp.notation.glyphs import ONES
from symbp.notation.lexicon import Lexicon
from symbp.notation.meaning import Meaning, Rule
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError


class Single(Meaning):
    """Reads a line as if every layer had one unit and there were one sample.

    What stands without indices is the entry at one letter for each axis, as all sums have one term.
    """

    seen: Mapping[Axis, Index] = MappingProxyType({})

    def bare_entry(self, sign: tree.Sign, tensor: Tensor, sample: tree.Formula | None) -> Expr:
        first = [] if sample is None else [position(self, sample)]
        for index, axis in zip(first, tensor.axes, strict=False):
            self.letters.stands(index, axis)
        rest = tensor.axes[len(first) :]
        axes = dict.fromkeys((*self.seen, *rest))
        self.seen = {axis: axis.index(f"j{k}") for k, axis in enumerate(axes)}
        return tensor[(*first, *(self.seen[axis] for axis in rest))]

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        return self(formula)


def _sign(meaning: Meaning, sign: tree.Sign) -> Expr:
    return Integer(1) if sign.glyph == ONES else signs.value(meaning, sign)


NUMBER_RULES: Mapping[type, Rule] = {
    **RULES,
    tree.Sign: _sign,
    tree.Transposed: lambda meaning, formula: meaning(formula.inner),
}
"""A transposition changes nothing, and a column of ones is 1."""


def single_entries(
    lexicon: Lexicon, columns: Columns, formulas: list[tree.Formula]
) -> tuple[Expr, ...] | None:
    """The sides, as if every axis had one entry; None where they cannot be read even so."""
    meaning = Single(lexicon, columns, NUMBER_RULES)
    try:
        return meaning.settled(*map(meaning, formulas))
    except ReadError:
        return None
