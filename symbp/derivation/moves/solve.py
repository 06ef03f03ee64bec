"""Sums of which a Kronecker delta leaves one term, once it is solved for the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Sum, expand

from symbp.equations.axis import Index, total
from symbp.equations.canonical import bound_in
from symbp.equations.nodes import has, nodes, ordered
from symbp.equations.tensor import PARAMETERS, indices_of, tensor_of


@dataclass(frozen=True)
class Solved:
    """What became of an expression when a bracket was solved for ``index``, which is ``value``."""

    after: Expr
    index: Index
    value: Expr

    @property
    def bracket(self) -> Expr:
        """What is left of the one that was solved."""
        return KroneckerDelta(self.index, self.value)


class Solve:
    """Σ_j a_j b_k [i = j + k − 1] -> a_{i − k + 1} b_k, where a is 0 outside its range.

    The index that is solved for stands alone in slots of entries, and nowhere else: where its
    value lies outside, no term was there, and the entry is 0. Of several it is one of what is no
    parameter, so that an adjoint is gone through and a kernel is run through backwards.
    """

    def __call__(self, expr: Expr) -> Solved | None:
        for node in ordered(s for s in _outermost(expr) if has(s, KroneckerDelta)):
            bound, factors = _opened(node)
            for delta in (f for f in factors if isinstance(f, KroneckerDelta)):
                others = [f for f in factors if f != delta]
                for index, value in _solutions(delta, bound, others):
                    rest = Mul(*others).xreplace({index: value})
                    left = [each for each in bound if each != index]
                    return Solved(expr.xreplace({node: total(rest, *left)}), index, value)
        return None


def _outermost(expr: Expr) -> list[Sum]:
    """The sums in ``expr`` that stand in no other sum."""
    sums = expr.atoms(Sum)
    return [s for s in sums if not any(s != other and s in nodes(other, Sum) for other in sums)]


def _opened(node: Sum) -> tuple[tuple[Index, ...], list[Expr]]:
    """The indices and the factors of a sum of products, those of sums among these included."""
    bound, factors = bound_in(node), list(Mul.make_args(node.function))
    while inner := [f for f in factors if isinstance(f, Sum)]:
        first = inner[0]
        own = bound_in(first)
        rest = [f for f in factors if f != first]
        if set(own) & {i for f in (*rest, *bound) for i in nodes(f, Index)}:
            break
        bound, factors = (*bound, *own), [*rest, *Mul.make_args(first.function)]
    return bound, factors


def _solutions(
    delta: KroneckerDelta, bound: tuple[Index, ...], others: list[Expr]
) -> Iterator[tuple[Index, Expr]]:
    """The indices among ``bound`` that the bracket determines, and their values."""
    if not any(isinstance(side, Add) or side.is_Mul for side in delta.args):
        return
    difference = expand(delta.args[0] - delta.args[1])
    found = []
    for index in bound:
        factor = difference.coeff(index)
        using = [f for f in others if f.has(index)]
        if abs(factor) != 1 or not using or not all(_holds(f, index) for f in using):
            continue
        learnt = any(tensor_of(f).role in PARAMETERS for f in using)
        found.append((learnt, index, expand(index - factor * difference)))
    for _, index, value in sorted(found, key=lambda each: (each[0], str(each[1]))):
        yield index, value


def _holds(factor: Expr, index: Index) -> bool:
    """Whether ``factor`` is an entry in which ``index`` stands alone, so that it is 0 outside."""
    if not isinstance(factor, Indexed):
        return False
    slots = [slot for slot in indices_of(factor) if slot.has(index)]
    return slots == [index]
