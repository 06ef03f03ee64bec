"""The statements in which a slip may be, seen from the line in which it shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symbp.verification.code.repairs.source import Source, root, targets

FARTHEST = 4
"""How many lines back, from what is read to where it was computed."""


def statement_at(source: Source, line: int) -> ast.stmt | None:
    """The smallest statement that stands on ``line`` of the text as it is read."""
    found = [
        s
        for s in source.statements()
        if s.lineno <= line <= (s.end_lineno or s.lineno) and not hasattr(s, "body")
    ]
    return found[-1] if found else None


def behind(source: Source, start: ast.stmt) -> Iterator[ast.stmt]:
    """``start``, then the statements that compute what it reads, the nearest first."""
    every = list(source.statements())
    functions = {s.name: s for s in every if isinstance(s, ast.FunctionDef)}
    seen = [start]
    frontier = [start]
    yield start
    for _ in range(FARTHEST):
        found: list[ast.stmt] = []
        for statement in frontier:
            read, called = _used(statement)
            makers = [
                s for s in every if s is not statement and any(root(t) in read for t in targets(s))
            ]
            makers.sort(key=lambda s: (s.lineno > statement.lineno, -s.lineno))
            for name in called:
                if name in functions:
                    makers += [s for s in ast.walk(functions[name]) if isinstance(s, ast.stmt)]
            found += [m for m in makers if m not in seen and m not in found]
        found = [s for s in found if not isinstance(s, (ast.FunctionDef, ast.ClassDef))]
        yield from found
        seen += found
        frontier = found


def _used(statement: ast.stmt) -> tuple[set[str], list[str]]:
    read, called = set(), []
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else root(node.func)
            called.append(name)
        elif isinstance(node, (ast.Name, ast.Attribute)) and (name := root(node)):
            read.add(name)
    return read - {"np", "self"}, called
