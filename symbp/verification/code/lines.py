"""Logical lines of a program whose indentation cannot be trusted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

OPENERS = ("def", "class", "for", "while", "if", "with", "try")
FOLLOWERS = ("elif", "else", "except", "finally")
LEAVING = ("return", "raise", "continue", "break")
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
MOST_JOINED = 200
"""Physical lines that one statement may spread over."""

_WORD = re.compile(r"(?:async\s+)?([A-Za-z_]+)\b")


@dataclass(frozen=True)
class Line:
    """A statement, or the head of one, from physical line ``first`` to ``last`` (from 0)."""

    first: int
    last: int
    source: str  # without indentation
    node: ast.stmt | None = None  # None: a comment or a blank line

    @property
    def word(self) -> str:
        """The keyword that the line begins with, or nothing."""
        match = _WORD.match(self.source)
        word = match[1] if match else ""
        return word if word in (*OPENERS, *FOLLOWERS, *LEAVING, "import", "from") else ""

    @property
    def is_blank(self) -> bool:
        return self.node is None

    @cached_property
    def is_head(self) -> bool:
        """Whether a body must follow."""
        return self.word in (*OPENERS, *FOLLOWERS) and _bare(self.source).endswith(":")

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names whose values the line uses."""
        return frozenset(name.id for name in self._names(ast.Load)) | self._changed

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that the line gives values, or whose parts it does."""
        node = self.node
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return frozenset({node.name})
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return frozenset((a.asname or a.name).split(".")[0] for a in node.names)
        return frozenset(name.id for name in self._names(ast.Store)) | self._changed

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of a function's parameters."""
        if not isinstance(self.node, ast.FunctionDef):
            return frozenset()
        return frozenset(a.arg for a in ast.walk(self.node.args) if isinstance(a, ast.arg))

    @cached_property
    def is_shown(self) -> bool:
        """Whether the line only shows something: ``print(…)``, ``plt.plot(…)``."""
        if not (isinstance(self.node, ast.Expr) and isinstance(self.node.value, ast.Call)):
            return False
        root = self.node.value.func
        while isinstance(root, ast.Attribute):
            root = root.value
        return isinstance(root, ast.Name) and root.id in ("print", "plt", "display", "logging")

    @cached_property
    def is_method(self) -> bool:
        node = self.node
        return isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args[:1]] == ["self"]

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Names of which an entry or an attribute is set, or that an update reads and sets."""
        node = self.node
        targets: list[ast.expr] = []
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Assign):
            targets = [t for t in node.targets if isinstance(t, (ast.Subscript, ast.Attribute))]
        found = set()
        for target in targets:
            root = target
            while isinstance(root, (ast.Subscript, ast.Attribute)):
                root = root.value
            if isinstance(root, ast.Name):
                found.add(root.id)
        return frozenset(found)

    def _names(self, context: type[ast.expr_context]) -> Iterator[ast.Name]:
        if self.node is None or isinstance(self.node, (ast.FunctionDef, ast.ClassDef)):
            return
        for node in ast.walk(self.node):
            if isinstance(node, ast.Name) and isinstance(node.ctx, context):
                yield node


def _bare(source: str) -> str:
    """``source`` without a comment at its end, as far as that can be told."""
    return re.sub(r"\s+#[^\"']*$", "", source).rstrip()


def statement(source: str) -> ast.stmt | None:
    """The statement or head that ``source`` is; None where it is none."""
    bare = _bare(source)
    word = _WORD.match(bare)
    tries = [source]
    if bare.endswith(":"):
        tries = [f"{bare} pass"]
        before = {"elif": "if 0: pass\n", "else": "if 0: pass\n"}
        before |= {"except": "try: pass\n", "finally": "try: pass\n"}
        tries = [before.get(word[1] if word else "", "") + tries[0]]
        if word and word[1] == "try":
            tries = [f"{bare}\n pass\nfinally:\n pass"]
    if word and word[1] in LEAVING:
        tries = [f"def f():\n while 1:\n  {source}"]
    for attempt in tries:
        try:
            body = ast.parse(attempt).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if len(body) == 1:
            node = body[0]
            if word and word[1] in LEAVING:
                inner = (part for part in ast.walk(node) if isinstance(part, _ENDS))
                return next(inner, None)
            return node
    return None


def logical(lines: list[str]) -> list[Line] | None:
    """Physical lines as statements, heads, comments and blanks; None where one is none of these."""
    out = []
    at = 0
    while at < len(lines):
        source = lines[at].strip()
        if not source or source.startswith("#"):
            out.append(Line(at, at, source))
            at += 1
            continue
        last = at
        node = statement(source)
        while node is None and last + 1 < len(lines) and last - at < MOST_JOINED:
            if _is_closed(source):
                return None
            last += 1
            source += "\n" + lines[last]
            node = statement(source)
        if node is None:
            return None
        out.append(Line(at, last, source, node))
        at = last + 1
    return out


def _is_closed(source: str) -> bool:
    """Whether no bracket, string or backslash calls for a further line."""
    if source.endswith("\\") or source.count('"""') % 2 or source.count("'''") % 2:
        return False
    plain = re.sub(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*", "", source)
    return sum(map(plain.count, "([{")) <= sum(map(plain.count, ")]}"))
