"""Formulas that overflow or cancel, rewritten into equal ones that do not.

    exp(u_j) / Σ_k exp(u_k)     -> softmax               log Σ_k exp(u_k)    -> log-sum-exp
    1 / (1 + exp(-u))           -> sigmoid(u)            log softmax         -> u_j - log-sum-exp
    exp(-u) / (1 + exp(-u))²    -> sigmoid(u) sigmoid(-u)
    1 - sigmoid(u)              -> sigmoid(-u)           log sigmoid(u)      -> -softplus(-u)
    log(1 + exp(u))             -> softplus(u)           log(1 + x)          -> log1p(x)
    a exp(u) - a                -> a expm1(u)            a + a erf(u)        -> a erfc(-u)
    b^γ / b                     -> b^(γ - 1)
    u > 0 ? a : f(exp(u))       -> u > 0 ? a : f(exp(min(u, 0)))

No layer, loss or activation asks for this: the expressions themselves are recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sympy import Basic, Expr, Piecewise, Sum, log

from symbp.equations.axis import Index
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of
from symbp.lowering.branches import clipped
from symbp.lowering.rules import BEFORE_PARTS, RULES, Rules
from symbp.lowering.terms import over_axes

Definitions = Mapping[Tensor, Equation]


def stable(expr: Expr, definitions: Definitions | None = None) -> Expr:
    """``expr`` in a form that can be computed for all inputs.

    ``definitions`` say what an entry inside a logarithm stands for: the logarithm of a softmax is
    computed from what the softmax is taken of.
    """
    known = definitions or {}

    def rewritten(node: Basic) -> Basic:
        node = _applied(node, BEFORE_PARTS)
        if isinstance(node, log):
            inlined = log(_inlined(node.args[0], known), evaluate=False)
            found = _applied(log(_bottom_up(inlined.args[0]), evaluate=False), RULES)
            if found.func is not log:
                return found
        if isinstance(node, Piecewise):
            node = clipped(node)
        return _applied(_over_parts(node, rewritten), RULES)

    return rewritten(expr)


def _bottom_up(node: Basic) -> Basic:
    return _applied(_over_parts(_applied(node, BEFORE_PARTS), _bottom_up), RULES)


def _over_parts(node: Basic, rewritten: Callable[[Basic], Basic]) -> Basic:
    """``node`` with its parts rewritten; those of an entry are no expressions of their own."""
    if is_entry(node):
        return node
    args = tuple(rewritten(arg) for arg in node.args)
    return node.func(*args) if args != node.args else node


def _applied(node: Basic, rules: Rules) -> Basic:
    """``node`` after every rule that applies to it, again and again."""
    for kind, rule in rules:
        if isinstance(node, kind) and (found := rule(node)) is not None:
            return _applied(found, rules)
    return node


def _inlined(expr: Expr, definitions: Definitions) -> Expr:
    """``expr`` with the entries that ``definitions`` define replaced by their right sides."""
    found = [e for e in entries(expr) if tensor_of(e) in definitions]
    return expr.xreplace({e: _unfolded(e, definitions[tensor_of(e)], expr) for e in found})


def _unfolded(entry: Expr, definition: Equation, around: Expr) -> Expr:
    """The right side of ``definition`` at the indices of ``entry``."""
    formal, actual = indices_of(definition.lhs), indices_of(entry)
    free = around.atoms(Index) | entry.atoms(Index) | set(formal)
    bound = {i for s in definition.rhs.atoms(Sum) for i in over_axes(s) or ()}
    renaming: dict[Expr, Expr] = {}
    for index in sorted(bound & free, key=str):
        taken = free | definition.rhs.atoms(Index) | set(renaming.values())
        renaming[index] = index.axis.fresh(taken)
    rhs = definition.rhs.xreplace(renaming)
    return rhs.xreplace(dict(zip(formal, actual, strict=True)))
