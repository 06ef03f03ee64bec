"""Expressions with one part put in place of another: mistakes and repairs are made of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Piecewise, Pow, Sum
from sympy.core.relational import Relational

from symbp.equations.axis import Index, Total
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.canonical import bound_in
from symbp.equations.tensor import TensorSymbol, indices_of, is_entry, tensor_of
from symbp.equations.wellformed import free_indices

LEAVES = (Indexed, TensorSymbol, KroneckerDelta, Partial, Functional, Largest, ArgLargest, Index)
"""What is never looked into: it is one sign on paper."""


@dataclass(frozen=True)
class Place:
    """``part``, where it stands in a whole; ``put`` gives the whole with another part there.

    ``scope`` are the indices that mean something there. ``is_factor`` tells whether it is one of
    the factors of a product.
    """

    part: Expr
    scope: tuple[Index, ...]
    put: Callable[[Expr], Expr]
    is_factor: bool = False

    @property
    def factors(self) -> tuple[Expr, ...]:
        return Mul.make_args(self.part)

    def without(self, *dropped: Expr) -> Expr:
        """The product that remains of ``part`` when some of its factors are dropped."""
        return Mul(*(f for f in self.factors if f not in dropped))


def places(expr: Expr, scope: tuple[Index, ...] = ()) -> Iterator[Place]:
    """Every part of ``expr``, the whole first."""
    known = tuple(dict.fromkeys((*scope, *sorted(free_indices(expr), key=str))))
    yield from _within(Place(expr, known, lambda new: new))


def products(expr: Expr, scope: tuple[Index, ...] = ()) -> Iterator[Place]:
    """Every part that is no factor of another: the whole, bodies of sums, addends, branches."""
    return (place for place in places(expr, scope) if not place.is_factor)


def entries_in(expr: Expr, scope: tuple[Index, ...] = ()) -> Iterator[Place]:
    """Every entry of a tensor, as often as it stands in ``expr``; a number is an entry, too.

    Those in a derivative, ``∂E/∂w_ij``, are among them.
    """
    for place in places(expr, scope):
        if is_entry(place.part):
            yield place
        elif isinstance(place.part, Partial) and is_entry(place.part.wrt):
            of, wrt = place.part.args
            yield Place(wrt, place.scope, _derivative(place.put, of, None), is_factor=True)
            if is_entry(of):
                yield Place(of, place.scope, _derivative(place.put, None, wrt), is_factor=True)


def _derivative(
    put: Callable[[Expr], Expr], of: Expr | None, wrt: Expr | None
) -> Callable[[Expr], Expr]:
    return lambda new: put(Partial(of if of is not None else new, wrt if wrt is not None else new))


def _within(place: Place) -> Iterator[Place]:
    yield place
    part = place.part
    if isinstance(part, LEAVES) or not part.args:
        return
    if isinstance(part, Sum):
        scope = tuple(dict.fromkeys((*place.scope, *bound_in(part))))
        yield from _within(Place(part.function, scope, _body(place.put, part)))
        return
    if isinstance(part, Pow) and part.exp.is_Integer and part.exp > 1:
        yield from _within(Place(part.base, place.scope, _once(place.put, part), is_factor=True))
    for at, child in enumerate(part.args):
        for inner, rebuild in _children(part, at, child):
            put = _argument(place.put, part, at, rebuild)
            yield from _within(Place(inner, place.scope, put, isinstance(part, (Mul, Pow, Opaque))))


def _children(part: Expr, at: int, child: Any) -> Iterator[tuple[Expr, Callable[[Expr], Any]]]:
    """The expressions in an argument, each with how the argument is built again around it."""
    if isinstance(part, Opaque):
        if at == 1:
            yield child, lambda new: new
    elif isinstance(part, Piecewise):
        value, condition = child
        yield value, lambda new: (new, condition)
        if isinstance(condition, Relational):
            left, right = condition.args
            yield left, lambda new: (value, condition.func(new, right))
    elif isinstance(child, Expr) and not (isinstance(part, Pow) and at == 1):
        yield child, lambda new: new


def _once(put: Callable[[Expr], Expr], power: Pow) -> Callable[[Expr], Expr]:
    """Puts something in place of one factor of a power: two that were typed became a square."""
    return lambda new: put(new * power.base ** (power.exp - 1))


def _body(put: Callable[[Expr], Expr], whole: Sum) -> Callable[[Expr], Expr]:
    return lambda new: put(Total(new, *whole.limits))


def _argument(
    put: Callable[[Expr], Expr], part: Expr, at: int, rebuild: Callable[[Expr], Any]
) -> Callable[[Expr], Expr]:
    return lambda new: put(part.func(*part.args[:at], rebuild(new), *part.args[at + 1 :]))


def with_index(entry: Expr, slot: int, index: Expr) -> Expr:
    """``entry`` with another index in one of its slots."""
    indices = list(indices_of(entry))
    indices[slot] = index
    return tensor_of(entry)[tuple(indices)]


def fixed(body: Expr, index: Index, at: int | Expr) -> Expr:
    """``body`` at one position of ``index``."""
    return body.xreplace({index: Integer(at) if isinstance(at, int) else at})


def addends(expr: Expr) -> tuple[Expr, ...]:
    return Add.make_args(expr)


def summing(part: Expr) -> tuple[tuple[Index, Expr], ...]:
    """Each index of a sum, with the sum over the others alone: Σ_i Σ_j b -> (i, Σ_j b), …"""
    if not isinstance(part, Sum):
        return ()
    out = []
    for at, limit in enumerate(part.limits):
        others = (*part.limits[:at], *part.limits[at + 1 :])
        out.append((limit[0], Total(part.function, *others) if others else part.function))
    return tuple(out)
