"""What functions of NumPy do to symbolic arrays: tables from names to equations.

A rule takes the interpreter, the arguments by place and by name, and the call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import (
    Abs,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    KroneckerDelta,
    Le,
    Lt,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.equations.axis import Size
from symbp.equations.calculus import ArgLargest
from symbp.equations.tensor import is_entry, tensor_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.limits import BITS
from symbp.verification.code.machine import TINY, Machine, Restart
from symbp.verification.code.values import Arr, Cell, Open, Unknown, Value, number

Rule = Callable[..., Value]

MOST_POWER = 64


def powered(base: Expr, power: Expr) -> Expr:
    """base^power. Raises ``Unsupported`` where the number would be too long."""
    if power.is_Rational and abs(power) > MOST_POWER:
        raise Unsupported("a large power")
    return Pow(base, power)


def larger(a: Expr, b: Expr) -> Expr:
    """The branch that varies comes first: ReLU is (u where u > 0, else 0)."""
    if a.is_number and not b.is_number:
        a, b = b, a
    return Piecewise((a, Gt(a, b, evaluate=False)), (b, True)) if a != b else a


def smaller(a: Expr, b: Expr) -> Expr:
    if a.is_number and not b.is_number:
        a, b = b, a
    return Piecewise((a, Lt(a, b, evaluate=False)), (b, True)) if a != b else a


UNARY: Mapping[str, Callable[[Expr], Expr]] = {
    "exp": exp,
    "log": log,
    "tanh": tanh,
    "sin": sin,
    "cos": cos,
    "sinh": sinh,
    "cosh": cosh,
    "arctan": atan,
    "abs": Abs,
    "absolute": Abs,
    "fabs": Abs,
    "sign": sign,
    "sqrt": sqrt,
    "negative": lambda x: -x,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "log1p": lambda x: log(1 + x),
    "expm1": lambda x: exp(x) - 1,
    "log2": lambda x: log(x) / log(2),
    "log10": lambda x: log(x) / log(10),
    "exp2": lambda x: 2**x,
    "erf": erf,
    "expit": lambda x: 1 / (1 + exp(-x)),
    "positive": lambda x: x,
    "cbrt": lambda x: x ** Rational(1, 3),
    "atan": atan,
}

BINARY: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "true_divide": lambda a, b: a / b,
    "power": powered,
    "pow": powered,
    "maximum": larger,
    "minimum": smaller,
    "fmax": larger,
    "fmin": smaller,
    "float_power": powered,
    "logaddexp": lambda a, b: log(exp(a) + exp(b)),
}

RELATIONS: Mapping[str, Callable[..., Any]] = {
    "greater": Gt,
    "greater_equal": Ge,
    "less": Lt,
    "less_equal": Le,
    "equal": Eq,
    "not_equal": Ne,
}

LOGIC: Mapping[str, Callable[..., Any]] = {"logical_and": And, "logical_or": Or, "logical_not": Not}

REDUCTIONS = {
    "sum": "sum",
    "nansum": "sum",
    "mean": "mean",
    "average": "mean",
    "nanmean": "mean",
    "max": "max",
    "amax": "max",
    "min": "min",
    "amin": "min",
}

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


def binary(m: Machine, name: str, left: Arr, right: Arr, node: ast.AST) -> Arr:
    """An operation entry by entry; a tiny number added to a quantity is taken for nothing."""
    m.meet(left, right)
    if name in ("add", "subtract"):
        for mine, other in ((left, right), (right, left)):
            value = m.numeric(mine)
            if (
                value is not None
                and value.is_Rational
                and 0 < abs(value) <= TINY
                and not other.body.is_number
            ):
                m.taken.append(("tiny", node))
                return other if mine is right or name == "add" else m.on.each(lambda x: -x, other)
    if name == "power":
        value = m.numeric(right)
        right = number(value) if value is not None and value.is_Integer else right
    made = m.on.each(BINARY[name], left, right)
    if made.body.is_Rational and max(made.body.p.bit_length(), made.body.q.bit_length()) > BITS:
        raise Unsupported("a long number")
    return made


def related(m: Machine, name: str, left: Arr, right: Arr) -> Value:
    """A comparison: of known numbers it is decided."""
    a, b = m.numeric(left), m.numeric(right)
    if a is not None and b is not None:
        return bool(RELATIONS[name](a, b))
    if name in ("equal", "not_equal") and any(_position(m, x) for x in (left, right)):
        if not all(_position(m, x) or x.body.is_Integer for x in (left, right)):
            raise Unsupported("labels compared with numbers")
        for mine, other in ((left, right), (right, left)):
            if isinstance(mine.body, ArgLargest) and not other.body.is_Integer:
                m.on.position(other.body, mine.body.index.axis)
        same = m.on.each(KroneckerDelta, left, right)
        return same if name == "equal" else m.on.each(lambda x: 1 - x, same)
    if (
        name in ("equal", "not_equal")
        and (equal := _same_size(m, left.body, right.body)) is not None
    ):
        return equal is (name == "equal")
    rule = RELATIONS[name]
    return m.on.tests(lambda x, y: rule(x, y, evaluate=False), left, right)


def _same_size(m: Machine, left: Expr, right: Expr) -> bool | None:
    """Whether two products of sizes are one, as in ``t.size == y.size``.

    Who asks that takes targets of both kinds: labels are those that no guess is needed for.
    """
    factors = [Mul.make_args(side) for side in (left, right)]
    if not all(isinstance(f, Size) for side in factors for f in side):
        return None
    one, other = ([m.on.axes.find(f.axis) for f in side] for side in factors)
    if len(one) != len(other):
        return False
    if set(one) == set(other):
        return True
    for tensor, name in m.guesses.items():
        last = [m.on.axes.find(axis) for axis in tensor.axes[1:]]
        if m.kinds.get(tensor) == "data" and set(last) & (set(one) ^ set(other)):
            raise Restart((f"rank {name}", 0, 0), "1")
    return None


def _position(m: Machine, arr: Arr) -> bool:
    from symbp.equations.axis import Index

    return isinstance(arr.body, (ArgLargest, Index)) or (
        is_entry(arr.body) and tensor_of(arr.body) in m.on.labels
    )


# -------------------------------------------------------------------- arguments


def axes_of(m: Any, value: Value) -> Sequence[int] | None:
    """The argument ``axis``: none, one or several."""
    if value is None:
        return None
    items = list(value) if isinstance(value, (tuple, list)) else [value]
    found = [m.whole(m.arr(item)) for item in items]
    if None in found:
        raise Unsupported("an axis that is computed")
    return found


def shape_of(m: Any, value: Value) -> list[Expr]:
    """The argument ``shape``: a number or several."""
    items = list(value) if isinstance(value, (tuple, list)) else [value]
    out = []
    for item in items:
        arr = m.arr(item)
        body = arr.body if isinstance(arr.body, Size) else m.numeric(arr)
        out.append(m.as_size(arr) if body is None else body)
    return out


def argument(
    args: Sequence[Value], kw: Mapping[str, Value], place: int, name: str, default: Value = None
) -> Value:
    if name in kw:
        return kw[name]
    return args[place] if len(args) > place else default


# -------------------------------------------------------------------- rules


def unary_rule(name: str) -> Rule:
    def rule(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
        return m.out(m.on.each(UNARY[name], m.arr(args[0])), kw, node)

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
        return m.out(binary(m, name, left, right, node), kw, node)

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
        return m.out(m.on.reduced(REDUCTIONS[name], value, axis, keepdims=keep), kw, node)

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
    return m.out(m.on.matmul(m.arr(args[0]), m.arr(args[1])), kw, node)


def vdot(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    left, right = m.arr(args[0]), m.arr(args[1])
    if left.rank != right.rank:
        raise Unsupported("vdot")
    return m.on.reduced("sum", m.on.each(Mul, left, right))


def tensordot(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    count = m.whole(m.arr(argument(args, kw, 2, "axes", number(2))))
    left, right = m.arr(args[0]), m.arr(args[1])
    letters = "abcdefghijkl"
    if count is None or count > min(left.rank, right.rank):
        raise Unsupported("tensordot")
    a = letters[: left.rank]
    b = a[left.rank - count :] + letters[left.rank : left.rank + right.rank - count]
    return m.on.einsum(f"{a},{b}->{a[: left.rank - count]}{b[count:]}", [left, right])


def einsum(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if not isinstance(args[0], str):
        raise Unsupported("einsum")
    return m.out(m.on.einsum(args[0], [m.arr(a) for a in args[1:]]), kw, node)


def outer(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    left, right = (m.on.fresh(flat(m, m.arr(a))) for a in args[:2])
    return Arr((*left.idx, *right.idx), left.body * right.body)


def flat(m: Any, arr: Arr) -> Arr:
    return m.on.reshaped(arr, [Integer(-1)]) if arr.rank != 1 else arr


def where(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    if len(args) != 3:
        raise Unsupported("where")
    if isinstance(args[0], bool):
        return args[1] if args[0] else args[2]
    return m.on.where(*(m.arr(a) for a in args))


def clip(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """What lies within its bounds is what it was: the value is taken for its clipped self."""
    m.taken.append(("clip", node))
    return m.out(m.arr(args[0]), kw, node)


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
            if not (isinstance(given, Arr) and not given.rank):
                return given
            shape = given
        dims = tuple(m.on.dimension(size) for size in shape_of(m, shape))
        return m.new_input(name, dims, "random")

    return rule


def shuffled(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return None


def same(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.literal(args[0], node)


def as_is(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    """The very same array."""
    return args[0] if isinstance(args[0], (Cell, Open)) else m.literal(args[0], node)


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


def softmax(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    powers = m.on.each(exp, m.arr(args[0]))
    axis = axes_of(m, argument(args, kw, 1, "axis"))
    return m.on.each(lambda a, b: a / b, powers, m.on.reduced("sum", powers, axis, keepdims=True))


def log_softmax(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return m.on.each(log, softmax(m, args, kw, node))


def logsumexp(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    axis, keep = axes_of(m, argument(args, kw, 1, "axis")), bool(kw.get("keepdims", False))
    return m.on.each(log, m.on.reduced("sum", m.on.each(exp, m.arr(args[0])), axis, keepdims=keep))


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


def all_close(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return Unknown("tested")


def no(m: Any, args: Sequence[Value], kw: Mapping[str, Value], node: ast.AST) -> Value:
    return False


FUNCTIONS: dict[str, Rule] = {
    **{name: unary_rule(name) for name in UNARY},
    **{name: binary_rule(name) for name in BINARY},
    **{name: relation_rule(name) for name in RELATIONS},
    **{name: logic_rule(name) for name in LOGIC},
    **{name: reduction_rule(name) for name in REDUCTIONS},
    **dict.fromkeys(SAME, same),
    **{name: drawn(name) for name in RANDOM},
    **{name: filled(name) for name in FILLED},
    **{f"{name}_like": filled_like(name) for name in FILLED},
    "asarray": as_is,
    "asanyarray": as_is,
    "nan_to_num": as_is,
    "argmax": argmax,
    "argmin": lambda m, a, k, n: argmax(m, a, k, n, -1),
    "var": spread,
    "std": lambda m, a, k, n: spread(m, a, k, n, root=True),
    "norm": norm,
    "dot": dot,
    "matmul": dot,
    "vdot": vdot,
    "inner": vdot,
    "einsum": einsum,
    "outer": outer,
    "tensordot": tensordot,
    "where": where,
    "clip": clip,
    "eye": eye,
    "identity": eye,
    "arange": arange,
    "shuffle": shuffled,
    "seed": shuffled,
    "reshape": reshape,
    "transpose": transpose,
    "ravel": ravel,
    "squeeze": squeeze,
    "expand_dims": expand,
    "atleast_2d": at_least_2d,
    "diag": diag,
    "diagflat": diag,
    "trace": trace_of,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "size": size_of,
    "shape": shape,
    "allclose": all_close,
    "isnan": no,
    "isinf": no,
    "any": all_close,
    "all": all_close,
    "array_equal": all_close,
    "vstack": take_rows,
    "hstack": take_rows,
    "concatenate": take_rows,
    "stack": take_rows,
    "column_stack": take_rows,
    "c_": take_rows,
    "r_": take_rows,
    "append": take_rows,
    "linspace": lambda m, a, k, n: m.new_input(
        "linspace",
        (m.on.dimension(shape_of(m, argument(a, k, 2, "num", number(50)))[0]),),
        "literal",
    ),
    "set_printoptions": shuffled,
    "seterr": shuffled,
    "isclose": all_close,
}
"""Functions by the last part of their name, wherever they come from."""

METHODS = frozenset(
    {
        "dot",
        "sum",
        "mean",
        "max",
        "min",
        "argmax",
        "argmin",
        "var",
        "std",
        "reshape",
        "transpose",
        "ravel",
        "squeeze",
        "clip",
        "copy",
        "trace",
        "any",
        "all",
        "astype",
        "flatten",
        "tolist",
        "item",
        "fill",
        "conj",
        "view",
    }
)
"""Methods of arrays; most are the functions of that name."""

FUNCTIONS |= {
    "astype": lambda m, a, k, n: m.astype(a[0], a[1:], k, n),
    "flatten": ravel,
    "tolist": lambda m, a, k, n: m.arr(a[0]),
    "item": lambda m, a, k, n: _item(m, a[0]),
    "view": as_is,
    "conj": as_is,
}

CONSTANTS: Mapping[str, Value] = {
    "pi": number(pi),
    "e": number(exp(1)),
    "newaxis": None,
    "float64": "float64",
    "float32": "float32",
    "int64": "int",
    "int32": "int",
    "inf": Unknown("inf"),
    "nan": Unknown("nan"),
}


def _item(m: Any, value: Value) -> Arr:
    arr = m.arr(value)
    if arr.real:
        raise Unsupported("item")
    return Arr((), arr.body)
