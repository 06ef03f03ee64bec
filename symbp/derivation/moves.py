"""The moves of a derivation: each a small class whose docstring is its formula.

A move is given an expression and answers with another that equals it, or with None where it does not
apply. The words for people live elsewhere, under the move's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Sum,
    cancel,
    factor_terms,
    fraction,
    together,
)

from symbp.derivation.dependence import Dependence
from symbp.derivation.recognise import Recognise
from symbp.equations.axis import Index, Size, total
from symbp.equations.calculus import Partial
from symbp.equations.canonical import Term, collapsible, contracted, drawn_out, terms
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of

__all__ = ["Cancel", "Chain", "Collapse", "Collect", "Differentiate", "Distribute", "Fact", "Recognise"]


def letters(*exprs: Expr) -> set[Index]:
    """All indices in ``exprs``, bound ones too: the letters that are taken."""
    return {index for expr in exprs for index in expr.atoms(Index)}


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
                    indices.append(at[tied[slot]])
                else:
                    summed.append(axis.fresh(taken))
                    indices.append(summed[-1])
                    taken.add(summed[-1])
            entry = c[tuple(indices)]
            out.append(total(Partial(partial.of, entry) * Partial(entry, partial.wrt), *summed))
        return Add(*out)


@dataclass(frozen=True)
class Unfold:
    """∂v_α/∂t -> ∂(the right-hand side that defines v_α)/∂t"""

    avoid: frozenset[Index]

    def __call__(self, partial: Partial, equation: Equation) -> Partial:
        return Partial(definition_at(equation, partial.of, self.avoid | letters(partial)), partial.wrt)


def definition_at(equation: Equation, entry: Expr, avoid: frozenset[Index] | set[Index]) -> Expr:
    """The right-hand side of ``equation`` for the entry ``entry``, its bound letters made fresh."""
    own = indices_of(equation.lhs)
    wanted = dict(zip(own, indices_of(entry), strict=True))
    taken = set(avoid) | letters(entry)
    renaming: dict[Expr, Expr] = {}
    for index in sorted(letters(equation.rhs) - set(own), key=str):
        renaming[index] = index.axis.fresh(taken) if index.letter in {i.letter for i in taken} else index
        taken.add(renaming[index])  # type: ignore[arg-type]
    return equation.rhs.xreplace({**wanted, **renaming})


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
    front, branches = Integer(1), [branch for branch, _ in pieces.args]
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


def _numbers_inside(expr: Expr, number: Expr = Integer(1)) -> Expr:
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


class Collapse:
    """Σ_i [i = a] f(i) -> f(a): of the sum only the term i = a is left."""

    def __call__(self, expr: Expr) -> Expr | None:
        after = expr.replace(lambda e: isinstance(e, Sum), self._sum)
        return after if after != expr else None

    def _sum(self, expr: Sum) -> Expr:
        bound = [limit[0] for limit in reversed(expr.limits)]
        addends = Add.make_args(expr.function)
        if not all(collapsible(a, bound) or not a.has(KroneckerDelta) for a in addends):
            return expr
        if not any(collapsible(a, bound) for a in addends):
            return expr
        return Add(*(drawn_out(contracted(Term(tuple(bound), a))) for a in addends))


class Distribute:
    """Σ_i a_i ([i = j] − b) -> Σ_i a_i [i = j] − b Σ_i a_i, where a collapse waits for it."""

    def __call__(self, expr: Expr) -> Expr | None:
        for node in expr.atoms(Sum):
            bound = [limit[0] for limit in node.limits]
            deltas = [d for d in node.function.atoms(KroneckerDelta) if set(d.args) & set(bound)]
            if deltas and not all(
                collapsible(a, bound) or not a.has(KroneckerDelta) for a in Add.make_args(node.function)
            ):
                return Add(*(drawn_out(term) for term in terms(expr)))
        return None


class Cancel:
    """(a/z) · z b -> a b: denominators that cancel are cancelled."""

    def __call__(self, expr: Expr) -> Expr | None:
        after = self._inside(expr)
        return after if after != expr and _divisions(after) < _divisions(expr) else None

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
        return e if isinstance(e, (Rational, Size)) else names.setdefault(e, Dummy(f"a{len(names)}", real=True))

    hidden = hide(expr)
    return function(hidden).xreplace({name: e for e, name in names.items()})


@dataclass(frozen=True)
class Fact:
    """Σ_j d_j -> 1, or whatever the data is known to satisfy."""

    facts: tuple[Equation, ...]

    def __call__(self, expr: Expr) -> tuple[Expr, Equation] | None:
        """``expr`` by the first fact that applies, and that fact as it was used."""
        for fact in self.facts:
            for node in expr.atoms(Sum):
                if (value := self._matches(node, fact)) is not None:
                    return expr.xreplace({node: value}), Equation(fact.id, node, value)
        return None

    @staticmethod
    def _matches(node: Sum, fact: Equation) -> Expr | None:
        known = fact.lhs
        if len(node.limits) != len(known.limits) or not is_entry(node.function):
            return None
        if tensor_of(node.function) != tensor_of(known.function):
            return None
        renaming = dict(zip(indices_of(known.function), indices_of(node.function), strict=True))
        return fact.rhs if known.function.xreplace(renaming) == node.function and {
            renaming[limit[0]] for limit in known.limits
        } == {limit[0] for limit in node.limits} else None


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
        if number.is_negative and isinstance(factor, Add) and len(factor.args) == 2:  # noqa: PLR2004
            signs = {bool(a.as_coeff_Mul()[0] > 0) for a in factor.args}
            if len(signs) == 2:  # noqa: PLR2004
                return -number * (rest / factor) * Add(*(-a for a in factor.args))
    return None
