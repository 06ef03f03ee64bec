"""Differentiating what stands there, which SymPy does, and laying the outcome out to be read."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, DiracDelta, Expr, Integer, KroneckerDelta, Mul, Piecewise, Sum

from symbp.derivation.dependence import Dependence
from symbp.equations.branches import without_shared_deltas
from symbp.equations.calculus import Partial
from symbp.equations.nodes import has, nodes
from symbp.equations.tensor import entries, indices_of, tensor_of

ONE = Integer(1)


@dataclass(frozen=True)
class Differentiate:
    """∂(expr)/∂t_a -> d(expr)/dt_a, other tensors that depend on t entering as ∂c/∂t_a.

    SymPy differentiates; the indices of t_a are not bound in ``expr``, which it relies on.
    """

    dependence: Dependence

    def __call__(self, partial: Partial) -> Expr:
        out = self._slope(partial.of, partial.wrt)
        t = tensor_of(partial.wrt)
        for entry in entries(partial.of):
            c = tensor_of(entry)
            if c != t and self.dependence.depends(c, t) and not indices_of(entry):
                out += self._slope(partial.of, entry) * Partial(entry, partial.wrt)
        return _numbers_inside(_deltas_outside(out))

    @staticmethod
    def _slope(of: Expr, wrt: Expr) -> Expr:
        """SymPy's derivative almost everywhere: jumps, as that of sign at 0, have no slope."""
        return of.diff(wrt).replace(DiracDelta, lambda *_: Integer(0))


def _deltas_outside(expr: Expr) -> Expr:
    """{[i = j] a if c, [i = j] b otherwise} as [i = j] {a if c, b otherwise}."""
    pieces = [p for p in nodes(expr, Piecewise) if has(p, KroneckerDelta)]
    return expr.xreplace({p: Mul(*without_shared_deltas(p)) for p in pieces})


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
