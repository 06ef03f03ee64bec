"""A loss that is computed after the step, as it was before: at the parameters that were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr

from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.verification.code.trace import Trace


def rewound(trace: Trace) -> Trace:
    """``trace`` with what is computed from new parameters, and changes none, at the old ones.

    ``W -= lr * dW; loss = f(X, W)`` shows the loss of the next step: the same function.
    """
    pairs = ((tensor_of(u.after), u.before) for u in trace.updates)
    old = {new: before for new, before in pairs if new.axes == before.axes}
    parents = {
        tensor_of(a.equation.lhs): {tensor_of(e) for e in entries(a.equation.rhs)}
        for a in trace.assigned
    }
    inside = _ancestors(parents, {tensor_of(u.after) for u in trace.updates})
    for tensor in parents:
        if tensor not in inside and _names(trace, tensor) in {u.name for u in trace.updates}:
            return trace  # parameters that are changed in a way that is not followed
    assigned = tuple(
        a if tensor_of(a.equation.lhs) in inside else replace(a, equation=_moved(a.equation, old))
        for a in trace.assigned
    )
    shown = tuple((name, _at_old(expr, old), at) for name, expr, at in trace.shown)
    return replace(trace, assigned=assigned, shown=shown)


def _names(trace: Trace, tensor: Tensor) -> str:
    return next(a.name for a in trace.assigned if tensor_of(a.equation.lhs) == tensor)


def _ancestors(parents: Mapping[Tensor, set[Tensor]], of: set[Tensor]) -> set[Tensor]:
    seen, frontier = set(of), list(of)
    while frontier:
        fresh = parents.get(frontier.pop(), set()) - seen
        seen |= fresh
        frontier += fresh
    return seen


def _moved(equation: Equation, old: Mapping[Tensor, Tensor]) -> Equation:
    return Equation(equation.id, equation.lhs, _at_old(equation.rhs, old))


def _at_old(expr: Expr, old: Mapping[Tensor, Tensor]) -> Expr:
    found = {e: old[t][indices_of(e)] for e in entries(expr) if (t := tensor_of(e)) in old}
    return expr.xreplace(found) if found else expr
