"""Index equations -> matrix form, where there is one: Σ_i w_ij z_ni + b_j -> Z W + 1 bᵀ.

A tensor with two axes is a matrix, with one axis a column. ``Matrices.at(expr, row, column)`` is
the matrix whose entry at (row, column) is ``expr``; what has no such form raises NoMatrixForm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr, Mul, Sum
from sympy.core.relational import Relational

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Opaque, Partial
from symbp.equations.tensor import Tensor, indices_of, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.arrange import Arranger, cases, relation
from symbp.notation.spelling import ONES, Spelling

Shape = tuple[Index | None, Index | None]


class NoMatrixForm(Exception):
    """This expression is not one that matrices can say."""


def matrix_line(spelling: Spelling, sides: tuple[Expr, ...]) -> tuple[tree.Formula, ...] | None:
    """The sides of an equation in matrix form, or None. The first side must be a tensor's entry."""
    try:
        row, column = shape(spelling, sides[0])
        if row is None:
            return None
        matrices = Matrices(spelling)
        return tuple(matrices.at(side, row, column) for side in sides)
    except NoMatrixForm:
        return None


def shape(spelling: Spelling, side: Expr) -> Shape:
    """The row and the column that the entry on the left stands in. Raises NoMatrixForm."""
    entry = side.wrt if isinstance(side, Partial) and not _indices(side.of) else side
    if not is_entry(entry):
        raise NoMatrixForm
    places = indices_of(entry)
    if (
        not all(isinstance(i, Index) for i in places)
        or len(set(places)) != len(places)
        or len(places) > 2
    ):
        raise NoMatrixForm
    row, column = (*spelling.oriented(places), None, None)[:2]
    return row, column


def _indices(expr: Expr) -> frozenset[Index]:
    return frozenset(s for s in expr.free_symbols if isinstance(s, Index))


