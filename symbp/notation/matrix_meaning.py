"""Formula in matrix form -> index equation: the inverse of ``matrix``.

A formula is read at one cell (row, column) of the matrix that it is: functions and ⊙ are read at
the same cell in all their parts, a product of matrices sums over the axis that they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy import Expr

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import Partial
from symbp.notation import formula as tree
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import ONES

Axes = tuple[Axis | None, Axis | None]
Cell = tuple[Index | None, Index | None]

SCALAR: Axes = (None, None)


def has_matrices(meaning: Meaning, formula: Any) -> bool:
    """Whether a tensor with axes stands in ``formula`` without indices."""
    return any(sign in meaning.lexicon.matrices for sign in _signs(meaning, formula))


def _signs(meaning: Meaning, formula: Any) -> Iterator[tree.Sign]:
    if isinstance(formula, tree.Sign):
        yield formula
    elif isinstance(formula, tree.Apply) and meaning.lexicon.is_loss(formula.function):
        return  # E(z) names z as a whole in any form
    elif isinstance(formula, tuple):
        for part in formula:
            yield from _signs(meaning, part)


class MatrixMeaning(Meaning):
    """Finds the entries of the matrices of one line."""

    cell: Cell = (None, None)

    def line(self, sides: list[tree.Formula]) -> tuple[Expr, ...]:
        """The sides of an equation, at one cell. Raises ReadError."""
        row, column = self.axes(sides[0])
        taken: list[Index] = []
        places = self.lexicon.notation.spelling.oriented((row, column))
        letters = {place: letter for place, letter in zip(places, "ij", strict=True) if place}
        if len(letters) == 1 or any(axis.name == "sample" for axis in letters):
            letters = dict.fromkeys(letters, "j")
        for axis, letter in letters.items():
            taken.append(axis.fresh(taken, "n" if axis.name == "sample" else letter))
        found: dict[Axis | None, Index | None] = {index.axis: index for index in taken}
        self.taken = taken
        cell = found.get(row), found.get(column)
        return self.letters.settled(*(self.at(side, *cell) for side in sides))

    def at(self, formula: tree.Formula, row: Index | None, column: Index | None) -> Expr:
        """The entry of ``formula`` at a cell."""
        before, self.cell = self.cell, (row, column)
        found = self(formula)
        self.cell = before
        return found

    def __call__(self, formula: tree.Formula) -> Any:
        rule = RULES.get(type(formula))
        return super().__call__(formula) if rule is None else rule(self, formula)

    def axes(self, formula: Any) -> Axes:
        """What the rows and the columns run along; None where there is only one."""
        if isinstance(formula, tree.Sign):
            tensor = self.lexicon.matrices.get(formula)
            if tensor is None:
                return SCALAR
            row, column = (*self.lexicon.notation.spelling.oriented(tensor.axes), None)[:2]
            return row, column
        if isinstance(formula, tree.Transposed):
            row, column = self.axes(formula.inner)
            return column, row
        if isinstance(formula, tree.Derivative):
            return self.axes(formula.wrt)
        if isinstance(formula, tree.Product):
            matrices = [f for f in formula.factors if not self.is_scalar(f)]
            return (self.axes(matrices[0])[0], self.axes(matrices[-1])[1]) if matrices else SCALAR
        if isinstance(formula, tuple):
            parts = [self.axes(part) for part in formula if isinstance(part, tuple)]
            return self._common(parts)
        return SCALAR

    def _common(self, parts: list[Axes]) -> Axes:
        """The axes of parts that stand at one cell; a column is repeated where others are wider."""
        found: list[Axis | None] = []
        for side in (0, 1):
            several = list(dict.fromkeys(axis for part in parts if (axis := part[side])))
            if len(several) > 1:
                keys = tuple(axis.key for axis in several)
                raise ReadError("axes_disagree", 1, letter="", axes=keys)
            found.append(several[0] if several else None)
        return found[0], found[1]

    def is_scalar(self, formula: tree.Formula) -> bool:
        return not any(
            sign in self.lexicon.matrices or sign.glyph == ONES for sign in _signs(self, formula)
        )


def _sign(meaning: MatrixMeaning, sign: tree.Sign) -> Expr:
    if sign.glyph == ONES:
        return sympy.Integer(1)
    tensor = meaning.lexicon.matrices.get(sign)
    if tensor is None:
        return meaning.sign(sign)
    row, column = meaning.cell
    places = (row,) if len(tensor.axes) == 1 else (row, column)
    indices = meaning.lexicon.notation.spelling.oriented(places)
    if any(i is None or i.axis != axis for i, axis in zip(indices, tensor.axes, strict=True)):
        raise ReadError(
            "axes_disagree",
            meaning.column(sign),
            letter=sign.glyph,
            axes=tuple(axis.key for axis in tensor.axes),
        )
    return tensor[tuple(i for i in indices if i is not None)]


def _transposed(meaning: MatrixMeaning, formula: tree.Transposed) -> Expr:
    row, column = meaning.cell
    return meaning.at(formula.inner, column, row)


def _product(meaning: MatrixMeaning, formula: tree.Product) -> Expr:
    """A scalar, and a chain of matrices each of which shares an axis with the next."""
    scalars = [meaning(f) for f in formula.factors if meaning.is_scalar(f)]
    chain = [f for f in formula.factors if not meaning.is_scalar(f)]
    if not chain:
        return sympy.Mul(*scalars)
    row, last = meaning.cell
    entries: list[Expr] = []
    bound: list[Index] = []
    for position, factor in enumerate(chain):
        column: Index | None = last
        if position < len(chain) - 1:
            shared = meaning.axes(factor)[1] or meaning.axes(chain[position + 1])[0]
            column = None
            if shared is not None:
                column = shared.fresh(meaning.taken, "k")
                meaning.taken.append(column)
                bound.append(column)
        entries.append(meaning.at(factor, row, column))
        row = column
    return sympy.Mul(*scalars, total(sympy.Mul(*entries), *bound))


def _derivative(meaning: MatrixMeaning, formula: tree.Derivative) -> Expr:
    return Partial(meaning(formula.of), meaning(formula.wrt))


def _hadamard(meaning: MatrixMeaning, formula: tree.Hadamard) -> Expr:
    return sympy.Mul(*map(meaning, formula.factors))


RULES: dict[type, Callable[[MatrixMeaning, Any], Expr]] = {
    tree.Sign: _sign,
    tree.Transposed: _transposed,
    tree.Product: _product,
    tree.Derivative: _derivative,
    tree.Hadamard: _hadamard,
}
"""What differs from the index form; all else is read part by part at the same cell."""
