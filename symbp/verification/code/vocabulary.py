"""What the operators and names of Python mean, and what may go wrong with a value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}
RELATIONS: dict[type[ast.AST], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
WHOLE: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.FloorDiv: lambda a, b: (a / b).floor() if hasattr(a / b, "floor") else a // b,
    ast.Mod: lambda a, b: a % b,
}
BITWISE: dict[type[ast.AST], str] = {ast.BitAnd: "logical_and", ast.BitOr: "logical_or"}
ARRAY_ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype", "strides"})
BUILTINS = frozenset(
    {
        "print",
        "len",
        "range",
        "enumerate",
        "zip",
        "reversed",
        "list",
        "tuple",
        "dict",
        "set",
        "sum",
        "min",
        "max",
        "abs",
        "float",
        "int",
        "str",
        "round",
        "isinstance",
        "hasattr",
        "getattr",
        "setattr",
        "sorted",
        "map",
        "filter",
        "any",
        "all",
        "pow",
        "bool",
        "type",
        "super",
        "repr",
        "iter",
        "next",
        "callable",
        "format",
        "divmod",
        "id",
        "input",
        "open",
        "object",
        "slice",
    }
)
TYPES = frozenset(
    {
        "Exception",
        "ValueError",
        "NotImplementedError",
        "TypeError",
        "RuntimeError",
        "AssertionError",
        "KeyError",
        "IndexError",
        "staticmethod",
        "classmethod",
        "property",
        "bytes",
        "complex",
    }
)


class Lost(Exception):
    """What is needed is not known, as was told before."""


TROUBLES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
)