class Matrices:
    """Writes the expressions of one line as matrices."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.scalar = Arranger(spelling)

    def at(self, expr: Any, row: Index | None, column: Index | None) -> tree.Formula:
        """The matrix, column (``column`` None) or scalar with these entries."""
        found = _indices(expr)
        if not found:
            if expr.atoms(Index):
                raise NoMatrixForm  # Σ_k in the midst of matrices would be neither
            return self.scalar(expr)
        if not found <= {row, column}:
            raise NoMatrixForm
        if column is not None and found != {row, column}:
            return self._broadcast(expr, row, column, found)
        for kind in type(expr).__mro__:
            if kind in RULES:
                return RULES[kind](self, expr, row, column)
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
            return tree.Product((vector, tree.Transposed(ones)))
        return tree.Product((ones, tree.Transposed(self.at(expr, column, None))))

    def sign(self, tensor: Tensor, as_value: bool = True) -> tree.Sign:
        return self.spelling.matrix(tensor, as_value)

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
        if any(_indices(f) != wanted for f in factors):
            raise NoMatrixForm
        return [self.at(f, row, column) for f in factors]

    def product(
        self, factors: list[Expr], row: Index | None, column: Index | None
    ) -> list[tree.Formula]:
        """Operands of ⊙, or an outer product a bᵀ."""
        if column is None or any(_indices(f) == {row, column} for f in factors):
            return self.entrywise(factors, row, column)
        left = self.entrywise([f for f in factors if row in _indices(f)], row, None)
        right = self.entrywise([f for f in factors if column in _indices(f)], column, None)
        if not left or not right:
            raise NoMatrixForm
        return [tree.Product((_hadamard(left), tree.Transposed(_hadamard(right))))]


Rule = Callable[[Matrices, Any, "Index | None", "Index | None"], tree.Formula]


def _entry(matrices: Matrices, expr: Expr, row: Index | None, column: Index | None) -> tree.Formula:
    return matrices.turned(matrices.sign(tensor_of(expr)), indices_of(expr), row, column)


def _partial(
    matrices: Matrices, expr: Partial, row: Index | None, column: Index | None
) -> tree.Formula:
    if not is_entry(expr.of) or not is_entry(expr.wrt) or _indices(expr.of):
        raise NoMatrixForm
    sign = matrices.sign(tensor_of(expr.wrt), as_value=False)
    derivative = tree.Derivative(matrices.scalar(expr.of), sign)
    return matrices.turned(derivative, indices_of(expr.wrt), row, column)


def _terms(
    matrices: Matrices, expr: sympy.Add, row: Index | None, column: Index | None
) -> tree.Formula:
    parts: list[tuple[bool, tree.Formula]] = []
    for term in order.terms(expr.args):
        inner = matrices.at(term, row, column)
        parts += inner.parts if isinstance(inner, tree.Terms) else [(False, inner)]
    return tree.Terms(tuple(parts))


def _product(
    matrices: Matrices, expr: Mul, row: Index | None, column: Index | None
) -> tree.Formula:
    scalars = [f for f in expr.args if not _indices(f)]
    others = [f for f in expr.args if _indices(f)]
    below = [1 / f for f in others if isinstance(f, sympy.Pow) and f.exp.is_negative]
    if below:
        above = [f for f in others if not (isinstance(f, sympy.Pow) and f.exp.is_negative)]
        front, top = _front(matrices, scalars), Mul(*above)
        bottom = matrices.at(Mul(*below), row, column)
        body: tree.Formula = tree.Fraction(matrices.at(top, row, column), bottom)
    else:
        front = _front(matrices, scalars)
        ordered = order.factors(tuple(others), False)
        sums = [f for f in ordered if isinstance(f, Sum)]
        if len(sums) == 1 and len(ordered) > 1:
            rest = Mul(*(f for f in ordered if f is not sums[0]))
            body = _contraction(matrices, sums[0], rest, row, column)
        else:
            body = _hadamard(matrices.product(ordered, row, column))
    negative, scalar = front
    whole = body if scalar is None else tree.Product((scalar, *_flat(body)))
    return tree.negated(whole) if negative else whole


def _front(matrices: Matrices, scalars: list[Expr]) -> tuple[bool, tree.Formula | None]:
    """The sign and the number in front."""
    value = Mul(*scalars)
    if value in (1, -1):
        return value == -1, None
    if order.is_negative(value):
        return True, matrices.scalar(-value)
    return False, matrices.scalar(value)


def _flat(formula: tree.Formula) -> tuple[tree.Formula, ...]:
    return formula.factors if isinstance(formula, tree.Product) else (formula,)


def _hadamard(operands: list[tree.Formula]) -> tree.Formula:
    return operands[0] if len(operands) == 1 else tree.Hadamard(tuple(operands))


def _sum(matrices: Matrices, expr: Sum, row: Index | None, column: Index | None) -> tree.Formula:
    return _contraction(matrices, expr, sympy.Integer(1), row, column)


def _contraction(
    matrices: Matrices, sum_: Sum, rest: Expr, row: Index | None, column: Index | None
) -> tree.Formula:
    """Σ_k a_rk b_kc c_rc -> (A B) ⊙ C; without b, the sum of rows A 1."""
    *inner, (k, lower, upper) = sum_.limits
    if lower != 0 or upper != k.axis.size - 1:
        raise NoMatrixForm
    body = total(sum_.function, *(limit[0] for limit in reversed(inner)))
    factors = [f for f in (*Mul.make_args(body), *Mul.make_args(rest)) if f != 1]
    scalars = [f for f in factors if not _indices(f)]
    outside = [f for f in factors if _indices(f) and k not in _indices(f)]
    left = [f for f in factors if k in _indices(f) and row in _indices(f)]
    right = [f for f in factors if k in _indices(f) and row not in _indices(f)]
    if not left or (column is not None and not right):
        raise NoMatrixForm
    operand = matrices.at(Mul(*left), row, k)
    other = matrices.at(Mul(*right), k, column) if right else tree.Sign(ONES)
    operands: list[tree.Formula] = [tree.Product((*_side(operand), *_side(other)))]
    if outside:
        operands += matrices.entrywise(outside, row, column)
    negative, scalar = _front(matrices, scalars)
    whole = _hadamard(operands)
    whole = whole if scalar is None else tree.Product((scalar, *_flat(whole)))
    return tree.negated(whole) if negative else whole


def _side(formula: tree.Formula) -> tuple[tree.Formula, ...]:
    return _flat(formula)


def _power(
    matrices: Matrices, expr: sympy.Pow, row: Index | None, column: Index | None
) -> tree.Formula:
    base, exponent = expr.args
    if exponent == sympy.S.Half:
        return tree.Root(matrices.at(base, row, column))
    if exponent == 2:
        inner = matrices.at(base, row, column)
        return tree.Hadamard((inner, inner))  # a power would be that of the matrix
    if exponent == -1:
        return tree.Fraction(tree.ONE, matrices.at(base, row, column))
    raise NoMatrixForm


def _function(
    matrices: Matrices, expr: Any, row: Index | None, column: Index | None
) -> tree.Formula:
    inside = matrices.at(expr.args[0], row, column)
    if len(expr.args) != 1:
        raise NoMatrixForm
    if isinstance(expr, sympy.exp):
        return tree.Exponential(inside)
    return tree.Call(expr.func.__name__, (inside,))


def _opaque(
    matrices: Matrices, expr: Opaque, row: Index | None, column: Index | None
) -> tree.Formula:
    function = matrices.spelling.function(expr.symbol, expr.order)
    return tree.Apply(function, (matrices.at(expr.argument, row, column),))


def _piecewise(
    matrices: Matrices, expr: sympy.Piecewise, row: Index | None, column: Index | None
) -> tree.Formula:
    """As in the index form, cell by cell."""
    return cases(lambda part: _cellwise(matrices, part, row, column), expr)


def _cellwise(
    matrices: Matrices, part: Any, row: Index | None, column: Index | None
) -> tree.Formula:
    if isinstance(part, Relational):
        return relation(lambda side: _cellwise(matrices, side, row, column), part)
    if isinstance(part, Expr):
        return matrices.at(part, row, column)
    raise NoMatrixForm


RULES: dict[type, Rule] = {
    sympy.Indexed: _entry,
    Partial: _partial,
    sympy.Add: _terms,
    Mul: _product,
    Sum: _sum,
    sympy.Pow: _power,
    sympy.Abs: lambda m, e, row, column: tree.Modulus(m.at(e.args[0], row, column)),
    sympy.KroneckerDelta: lambda *_: _none(),
    sympy.Function: _function,
    Opaque: _opaque,
    sympy.Piecewise: _piecewise,
}
"""Type -> its matrix; a class without an entry takes that of its nearest base."""


def _none() -> tree.Formula:
    raise NoMatrixForm
