"""A list of layer sizes that an argument is, where nobody says which."""

from __future__ import annotations

import ast
import re

SIZES = re.compile(
    r"(?i)^((layers?_?)?(sizes|dims|dimensions|shapes?|structure|topology|architecture)|layers?|"
    r"units|nodes|neurons|(n|num)_(units|nodes|neurons))$"
)
LAYERS = 3
"""How many layers of weights there are where nobody says."""


def is_list_of_sizes(name: str, function: ast.AST) -> bool:
    """Whether an argument is called like sizes of layers, and is used as a list."""
    return bool(SIZES.match(name)) and any(_takes(each, name) for each in ast.walk(function))


def _takes(node: ast.AST, name: str) -> bool:
    """Whether ``node`` has a list called ``name`` counted, cut or gone through."""
    match node:
        case ast.Call(func=ast.Name(id="len" | "zip" | "enumerate"), args=args):
            return any(_is(each, name) for each in args)
        case ast.Subscript(value=value):
            return _is(value, name)
        case ast.For(iter=given) | ast.comprehension(iter=given):
            return _is(given, name)
    return False


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
