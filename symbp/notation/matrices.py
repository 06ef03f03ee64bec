"""Matrices, columns and scalars: products, repeated columns, sums over a shared index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr

from symbp.equations.axis import Index
from symbp.equations.tensor import Tensor, indices_of, tensor_of
from symbp.notation import formula as tree
from symbp.notation.arrange import arranger
from symbp.notation.glyphs import ONES
from symbp.notation.spelling import Spelling

Shape = tuple[Index | None, Index | None]
Rule = Callable[["Matrices", Any, Index | None, Index | None], tree.Formula]


class NoMatrixForm(Exception):
    """This expression is not one that matrices can say."""


class Matrices:
    """Writes the expressions of one line as matrices."""

    def __init__(self, spelling: Spelling, rules: Mapping[type, Rule]) -> None:
        self.spelling = spelling
        self.rules = rules
        self.scalar = arranger(spelling)

    def at(self, expr: Any, row: Index | None, column: Index | None) -> tree.Formula:
        """The matrix, column (``column`` None) or scalar with these entries."""
        found = indices_in(expr)
        if not found:
            if expr.atoms(Index):
                raise NoMatrixForm  # Σ_k in the midst of matrices would be neither
            return self.scalar(expr)
        if not found <= {row, column}:
            raise NoMatrixForm
        if column is not None and found != {row, column}:
            return self._broadcast(expr, row, column, found)
        for kind in type(expr).__mro__:
            if kind in self.rules:
                return self.rules[kind](self, expr, row, column)
        raise NoMatrixForm

    def _broadcast(
        self, expr: Expr, row: Index | None, column: Index, found: frozenset[Index]
    ) -> tree.Formula:
        """A column repeated: b 1ᵀ, or 1 bᵀ."""
        ones = tree.Sign(ONES)
        if found == {row}:
            vector = self.at(expr, row, None)
            if self.spelling.convention.broadcast:
                return vector
            return tree.Product((*flat(vector), tree.Transposed(ones)))
        return tree.Product((ones, tree.Transposed(self.at(expr, column, None))))

    def sign(self, tensor: Tensor, as_value: bool = True) -> tree.Sign:
        return self.spelling.matrix(tensor, as_value)

    def whole(self, entry: Expr, as_value: bool = True) -> tree.Sign:
        """The sign of the tensor of ``entry``, all of which is meant. Raises NoMatrixForm."""
        tensor = tensor_of(entry)
        for index, axis in zip(indices_of(entry), tensor.axes, strict=True):
            if not isinstance(index, Index) or index.axis != axis:
                raise NoMatrixForm  # a part of it, as x_{i + 4}
        return self.sign(tensor, as_value)

    def turned(
        self, what: tree.Formula, places: tuple[Any, ...], row: Index | None, column: Index | None
    ) -> tree.Formula:
        """``what``, transposed where ``row`` and ``column`` run the other way."""
        oriented = (*self.spelling.oriented(places), None, None)[:2]
        if oriented == (row, column):
            return what
        if oriented == (column, row):
            return tree.Transposed(what)
        raise NoMatrixForm

    def entrywise(
        self, factors: list[Expr], row: Index | None, column: Index | None
    ) -> list[tree.Formula]:
        """The operands of ⊙ for factors each of which depends on all there is."""
        wanted = {i for i in (row, column) if i is not None}
        if any(indices_in(f) != wanted for f in factors):
            raise NoMatrixForm
        return [self.at(f, row, column) for f in factors]

    def product(
        self, factors: list[Expr], row: Index | None, column: Index | None
    ) -> list[tree.Formula]:
        """Operands of ⊙, or an outer product a bᵀ."""
        if column is None or any(indices_in(f) == {row, column} for f in factors):
            return self.entrywise(factors, row, column)
        left = self.entrywise([f for f in factors if row in indices_in(f)], row, None)
        right = self.entrywise([f for f in factors if column in indices_in(f)], column, None)
        if not left or not right:
            raise NoMatrixForm
        return [tree.Product((hadamard(left), tree.Transposed(hadamard(right))))]


def hadamard(operands: list[tree.Formula]) -> tree.Formula:
    return operands[0] if len(operands) == 1 else tree.Hadamard(tuple(operands))


def flat(formula: tree.Formula) -> tuple[tree.Formula, ...]:
    return formula.factors if isinstance(formula, tree.Product) else (formula,)


def indices_in(expr: Expr) -> frozenset[Index]:
    return frozenset(s for s in expr.free_symbols if isinstance(s, Index))
