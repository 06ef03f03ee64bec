"""Simplifying by what quantities are by definition: means, and quotients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Add, Expr, Indexed, Integer, Mul, Sum, expand, fraction

from symbp.derivation.moves.chain import definition_at, letters
from symbp.equations.axis import Index, Size
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.nodes import nodes, ordered
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of

Definitions = Mapping[Tensor, Equation]


@dataclass(frozen=True)
class Mean:
    """Σ_n (x_n − μ) -> 0, where μ = 1/N Σ_n x_n."""

    definitions: Definitions

    def __call__(self, expr: Expr) -> tuple[Expr, Equation] | None:
        """``expr`` without the first sum that vanishes, and what was used."""
        means = {
            node: found
            for node in nodes(expr, Sum)
            if (found := [e for e in entries(node) if self._is_mean(tensor_of(e))])
        }
        for node in ordered(means):
            known = {
                e: definition_at(self.definitions[tensor_of(e)], e, letters(expr))
                for e in means[node]
            }
            if canonical(node.xreplace(known)) == 0:
                return expr.xreplace({node: Integer(0)}), Equation("", node, Integer(0))
        return None

    def _is_mean(self, tensor: Tensor) -> bool:
        """Whether a tensor is Σ x divided by how many there are."""
        equation = self.definitions.get(tensor)
        if equation is None:
            return False
        top, bottom = fraction(equation.rhs)
        sizes = all(isinstance(f, Size) for f in Mul.make_args(bottom))
        return isinstance(top, Sum) and is_entry(top.function) and bottom != 1 and sizes


@dataclass(frozen=True)
class Quotient:
    """(x − μ) -> x̂ s, where x̂ = (x − μ)/s: the numerator of a definition is recognised."""

    definition: Equation

    def __call__(self, expr: Expr) -> Expr | None:
        top, bottom = fraction(self.definition.rhs)
        own = indices_of(self.definition.lhs)
        if bottom == 1 or bottom.is_number or not isinstance(top, (Add, Indexed)):
            return None
        if set(map(tensor_of, entries(top))) & set(map(tensor_of, entries(bottom))):
            return None  # as in u/(1 + e^−u): the numerator would come again with the denominator
        tensor = tensor_of(self.definition.lhs)
        found: dict[Expr, Expr] = {}
        found_at = ((node, [*_places(node, top, own)]) for node in expr.atoms(type(top)))
        places = {node: each for node, each in found_at if each}
        for node in ordered(places):
            for at in places[node]:
                here = dict(zip(own, at, strict=True))
                ratio = _ratio(node, top.xreplace(here))
                if ratio is not None and node not in found:
                    found[node] = ratio * tensor[at] * bottom.xreplace(here)
        return expr.xreplace(found) if found else None


def _places(node: Expr, top: Expr, own: tuple[Expr, ...]) -> Iterator[tuple[Expr, ...]]:
    """What the indices ``own`` may be, so that ``top`` becomes ``node``."""
    widest = [e for e in entries(top) if set(own) <= set(indices_of(e))]
    for pattern in widest[:1]:
        for entry in entries(node, tensor_of(pattern)):
            here = dict(zip(indices_of(pattern), indices_of(entry), strict=True))
            if all(isinstance(here[i], Index) for i in own):
                yield tuple(here[i] for i in own)


def _ratio(node: Expr, top: Expr) -> Expr | None:
    """The number k of node = k top."""
    if node == top:
        return Integer(1)
    if not isinstance(top, Add):
        return None
    first = top.args[0]
    numbers = (addend / first for addend in node.args)
    wanted = [k for k in numbers if k.is_number]
    return next((k for k in wanted if expand(node - k * top) == 0), None)


class CollectPart:
    """a/s − b/s + c -> (a − b)/s + c: what some terms share is put before them."""

    def __call__(self, expr: Expr) -> Expr | None:
        if not isinstance(expr, Add):
            return None
        shared = [_divisors(a) for a in expr.args]
        for divisor in ordered(set().union(*shared)):
            with_it = [a for a, own in zip(expr.args, shared, strict=True) if divisor in own]
            if 1 < len(with_it) < len(expr.args):
                rest = [a for a in expr.args if a not in with_it]
                inner = Add(*(a / divisor for a in with_it))
                return Add(Mul(divisor, inner, evaluate=False), *rest)
        return None


def _divisors(addend: Expr) -> set[Expr]:
    """The factors of ``addend`` that divide by more than a number or a size."""
    return {
        f
        for f in Mul.make_args(addend)
        if f.is_Pow and f.exp.is_negative and any(map(is_entry, nodes(f.base, Indexed)))
    }
