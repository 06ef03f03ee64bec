"""The chain rule, and putting in what a quantity is by definition."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sympy import Add, Expr

from symbp.derivation.dependence import Dependence
from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.nodes import nodes, ordered
from symbp.equations.tensor import Tensor, indices_of, tensor_of


def letters(*exprs: Expr) -> set[Index]:
    """All indices in ``exprs``, bound ones too: the letters that are taken."""
    return {index for expr in exprs for index in nodes(expr, Index)}


@dataclass(frozen=True)
class Chain:
    """∂v/∂t_a -> Σ_c Σ_α ∂v/∂c_α ∂c_α/∂t_a, over the tensors c that lead from t to v.

    A slot of c that is tied to a slot of t takes its index and needs no sum. Letters in ``avoid``
    are left alone.
    """

    dependence: Dependence
    avoid: frozenset[Index]

    def through(self, partial: Partial, tensors: tuple[Tensor, ...]) -> Expr:
        t = tensor_of(partial.wrt)
        out = []
        for c in tensors:
            tied = self.dependence.reach(c, t)
            at = list(indices_of(partial.wrt))
            taken = set(self.avoid) | letters(partial)
            indices: list[Expr] = []
            summed: list[Index] = []
            for slot, axis in enumerate(c.axes):
                if slot in tied:
                    q, further = tied[slot]
                    indices.append(at[q] + further)
                else:
                    summed.append(axis.fresh(taken))
                    indices.append(summed[-1])
                    taken.add(summed[-1])
            entry = c[tuple(indices)]
            out.append(total(Partial(partial.of, entry) * Partial(entry, partial.wrt), *summed))
        return Add(*out)


def definition_at(equation: Equation, entry: Expr, avoid: AbstractSet[Index]) -> Expr:
    """The right-hand side of ``equation`` for the entry ``entry``, its bound letters made fresh."""
    own = indices_of(equation.lhs)
    wanted = dict(zip(own, indices_of(entry), strict=True))
    taken = set(avoid) | letters(entry)
    renaming: dict[Index, Index] = {}
    for index in ordered(equation.rhs.atoms(Index) - set(own)):
        is_taken = index.letter in {i.letter for i in taken}
        renaming[index] = index.axis.fresh(taken) if is_taken else index
        taken.add(renaming[index])
    return equation.rhs.xreplace({**wanted, **renaming})
