"""Differentiating what stands there, which SymPy does, and laying the outcome out to be read."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Piecewise, Sum

from symbp.derivation.dependence import Dependence
from symbp.equations.calculus import Partial
from symbp.equations.tensor import entries, indices_of, tensor_of

ONE = Integer(1)


@dataclass(frozen=True)
class Differentiate:
    """∂(expr)/∂t_a -> d(expr)/dt_a, other tensors that depend on t entering as ∂c/∂t_a.

    SymPy differentiates; the indices of t_a are not bound in ``expr``, which it relies on.
    """

    dependence: Dependence

    def __call__(self, partial: Partial) -> Expr:
        out = partial.of.diff(partial.wrt)
        t = tensor_of(partial.wrt)
        for entry in entries(partial.of):
            c = tensor_of(entry)
            if c != t and self.dependence.depends(c, t) and not indices_of(entry):
                out += partial.of.diff(entry) * Partial(entry, partial.wrt)
        return _numbers_inside(_deltas_outside(out))


def _deltas_outside(expr: Expr) -> Expr:
    """{[i = j] a if c, [i = j] b otherwise} as [i = j] {a if c, b otherwise}."""
    moved = {p: _without_shared_deltas(p) for p in expr.atoms(Piecewise) if p.has(KroneckerDelta)}
    return expr.xreplace(moved)


def _without_shared_deltas(pieces: Piecewise) -> Expr:
    front, branches = ONE, [branch for branch, _ in pieces.args]
    for delta in sorted(pieces.atoms(KroneckerDelta), key=str):
        divided = [_divided(branch, delta) for branch in branches]
        if all(b is not None for b in divided):
            front, branches = front * delta, divided
    return front * Piecewise(*((b, c) for b, (_, c) in zip(branches, pieces.args, strict=True)))


def _divided(branch: Expr, delta: Expr) -> Expr | None:
    addends = [a for a in Add.make_args(branch) if a != 0]
    if all(delta in Mul.make_args(a) for a in addends):
        return Add(*(a / delta for a in addends))
    return None


def _numbers_inside(expr: Expr, number: Expr = ONE) -> Expr:
    """A number before a sum is multiplied into its body: ½ Σ 2x -> Σ x."""
    if isinstance(expr, Add):
        return Add(*(_numbers_inside(a, number) for a in expr.args))
    if isinstance(expr, Sum):
        return expr.func(_numbers_inside(expr.function, number), *expr.limits)
    own, rest = expr.as_coeff_Mul()
    sums = [f for f in Mul.make_args(rest) if isinstance(f, Sum)]
    if len(sums) != 1:
        return number * expr
    return rest / sums[0] * _numbers_inside(sums[0], number * own)
