"""Letters that name a size and a matrix, as T does steps and targets: which of them is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from symbp.equations.axis import Size
from symbp.notation import formula as tree
from symbp.notation.axes import SCALAR
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError
from symbp.notation.shapes import Shapes
from symbp.notation.wholes import Wholes

Formulas = Sequence[tree.Formula]

BESIDE: Mapping[type, Callable[[Any], tuple[Formulas, Formulas]]] = {
    tree.Terms: lambda formula: (_terms(formula), _terms(formula)),
    tree.Hadamard: lambda formula: (formula.factors, formula.factors),
    tree.Fraction: lambda formula: ((formula.top,), (formula.bottom,)),
}
"""Type of formula -> the parts that are matrices if any of the other ones is."""


@dataclass(frozen=True)
class Doubles:
    """Finds the matrices among the letters of one line that name a size, too.

    A letter is the matrix where only a matrix fits: as a term or a factor by entries beside a
    matrix, divided by one, equal to one, or transposed. It stays the size where it counts: as a
    limit, a factor or a divisor.
    """

    lexicon: Lexicon
    wholes: Wholes
    shapes: Shapes

    def settle(self, sides: Formulas) -> None:
        """Tells ``wholes`` what is found, from the inside out; no shape may be asked for before."""
        for side in sides:
            self._settle(side)
        self._see(sides, sides)

    def _settle(self, formula: Any) -> None:
        if not isinstance(formula, tuple) or isinstance(formula, tree.Sign):
            return
        for part in formula:
            self._settle(part)
        if isinstance(formula, tree.Transposed) and self._is_double(formula.inner):
            self.wholes.take_as_matrix(formula.inner)
        elif type(formula) in BESIDE:
            self._see(*BESIDE[type(formula)](formula))

    def _see(self, parts: Formulas, others: Formulas) -> None:
        found = [part for part in parts if self._is_double(part)]
        if found and any(self._is_wide(o) for o in others if not self._is_double(o)):
            for sign in found:
                self.wholes.take_as_matrix(sign)

    def _is_double(self, formula: Any) -> TypeGuard[tree.Sign]:
        """Whether it is a letter that names a size, and a matrix or a column."""
        if not isinstance(formula, tree.Sign) or formula not in self.lexicon.matrices:
            return False
        is_size = isinstance(self.lexicon.scalars.get(formula), Size)
        return is_size and len(self.lexicon.matrices[formula].axes) <= 2

    def _is_wide(self, formula: tree.Formula) -> bool:
        try:
            return self.shapes.of(formula) != SCALAR
        except ReadError:
            return False  # what does not fit is told where the whole line is read


def _terms(formula: tree.Terms) -> Formulas:
    return tuple(part for _, part in formula.parts)
