"""What a loop hands on from turn to turn, as the state of a recurrent network."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence


def carried(body: Sequence[ast.stmt]) -> set[str]:
    """Names that a turn reads before it gives them a value: what the turn before has left there.

    What is only added up, as ``total += x``, is none of them. Entries count as one where they are
    typed alike: ``h[t] = f(h[t - 1])`` hands on, ``h[t] = f(x[t])`` does not.
    """
    given: set[str] = set()
    wanted: set[str] = set()
    stored: dict[str, set[str]] = {}
    for statement in _statements(body):
        wanted |= set(_read(statement)) - given
        for name, key in _stored(statement):
            stored.setdefault(name, set()).add(key)
            if not key:
                given.add(name)
    found = {name for name, keys in stored.items() if "" in keys and name in wanted}
    for name, keys in stored.items():
        if keys != {""} and _keys_read(body, name) - keys:
            found.add(name)
    return found


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, None)
            if isinstance(inner, list) and not isinstance(statement, ast.FunctionDef):
                yield from _statements(inner)


def _read(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement reads, its body left out."""
    for node in _own(statement):
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                yield each.id
            elif (name := _attribute(each)) and isinstance(each.ctx, ast.Load):  # type: ignore[attr-defined]
                yield name


def _own(statement: ast.stmt) -> list[ast.AST]:
    match statement:
        case ast.Assign(value=value) if is_added(statement):
            assert isinstance(value, ast.BinOp)
            return [value.right]
        case ast.Assign(targets=targets, value=value):
            return [value, *(_inside(t) for t in targets)]
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub(), value=value):
            return [value, _inside(target)]
        case ast.AugAssign(target=target, value=value):
            loaded = ast.parse(ast.unparse(target), mode="eval").body
            return [value, loaded]
        case ast.For(iter=given):
            return [given]
        case ast.If(test=test) | ast.While(test=test):
            return [test]
        case ast.FunctionDef():
            return []
    return [statement]


def is_added(statement: ast.Assign) -> bool:
    """Whether a statement is ``x = x + …``."""
    value = statement.value
    return (
        len(statement.targets) == 1
        and isinstance(value, ast.BinOp)
        and isinstance(value.op, (ast.Add, ast.Sub))
        and ast.unparse(value.left) == ast.unparse(statement.targets[0])
    )


def _inside(target: ast.AST) -> ast.AST:
    """What a target itself reads: the places of ``x[i]``."""
    return target.slice if isinstance(target, ast.Subscript) else ast.Pass()


def _stored(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """What a statement gives a value: a name, and the place, where it is one of several."""
    match statement:
        case ast.Assign(targets=targets) if not is_added(statement):
            for target in targets:
                yield from _targets(target)
        case ast.AugAssign(target=target, op=op) if not isinstance(op, (ast.Add, ast.Sub)):
            yield from _targets(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="append" | "insert"))):
            yield ast.unparse(owner), "append"


def _targets(target: ast.AST) -> Iterator[tuple[str, str]]:
    match target:
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            for each in elts:
                yield from _targets(each)
        case ast.Starred(value=value):
            yield from _targets(value)
        case ast.Subscript(value=owner, slice=key):
            yield ast.unparse(owner), ast.unparse(key)
        case ast.Name() | ast.Attribute():
            yield ast.unparse(target), ""


def _attribute(node: ast.AST) -> str:
    """``self.h`` as it is typed; empty for what is no attribute of a name."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _keys_read(body: Sequence[ast.stmt], name: str) -> set[str]:
    """The places of ``name`` that are read."""
    found = set()
    for statement in body:
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.ctx, ast.Load)
                and ast.unparse(node.value) == name
            ):
                found.add(ast.unparse(node.slice))
    return found
