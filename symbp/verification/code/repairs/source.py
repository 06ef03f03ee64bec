"""A program with the stretch of text of each node of its tree."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symbp.verification.text import Text


@dataclass(frozen=True)
class Edit:
    """``content[start:stop]`` becomes ``new``: that undoes the mistake ``code``."""

    code: str
    start: int
    stop: int
    new: str
    moves: tuple[tuple[int, int, str], ...] = ()  # further stretches, for a line that is moved


@dataclass(frozen=True)
class Source:
    text: Text

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text.content)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.content.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def reads(self) -> Counter[str]:
        """How often each name is read."""
        names = (n for n in ast.walk(self.tree) if isinstance(n, ast.Name))
        return Counter(name.id for name in names if isinstance(name.ctx, ast.Load))

    def place(self, line: int, column: int) -> int:
        """The position of a line (from 1) and a column in bytes of UTF-8 (from 0)."""
        typed = self.text.content[self._starts[line - 1] : self._starts[line]]
        if not typed.isascii():
            column = len(typed.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self.place(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.place(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def outer(self, node: ast.AST) -> tuple[int, int]:
        """The stretch with the parentheses right around it; those of a call are not its own."""
        content = self.text.content
        start, stop = self.span(node)
        while start and content[start - 1] == "(" and content[stop : stop + 1] == ")":
            if start >= 2 and (content[start - 2].isalnum() or content[start - 2] in "_])"):
                break
            start, stop = start - 1, stop + 1
        return start, stop

    def typed(self, node: ast.AST) -> str:
        """What was typed for ``node``, in parentheses where it needs them."""
        start, stop = self.span(node)
        text = self.text.content[start:stop]
        plain = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant)
        return text if isinstance(node, plain) else f"({text})"

    def line(self, node: ast.stmt) -> tuple[int, int]:
        """All of the lines of a statement, with the break at the end."""
        return self._starts[node.lineno - 1], self._starts[node.end_lineno or node.lineno]

    def edited(self, edit: Edit) -> Text:
        """The program after ``edit``; what was put in stands where it was put."""
        text = self.text
        parts = [(edit.start, edit.stop, edit.new), *edit.moves]
        for start, stop, new in sorted(parts, reverse=True):
            text = text[:start] + text[start:stop].standing_for(new) + text[stop:]
        return text

    def statements(self) -> Iterator[ast.stmt]:
        """All statements, in order, those of functions too."""
        found = [n for n in ast.walk(self.tree) if isinstance(n, ast.stmt)]
        yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))

    def blocks(self) -> Iterator[list[ast.stmt]]:
        for node in ast.walk(self.tree):
            for name in ("body", "orelse"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    yield block


def root(node: ast.AST) -> str:
    """The name that something hangs on: ``grads`` of ``grads["W1"].T``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        if isinstance(node, ast.Attribute) and root(node.value) == "self":
            return f"self.{node.attr}"
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def last(node: ast.AST) -> str:
    """The word that a person would say: ``W1`` of ``self.params["W1"]`` and of ``W1.T``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return last(node.value) if node.attr == "T" else node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        return last(node.value)
    return ""


def targets(statement: ast.stmt) -> list[ast.expr]:
    """What a statement gives values to."""
    if isinstance(statement, ast.Assign):
        return [
            e
            for t in statement.targets
            for e in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t])
        ]
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return [statement.target]
    return []
