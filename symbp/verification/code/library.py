"""What functions of NumPy do to symbolic arrays: tables from names to equations.

A rule takes the interpreter, the arguments by place and by name, and the call.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import exp, pi

from symbp.verification.code.arguments import Rule, argument, shape_of
from symbp.verification.code.making import (
    FILLED,
    RANDOM,
    SAME,
    arange,
    as_is,
    drawn,
    eye,
    filled,
    filled_like,
    same,
    shuffled,
)
from symbp.verification.code.operations import BINARY, LOGIC, REDUCTIONS, RELATIONS, UNARY
from symbp.verification.code.reducing import (
    all_close,
    argmax,
    binary_rule,
    clip,
    dot,
    einsum,
    log_softmax,
    logic_rule,
    logsumexp,
    no,
    norm,
    outer,
    reduction_rule,
    relation_rule,
    softmax,
    spread,
    tensordot,
    unary_rule,
    vdot,
    where,
)
from symbp.verification.code.shaping import (
    _item,
    at_least_2d,
    diag,
    expand,
    ravel,
    reshape,
    shape,
    size_of,
    squeeze,
    take_rows,
    trace_of,
    transpose,
)
from symbp.verification.code.values import Unknown, Value, number

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
