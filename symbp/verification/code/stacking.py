"""Arrays put behind one another, cut apart, repeated and padded: entries at other places.

Along one axis, y of I + J entries is x1 and then x2:

y[k] = Σ_i [k = i] x1[i] + Σ_j [k = I + j] x2[j]
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sympy import Add, Expr, Integer, KroneckerDelta, Piecewise, S

from symbp.equations.axis import Index, total
from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code.arguments import argument, axes_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.values import Arr, Cell, Value, number

GIVEN = frozenset({"data", "literal", "random"})
"""What arrays are called of which nothing is known but that they are given."""


def _parts(m: Any, value: Value) -> list[Arr]:
    items = m.items(value) if not isinstance(value, (list, tuple)) else list(value)
    if not items:
        raise Unsupported("arrays put together")
    return [m.arr(a) for a in items]


def concatenate(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    axis = axes_of(m, argument(args, kw, 1, "axis", number(0)))
    return _joined(m, _parts(m, args[0]), 0 if axis is None else axis[0])


def behind(place: int) -> Any:
    """``vstack``, ``hstack``: behind one another along an axis; single rows along their own."""

    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        parts = _parts(m, args[0])
        if any(p.rank < 2 for p in parts):
            if place == 0 and all(p.rank == 1 for p in parts):
                return _stacked(m, parts, 0)
            if place == 1 and all(p.rank == 1 for p in parts):
                return _joined(m, parts, 0)
            raise Unsupported("arrays put together")
        return _joined(m, parts, place)

    return rule


def stack(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    axis = axes_of(m, argument(args, kw, 1, "axis", number(0)))
    return _stacked(m, _parts(m, args[0]), axis[0] if axis else 0)


def _stacked(m: Any, parts: list[Arr], axis: int) -> Arr:
    """An axis of its own for the arrays, one after the other."""
    rank = parts[0].rank
    if any(p.rank != rank for p in parts):
        raise Unsupported("arrays put together")
    at = axis % (rank + 1)
    return _joined(m, [Arr((*p.idx[:at], None, *p.idx[at:]), p.body) for p in parts], at)


def _joined(m: Any, parts: list[Arr], axis: int) -> Arr:
    rank = parts[0].rank
    if any(p.rank != rank for p in parts) or not -rank <= axis < rank:
        raise Unsupported("arrays put together")
    if len(parts) == 1:
        return parts[0]
    at = axis % rank
    if _are_given(m, parts):
        dims = tuple(m.on.axes.fresh() for _ in range(rank))
        return m.new_input("data", dims, "literal")
    fresh = [m.on.fresh(p) for p in parts]
    own = [p.idx[at] for p in fresh]
    others, aligned = m.on.together(*(Arr((*p.idx[:at], *p.idx[at + 1 :]), p.body) for p in fresh))
    sizes = [Integer(1) if i is None else m.on.axes.current(i.axis.size) for i in own]
    dimension = m.on.dimension(Add(*sizes))
    k = m.on.axes.index(dimension)
    start: Expr = S.Zero
    terms = []
    for i, size, part in zip(own, sizes, aligned, strict=True):
        if i is None:
            terms.append(KroneckerDelta(k, start) * part.body)
        else:
            terms.append(total(KroneckerDelta(k, start + i) * part.body, i))
        start = start + size
    return Arr((*others[:at], k, *others[at:]), Add(*terms))


def _are_given(m: Any, parts: list[Arr]) -> bool:
    """Whether data are put together, as they are or with constants: that gives data."""
    inputs = [p for p in parts if entries(p.body)]
    kinds = {m.kinds.get(tensor_of(e)) for p in inputs for e in entries(p.body)}
    return bool(inputs) and kinds <= GIVEN and all(m.is_input(p) for p in inputs)


def split(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.split(x, 3, axis=1)``: equal parts, or parts between given places."""
    arr = m.on.fresh(m.arr(args[0]))
    axis = axes_of(m, argument(args, kw, 2, "axis", number(0)))
    at = (axis[0] if axis else 0) % arr.rank
    index, given = arr.idx[at], argument(args, kw, 1, "indices_or_sections")
    if index is None:
        raise Unsupported("split")
    size = m.on.axes.current(index.axis.size)
    if isinstance(given, (list, tuple)):
        places = [m.on.axes.current(m.arr(g).body) for g in given]
    else:
        count = m.whole(m.arr(given))
        if not count or count > 16:
            raise Unsupported("split")
        part = m.on.axes.divided(size, Integer(count))
        places = [part * k for k in range(1, count)]
    ends = [S.Zero, *places, size]
    items = [slice(None)] * arr.rank
    found: list[Value] = []
    for low, high in pairwise(ends):
        cut = [*items[:at], slice(Arr((), low), Arr((), high)), *items[at + 1 :]]
        found.append(m.select.taken(arr, cut))
    return found


