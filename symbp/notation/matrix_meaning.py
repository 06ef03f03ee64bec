"""Formula in matrix form -> index equation: the inverse of ``matrix``.

A formula is read at one cell (row, column) of the matrix that it is: functions and ⊙ are read at
the same cell in all their parts, a product of matrices sums over the axis that they share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Expr

from symbp.equations.axis import Axis, Index, total
from symbp.notation import formula as tree
from symbp.notation import signs
from symbp.notation.columns import Columns
from symbp.notation.convention import Matrix
from symbp.notation.doubles import Doubles
from symbp.notation.entrywise import OTHER, SAMPLE, UNITS, Entrywise
from symbp.notation.glyphs import ONES
from symbp.notation.lexicon import Lexicon
from symbp.notation.meaning import CONDITIONS, Rule
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError
from symbp.notation.shapes import Shapes
from symbp.notation.wholes import Wholes, sample_of

Cell = tuple[Index | None, Index | None]


class MatrixMeaning(Entrywise):
    """Finds the entries of the matrices of one line.

    ``is_weight_turned`` reads a matrix of weights as the transpose of what the notation calls it.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        columns: Columns,
        rules: Mapping[type, Rule],
        known: Mapping[str, Axis] | None = None,
        *,
        is_weight_turned: bool = False,
    ) -> None:
        super().__init__(lexicon, columns, rules, known)
        self.wholes = Wholes(self, is_weight_turned=is_weight_turned)
        self.shapes = Shapes(self, self.wholes.axes)
        self.cell: Cell = (None, None)
        self._taken: list[Index] = []

    def line(self, formulas: list[tree.Formula]) -> tuple[Expr, ...]:
        """The sides of an equation, at one cell. Raises ReadError."""
        Doubles(self.lexicon, self.wholes, self.shapes).settle(formulas)
        formulas = self._of_entries(formulas)
        row, column = self.shapes.of_line(formulas)
        is_columns = self.convention.matrix is Matrix.COLUMNS
        places = (column, row) if is_columns else (row, column)
        axes = [axis for axis in places if axis is not None]
        several = len(axes) == 2 and all(axis.name != "sample" for axis in axes)
        cell: list[Index | None] = []
        for axis, letter in zip(places, UNITS, strict=True):
            own = letter if several else UNITS[-1]
            name = SAMPLE if axis is not None and axis.name == "sample" else own
            cell.append(None if axis is None else self.fresh(axis, name))
        at_row, at_column = cell[::-1] if is_columns else cell
        return self.settled(*(self.at(side, at_row, at_column) for side in formulas))

    def _of_entries(self, formulas: list[tree.Formula]) -> list[tree.Formula]:
        """Sides with what is meant entry by entry: ``E = ½ (y − d)²``, ``∂y/∂u = y (1 − y)``.

        A loss is the sum over all outputs, of which there may be one.
        """
        first, *others = formulas
        if isinstance(first, tree.Sign) and self.lexicon.is_loss(first):
            return [first, *(self._summed(f) if _has_curve(f) else f for f in others)]
        if self._is_of_units(first):
            return [first, *map(self._fitting, others)]
        return formulas

    def _is_of_units(self, formula: tree.Formula) -> bool:
        """Whether it is a slope of each unit by itself: ``∂z/∂u``, ``f'(u)``."""
        if isinstance(formula, tree.Apply):
            return formula.function.primes > 0
        return isinstance(formula, tree.Derivative) and not self.shapes.is_scalar(formula.of)

    def _summed(self, formula: tree.Formula) -> tree.Formula:
        """The sum of a formula that gives one number for each unit; any other as it is."""
        fitting = self._fitting(formula)
        try:
            units = [axis for axis in self.shapes.of(fitting) if axis is not None]
        except ReadError:
            return formula
        is_column = [axis.name for axis in units] == ["unit"]
        return tree.Big("Σ", (), fitting) if is_column else formula

    def _fitting(self, formula: tree.Formula) -> tree.Formula:
        """``formula``, with products by entries where there are none of matrices."""
        for each in (formula, self._by_entries(formula)):
            try:
                self.shapes.of(each)
            except ReadError:
                continue
            return each
        return formula

    def _by_entries(self, formula: Any) -> Any:
        """``formula`` with products taken entry by entry."""
        if not isinstance(formula, tuple) or isinstance(formula, tree.Sign):
            return formula
        parts = tuple(map(self._by_entries, formula))
        if isinstance(formula, tree.Product):
            made: Any = tree.Hadamard(parts[0])
        else:
            made = parts if type(formula) is tuple else type(formula)(*parts)
        if type(formula) is not tuple:
            self.columns.copy(formula, made)
        return made

    def fresh(self, axis: Axis, letter: str = OTHER) -> Index:
        """An index along ``axis`` that is no other index of the line."""
        self._taken.append(axis.fresh(self._taken, letter))
        return self._taken[-1]

    def another(self, index: Index) -> Index:
        return self.fresh(index.axis)

    def at(self, formula: tree.Formula, row: Index | None, column: Index | None) -> Expr:
        """The entry of ``formula`` at a cell."""
        before, self.cell = self.cell, (row, column)
        found = self(formula)
        self.cell = before
        return found

    def __call__(self, formula: tree.Formula) -> Any:
        if isinstance(formula, CONDITIONS):
            return super().__call__(formula)
        before, self.cell = self.cell, self._oriented(formula)
        rule = RULES.get(type(formula))
        found = super().__call__(formula) if rule is None else rule(self, formula)
        self.cell = before
        return found

    def _oriented(self, formula: tree.Formula) -> Cell:
        """The part of the cell that a formula extends along; the rest repeats it."""
        axes = self.shapes.of(formula)
        if isinstance(formula, tree.Sign) and formula.glyph == ONES:
            return self.cell
        row, column = (self._along(formula, *pair) for pair in zip(axes, self.cell, strict=True))
        return row, column

    def _along(self, formula: tree.Formula, axis: Axis | None, own: Index | None) -> Index | None:
        """The index of the cell that runs along ``axis``: its ``own``, or that of the other one."""
        if axis is None:
            return None
        same = self.letters.places.same_axis
        if own is not None and same(own.axis, axis):
            return own
        other = next((i for i in self.cell if i is not None and i.axis.name == axis.name), None)
        if other is None or not same(other.axis, axis):
            raise ReadError("axes_disagree", self.column(formula), letter="", axes=(axis.key,))
        return other

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        """Σ without an index: over all entries."""
        axes = self.shapes.of(formula)
        row, column = (None if axis is None else self.fresh(axis) for axis in axes)
        bound = [index for index in (row, column) if index is not None]
        if not bound:
            raise self.unexpected(formula, "index")
        return total(self.at(formula, row, column), *bound)

    def squares(self, formula: tree.Formula) -> Expr:
        return self.sum_of_all(tree.Hadamard((formula, formula)))


