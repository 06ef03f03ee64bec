"""Sums of products: which operands meet first, and as which array operation.

Σ_i z[n,i] w[i,j]                -> z @ w
Σ_n δ[n,j] z[n,i]            -> z.T @ δ
Σ_n δ[n,j]                   -> δ.sum(axis=0)
Σ_n Σ_j a[n,j] b[n,j]        -> (a * b).sum()
Σ_k Σ_n a[n,k] b[k,j] c[n,i] -> two products, the cheaper order first
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from symbp.equations.axis import Index
from symbp.lowering.arrays import Einsum, MatMul, Reduce, Tensordot, Transpose, Value
from symbp.lowering.shape import entrywise, ordered, real

SUBSCRIPTS = "abcdefghijklmnopqrstuvwxyz"


def contract(
    factors: Sequence[Value], bound: Sequence[Index], want: Sequence[Index]
) -> list[Value]:
    """The factors of Σ_bound Π factors, summed out; what is left is to be multiplied.

    Greedy: at each turn the two operands meet whose result has the fewest axes.
    """
    left = list(factors)
    open_ = [index for index in bound if any(index in value.axes for value in left)]
    while open_:
        alone = [i for i in open_ if _held(i, left) == 1]
        if alone:
            owner = next(value for value in left if alone[0] in value.axes)
            inside = [i for i in alone if i in owner.axes]
            left[left.index(owner)] = reduced("sum", owner, inside)
            open_ = [i for i in open_ if i not in inside]
            continue
        p, q = min(_meeting(left, open_), key=lambda pair: _cost(pair, left, open_))
        rest = _others(left, p, q)
        summed = [i for i in _shared(left[p], left[q], open_) if _held(i, rest) == 0]
        left = [_pair(left[p], left[q], summed, want), *rest]
        open_ = [i for i in open_ if i not in summed]
    return left


def reduced(op: str, value: Value, over: Sequence[Index]) -> Value:
    """``op`` over the axes of ``over``."""
    positions = tuple(p for p, index in enumerate(value.axes) if index in over)
    axes = tuple(index for index in value.axes if index not in over)
    return Reduce(value, op, positions, axes=axes)


def _held(index: Index, values: list[Value]) -> int:
    return sum(index in value.axes for value in values)


def _others(values: list[Value], p: int, q: int) -> list[Value]:
    return [value for at, value in enumerate(values) if at not in (p, q)]


def _meeting(values: list[Value], bound: list[Index]) -> list[tuple[int, int]]:
    """The pairs, by position, that share an index to be summed over."""
    pairs = combinations(range(len(values)), 2)
    return [(p, q) for p, q in pairs if _shared(values[p], values[q], bound)]


def _shared(a: Value, b: Value, bound: list[Index]) -> list[Index]:
    return [index for index in bound if index in a.axes and index in b.axes]


def _cost(pair: tuple[int, int], values: list[Value], bound: list[Index]) -> tuple[int, int, int]:
    """How many axes the result has, whether nothing was summed, and inner sums before outer."""
    p, q = pair
    a, b, rest = values[p], values[q], _others(values, p, q)
    summed = {i for i in _shared(a, b, bound) if _held(i, rest) == 0}
    rank = len((set(real(a.axes)) | set(real(b.axes))) - summed)
    return rank, int(not summed), -max(map(bound.index, summed), default=0)


def _pair(a: Value, b: Value, summed: list[Index], want: Sequence[Index]) -> Value:
    """Σ_summed a b as one operation."""
    shared = [index for index in real(a.axes) if index in b.axes]
    rest_a = [index for index in real(a.axes) if index not in shared]
    rest_b = [index for index in real(b.axes) if index not in shared]
    batch = [index for index in shared if index not in summed]
    if not summed:
        return entrywise("mul", [a, b], want)
    if len(summed) == 1 and len(rest_a) <= 1 and len(rest_b) <= 1:
        if not batch:
            return _matrix_product(a, b, summed[0], rest_a, rest_b, want)
        if rest_a and rest_b:
            return _batched(a, b, batch, [*rest_a, *summed], [*summed, *rest_b])
    if not rest_a and not rest_b:
        return reduced("sum", entrywise("mul", [a, b]), summed)
    if not batch:
        return _tensordot(a, b, summed, rest_a, rest_b, want)
    return _einsum([a, b], [*batch, *rest_a, *rest_b], want)


def _matrix_product(
    a: Value, b: Value, over: Index, rest_a: list[Index], rest_b: list[Index], want: Sequence[Index]
) -> Value:
    """The order of the two that gives the wanted axes, else the one that transposes less."""
    straight = _product(ordered(a, [*rest_a, over]), ordered(b, [over, *rest_b]))
    swapped = _product(ordered(b, [*rest_b, over]), ordered(a, [over, *rest_a]))
    if rest_a and rest_b and {*rest_a, *rest_b} <= set(want):
        return straight if want.index(rest_a[0]) < want.index(rest_b[0]) else swapped
    return min(straight, swapped, key=_transposes)


def _product(a: Value, b: Value) -> Value:
    return MatMul((a, b), axes=(*a.axes[:-1], *b.axes[1:]))


def _transposes(value: Value) -> int:
    return sum(isinstance(part, Transpose) for part in value.parts)


def _tensordot(
    a: Value,
    b: Value,
    summed: list[Index],
    rest_a: list[Index],
    rest_b: list[Index],
    want: Sequence[Index],
) -> Value:
    """One matrix product over several axes; x @ w where that is the same."""
    known = {*rest_a, *rest_b} <= set(want)
    if rest_a and rest_b and known and want.index(rest_b[0]) < want.index(rest_a[0]):
        a, b, rest_a, rest_b = b, a, rest_b, rest_a
    axes = (*rest_a, *rest_b)
    if len(summed) == 1 and len(rest_b) == 1 and a.axes == (*rest_a, *summed):
        return MatMul((a, ordered(b, [*summed, *rest_b])), axes=axes)
    over = tuple(tuple(value.axes.index(i) for i in summed) for value in (a, b))
    return Tensordot((a, b), (over[0], over[1]), axes=axes)


def _batched(
    a: Value, b: Value, batch: list[Index], last_a: list[Index], last_b: list[Index]
) -> Value:
    args = (ordered(a, [*batch, *last_a]), ordered(b, [*batch, *last_b]))
    return MatMul(args, axes=(*batch, last_a[0], last_b[1]))


def subscripts(value: Tensordot) -> str:
    """The same sum as an Einsum has it."""
    a, b = value.args
    letters = iter(SUBSCRIPTS)
    of_a = [next(letters) for _ in a.axes]
    met = {q: of_a[p] for p, q in zip(*value.meeting, strict=True)}
    of_b = [met.get(q) or next(letters) for q in range(len(b.axes))]
    left = [letter for letter in (*of_a, *of_b) if letter not in met.values()]
    return f"{''.join(of_a)},{''.join(of_b)}->{''.join(left)}"


def _einsum(values: list[Value], free: list[Index], want: Sequence[Index]) -> Value:
    out = [i for i in want if i in free] if set(free) <= set(want) else free
    known = list(dict.fromkeys(index for value in values for index in real(value.axes)))
    letter = dict(zip(known, SUBSCRIPTS, strict=False))
    spelled = [
        "".join(letter[index] for index in axes)
        for axes in (*(real(value.axes) for value in values), out)
    ]
    return Einsum(tuple(values), ",".join(spelled[:-1]) + "->" + spelled[-1], axes=tuple(out))
