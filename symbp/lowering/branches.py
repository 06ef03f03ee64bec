"""Choices: all branches are computed everywhere, so each must do no harm where it is not chosen."""

from __future__ import annotations

from sympy import Expr, Piecewise, exp
from sympy.core.relational import Relational

from symbp.lowering.functions import atleast, atmost


def clipped(cases: Piecewise) -> Piecewise:
    """Each branch with its exponentials kept to where the branch is chosen.

    Both branches are computed everywhere: exp(u) must not overflow where u > 0 picks the other.
    """
    condition = cases.args[0][1]
    if len(cases.args) != 2 or not isinstance(condition, Relational) or condition.rhs.free_symbols:
        return cases
    if condition.rel_op not in (">", ">=", "<", "<="):
        return cases
    variable, limit = condition.lhs, condition.rhs
    first, second = (atleast, atmost) if condition.rel_op[0] == ">" else (atmost, atleast)
    (inside, _), (outside, _) = cases.args
    return Piecewise(
        (_exponents(inside, variable, first(variable, limit)), condition),
        (_exponents(outside, variable, second(variable, limit)), True),
    )


def _exponents(expr: Expr, variable: Expr, kept: Expr) -> Expr:
    growing = {
        e
        for e in expr.atoms(exp)
        if e.args[0].has(variable)
        and _may_grow(e.args[0], variable, upwards=isinstance(kept, atmost))
    }
    return expr.xreplace({e: exp(e.args[0].xreplace({variable: kept})) for e in growing})


def _may_grow(argument: Expr, variable: Expr, *, upwards: bool) -> bool:
    slope = argument.coeff(variable)
    linear = not (argument - slope * variable).has(variable)
    return not linear or not slope.is_number or bool(slope > 0) == upwards
