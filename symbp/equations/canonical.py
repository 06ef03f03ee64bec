"""One spelling per meaning, as far as polynomial algebra over sums can tell.

``canonical`` multiplies out, splits sums at ``+``, contracts Kronecker deltas, drags what does not
depend on a bound index out of its sum, and names bound indices in one way. Two expressions with the
same canonical form are equal; equal expressions may have different ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, permutations, product
from math import factorial, prod
from typing import Any

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Piecewise, Pow, Sum

from symbp.equations.axis import Axis, Index, total
from symbp.equations.branches import without_shared_deltas
from symbp.equations.calculus import ArgLargest, Functional, Largest
from symbp.equations.nodes import nodes
from symbp.equations.wellformed import axis_of

MOST_FACTORS = 4
"""Powers of sums beyond this one are not multiplied out."""

MOST_TERMS = 2000
"""Products that would come to more terms are not multiplied out, either."""

MOST_ORDERS = 120
"""Where look-alike indices have more orders, one of them is taken, and no longer the least."""

FEW = 3
"""Bound indices up to which all orders are tried."""

CANONICAL = "_"
"""What the letters of bound indices begin with in a canonical form, and no others do."""


@dataclass(frozen=True)
class Term:
    """Σ over ``bound`` of the product ``body``."""

    bound: tuple[Index, ...]
    body: Expr


@cache
def canonical(expr: Expr) -> Expr:
    """The canonical form of ``expr``."""
    form = Add(*(_rebuilt(contracted(term)) for term in terms(expr)))
    # What was put in for an index binds a letter of its own where it is the place of a maximum.
    again = form.has(ArgLargest) and form != expr
    return Add(*(_rebuilt(contracted(term)) for term in terms(form))) if again else form


def terms(expr: Expr) -> list[Term]:
    """``expr`` as a list of sums of products, multiplied out."""
    match expr:
        case Add():
            return [term for arg in expr.args for term in terms(arg)]
        case Mul():
            return _product(expr, [terms(arg) for arg in expr.args])
        case Sum():
            body, over = _opened(expr.function, bound_in(expr))
            return [_summed(over, term) for term in terms(body)]
        case KroneckerDelta() | Indexed():
            within = {where: canonical(where) for where in expr.atoms(ArgLargest)}
            return [Term((), expr.xreplace(within))]
        case Pow(exp=Integer(p=n)) if 1 < n <= MOST_FACTORS:
            return _product(expr, [terms(expr.base)] * n)
        case Piecewise() if expr.has(KroneckerDelta):
            pieces = _with_canonical_parts(expr)
            deltas, rest = without_shared_deltas(pieces)
            return _multiplied([terms(deltas), [Term((), rest)]])
        case _ if expr.args:
            return [Term((), _with_canonical_parts(expr))]
    return [Term((), expr)]


def _with_canonical_parts(expr: Expr) -> Expr:
    match expr:
        case Functional():
            return expr
        case Largest() | ArgLargest():
            opened, (index,) = _opened(expr.body, (expr.index,))
            body = canonical(opened)
            name = _name(_height(body), index)
            return expr.func(body.xreplace({index: name}), name)
    parts = [canonical(arg) if isinstance(arg, Expr) else _relation(arg) for arg in expr.args]
    return expr.func(*parts) if tuple(parts) != expr.args else expr


def _relation(part: Any) -> Any:
    """Conditions and pairs of a Piecewise are no expressions, but contain some."""
    inner = [canonical(a) if isinstance(a, Expr) else _relation(a) for a in part.args]
    return part.func(*inner) if tuple(inner) != part.args else part


def _product(expr: Expr, factors: list[list[Term]]) -> list[Term]:
    """The terms of ``factors`` multiplied out; ``expr`` whole where they are too many."""
    if prod(map(len, factors)) > MOST_TERMS:
        return [Term((), _with_canonical_parts(expr))]
    return _multiplied(factors)


def _multiplied(factors: list[list[Term]]) -> list[Term]:
    out = []
    for chosen in product(*factors):
        bound: tuple[Index, ...] = ()
        bodies: list[Expr] = []
        taken = {i for term in chosen for i in nodes(term.body, Index)}
        for term in chosen:
            apart = _apart(term, bound, taken)
            bound += apart.bound
            taken |= set(apart.bound)
            bodies.append(apart.body)
        out.append(Term(bound, Mul(*bodies)))
    return [t for t in out if t.body != 0]


def _apart(term: Term, bound: tuple[Index, ...], taken: set[Index]) -> Term:
    """``term`` with bound indices that clash with ``bound`` renamed."""
    renaming: dict[Index, Index] = {}
    for index in term.bound:
        if index in bound:
            renaming[index] = index.axis.fresh(taken | set(renaming.values()), index.letter)
    return Term(tuple(renaming.get(i, i) for i in term.bound), term.body.xreplace(renaming))


def _summed(over: tuple[Index, ...], term: Term) -> Term:
    apart = _apart(term, over, set(over) | nodes(term.body, Index))
    return Term(over + apart.bound, apart.body)


def contracted(term: Term) -> Term:
    """Σ_i [i = a] f(i) -> f(a), where both run along one axis, and [i = i] -> 1."""
    bound, body = list(term.bound), term.body
    body = body.replace(
        lambda e: isinstance(e, Pow) and isinstance(e.base, KroneckerDelta), lambda e: e.base
    )
    while (pair := collapsible(body, bound)) is not None:
        delta, index, value = pair
        bound.remove(index)
        body = (body / delta).xreplace({index: value})
    for delta in sorted(nodes(body, KroneckerDelta), key=str):
        low, high = sorted(delta.args, key=lambda side: (isinstance(side, Index), str(side)))
        is_factor = delta in Mul.make_args(body)
        if is_factor and isinstance(high, Index) and not low.has(ArgLargest):
            body = delta * (body / delta).xreplace({high: low})
    return Term(tuple(bound), body)


def collapsible(body: Expr, bound: Sequence[Index]) -> tuple[Expr, Index, Expr] | None:
    """A factor [i = a] of ``body`` with i in ``bound``: the factor, i, and a of the same axis."""
    for factor in Mul.make_args(body):
        if isinstance(factor, KroneckerDelta):
            for index, value in (factor.args, factor.args[::-1]):
                if index not in bound or index == value:
                    continue
                if _decides(body, index, value):
                    continue
                if _is_on(value, index.axis) or _is_guarded(body / factor, index, value):
                    return factor, index, value
    return None


def _is_on(value: Expr, axis: Axis) -> bool:
    """Whether ``value`` is surely one of the indices along ``axis``, as its first one, 0, is."""
    return axis_of(value) == axis or value == 0


def _decides(body: Expr, index: Index, value: Expr) -> bool:
    """Whether cases in ``value`` would come to stand in a condition, where SymPy unfolds them."""
    return value.has(Piecewise) and any(
        condition.has(index) for pieces in body.atoms(Piecewise) for _, condition in pieces.args
    )


def _is_guarded(rest: Expr, index: Index, value: Expr) -> bool:
    """Whether ``rest`` vanishes where ``index`` would be a ``value`` outside of its axis.

    It does where an entry bears the index as a factor: outside, entries are 0.
    """
    if value.has(ArgLargest) or value.has_free(index) or not value.atoms(Index):
        return False
    factors = Mul.make_args(rest)
    guards = any(isinstance(f, Indexed) and index in f.indices for f in factors)
    return guards and all(_is_polynomial(f) for f in factors if f.has_free(index))


def _is_polynomial(expr: Expr) -> bool:
    """Whether ``expr`` has a value whatever its entries are."""
    if isinstance(expr, (Indexed, KroneckerDelta)) or expr.is_number:
        return True
    if isinstance(expr, Pow):
        return bool(expr.exp.is_Integer and expr.exp > 0) and _is_polynomial(expr.base)
    return isinstance(expr, (Add, Mul)) and all(map(_is_polynomial, expr.args))


def drawn_out(term: Term) -> Expr:
    """``term`` as an expression, with what no bound index occurs in before the sum."""
    free, body, bound = _separated(term)
    return free * total(body, *bound)


def _separated(term: Term) -> tuple[Expr, Expr, list[Index]]:
    count = Integer(1)
    bound = []
    for index in term.bound:
        if term.body.has_free(index):
            bound.append(index)
        else:
            count *= index.axis.size
    free: list[Expr] = []
    dependent: list[Expr] = []
    for factor in Mul.make_args(term.body):
        (dependent if factor.has_free(*bound) else free).append(factor)
    return count * Mul(*free), Mul(*dependent), bound


def _rebuilt(term: Term) -> Expr:
    free, body, bound = _separated(term)
    options = [_renamed(body, order) for order in _orders(body, bound)]
    body, indices = min(options, key=lambda option: str(option[0].sort_key()))
    return free * total(body, *indices)


def _orders(body: Expr, bound: list[Index]) -> list[tuple[Index, ...]]:
    """The orders of ``bound`` that differ only among indices that look alike."""
    looks = {index: _look(index, body, bound) for index in bound}
    ranked = sorted(bound, key=looks.__getitem__)
    alike = [list(group) for _, group in groupby(ranked, key=looks.__getitem__)]
    if prod(factorial(len(group)) for group in alike) > MOST_ORDERS:
        return [tuple(ranked)]
    orders = product(*(permutations(group) for group in alike))
    return [tuple(i for group in order for i in group) for order in orders]


def _look(index: Index, body: Expr, bound: list[Index]) -> tuple[str, str]:
    """What a bound index is without its letter: its axis, and where in ``body`` it stands.

    That is worked out only where there are so many that to try all their orders takes long.
    """
    if len(bound) <= FEW:
        return index.axis.symbol_name, ""
    blank = {other: other.axis.index(CANONICAL) for other in bound if other != index}
    here = body.xreplace({**blank, index: index.axis.index(CANONICAL * 2)})
    return index.axis.symbol_name, str(here.sort_key())


def _renamed(body: Expr, order: tuple[Index, ...]) -> tuple[Expr, list[Index]]:
    # Above what is bound within: a name of its own for each depth, so that none is captured.
    names = [_name(position, index) for position, index in enumerate(order, _height(body))]
    return body.xreplace(dict(zip(order, names, strict=True))), names


def _height(expr: Any) -> int:
    """How many indices are bound within one another in ``expr``, at most."""
    if not expr.args:
        return 0
    inner = max(map(_height, expr.args))
    own = len(expr.limits) if isinstance(expr, Sum) else isinstance(expr, (Largest, ArgLargest))
    return inner + own


def bound_in(expr: Sum) -> tuple[Index, ...]:
    """The indices that a sum runs over, the outermost first."""
    return tuple(limit[0] for limit in reversed(expr.limits))


def _opened(body: Expr, bound: tuple[Index, ...]) -> tuple[Expr, tuple[Index, ...]]:
    """``body`` with letters for ``bound`` that cannot be mistaken for canonical names within."""
    taken = nodes(body, Index) | set(bound)
    renaming: dict[Index, Index] = {}
    for index in bound:
        if index.letter.startswith(CANONICAL):
            renaming[index] = index.axis.fresh(taken)
            taken = taken | {renaming[index]}
    return body.xreplace(renaming), tuple(renaming.get(i, i) for i in bound)


def _name(position: int, index: Index) -> Index:
    return index.axis.index(f"{CANONICAL}{position}")
