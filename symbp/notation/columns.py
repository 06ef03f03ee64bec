"""Where the signs of a line were typed: equal ones may stand at several places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symbp.notation import formula as tree


class Columns:
    """The columns of signs, counted from 1, by the identity of each sign."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._kept: list[tree.Formula] = []  # an identity is that of one sign as long as it lives

    def note(self, sign: tree.Formula, column: int) -> None:
        """Remembers that ``sign`` was typed at ``column``."""
        self._known[id(sign)] = column
        self._kept.append(sign)

    def of(self, formula: Any) -> int:
        """Where the first sign of ``formula`` stood; 1 where nobody typed any."""
        return min(self._within(formula), default=1)

    def _within(self, formula: Any) -> Iterator[int]:
        if id(formula) in self._known:
            yield self._known[id(formula)]
        elif isinstance(formula, tuple):
            for part in formula:
                yield from self._within(part)

    def copy(self, typed: Any, made: Any, otherwise: int | None = None) -> None:
        """Lets each sign of ``made`` stand where that of ``typed`` in its place stood.

        Signs whose column is not known are taken to stand at ``otherwise``, if that is given.
        """
        column = self._known.get(id(typed), otherwise if isinstance(made, tree.Sign) else None)
        if column is not None:
            self.note(made, column)
        if isinstance(typed, tuple) and isinstance(made, tuple):
            for one, other in zip(typed, made, strict=False):
                self.copy(one, other, otherwise)
