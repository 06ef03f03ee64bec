"""Numbers that are trained: given before a loop, read in it, and changed after that."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def trained(module: ast.AST) -> frozenset[str]:
    """What is typed for each such number: ``w`` of ``w = 0.0``, ``y = w * x``, ``w -= lr * dw``.

    What is only added up, as a loss is, is not read before it is changed.
    """
    given = {ast.unparse(t) for node in ast.walk(module) for t in _given(node)}
    if not given:
        return frozenset()
    loops = (node for node in ast.walk(module) if isinstance(node, (ast.For, ast.While)))
    places = {ast.unparse(n) for node in ast.walk(module) for n in _placing(node)}
    return frozenset(name for loop in loops for name in _changed(loop) if name in given - places)


def _placing(node: ast.AST) -> Iterator[ast.AST]:
    """What stands between brackets: it counts places, and is learnt by nobody."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
        yield from (n for n in ast.walk(node.slice) if isinstance(n, (ast.Name, ast.Attribute)))


def _given(node: ast.AST) -> Iterator[ast.expr]:
    """The names that a statement gives plain numbers to."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for each, value in pairs:
            if isinstance(each, (ast.Name, ast.Attribute)) and _is_number(value):
                yield each


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _changed(loop: ast.For | ast.While) -> Iterator[str]:
    """What is changed by more than a number, after another statement of the loop has read it."""
    read: set[str] = set()
    for node in _statements(loop.body):
        change = _change(node)
        if change is None:
            read |= _read(node)
            continue
        name, by = change
        if name in read and not _is_number(by):
            yield name
        read |= _read(by)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements in their order, those of inner blocks among them."""
    for node in body:
        if isinstance(node, (ast.For, ast.While, ast.If, ast.With)):
            yield from _statements(node.body)
        else:
            yield node


def _change(node: ast.stmt) -> tuple[str, ast.expr] | None:
    """What a statement changes, and by what: ``w -= by``, ``w = w - by``."""
    match node:
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub(), value=by):
            return ast.unparse(target), by
        case ast.Assign(targets=[target], value=ast.BinOp(left, ast.Add() | ast.Sub(), by)):
            if ast.unparse(target) == ast.unparse(left):
                return ast.unparse(target), by
    return None


def _read(node: ast.AST) -> set[str]:
    parts = (n for n in ast.walk(node) if isinstance(n, (ast.Name, ast.Attribute)))
    return {ast.unparse(n) for n in parts if isinstance(n.ctx, ast.Load)}
