"""Views by strides: ``as_strided`` reads x at places that are sums of multiples of its indices.

y[i, p] = x[2 i + p]        shape (I, P), strides (2 s, s), where s is the stride of x
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Dummy, Expr, Integer, KroneckerDelta, S

from symbp.equations.axis import Index, total
from symbp.verification.code.arguments import argument, shape_of
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.values import Arr, Value, number


def strides_of(m: Any, arr: Arr) -> Value:
    """``x.strides``: a number of its own for each dimension, which says whose it is."""
    known: list[tuple[Arr, tuple[Dummy, ...]]] = m.strides
    for given, found in known:
        if given == arr:
            return tuple(number(s) for s in found)
    found = tuple(Dummy(f"stride{k}") for k in range(arr.rank))
    known.append((arr, found))
    return tuple(number(s) for s in found)


def as_strided(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.lib.stride_tricks.as_strided(x, shape, strides)``, whatever is computed of x.strides.

    x is the array whose strides these are, or what is left of it from some place on.
    """
    arr = m.on.fresh(m.arr(args[0]))
    dims = [m.on.dimension(s) for s in shape_of(m, argument(args, kw, 1, "shape"))]
    steps = [m.arr(s).body for s in m.items(argument(args, kw, 2, "strides")) or []]
    own = _own(m, arr, steps)
    if len(steps) != len(dims) or own is None:
        raise Unsupported("as_strided")
    idx = tuple(None if d is None else m.on.axes.index(d) for d in dims)
    names: dict[Any, Expr] = {}
    body = arr.body
    for old, stride in zip(arr.idx, own, strict=True):
        place, last = S.Zero, S.Zero
        for i, step in zip(idx, steps, strict=True):
            count = step.coeff(stride)
            if i is not None and count:
                place += count * i
                last += count * (m.on.axes.current(i.axis.size) - 1)
        is_whole = _left(m, arr, old, last) == 0
        if is_whole and isinstance(place, Index):
            m.on.axes.join(place.axis, old.axis)
        if isinstance(place, Index) and not is_whole:  # it runs along a part of another axis
            body = total(KroneckerDelta(old, place) * body, old)
        elif old is not None:
            names[old] = place
    return Arr(idx, body.xreplace(names))


def _own(m: Any, arr: Arr, steps: Sequence[Expr]) -> tuple[Dummy, ...] | None:
    """The strides of the array that ``arr`` is a part of; None where ``steps`` have others, too.

    They are whole multiples of them, and none goes backwards.
    """
    for given, found in m.strides:
        parts = [step.expand().as_coefficients_dict() for step in steps]
        is_plain = all(
            s in (*found, S.One) and n.is_Integer and n >= 0 and (s in found or n == 0)
            for part in parts
            for s, n in part.items()
        )
        if is_plain and _is_rest(m, m.on.fresh(given), arr):
            return found
    return None


def _is_rest(m: Any, whole: Arr, arr: Arr) -> bool:
    """Whether ``arr`` is ``whole``, or what is left of it from some places on."""
    if whole.rank != arr.rank:
        return False
    names: dict[Any, Expr] = {}
    for i, j in zip(whole.idx, arr.idx, strict=True):
        if (i is None) != (j is None):
            return False
        if i is not None and j is not None:
            sizes = [m.on.axes.current(k.axis.size) for k in (i, j)]
            names[i] = j + (sizes[0] - sizes[1]).expand()
    return bool(whole.body.xreplace(names) == arr.body)


def _left(m: Any, arr: Arr, index: Index | None, last: Expr) -> Expr:
    """How many entries lie behind the last that is read. Raises ``Shapes`` where it is outside."""
    size = Integer(1) if index is None else m.on.axes.current(index.axis.size)
    left = (size - 1 - m.on.axes.current(last)).expand()
    if not left.is_Integer:
        raise Unsupported("as_strided")
    if left < 0:
        raise Shapes(m.on.said(arr), f"place {last}")
    return left
