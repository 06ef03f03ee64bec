"""Products in matrix form: scalars in front, sums over a shared index, ⊙ of all others."""

from __future__ import annotations

import sympy
from sympy import Expr, Mul, Sum

from symbp.equations.axis import Index, total
from symbp.notation import formula as tree
from symbp.notation import order
from symbp.notation.fractions import drawn_out
from symbp.notation.glyphs import ONES
from symbp.notation.matrices import Matrices, NoMatrixForm, flat, hadamard, indices_in


def product(matrices: Matrices, expr: Mul, row: Index | None, column: Index | None) -> tree.Formula:
    """``2 (A B) ⊙ C``, ``a bᵀ``, ``A / B``."""
    number, rest = expr.as_coeff_Mul()
    args, number = drawn_out(list(Mul.make_args(rest)), number)
    scalars = [number, *(f for f in args if not indices_in(f))]
    others = [f for f in args if indices_in(f)]
    below = [1 / f for f in others if isinstance(f, sympy.Pow) and f.exp.is_negative]
    if below:
        above = [f for f in others if not (isinstance(f, sympy.Pow) and f.exp.is_negative)]
        sign_and_number, top = _front(matrices, scalars), Mul(*above)
        bottom = divisor(matrices, Mul(*below), row, column)
        body: tree.Formula = tree.Fraction(matrices.at(top, row, column), bottom)
    else:
        sign_and_number = _front(matrices, scalars)
        ordered = order.factors(tuple(others), False)
        sums = [f for f in ordered if isinstance(f, Sum)]
        if len(sums) == 1 and len(ordered) > 1:
            rest = Mul(*(f for f in ordered if f is not sums[0]))
            body = _contraction(matrices, sums[0], rest, row, column)
        else:
            body = hadamard(matrices.product(ordered, row, column))
    negative, scalar = sign_and_number
    whole = body if scalar is None else tree.Product((scalar, *flat(body)))
    return tree.negated(whole) if negative else whole


def sum_(matrices: Matrices, expr: Sum, row: Index | None, column: Index | None) -> tree.Formula:
    """A sum that nothing is multiplied by. Raises NoMatrixForm."""
    return _contraction(matrices, expr, sympy.Integer(1), row, column)


def divisor(
    matrices: Matrices, expr: Expr, row: Index | None, column: Index | None
) -> tree.Formula:
    """What is divided by, cell by cell; nobody divides by a product of matrices."""
    if expr.has(Sum):
        raise NoMatrixForm
    return matrices.at(expr, row, column)


def _contraction(
    matrices: Matrices, sum_: Sum, rest: Expr, row: Index | None, column: Index | None
) -> tree.Formula:
    """Σ_k a_rk b_kc c_rc -> (A B) ⊙ C; without b, the sum of rows A 1."""
    *inner, (k, lower, upper) = sum_.limits
    if lower != 0 or upper != k.axis.size - 1:
        raise NoMatrixForm
    body = total(sum_.function, *(limit[0] for limit in reversed(inner)))
    factors = [f for f in (*Mul.make_args(body), *Mul.make_args(rest)) if f != 1]
    scalars = [f for f in factors if not indices_in(f)]
    outside = [f for f in factors if indices_in(f) and k not in indices_in(f)]
    left = [f for f in factors if k in indices_in(f) and row in indices_in(f)]
    right = [f for f in factors if k in indices_in(f) and row not in indices_in(f)]
    if not left or (column is not None and not right):
        raise NoMatrixForm
    operand = matrices.at(Mul(*left), row, k)
    other = matrices.at(Mul(*right), k, column) if right else tree.Sign(ONES)
    operands: list[tree.Formula] = [tree.Product((*flat(operand), *flat(other)))]
    if outside:
        ordered = order.factors(tuple(outside), False)
        operands += matrices.entrywise(ordered, row, column)
    negative, scalar = _front(matrices, scalars)
    whole = hadamard(operands)
    whole = whole if scalar is None else tree.Product((scalar, *flat(whole)))
    return tree.negated(whole) if negative else whole


def _front(matrices: Matrices, scalars: list[Expr]) -> tuple[bool, tree.Formula | None]:
    """The sign and the number in front."""
    value = Mul(*scalars)
    if value in (1, -1):
        return value == -1, None
    if order.is_negative(value):
        return True, matrices.scalar(-value)
    return False, matrices.scalar(value)
