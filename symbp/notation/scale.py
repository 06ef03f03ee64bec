"""What a line says under a convention whose δ is the number of samples times ∂E/∂u.

``δ = ∂E/∂u`` becomes ``δ = N ∂E/∂u``, and where δ is used, ``δ/N`` stands in its place.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul

from symbp.equations.axis import Size, Total
from symbp.equations.tensor import Role, entries, is_entry, tensor_of


def scaled(sides: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The sides of a line about δ as one about N δ; N is moved to the front of every sum."""
    used = {entry: number for side in sides for entry, number in _deltas(side).items()}
    if not used:
        return sides
    within = {entry: entry / number for entry, number in used.items()}
    found = tuple(_drawn(side.xreplace(within)) for side in sides)
    number = used.get(sides[0])
    return found if number is None else tuple(_drawn(number * side) for side in found)


def _deltas(side: Expr) -> dict[Expr, Size]:
    """The entries of δ, with the number of samples along them."""
    return {
        entry: axis.size
        for entry in entries(side)
        if is_entry(entry) and tensor_of(entry).role is Role.DELTA
        for axis in tensor_of(entry).axes
        if axis.name == "sample"
    }


def _drawn(expr: Expr) -> Expr:
    """``expr`` with a number of samples that all of it is divided by in front."""
    number, rest = _split(expr)
    return rest * number


def _split(expr: Expr) -> tuple[Expr, Expr]:
    """A power of the number of samples, and what it multiplies."""
    one = Integer(1)
    if isinstance(expr, Mul):
        pairs = [_split(factor) for factor in expr.args]
        return Mul(*(number for number, _ in pairs)), Mul(*(rest for _, rest in pairs))
    if isinstance(expr, Total):
        number, rest = _split(expr.function)
        return number, Total(rest, *expr.limits)
    if isinstance(expr, Add):
        pairs = [_split(term) for term in expr.args]
        shared = {number for number, _ in pairs}
        if len(shared) == 1:
            return shared.pop(), Add(*(rest for _, rest in pairs))
        return one, Add(*(number * rest for number, rest in pairs))
    base, exponent = expr.as_base_exp()
    is_number = isinstance(base, Size) and base.axis.name == "sample" and exponent.is_Integer
    return (expr, one) if is_number else (one, expr)
