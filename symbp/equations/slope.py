"""SymPy's derivative with respect to an entry, where only what depends on its tensor is gone into.

What ``diff`` gives, built in the same way, down to the order of factors. But ``diff`` asks of the
derivative of each part whether it can be shown to be 0, and to find that out of a sum takes longer
than to differentiate it.
"""

from __future__ import annotations

from functools import reduce
from operator import mul

from sympy import Add, Expr, Function, Integer, KroneckerDelta, Mul, Pow, log

from symbp.equations.axis import Total
from symbp.equations.nodes import nodes
from symbp.equations.tensor import Entry, TensorSymbol, indices_of, tensor_of

ZERO, ONE = Integer(0), Integer(1)

PLAIN = (Function.diff, Function._eval_derivative)
"""The chain rule, as functions have it that do not know better."""


def slope(expr: Expr, wrt: Expr) -> Expr:
    """∂expr/∂wrt, where the indices of the entry ``wrt`` are not bound in ``expr``."""
    if tensor_of(wrt).symbol not in nodes(expr, TensorSymbol):
        return ZERO
    match expr:
        case Add():
            return Add(*(slope(part, wrt) for part in expr.args))
        case Mul():
            return _of_product(expr, wrt)
        case Pow():
            base, exponent = expr.args
            of_base, of_exponent = slope(base, wrt), slope(exponent, wrt)
            return expr * (of_exponent * log(base) + of_base * exponent / base)
        case Total():
            *inner, last = expr.limits
            body = expr.func(expr.function, *inner) if inner else expr.function
            return expr.func(slope(body, wrt), last)
        case TensorSymbol():
            return ONE
        case Entry() if not any(nodes(index, TensorSymbol) for index in indices_of(expr)):
            pairs = zip(indices_of(expr), indices_of(wrt), strict=True)
            return reduce(mul, (KroneckerDelta(own, other) for own, other in pairs), ONE)
        case Function(args=(argument,)) if (type(expr).diff, type(expr)._eval_derivative) == PLAIN:
            inner_slope = slope(argument, wrt)
            return ZERO if inner_slope == 0 else Add(expr.fdiff(1) * inner_slope)
    return expr.diff(wrt)


def _of_product(expr: Mul, wrt: Expr) -> Expr:
    factors = list(expr.args)
    found = ((k, slope(factor, wrt)) for k, factor in enumerate(factors))
    return Add(
        *(reduce(mul, (*factors[:k], d, *factors[k + 1 :]), ONE) for k, d in found if d != 0)
    )
