"""Functions of arrays, along axes and of two of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Mul, Rational, exp, log, sqrt

from symbp.verification.code.arguments import Rule, argument, axes_of, flat
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.operations import LOGIC, REDUCTIONS, UNARY, binary, related
from symbp.verification.code.values import Arr, Unknown, Value, number

# -------------------------------------------------------------------- rules


def unary_rule(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        return m.on.each(UNARY[name], m.arr(args[0]))

    return rule


def binary_rule(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        left, right = m.arr(args[0]), m.arr(args[1])
        if name in ("maximum", "fmax"):
            for mine, other in ((left, right), (right, left)):
                value = m.numeric(mine)
                if value is not None and 0 < value <= Rational(1, 1000):
                    m.taken.append(("clip", node))
                    return other
        return binary(m, name, left, right, node)

    return rule


def relation_rule(name: str) -> Rule:
    return lambda m, args, kw, node: related(m, name, m.arr(args[0]), m.arr(args[1]))


def logic_rule(name: str) -> Rule:
    return lambda m, args, kw, node: m.on.logic(LOGIC[name], *(m.arr(a) for a in args))


def reduction_rule(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        if kw.get("weights") is not None or kw.get("where") is not None:
            raise Unsupported("weights")
        axis = axes_of(m, argument(args, kw, 1, "axis"))
        value = m.arr(args[0])
        keep = bool(kw.get("keepdims", False))
        return m.on.reduced(REDUCTIONS[name], value, axis, keepdims=keep)

    return rule


def argmax(
    m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST, sign: int = 1
) -> Value:
    axis = axes_of(m, argument(args, kw, 1, "axis"))
    keep = bool(kw.get("keepdims", False))
    return m.on.argmax(m.arr(args[0]), axis[0] if axis else None, sign, keepdims=keep)


def spread(
    m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST, root: bool = False
) -> Value:
    """Variance: the mean of squared distances from the mean."""
    axis, value = axes_of(m, argument(args, kw, 1, "axis")), m.arr(args[0])
    keep = bool(kw.get("keepdims", False))
    apart = m.on.each(lambda x, y: x - y, value, m.on.reduced("mean", value, axis, keepdims=True))
    squares = m.on.each(lambda x: x**2, apart)
    found = m.on.reduced("mean", squares, axis, keepdims=keep)
    return m.on.each(sqrt, found) if root else found


def norm(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if argument(args, kw, 1, "ord") is not None:
        raise Unsupported("ord")
    squares = m.on.each(lambda x: x**2, m.arr(args[0]))
    keep = bool(kw.get("keepdims", False))
    return m.on.each(
        sqrt, m.on.reduced("sum", squares, axes_of(m, argument(args, kw, 2, "axis")), keepdims=keep)
    )


def dot(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.on.matmul(m.arr(args[0]), m.arr(args[1]))


def vdot(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    left, right = m.arr(args[0]), m.arr(args[1])
    if left.rank != right.rank:
        raise Unsupported("vdot")
    return m.on.reduced("sum", m.on.each(Mul, left, right))


def tensordot(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    left, right = m.arr(args[0]), m.arr(args[1])
    given = argument(args, kw, 2, "axes", number(2))
    if isinstance(given, (list, tuple)) and len(given) == 2:
        return _over_axes(m, left, right, *(axes_of(m, g) or () for g in given))
    count = m.whole(m.arr(given))
    letters = "abcdefghijkl"
    if count is None or count > min(left.rank, right.rank):
        raise Unsupported("tensordot")
    a = letters[: left.rank]
    b = a[left.rank - count :] + letters[left.rank : left.rank + right.rank - count]
    return m.on.einsum(f"{a},{b}->{a[: left.rank - count]}{b[count:]}", [left, right])


def _over_axes(m: Any, left: Arr, right: Arr, mine: Sequence[int], theirs: Sequence[int]) -> Value:
    """Σ over pairs of dimensions, one of each array."""
    a = list("abcdef"[: left.rank])
    b = list("ghijkl"[: right.rank])
    if len(mine) != len(theirs):
        raise Unsupported("tensordot")
    for i, j in zip(mine, theirs, strict=True):
        b[j % right.rank] = a[i % left.rank]
    kept = [c for c in a if c not in b] + [c for c in b if c not in a]
    return m.on.einsum(f"{''.join(a)},{''.join(b)}->{''.join(kept)}", [left, right])


def einsum(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if not isinstance(args[0], str):
        raise Unsupported("einsum")
    return m.on.einsum(args[0], [m.arr(a) for a in args[1:]])


def outer(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    left, right = (m.on.fresh(flat(m, m.arr(a))) for a in args[:2])
    return Arr((*left.idx, *right.idx), left.body * right.body)


def where(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if len(args) != 3:
        raise Unsupported("where")
    if isinstance(args[0], bool):
        return args[1] if args[0] else args[2]
    return m.on.where(*(m.arr(a) for a in args))


def clip(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """What lies within its bounds is what it was: the value is taken for its clipped self."""
    m.taken.append(("clip", node))
    return m.arr(args[0])


def softmax(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    powers = m.on.each(exp, m.arr(args[0]))
    axis = axes_of(m, argument(args, kw, 1, "axis"))
    return m.on.each(lambda a, b: a / b, powers, m.on.reduced("sum", powers, axis, keepdims=True))


def log_softmax(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.on.each(log, softmax(m, args, kw, node))


def logsumexp(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    axis, keep = axes_of(m, argument(args, kw, 1, "axis")), bool(kw.get("keepdims", False))
    return m.on.each(log, m.on.reduced("sum", m.on.each(exp, m.arr(args[0])), axis, keepdims=keep))


def all_close(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return Unknown("tested")


def no(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return False
