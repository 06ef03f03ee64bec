"""The parts of a program that slips are made in: products, matrix products, f′."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.benchmarks.mutation.code_tree import (
    HELPERS,
    Program,
    name_of,
)
from tests.benchmarks.mutation.mutants import Edit

Slip = tuple[list[Edit], set[str], int]


def products(p: Program, statement: ast.stmt) -> Iterator[ast.BinOp]:
    for node in ast.walk(statement.value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield node


def is_matmul(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return True
    return isinstance(node, ast.Call) and name_of(node.func) in {"dot", "matmul"}


def sides(p: Program, node: ast.AST) -> tuple[ast.AST, ast.AST]:
    """What a matrix product multiplies."""
    if isinstance(node, ast.BinOp):
        return node.left, node.right
    if len(node.args) == 2:
        return node.args[0], node.args[1]
    return node.func.value, node.args[0]


def inner_of_slope(node: ast.AST) -> ast.AST | None:
    """a of ``1 - a**2``, ``1 - a``; u of ``u > 0`` and ``helper(u)``."""
    if isinstance(node, ast.Call) and name_of(node.func) in HELPERS:
        return node.args[0]
    if isinstance(node, ast.Compare):
        return node.left
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        if isinstance(node.left, ast.Constant) and node.left.value == 1:
            found = [n for n in ast.walk(node.right) if isinstance(n, (ast.Name, ast.Attribute))]
            found = [
                n for n in found if name_of(n) not in {"np", "power", "square", "tanh", "self"}
            ]
            right = node.right
            return (
                right if isinstance(right, (ast.Name, ast.Attribute, ast.Subscript)) else found[0]
            )
    return None


def slopes(p: Program, statement: ast.stmt) -> Iterator[tuple[ast.BinOp, str, str, ast.AST]]:
    """A product, the text of its f′, the text of the rest, and what f′ is taken of."""
    for node in products(p, statement):
        inner = inner_of_slope(node.right)
        if inner is not None:
            left = node.left
            own = isinstance(node.right, ast.BinOp) and ast.dump(node.right.right) == ast.dump(
                inner
            )
            if own:
                if isinstance(left, ast.BinOp) and p.text(left.right) == p.text(inner):
                    text = f"{p.text(left.right)} * {p.text(node.right)}"
                    yield node, text, p.text(left.left), inner
                continue
            yield node, p.text(node.right), p.text(left), inner
        elif isinstance(node.left, ast.Call) and inner_of_slope(node.left) is not None:
            yield node, p.text(node.left), p.text(node.right), node.left.args[0]


def is_output(rest: str) -> bool:
    return " - " in rest or rest.startswith("error")


def count_text(p: Program) -> str:
    for s in p.gradients():
        for node in ast.walk(s):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                return p.text(node.right)
    counted = {name_of(n.target) for n in ast.walk(p.tree) if isinstance(n, ast.For)}
    # what a loop counts is no number of samples
    return next((n for n in ("m", "n", "N") if n in p.names - counted), "7")
