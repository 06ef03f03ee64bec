"""Index equations -> matrix form, where there is one: Σ_i w_ij z_ni + b_j -> Z W + 1 bᵀ.

A tensor with two axes is a matrix, with one axis a column. ``Matrices.at(expr, row, column)`` is
the matrix whose entry at (row, column) is ``expr``; what has no such form raises NoMatrixForm.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Expr, Mul, Sum
from sympy.core.relational import Relational

from symbp.equations.axis import Index
from symbp.equations.calculus import Opaque, Partial
from symbp.equations.tensor import indices_of, is_entry
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.conditions import cases, relation
from symbp.notation.matrices import Matrices, NoMatrixForm, Rule, Shape, indices_in
from symbp.notation.matrix_products import divisor, product, sum_
from symbp.notation.spelling import Spelling


def matrix_line(spelling: Spelling, sides: tuple[Expr, ...]) -> tuple[tree.Formula, ...] | None:
    """The sides of an equation in matrix form, or None. The first side must be a tensor's entry."""
    try:
        row, column = shape(spelling, sides[0])
        if row is None or not all(map(indices_in, sides)):
            return None  # a number, or a matrix that is said to be one
        matrices = Matrices(spelling, RULES)
        return tuple(matrices.at(apart(side), row, column) for side in sides)
    except NoMatrixForm:
        return None


def apart(expr: Expr) -> Expr:
    """Σ_k a_k c as c Σ_k a_k: a matrix product is a sum over what shares its index, and no more."""
    if isinstance(expr, Sum):
        bound = set(expr.bound_symbols)
        factors = Mul.make_args(apart(expr.function))
        inside = [f for f in factors if bound & f.free_symbols]
        outside = [f for f in factors if f not in inside]
        return Mul(*outside, expr.func(Mul(*inside), *expr.limits))
    return expr.func(*map(apart, expr.args)) if isinstance(expr, (Add, Mul)) else expr


def shape(spelling: Spelling, side: Expr) -> Shape:
    """The row and the column that the entry on the left stands in. Raises NoMatrixForm."""
    entry = side.wrt if isinstance(side, Partial) and not indices_in(side.of) else side
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


def _entry(matrices: Matrices, expr: Expr, row: Index | None, column: Index | None) -> tree.Formula:
    return matrices.turned(matrices.whole(expr), indices_of(expr), row, column)


def _partial(
    matrices: Matrices, expr: Partial, row: Index | None, column: Index | None
) -> tree.Formula:
    if not is_entry(expr.of) or not is_entry(expr.wrt) or indices_in(expr.of):
        raise NoMatrixForm
    sign = matrices.whole(expr.wrt, as_value=False)
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
        return tree.Fraction(tree.ONE, divisor(matrices, base, row, column))
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


def _iverson(
    _matrices: Matrices, _expr: sympy.KroneckerDelta, _row: Index | None, _column: Index | None
) -> tree.Formula:
    """No function of entries, though SymPy has it so: [i = j] is the unit matrix, or less."""
    raise NoMatrixForm


RULES: dict[type, Rule] = {
    sympy.Indexed: _entry,
    Partial: _partial,
    sympy.Add: _terms,
    Mul: product,
    Sum: sum_,
    sympy.Pow: _power,
    sympy.Abs: lambda m, e, row, col: tree.Modulus(m.at(order.turned(e.args[0]), row, col)),
    sympy.KroneckerDelta: _iverson,
    sympy.Function: _function,
    Opaque: _opaque,
    sympy.Piecewise: _piecewise,
}
"""Type -> its matrix; a class without an entry takes that of its nearest base."""
