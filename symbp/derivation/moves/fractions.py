"""Cancelling, and putting what terms share before them."""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Add,
    Dummy,
    Expr,
    Mul,
    Pow,
    Rational,
    Sum,
    cancel,
    factor_terms,
    fraction,
    together,
)

from symbp.equations.axis import Size
from symbp.equations.tensor import is_entry


class Cancel:
    """(a/z) · z b -> a b: denominators that cancel are cancelled."""

    def __call__(self, expr: Expr) -> Expr | None:
        after = self._inside(expr)
        return after if _divisions(expr) and not _divisions(after) else None

    def _inside(self, expr: Expr) -> Expr:
        if isinstance(expr, Sum):
            return expr.func(self._inside(expr.function), *expr.limits)
        if isinstance(expr, Mul) and any(isinstance(f, Sum) for f in expr.args):
            return Mul(*(self._inside(f) for f in expr.args))
        return _on_atoms(self._cancelled, expr)

    @staticmethod
    def _cancelled(expr: Expr) -> Expr:
        if not _divisions(expr):
            return expr
        top, bottom = fraction(cancel(together(expr)))
        return factor_terms(top) / bottom


def _divisions(expr: Expr) -> int:
    """How often ``expr`` divides by what is neither a number nor a size."""
    if isinstance(expr, Pow) and expr.exp.is_negative:
        divides = any(not isinstance(s, Size) for s in expr.base.free_symbols)
        return divides + _divisions(expr.base)
    return sum(_divisions(a) for a in expr.args if isinstance(a, Expr) and not is_entry(a))


def _on_atoms(function: Callable[[Expr], Expr], expr: Expr) -> Expr:
    """``function`` on ``expr`` with all that is no sum, product or power made a plain symbol."""
    names: dict[Expr, Dummy] = {}

    def hide(e: Expr) -> Expr:
        if isinstance(e, (Add, Mul)):
            return e.func(*(hide(a) for a in e.args))
        if isinstance(e, Pow) and e.exp.is_Integer:
            return Pow(hide(e.base), e.exp)
        if isinstance(e, (Rational, Size)):
            return e
        return names.setdefault(e, Dummy(f"a{len(names)}", real=True))

    return function(hide(expr)).xreplace({name: e for e, name in names.items()})


class Collect:
    """a/N − b/N -> (a − b)/N, and −(a − b) -> b − a: what all terms share is put before them."""

    def __call__(self, expr: Expr) -> Expr | None:
        if isinstance(expr, Mul):
            return _sign_inside(expr)
        if not isinstance(expr, Add):
            return None
        after = _on_atoms(lambda e: factor_terms(e, sign=False), expr)
        return after if after != expr and isinstance(after, Mul) else None


def _sign_inside(expr: Mul) -> Expr | None:
    """−c (a − b) as c (b − a)."""
    number, rest = expr.as_coeff_Mul()
    for factor in Mul.make_args(rest):
        if number.is_negative and isinstance(factor, Add) and len(factor.args) == 2:
            signs = {bool(a.as_coeff_Mul()[0] > 0) for a in factor.args}
            if len(signs) == 2:
                return -number * (rest / factor) * Add(*(-a for a in factor.args))
    return None
