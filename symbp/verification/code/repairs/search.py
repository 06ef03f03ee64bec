"""The repair after which a program is right."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symbp.verification.code.repairs import others, products
from symbp.verification.code.repairs.places import behind, statement_at
from symbp.verification.code.repairs.source import Edit, Source, last, targets
from symbp.verification.text import Text

Maker: TypeAlias = Callable[[Source, ast.stmt], Iterator[Edit]]

OF_VALUES: tuple[tuple[Maker, ...], ...] = (
    (others.twice, products.divisors),
    (products.outers, products.subscripts, others.masks, others.terms, others.penalties),
    (products.sums, others.early, products.accumulated, others.slopes),
    (products.missing_sums, others.layers),
    (products.transposes, products.multiplications, others.copies),
)
"""What is tried where all shapes fit, row by row."""

OF_SHAPES: tuple[tuple[Maker, ...], ...] = (
    (others.neighbours, products.outers, products.transposes, products.subscripts),
    (products.multiplications, others.layers),
    (products.sums, products.missing_sums, products.accumulated, others.twice),
)
"""What is tried where shapes do not fit."""

OF_RANKS = OF_SHAPES[::-1]
"""What is tried where the sides do not even have as many axes: a sum first."""

OF_UPDATES = (others.neighbours, others.layers)
"""What is tried in an update that does not fit: more likely, what it reads is wrong."""

ZEROS = ("zeros", "zeros_like")

MOST_TRIED = 160
"""Programs that are judged anew: a count, for what is told must not depend on the clock."""


@dataclass(frozen=True)
class Repaired:
    """``statement`` with ``edit`` made; ``text`` is the program then, ``right`` the line."""

    edit: Edit
    statement: ast.stmt
    text: Text
    right: str


@dataclass
class Search:
    """``is_right`` reads a program anew, and tells whether it is right."""

    text: Text
    is_right: Callable[[Text], bool]
    tried: set[str] = field(default_factory=set)

    def repair(self, line: int, rows: Sequence[Sequence[Maker]]) -> Repaired | None:
        """The nearest slip behind the one that shows on ``line`` of the text as it is read.

        ``rows`` of repairs are tried one after the other.
        """
        source = Source(self.text)
        start = statement_at(source, line)
        if start is None:
            return None
        for statement, edit in self._edits(source, start, rows):
            if len(self.tried) >= MOST_TRIED:
                return None
            text = source.edited(edit)
            if text.content in self.tried:
                continue
            self.tried.add(text.content)
            if self.is_right(text):
                return Repaired(edit, statement, text, _line(source, statement, edit))
        return None

    @staticmethod
    def _edits(
        source: Source, start: ast.stmt, rows: Sequence[Sequence[Maker]]
    ) -> Iterator[tuple[ast.stmt, Edit]]:
        statements = list(behind(source, start))
        is_update = rows is not OF_VALUES and _is_update(source, start)
        for makers in rows:
            for statement in statements:
                for maker in makers:
                    if statement is start and is_update and maker not in OF_UPDATES:
                        continue
                    for edit in maker(source, statement):
                        yield statement, edit


def _is_update(source: Source, statement: ast.stmt) -> bool:
    """Whether a statement moves something that it reads; to add to what was 0 is none."""
    if isinstance(statement, ast.AugAssign):
        own = ast.unparse(statement.target)
        return isinstance(statement.op, ast.Sub) or not any(
            isinstance(s, ast.Assign)
            and own in map(ast.unparse, targets(s))
            and isinstance(s.value, ast.Call)
            and last(s.value.func) in ZEROS
            for s in source.statements()
        )
    if not isinstance(statement, ast.Assign):
        return False
    names = [ast.unparse(t) for t in targets(statement)]
    return any(ast.unparse(term) in names for term in _terms(statement.value))


def _terms(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return [*_terms(node.left), *_terms(node.right)]
    return [node]


def _line(source: Source, statement: ast.stmt, edit: Edit) -> str:
    """The statement after the edit; "" where that is about the order of lines."""
    start, stop = source.span(statement)
    parts = [(edit.start, edit.stop, edit.new), *edit.moves]
    if any(not start <= a <= b <= stop for a, b, _ in parts):
        return ""
    content = source.text.content
    for a, b, new in sorted(parts, reverse=True):
        content = content[:a] + new + content[b:]
    grown = sum(len(new) - (b - a) for a, b, new in parts)
    return content[start : stop + grown]