def _has_curve(formula: object) -> bool:
    """Whether a power or a logarithm stands in ``formula``, as in any loss of one unit."""
    if isinstance(formula, tree.Power) or (
        isinstance(formula, tree.Call) and formula.name == "log"
    ):
        return True
    return isinstance(formula, tuple) and any(map(_has_curve, formula))


def _sign(meaning: MatrixMeaning, sign: tree.Sign) -> Expr:
    if sign.glyph == ONES:
        return sympy.Integer(1)
    tensor = meaning.wholes.tensor(sign)
    if tensor is None:
        return signs.value(meaning, sign)
    row, column = meaning.cell
    sample = sample_of(sign)
    if sample is not None:
        which = position(meaning, sample.which)
        meaning.letters.stands(which, tensor.axes[0])
        entry = tensor[which, row]
    else:
        places = (row or column,) if len(tensor.axes) == 1 else (row, column)
        entry = tensor[meaning.wholes.turned(tensor, places)]
    is_gradient = sign._replace(indices=()) in meaning.lexicon.gradients
    return signs.slope(meaning, tensor, entry) if is_gradient else entry


def _transposed(meaning: MatrixMeaning, formula: tree.Transposed) -> Expr:
    row, column = meaning.cell
    return meaning.at(formula.inner, column, row)


def _product(meaning: MatrixMeaning, formula: tree.Product) -> Expr:
    """A scalar, and a chain of matrices each of which shares an axis with the next."""
    scalars = [meaning.at(f, None, None) for f in formula.factors if meaning.shapes.is_scalar(f)]
    chain = [f for f in formula.factors if not meaning.shapes.is_scalar(f)]
    if not chain:
        return sympy.Mul(*scalars)
    row, last = meaning.cell
    entries: list[Expr] = []
    bound: list[Index] = []
    for position_, factor in enumerate(chain):
        column: Index | None = last
        if position_ < len(chain) - 1:
            shared = meaning.shapes.shared(factor, chain[position_ + 1])
            column = None
            if shared is not None:
                column = meaning.fresh(shared)
                bound.append(column)
        entries.append(meaning.at(factor, row, column))
        row = column
    return sympy.Mul(*scalars, total(sympy.Mul(*entries), *bound))


RULES: dict[type, Callable[[MatrixMeaning, Any], Expr]] = {
    tree.Sign: _sign,
    tree.Transposed: _transposed,
    tree.Product: _product,
}
"""What differs from the index form; all else is read part by part at the same cell."""
