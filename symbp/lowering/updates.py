"""The update equations of an optimizer, so that they take the fewest passes over its arrays.

m′ = β₁ m + (1 − β₁) g,  m̂ = m′/(1 − β₁^τ)   ->   m′ = β₁ m + g, where m/(1 − β₁) is kept as m
w′ = w − η m̂/(√v̂ + ε)                          ->   w′ = w − c₁ m′/(√v′ + c₂) with numbers c₁, c₂
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sympy import Add, Expr, Integer, Mul, Pow

from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, after, entries, is_entry, tensor_of


@dataclass(frozen=True)
class Update:
    """``equations`` for what is renewed; ``numbers`` are computed once a step, for all entries.

    ``scales`` are what the kept states are to be multiplied by, where that is not 1.
    """

    equations: tuple[Equation, ...]
    numbers: tuple[tuple[Tensor, Expr], ...]
    scales: Mapping[Tensor, Expr]


def fewest_passes(
    equations: Iterable[Equation],
    states: Sequence[Tensor],
    weight: Tensor,
    gradient: Tensor,
    changing: Sequence[Tensor],
) -> Update:
    """The update in its shortest form; ``changing`` numbers are not the same in every step.

    The optimizer's constants are taken to lie from 0 to below 1, or to be positive, as the checks
    of a trainer make sure: roots of what they make are positive.
    """
    arrays = frozenset((weight, gradient, *states, *map(after, states)))
    return _Shortening(
        {tensor_of(e.lhs): e for e in equations}, arrays, frozenset(changing)
    ).update(states, weight)


@dataclass
class _Shortening:
    equations: Mapping[Tensor, Equation]
    arrays: frozenset[Tensor]
    changing: frozenset[Tensor]
    numbers: dict[Expr, Tensor] = field(default_factory=dict)
    inlined: dict[Tensor, Expr] = field(default_factory=dict)

    def update(self, states: Sequence[Tensor], weight: Tensor) -> Update:
        scales = {s: scale for s in states if (scale := self._scale(s)) != 1}
        kept = {
            tensor[()]: scale * tensor[()]
            for state, scale in scales.items()
            for tensor in (state, after(state))
        }
        found = []
        for tensor in (*states, weight):
            rhs = self._computed(after(tensor))
            rhs = rhs.xreplace(kept) if kept else rhs
            rhs = rhs / scales[tensor] if tensor in scales else rhs
            equation = self.equations[after(tensor)]
            found.append(replace(equation, rhs=self._shortest(rhs)))
        numbers = tuple((tensor, number) for number, tensor in self.numbers.items())
        return Update(tuple(found), numbers, scales)

    def _computed(self, tensor: Tensor) -> Expr:
        """What a tensor is, without what is only defined on the way."""
        if tensor not in self.inlined:
            self.inlined[tensor] = self._inlined(self.equations[tensor].rhs)
        return self.inlined[tensor]

    def _inlined(self, rhs: Expr) -> Expr:
        """``rhs`` without what is only defined on the way."""
        known = {
            e: self._computed(tensor_of(e))
            for e in entries(rhs)
            if tensor_of(e) in self.equations and tensor_of(e) not in self.arrays
        }
        return rhs.xreplace(known) if known else rhs

    def _scale(self, state: Tensor) -> Expr:
        """The number that all that is added to a state is multiplied by, if it never changes."""
        rhs = self._computed(after(state))
        added = [term for term in Add.make_args(rhs) if state[()] not in entries(term)]
        if len(added) != 1:
            return Integer(1)
        number, _ = self._apart(added[0])
        read = {tensor_of(e) for e in entries(number)}
        return Integer(1) if read & self.changing or number.is_number else number

    # ---- numbers outside, arrays inside ---------------------------------------------------------

    def _shortest(self, rhs: Expr) -> Expr:
        terms: dict[Expr, Expr] = {}
        for term in self._terms(rhs):
            number, rest = self._apart(term)
            terms[rest] = terms.get(rest, Integer(0)) + number
        return Add(*(self._number(number) * self._inner(rest) for rest, number in terms.items()))

    def _terms(self, rhs: Expr) -> Iterator[Expr]:
        for term in Add.make_args(rhs):
            factors = Mul.make_args(term)
            sums = [f for f in factors if isinstance(f, Add) and self._has_arrays(f)]
            for part in Add.make_args(sums[0]) if sums else (Integer(1),):
                rest = Mul(*(f for f in factors if f not in sums[:1]))
                yield self._outside(rest * part)

    def _outside(self, expr: Expr) -> Expr:
        """``expr`` with the numbers of roots and denominators as factors in front."""
        if not expr.args or is_entry(expr):
            return expr
        parts = tuple(map(self._outside, expr.args))
        expr = expr if parts == expr.args else expr.func(*parts)
        if not isinstance(expr, Pow):
            return expr
        base, exponent = expr.args
        if isinstance(base, Add):
            number, base = self._out_of_sum(base)
        else:
            number, base = self._apart(base)
        return number**exponent * base**exponent if base != 1 else expr

    def _out_of_sum(self, sum_: Add) -> tuple[Expr, Expr]:
        """The number of the one term that is an array: c a + b -> c, a + b/c"""
        bound = [term for term in sum_.args if self._has_arrays(term)]
        number = self._apart(bound[0])[0] if len(bound) == 1 else Integer(1)
        return number, Add(*(term / number for term in sum_.args))

    def _inner(self, expr: Expr) -> Expr:
        """``expr``, the numbers in it as single ones."""
        if not expr.args or is_entry(expr) or not self._has_arrays(expr):
            return expr
        if isinstance(expr, Add):
            return Add(*(self._number(n) * self._inner(r) for n, r in map(self._apart, expr.args)))
        return expr.func(*map(self._inner, expr.args))

    def _number(self, number: Expr) -> Expr:
        """A number that is computed has a name."""
        sign = Integer(-1) if number.as_coeff_Mul()[0] < 0 else Integer(1)
        number = sign * number
        if number.is_number or is_entry(number):
            return sign * number
        name = Tensor(f"c_{len(self.numbers) + 1}", (), Role.CONSTANT)
        return sign * self.numbers.setdefault(number, name)[()]

    def _apart(self, term: Expr) -> tuple[Expr, Expr]:
        """The factors of a term that are numbers, and the others."""
        factors = Mul.make_args(term)
        own = [factor for factor in factors if not self._has_arrays(factor)]
        return Mul(*own), Mul(*(factor for factor in factors if factor not in own))

    def _has_arrays(self, expr: Expr) -> bool:
        return any(tensor_of(e) in self.arrays for e in entries(expr))
