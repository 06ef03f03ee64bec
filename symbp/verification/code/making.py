"""Arrays that NumPy makes: filled, drawn, counted."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from sympy import Integer, KroneckerDelta, S

from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code.arguments import Rule, argument, shape_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.limits import ROUNDS
from symbp.verification.code.values import Arr, Builtin, Cell, Open, Unknown, Value, number

SAME = frozenset(
    {
        "array",
        "asarray",
        "asanyarray",
        "float64",
        "float32",
        "ascontiguousarray",
        "nan_to_num",
        "matrix",
        "real",
        "asmatrix",
        "asfarray",
        "copy",
        "require",
    }
)
RANDOM = frozenset(
    {
        "rand",
        "randn",
        "random",
        "normal",
        "uniform",
        "random_sample",
        "ranf",
        "standard_normal",
        "sample",
        "truncnorm",
        "integers",
        "randint",
        "permutation",
        "choice",
        "binomial",
        "laplace",
    }
)
FILLED = {"zeros": 0, "ones": 1, "empty": 0, "full": None}


def filled(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        body = FILLED[name]
        entry = m.arr(argument(args, kw, 1, "fill_value")).body if body is None else Integer(body)
        dims = [m.on.dimension(size) for size in shape_of(m, argument(args, kw, 0, "shape"))]
        return m.constant_array(
            tuple(None if d is None else m.on.axes.index(d) for d in dims), entry, node
        )

    return rule


def filled_like(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        body = FILLED[name]
        entry = m.arr(args[1]).body if body is None else Integer(body)
        like = m.on.fresh(m.arr(args[0]))
        return m.constant_array(like.idx, entry, node)

    return rule


def eye(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    axis = m.on.dimension(shape_of(m, args[0])[0])
    if axis is None or (len(args) > 1 and args[1] is not None):
        raise Unsupported("eye")
    i, j = m.on.axes.index(axis), m.on.axes.index(axis)
    return Arr((i, j), KroneckerDelta(i, j))


def arange(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if len(args) != 1:
        raise Unsupported("arange")
    axis = m.on.dimension(shape_of(m, args[0])[0])
    if axis is None:
        return Arr((None,), S.Zero)
    m.note_size(m.arr(args[0]), axis)
    i = m.on.axes.index(axis)
    return Arr((i,), i)


def drawn(name: str) -> Rule:
    """Numbers drawn at random: parameters, or positions."""

    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        shape: Value = kw.get("size", kw.get("shape"))
        if shape is None and name in ("rand", "randn"):
            shape = tuple(args)
        elif shape is None and name in (
            "random",
            "random_sample",
            "ranf",
            "sample",
            "standard_normal",
        ):
            shape = args[0] if args else ()
        elif shape is None and name in (
            "normal",
            "uniform",
            "integers",
            "randint",
            "binomial",
            "laplace",
        ):
            shape = args[2] if len(args) > 2 else ()
        elif shape is None and name == "choice":
            shape = args[1] if len(args) > 1 else ()
        elif name == "permutation":
            given = args[0]
            if isinstance(given, Cell):  # any order stands for all: it is left as it is
                return replace(m.arr(given), of=())
            if not (isinstance(given, Arr) and not given.rank):
                return given
            shape = given
        dims = tuple(m.on.dimension(size) for size in shape_of(m, shape))
        return m.new_input(name, dims, "random")

    return rule


def shuffled(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """Data that were read already are others from now on; places are any as they were."""
    cell = args[0].cell if isinstance(args[0], Open) else args[0]
    if isinstance(cell, (Arr, Unknown)):
        m.lose(cell)
    elif isinstance(cell, Cell) and (cell.used or cell.lost) and entries(cell.value.body):
        if not m.is_input(cell.value):
            m.lose(cell)
        else:
            kind = m.kinds[tensor_of(cell.value.body)]
            dims = tuple(i and i.axis for i in cell.value.idx)
            m.renewed(cell, m.new_input(cell.name, dims, kind))
    return None


def nothing(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return None


def same(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    made = m.literal(args[0], node)
    return replace(made, of=()) if isinstance(made, Arr) else made


def as_is(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """The very same array."""
    return args[0] if isinstance(args[0], (Cell, Open)) else m.literal(args[0], node)


def tidied(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.nan_to_num(x)``: the same numbers, of a program whose numbers are finite."""
    return (as_is if kw.get("copy") is False else same)(m, args, kw, node)


def copied_to(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.copyto(x, y)``: x[...] = y."""
    given, value = argument(args, kw, 0, "dst"), m.arr(argument(args, kw, 1, "src"))
    cell = m.opened(given) if isinstance(given, Open) else given
    if not isinstance(cell, Cell):
        raise Unsupported("copyto")
    chosen = argument(args, kw, 3, "where", True)
    if chosen is not True:
        value = m.on.where(m.arr(chosen), value, m.certain(cell))
    m.filled(cell, value, node)
    return None


def positions(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.ndindex(2, 3)``: the places of an array of that shape, one after the other."""
    given = m.items(args[0]) if len(args) == 1 else None
    counts = [m.whole(m.arr(a)) for a in (args if given is None else given)]
    if None in counts or prod(counts) > ROUNDS:
        raise Unsupported("ndindex")
    return [tuple(map(number, place)) for place in product(*map(range, counts))]


def entry_by_entry(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """``np.vectorize(math.erfc)``: what is done to a number, done to every entry."""
    match args[0]:
        case Builtin(self=None, numeric=True):
            return args[0]
    raise Unsupported("vectorize")
