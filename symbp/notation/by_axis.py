"""Signs without indices read by the axes that they extend along: ∂E/∂w = δ z for δ_j z_i."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sympy import Add, Expr, Mul

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Tensor, entries, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation.indices import is_weight
from symbp.notation.line import Remark
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError

_LETTERS = "ijkm"


class ByAxis(Meaning):
    """Reads a sign without indices as the entry at one letter for each axis."""

    seen: Mapping[Axis, Index] = MappingProxyType({})

    def bare_entry(self, sign: tree.Sign, tensor: Tensor, sample: tree.Formula | None) -> Expr:
        if sample is not None or self.unplaced:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        self.bare.append(sign)
        axes = list(dict.fromkeys((*self.seen, *tensor.axes)))
        self.seen = {axis: axis.index(c) for axis, c in zip(axes, _LETTERS, strict=False)}
        if len(axes) > len(_LETTERS):
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        return tensor[tuple(self.seen[axis] for axis in tensor.axes)]

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        raise self.unexpected(formula, "index")

    def line(self, formulas: list[tree.Formula]) -> tuple[Expr, ...] | None:
        """The sides, where all extend along the same axes; None where they do not."""
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
