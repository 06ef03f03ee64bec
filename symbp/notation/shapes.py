"""What the rows and the columns of a formula run along: a table from type to function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from symbp.equations.axis import Axis
from symbp.notation import formula as tree
from symbp.notation.axes import SCALAR, Agreement, Axes, is_full, is_vector
from symbp.notation.convention import Matrix
from symbp.notation.glyphs import ONES
from symbp.notation.meaning import Meaning
from symbp.notation.misfit import MATRIX_PRODUCT, Operand, misfit
from symbp.notation.read_error import ReadError


class Shapes:
    """The shapes of the formulas of one line, each found once.

    ``axes_of`` tells those of a sign.
    """

    def __init__(self, meaning: Meaning, axes_of: Callable[[tree.Sign], Axes]) -> None:
        self.axes_of = axes_of
        in_rows = meaning.convention.matrix is Matrix.ROWS
        self.agreement = Agreement(meaning.letters.places, either_way=in_rows)
        self._meaning = meaning
        self._found: dict[int, Axes] = {}
        self._kept: list[Any] = []

    def of(self, formula: Any) -> Axes:
        """The axes of ``formula``. Raises ReadError with the code "shapes"."""
        if id(formula) not in self._found:
            self._kept.append(formula)
            self._found[id(formula)] = RULES.get(type(formula), _of_parts)(self, formula)
        return self._found[id(formula)]

    def of_line(self, sides: list[tree.Formula]) -> Axes:
        """The one shape of all sides of a line."""
        first = self.operand(sides[0])
        self._see_alike("=", first, map(self.operand, sides[1:]))
        return first.axes

    def operand(self, formula: tree.Formula) -> Operand:
        return Operand(formula, self.of(formula))

    def shared(self, factor: tree.Formula, following: tree.Formula) -> Axis | None:
        """The axis that a product of two factors sums over; None for an outer product."""
        return self.of(factor)[1] or self.of(following)[0]

    def is_scalar(self, formula: tree.Formula) -> bool:
        return not _is_ones(formula) and self.of(formula) == SCALAR

    def misfit(self, operator: str, first: Operand, second: Operand) -> ReadError:
        column = self._meaning.column(second.formula)
        return misfit(self.agreement, column, operator, first, second)

    def common(self, parts: Iterable[tree.Formula], operator: str = "") -> Axes:
        """The axes of parts that stand at one cell; a column is repeated where others are wider."""
        operands = [each for each in map(self.operand, parts) if each.axes != SCALAR]
        full = [each for each in operands if is_full(each.axes)]
        if full:
            self._see_alike(operator, full[0], full[1:])
            for each in operands:
                if is_vector(each.axes) and not self.agreement.repeats(each.axes, full[0].axes):
                    raise self.misfit(operator, full[0], each)
            return full[0].axes
        rows = [each for each in operands if each.axes[0] is None]
        columns = [each for each in operands if each.axes[1] is None]
        for several in (rows, columns):
            if several:
                self._see_alike(operator, several[0], several[1:])
        if rows and columns:
            self._see_alike(operator, columns[0], rows[:1])
        return (columns or rows)[0].axes if operands else SCALAR

    def _see_alike(self, operator: str, first: Operand, others: Iterable[Operand]) -> None:
        """Raises ReadError for the first of ``others`` that has not the shape of ``first``."""
        for other in others:
            if not self.agreement.alike(first.axes, other.axes):
                raise self.misfit(operator, first, other)


def _sign(shapes: Shapes, formula: tree.Sign) -> Axes:
    return SCALAR if _is_ones(formula) else shapes.axes_of(formula)


def _transposed(shapes: Shapes, formula: tree.Transposed) -> Axes:
    row, column = shapes.of(formula.inner)
    return column, row


def _derivative(shapes: Shapes, formula: tree.Derivative) -> Axes:
    of, wrt = shapes.operand(formula.of), shapes.operand(formula.wrt)
    if SCALAR in (of.axes, wrt.axes):
        return wrt.axes if of.axes == SCALAR else of.axes
    if not shapes.agreement.alike(of.axes, wrt.axes):
        raise shapes.misfit("∂", of, wrt)
    return wrt.axes


def _product(shapes: Shapes, formula: tree.Product) -> Axes:
    chain = [shapes.operand(f) for f in formula.factors if not shapes.is_scalar(f)]
    if not chain:
        return SCALAR
    axes = chain[0].axes
    for before, factor in pairwise(chain):
        is_sum = _is_ones(before.formula) or _is_ones(factor.formula)
        if not is_sum and not shapes.agreement.chain(axes, factor.axes):
            raise shapes.misfit(MATRIX_PRODUCT, Operand(before.formula, axes), factor)
        axes = (axes[0], factor.axes[1])
    return axes


def _of_parts(shapes: Shapes, formula: Any) -> Axes:
    """Of what is read part by part at the same cell."""
    parts: list[Any] = []
    for part in formula:
        if isinstance(part, tuple):
            parts += part if type(part) is tuple else (part,)
    formulas: list[Any] = [each for each in parts if isinstance(each, tuple)]
    return shapes.common(formulas)


RULES: dict[type, Callable[[Shapes, Any], Axes]] = {
    tree.Sign: _sign,
    tree.Transposed: _transposed,
    tree.Derivative: _derivative,
    tree.Product: _product,
    tree.Big: lambda shapes, f: shapes.of(f.body) if f.bounds else SCALAR,
    tree.Note: lambda shapes, f: SCALAR,
    tree.Norm: lambda shapes, f: SCALAR,
    tree.Apply: lambda shapes, f: shapes.common(f.arguments),
    tree.Terms: lambda shapes, f: shapes.common((part for _, part in f.parts), "+"),
    tree.Hadamard: lambda shapes, f: shapes.common(f.factors, "⊙"),
    tree.Cases: lambda shapes, f: shapes.common(
        part for piece in f.pieces for part in piece if part is not None
    ),
}
"""Type of formula -> its shape; all others are as wide as their parts."""


def _is_ones(formula: tree.Formula) -> bool:
    inner = formula.inner if isinstance(formula, tree.Transposed) else formula
    return isinstance(inner, tree.Sign) and inner.glyph == ONES
