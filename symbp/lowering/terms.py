"""Taking products apart before they are lowered: sums, fractions, deltas, order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import (
    Add,
    Expr,
    Float,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
)

from symbp.equations.axis import Index, Size
from symbp.equations.calculus import ArgLargest
from symbp.equations.canonical import collapsible
from symbp.equations.tensor import Role, Tensor, is_entry, tensor_of
from symbp.lowering import arrays
from symbp.lowering.arrays import Value, names_in, walk
from symbp.lowering.shape import entrywise


def over_axes(expr: Sum) -> list[Index] | None:
    """The bound indices of a sum over whole axes, outermost first."""
    indices = [limit[0] for limit in reversed(expr.limits)]
    whole = all(
        isinstance(i, Index) and tuple(limit) == i.limits
        for i, limit in zip(indices, reversed(expr.limits), strict=True)
    )
    return indices if whole else None


def flattened(factors: Iterable[Expr], bound: Sequence[Index]) -> tuple[list[Expr], list[Index]]:
    """Σ_bound Π factors without products or sums directly in the product."""
    flat: list[Expr] = []
    open_ = list(bound)
    todo = list(factors)
    while todo:
        factor = todo.pop(0)
        if isinstance(factor, Mul):
            todo = [*factor.args, *todo]
        elif isinstance(factor, Sum) and (inner := over_axes(factor)) is not None:
            outside = {i for f in (*flat, *todo) for i in f.atoms(Index)} | set(open_)
            renaming = _apart(inner, outside, factor.function.atoms(Index))
            open_ += [renaming[i] for i in inner]
            todo.insert(0, factor.function.xreplace(renaming))
        else:
            flat.append(factor)
    return flat, open_


def _apart(inner: list[Index], outside: set[Index], inside: set[Index]) -> dict[Index, Index]:
    """New names for those of ``inner`` that are in use ``outside``."""
    renaming: dict[Index, Index] = {}
    for index in inner:
        taken = outside | inside | set(renaming.values())
        renaming[index] = index.axis.fresh(taken) if index in outside else index
    return renaming


def collapsed(factors: list[Expr], bound: list[Index]) -> tuple[list[Expr], list[Index]]:
    """Σ_k [k = a] f(k) -> f(a), but for the positions of maxima: they stay compared."""
    left = [f for f in factors if not (isinstance(f, KroneckerDelta) and f.has(ArgLargest))]
    found = collapsible(Mul(*left), bound)
    if found is None:
        return factors, list(bound)
    delta, index, value = found
    rest = [f.xreplace({index: value}) for f in factors if f != delta]
    return collapsed(rest, [i for i in bound if i != index])


def fraction(factors: Iterable[Expr]) -> tuple[int, list[Expr], list[Expr]]:
    """Sign, numerator and denominator: numbers in front, halves kept as they are."""
    number, above, below = S.One, list[Expr](), list[Expr]()
    for factor in factors:
        if isinstance(factor, Add) and all(a.could_extract_minus_sign() for a in factor.args):
            number, factor = -number, -factor  # noqa: PLW2901 - the same factor, of other sign
        if isinstance(factor, (Rational, Float)):
            number *= factor
        elif isinstance(factor, Pow) and factor.exp.could_extract_minus_sign():
            below.append(factor.base**-factor.exp)
        else:
            above.append(factor)
    for root in [f for f in above if _is_root(f) and f.base.is_Integer]:
        if isinstance(number, Rational) and number.q % root.base == 0:  # √2 / 2 -> 1 / √2
            number *= root.base
            above.remove(root)
            below.append(root)
    below = _one_root(below)
    flip = next((f for f in above if number < 0 and _is_difference(f)), None)
    if flip is not None:  # -(a - b) -> b - a
        number, above = -number, [-f if f is flip else f for f in above]
    sign = -1 if number < 0 else 1
    number = abs(number)
    p, q = (number.p, number.q) if isinstance(number, Rational) else (number, 1)
    if q & (q - 1) == 0:  # a decimal that is exact in binary
        p, q = number, 1
    above = ([p] if p != 1 else []) + above
    below = ([Integer(q)] if q != 1 else []) + below
    return sign, [S(f) for f in above], below


def _is_root(expr: Expr) -> bool:
    return isinstance(expr, Pow) and expr.exp == S.Half and expr.base.is_number


def _one_root(factors: list[Expr]) -> list[Expr]:
    """√2 √π -> √(2π)"""
    roots = [f for f in factors if _is_root(f)]
    if len(roots) < 2:
        return factors
    whole = Pow(Mul(*(r.base for r in roots)), S.Half, evaluate=False)
    return [*(f for f in factors if not _is_root(f)), whole]


def _is_difference(expr: Expr) -> bool:
    if not isinstance(expr, Add) or len(expr.args) != 2 or not expr.has(Indexed):
        return False
    return sum(a.could_extract_minus_sign() for a in expr.args) == 1


def joined(op: str, values: Sequence[Value], order: Sequence[Index]) -> Value | None:
    """``op`` between all of ``values``, or None if there are none."""
    if len(values) > 1:
        return entrywise(op, values, order)
    return values[0] if values else None


def split_sum(factors: list[Expr], bound: list[Index]) -> Expr | None:
    """Σ_k (a + b) -> Σ_k a + Σ_k b, where one array for a + b would need too many axes."""
    if len(factors) != 1 or not isinstance(factors[0], Add):
        return None
    addends = factors[0].args
    free = {i for i in factors[0].free_symbols if isinstance(i, Index)}
    widest = max(len({i for i in a.free_symbols if isinstance(i, Index)}) for a in addends)
    products = any(isinstance(a, Sum) or _is_product(a, bound) for a in addends)
    if len(free) <= widest and not products:
        return None
    limits = [i.limits for i in bound]
    return Add(*(Sum(arg, *limits) for arg in addends))


def _is_product(expr: Expr, bound: list[Index]) -> bool:
    """Whether some index to be summed stands in two factors that have other axes each."""
    if not isinstance(expr, Mul):
        return False
    axes = [{i for i in f.free_symbols if isinstance(i, Index)} for f in expr.args]
    union = set[Index]().union(*axes)
    return len(union) > max(map(len, axes)) and any(sum(i in a for a in axes) > 1 for i in bound)


def rectified(expr: Piecewise) -> Expr | None:
    """x, where ``expr`` is x if x > 0 and 0 otherwise."""
    (value, condition), *rest = expr.args
    positive = condition in (value > 0, value >= 0)
    return value if positive and [e for e, _ in rest] == [S.Zero] else None


def addend_order(expr: Expr) -> tuple[int, int, int]:
    """Numbers first, then products of matrices, then the rest, the simpler before the longer."""
    if expr.is_number:
        return 0, 0, 0
    if is_entry(expr):
        tensor = tensor_of(expr)
        return 3 if tensor.role is Role.CONSTANT else 2, 0, len(tensor.name)
    return 1 if expr.has(Sum) else 2, expr.count_ops(), 0


def factor_order(value: Value) -> tuple[bool, int, int]:
    """Constants first, then scalars, products of matrices, names, and what is computed by entry."""
    kinds = (arrays.MatMul, arrays.Einsum), (arrays.Name, arrays.Transpose, arrays.Expand)
    kind = next((n for n, kind in enumerate(kinds, 1) if isinstance(value, kind)), 3)
    return not is_fixed(value), kind if value.axes else 0, sum(1 for _ in walk(value))


def is_fixed(value: Value) -> bool:
    """Whether ``value`` comes from chosen numbers and sizes alone."""
    return all(
        isinstance(of, Size) or (isinstance(of, Tensor) and of.role is Role.CONSTANT)
        for of in names_in(value)
    )
