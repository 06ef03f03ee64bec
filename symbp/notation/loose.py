"""Signs without indices read in other ways: as numbers, and by the axes that they extend along."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sympy import Add, Expr, Integer, Mul

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Tensor, entries, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation.expressions import RULES
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Remark
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import ONES, is_weight


class Single(Meaning):
    """Reads a line as if every layer had one unit and there were one sample.

    What stands without indices is the entry at one letter for each axis, as all sums have one term;
    a transposition changes nothing.
    """

    seen: Mapping[Axis, Index] = MappingProxyType({})

    def __call__(self, formula: tree.Formula) -> Expr:
        if isinstance(formula, tree.Transposed):
            return self(formula.inner)
        if isinstance(formula, tree.Hadamard):
            return self(tree.Product(formula.factors))
        if isinstance(formula, tree.Sign) and formula.glyph == ONES:
            return Integer(1)
        return super().__call__(formula)

    def implied_entry(
        self, sign: tree.Sign, tensors: list[Tensor], sample: list[tree.Formula]
    ) -> Expr:
        if len(tensors) > 1:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        (tensor,) = tensors
        first = [self.position(each) for each in sample]
        for position, axis in zip(first, tensor.axes, strict=False):
            self.letters.stands(position, axis)
        rest = tensor.axes[len(first) :]
        axes = dict.fromkeys((*self.seen, *rest))
        self.seen = {axis: axis.index(f"j{k}") for k, axis in enumerate(axes)}
        return tensor[(*first, *(self.seen[axis] for axis in rest))]

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        return self(formula)


class ByAxis(Meaning):
    """Reads a sign without indices as the entry at one letter for each axis: δ z for δ_j z_i."""

    seen: Mapping[Axis, Index] = MappingProxyType({})

    def implied_entry(
        self, sign: tree.Sign, tensors: list[Tensor], sample: list[tree.Formula]
    ) -> Expr:
        if len(tensors) > 1 or sample or self.moved:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        (tensor,) = tensors
        self.implied.append(sign)
        axes = list(dict.fromkeys((*self.seen, *tensor.axes)))
        self.seen = {axis: axis.index(c) for axis, c in zip(axes, _LETTERS, strict=False)}
        if len(axes) > len(_LETTERS):
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        return tensor[tuple(self.seen[axis] for axis in tensor.axes)]

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        raise self.unexpected(formula, "index")

    def line(self, formulas: list[tree.Formula]) -> tuple[Expr, ...] | None:
        """The sides, where all extend along the same axes; None where they do not."""
        self.seen = {}
        try:
            found = self.settled(*map(self, formulas))
        except ReadError:
            return None
        free = [{s for s in side.free_symbols if isinstance(s, Index)} for side in found]
        if any(each != free[0] for each in free) or len(set(self.seen)) > len(free[0]):
            return None
        if any(map(_multiplies_weights, found)):
            return None  # W x means a sum
        self.remarks.append(Remark("by_axis", self.column(formulas[0])))
        return found


_LETTERS = "ijkm"


def _multiplies_weights(side: Expr) -> bool:
    """Whether weights stand anywhere but alone, or below a ∂."""
    if isinstance(side, Partial):
        return not is_entry(side.of) and _multiplies_weights(side.of)
    if is_entry(side):
        return False
    alone = [part for part in side.args if is_entry(part) and is_weight(tensor_of(part))]
    if alone and not isinstance(side, Add):
        others = [part for part in side.args if entries(part) and part not in alone]
        return not isinstance(side, Mul) or any(
            tensor_of(e).axes for o in others for e in entries(o)
        )
    return any(map(_multiplies_weights, side.args))


def single_entries(
    lexicon: Lexicon, columns: dict[int, int], formulas: list[tree.Formula]
) -> tuple[Expr, ...] | None:
    """The sides, as if every axis had one entry; None where they cannot be read even so."""
    meaning = Single(lexicon, columns, RULES)
    try:
        return meaning.settled(*map(meaning, formulas))
    except ReadError:
        return None