def repeat(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """Each entry several times, the repeats beside each other."""
    arr = m.on.fresh(m.arr(args[0]))
    axis = axes_of(m, argument(args, kw, 2, "axis"))
    times = m.on.axes.current(m.arr(argument(args, kw, 1, "repeats")).body)
    if axis is None or len(axis) != 1:
        raise Unsupported("repeat")
    at = axis[0] % arr.rank
    return _multiplied(m, arr, at, times, is_inner=True)


def tile(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """The whole several times along each of the last dimensions."""
    given = argument(args, kw, 1, "reps")
    reps = [m.on.axes.current(m.arr(g).body) for g in m.items(given) or [given]]
    arr = m.on.fresh(m.arr(args[0]))
    more = len(reps) - arr.rank
    arr = Arr(((None,) * more + arr.idx) if more > 0 else arr.idx, arr.body)
    for place, times in enumerate(reps, arr.rank - len(reps)):
        if times != 1:
            arr = _multiplied(m, arr, place, times, is_inner=False)
    return arr


def _multiplied(m: Any, arr: Arr, at: int, times: Expr, *, is_inner: bool) -> Arr:
    old = arr.idx[at]
    dimension = m.on.dimension(times)
    if dimension is None:
        return arr
    more = m.on.axes.index(dimension)
    if old is None:
        return Arr((*arr.idx[:at], more, *arr.idx[at + 1 :]), arr.body)
    size = m.on.axes.current(old.axis.size)
    k = m.on.axes.index(m.on.dimension(size * times))
    place = times * old + more if is_inner else size * more + old
    body = total(KroneckerDelta(k, place) * arr.body, old, more)
    return Arr((*arr.idx[:at], k, *arr.idx[at + 1 :]), body)


def broadcast_to(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    from symbp.verification.code.arguments import shape_of

    arr = m.on.fresh(m.arr(args[0]))
    dims = [m.on.dimension(s) for s in shape_of(m, argument(args, kw, 1, "shape"))]
    like = Arr(tuple(d and m.on.axes.index(d) for d in dims), S.One)
    return m.on.each(lambda a, b: a, arr, like)


def pad(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """Zeros around: an entry outside its array is zero."""
    mode = argument(args, kw, 2, "mode", "constant")
    value = kw.get("constant_values")
    if mode != "constant" or (value is not None and m.numeric(m.arr(value)) != 0):
        raise Unsupported("pad")
    arr = m.on.fresh(m.arr(args[0]))
    idx, body = list(arr.idx), arr.body
    for k, (before, after) in enumerate(_widths(m, argument(args, kw, 1, "pad_width"), arr.rank)):
        old = idx[k]
        if before == after == 0 or old is None:
            if old is None and (before, after) != (0, 0):
                raise Unsupported("pad")
            continue
        made = m.on.axes.index(m.on.dimension(m.on.axes.current(old.axis.size) + before + after))
        idx[k] = made
        body = total(KroneckerDelta(made, old + before) * body, old)
    return Arr(tuple(idx), body)


def _widths(m: Any, given: Value, rank: int) -> list[tuple[Expr, Expr]]:
    if not isinstance(given, (list, tuple)):
        width = m.settled_number(given, 1)
        return [(width, width)] * rank
    rows = list(given)
    if len(rows) == 2 and not any(isinstance(r, (list, tuple)) for r in rows):
        rows = [rows] * rank
    if len(rows) == 1:
        rows = rows * rank
    if len(rows) != rank:
        raise Unsupported("pad")
    out = []
    for row in rows:
        ends = list(row) if isinstance(row, (list, tuple)) else [row, row]
        widths = [m.settled_number(e, 1) for e in ends]
        out.append((widths[0], widths[-1]))
    return out


def windows(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``sliding_window_view``: x[…, i + p] along new axes behind the others."""
    arr = m.on.fresh(m.arr(args[0]))
    given = argument(args, kw, 1, "window_shape")
    sizes = [m.on.axes.current(m.arr(g).body) for g in m.items(given) or [given]]
    axis = axes_of(m, argument(args, kw, 2, "axis"))
    places = [k % arr.rank for k in (range(arr.rank) if axis is None else axis)]
    if len(places) != len(sizes):
        raise Unsupported("sliding_window_view")
    idx, body = list(arr.idx), arr.body
    more: list[Index | None] = []
    for k, size in zip(places, sizes, strict=True):
        old, dimension = idx[k], m.on.dimension(size)
        if old is None or dimension is None:
            more.append(None)
            continue
        whole = m.on.axes.current(old.axis.size)
        outer = m.on.axes.index(m.on.dimension((whole - size + 1).expand()))
        inner = m.on.axes.index(dimension)
        body = body.xreplace({old: outer + inner})
        idx[k] = outer
        more.append(inner)
    return Arr((*idx, *more), body)


def triangle(is_lower: bool) -> Any:
    """``tril``, ``triu``: what is not above, not below a diagonal."""

    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        arr = m.on.fresh(m.arr(args[0]))
        k = m.whole(m.arr(argument(args, kw, 1, "k", number(0))))
        if arr.rank < 2 or k is None or None in arr.idx[-2:]:
            raise Unsupported("tril")
        row, column = arr.idx[-2:]
        kept = column <= row + k if is_lower else column >= row + k
        return Arr(arr.idx, Piecewise((arr.body, kept), (S.Zero, True)))

    return rule


def triangle_of(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.tri(n)``"""
    from symbp.verification.code.making import filled

    size = args[0]
    ones = m.arr(filled("ones")(m, [(size, argument(args, kw, 1, "M", size))], {}, node))
    return triangle(True)(m, [ones, *args[2:]], kw, node)


def swapped(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    arr = m.arr(args[0])
    order = list(range(arr.rank))
    i, j = (axes_of(m, a)[0] for a in args[1:3])  # type: ignore[index]
    order[i], order[j] = order[j], order[i]
    return m.on.transposed(arr, order)


def moved(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    arr = m.arr(args[0])
    sources, targets = (axes_of(m, a) for a in args[1:3])
    if sources is None or targets is None or len(sources) != len(targets):
        raise Unsupported("moveaxis")
    goal = {t % arr.rank: s % arr.rank for s, t in zip(sources, targets, strict=True)}
    rest = iter(k for k in range(arr.rank) if k not in goal.values())
    return m.on.transposed(arr, [goal[k] if k in goal else next(rest) for k in range(arr.rank)])


def flipped(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    arr = m.on.fresh(m.arr(args[0]))
    names: dict[Any, Any] = {}
    for k in m.on.over(arr, axes_of(m, argument(args, kw, 1, "axis"))):
        if isinstance(i := arr.idx[k], Index):
            names[i] = m.on.axes.find(i.axis).size - 1 - i
    return Arr(arr.idx, arr.body.xreplace(names))


def add_at(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.add.at(x, places, values)``: every value is added, where places are alike, too."""
    cell = args[0]
    if not isinstance(cell, Cell) or len(args) != 3:
        raise Unsupported("at")
    items = list(args[1]) if isinstance(args[1], tuple) else [args[1]]
    old = m.on.fresh(m.certain(cell))
    places = [i if isinstance(i, slice) or i is None else m.place(i) for i in items]
    added = m.select.collected(old, places, m.arr(args[2]))
    m.renewed(cell, m.store(cell.name, m.on.each(Add, old, added), node, old))
    return None
