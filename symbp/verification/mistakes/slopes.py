"""Where f'(u) stands in an expression: as f'(u_j), as z_j (1 − z_j), as [u_j > 0]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from sympy import Expr, Mul

from symbp.equations.calculus import Opaque, Partial
from symbp.equations.tensor import Role, entries, tensor_of
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, products
from symbp.verification.mistakes.mistake import Made


@dataclass(frozen=True)
class Slope:
    """``factors`` of the product at ``place`` are together the slope f'(u)."""

    place: Place
    u: Expr
    factors: tuple[Expr, ...]

    def replaced(self, new: Expr) -> Expr:
        return self.place.put(self.place.without(*self.factors) * new)

    def written(self, context: Context) -> Expr:
        """The slope as a derivative."""
        return Partial(context.activated(self.u), self.u)


def slopes(expr: Expr, context: Context) -> Iterator[Slope]:
    """The slopes among the factors of each product of ``expr``."""
    for place in products(expr, context.free):
        yield from _among(place, context)


def slopes_below(expr: Expr, context: Context) -> Iterator[Slope]:
    """The slopes that something is divided by, as in ``(z − d) / (z (1 − z))``."""
    for place in products(expr, context.free):
        below = Mul(*(f.base for f in place.factors if f.is_Pow and f.exp == -1))
        if below != 1:
            yield from _among(Place(below, place.scope, _dividing(place)), context)


def slopes_twice(expr: Expr, context: Context) -> Iterator[Slope]:
    """The slopes that stand twice: squares among the factors, or among what they are divided by."""
    for place in products(expr, context.free):
        for sign in (1, -1):
            powers = [f for f in place.factors if f.is_Pow and f.exp.is_Integer]
            squared = Mul(*(f.base for f in powers if sign * f.exp > 1))
            if squared != 1:
                once = Place(squared, place.scope, _once(place, squared, sign))
                yield from _among(once, context)


def _once(place: Place, squared: Expr, sign: int) -> Callable[[Expr], Expr]:
    return lambda new: place.put(place.part * (new / squared) ** sign)


def _dividing(place: Place) -> Callable[[Expr], Expr]:
    above = place.without(*(f for f in place.factors if f.is_Pow and f.exp == -1))
    return lambda new: place.put(above / new)


def _among(place: Place, context: Context) -> Iterator[Slope]:
    about = {f: u for f in place.factors if (u := _unit(f, context)) is not None}
    for size in (1, 2):
        for group in combinations(about, size):
            u = about[group[0]]
            if all(about[f] == u for f in group) and _is_slope(group, u, context):
                yield Slope(place, u, group)


def dropped(expr: Expr, context: Context, *, output: bool) -> Iterator[Made]:
    """``δ_k w f'(u)`` -> ``δ_k w``, and -> ``δ_k w f(u)``"""
    for slope in slopes(expr, context):
        if context.is_output(tensor_of(slope.u)) is output:
            facts = {"slope": context.primed(slope.u)}
            z = context.activated(slope.u)
            yield Made(slope.replaced(1), "missing", facts)
            yield Made(slope.replaced(z), "unprimed", facts, z)


def restored(written: Expr, context: Context, *, output: bool) -> Iterator[Made]:
    """``δ_k w`` -> ``δ_k w f'(u)``"""
    for place in products(written, context.free):
        for unit in context.units:
            if context.is_output(unit) is not output:
                continue
            for u in context.at(unit, place.scope):
                is_of_output = context.target == context.activated(u)
                if (slope := context.slope(u)) is not None:
                    facts = {"slope": context.primed(u)}
                    made = place.put(place.part * slope)
                    # What E is differentiated by is z itself: f' comes after that.
                    yield Made(made, "missing", facts, place.part, cost=int(is_of_output))


def _unit(factor: Expr, context: Context) -> Expr | None:
    """The u that ``factor`` is a function of, directly or by its z; None where it is of more."""
    found = [e for e in entries(factor) if tensor_of(e).role is not Role.CONSTANT]
    if not 1 <= len(found) <= 2:
        return None
    for entry in found:
        role = tensor_of(entry).role
        u = entry if role is Role.PREACTIVATION else None
        if role is Role.ACTIVATION:
            u = context.preactivated(entry)
        if u is None or not set(found) <= {u, context.activated(u)}:
            return None
    return u


def _is_slope(group: tuple[Expr, ...], u: Expr, context: Context) -> bool:
    slope = context.slope(u)
    if slope is None:
        return False
    if len(group) == 1 and isinstance(group[0], Opaque):
        place = group[0].symbol.place
        own = place is None or place == tensor_of(u).place
        return own and group[0].order == 1 and group[0].argument == u
    product: Expr = group[0] if len(group) == 1 else group[0] * group[1]
    return context.reference.print(product) == context.reference.print(slope)
