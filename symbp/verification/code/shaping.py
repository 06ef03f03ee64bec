"""The same entries in another shape."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import KroneckerDelta, Mul

from symbp.equations.tensor import tensor_of
from symbp.verification.code.arguments import argument, axes_of, flat, shape_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.values import Arr, Value, number


def reshape(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    shape = args[1] if len(args) == 2 else kw.get("newshape", kw.get("shape", tuple(args[1:])))
    value = m.arr(args[0])
    try:
        return m.on.reshaped(value, shape_of(m, shape))
    except Unsupported:
        if m.is_input(value) and m.kinds[tensor_of(value.body)] in ("data", "literal", "random"):
            dims = tuple(
                m.on.dimension(s) if s != -1 else m.on.axes.fresh() for s in shape_of(m, shape)
            )
            return m.new_input(tensor_of(value.body).name, dims, m.kinds[tensor_of(value.body)])
        raise


def transpose(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    order = argument(args, kw, 1, "axes") if len(args) <= 2 else tuple(args[1:])
    return m.on.transposed(m.arr(args[0]), None if order is None else axes_of(m, order))


def ravel(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return flat(m, m.arr(args[0]))


def squeeze(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.on.squeezed(m.arr(args[0]), axes_of(m, argument(args, kw, 1, "axis")))


def expand(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    value, axis = m.arr(args[0]), axes_of(m, argument(args, kw, 1, "axis"))
    idx = list(value.idx)
    for k in axis or ():
        idx.insert(k if k >= 0 else len(idx) + k + 1, None)
    return Arr(tuple(idx), value.body, value.condition)


def at_least_2d(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    value = m.arr(m.literal(args[0], node))
    return Arr((*(None,) * (2 - value.rank), *value.idx), value.body) if value.rank < 2 else value


def diag(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    value = m.on.fresh(m.arr(args[0]))
    if value.rank == 1 and value.idx[0] is not None:
        j = m.on.axes.index(value.idx[0].axis)
        return Arr((value.idx[0], j), value.body * KroneckerDelta(value.idx[0], j))
    if value.rank == 2 and None not in value.idx:
        m.on.join(value, value.idx[0], value, value.idx[1])
        return Arr((value.idx[0],), value.body.xreplace({value.idx[1]: value.idx[0]}))
    raise Unsupported("diag")


def trace_of(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.on.reduced("sum", diag(m, args, kw, node))


def size_of(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    shape = m.on.shape(m.arr(args[0]))
    axis = axes_of(m, argument(args, kw, 1, "axis"))
    return number(Mul(*(shape if axis is None else (shape[k] for k in axis))))


def shape(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return tuple(number(s) for s in m.on.shape(m.arr(args[0])))


def take_rows(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """Arrays put together from data are data; from anything else they are not followed."""
    parts = [m.arr(a) for a in (args[0] if isinstance(args[0], (tuple, list)) else [args[0]])]
    from symbp.equations.tensor import entries

    used = {m.kinds.get(tensor_of(e)) for p in parts for e in entries(p.body)}
    if not used <= {"data", "literal", "random"} or len({p.rank for p in parts}) > 1 or not parts:
        raise Unsupported("arrays put together")
    return m.new_input(
        "data", tuple(m.on.axes.fresh() for _ in range(max(parts[0].rank, 1))), "literal"
    )


def _item(m: Any, value: Value) -> Arr:
    arr = m.arr(value)
    if arr.real:
        raise Unsupported("item")
    return Arr((), arr.body)
