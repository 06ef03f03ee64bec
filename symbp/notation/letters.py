"""Which axis an index letter runs along: that of the slots it stands in.

While a line is read each letter is an index along an axis not yet known; at the end all are put in
their place at once.
"""

from __future__ import annotations

from itertools import count

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index
from symbp.notation.read_error import ReadError

_UNKNOWN = "?"


class Letters:
    """The letters of one line, with their reach, and what is found out about their axes."""

    def __init__(self) -> None:
        self._reach: list[dict[str, Index]] = [{}]
        self._axes: dict[Index, list[Axis]] = {}
        self._columns: dict[Index, int] = {}
        self._ties: list[tuple[Expr, Expr]] = []
        self._numbers = count()

    def index(self, letter: str, column: int) -> Index:
        """The index that ``letter`` means here: the innermost bound one, or a free one."""
        for names in reversed(self._reach):
            if letter in names:
                return names[letter]
        return self._new(letter, column, self._reach[0])

    def is_bound(self, letter: str) -> bool:
        """Whether a Σ around this point binds ``letter``."""
        return any(letter in names for names in self._reach[1:])

    def bind(self, letter: str, column: int) -> Index:
        """A new index for ``letter`` until ``release``."""
        names: dict[str, Index] = {}
        self._reach.append(names)
        return self._new(letter, column, names)

    def release(self) -> None:
        self._reach.pop()

    def _new(self, letter: str, column: int, names: dict[str, Index]) -> Index:
        index = Axis(_UNKNOWN, Integer(next(self._numbers))).index(letter)
        names[letter] = index
        self._axes[index] = []
        self._columns[index] = column
        return index

    def stands(self, index: Expr, axis: Axis) -> None:
        """Notes that ``index`` stands in a slot of ``axis``."""
        if index in self._axes and axis not in self._axes[index]:
            self._axes[index].append(axis)

    def tie(self, one: Expr, other: Expr) -> None:
        """Notes that both run along one axis, as in [i = j]."""
        self._ties.append((one, other))

    def settled(self, *sides: Expr) -> tuple[Expr, ...]:
        """``sides`` with every index along its axis. Raises ReadError."""
        for _ in self._ties:
            for one, other in (*self._ties, *((b, a) for a, b in self._ties)):
                for axis in self._axes.get(one, ()):
                    self.stands(other, axis)
        known: dict[Expr, Expr] = {}
        for index, axes in self._axes.items():
            if len(axes) > 1:
                keys = tuple(axis.key for axis in axes)
                raise ReadError(
                    "axes_disagree", self._columns[index], letter=index.letter, axes=keys
                )
            if not axes:
                raise ReadError("axis_unknown", self._columns[index], letter=index.letter)
            known[index] = axes[0].index(index.letter)
            known[index.axis.size] = axes[0].size
        return tuple(side.xreplace(known) for side in sides)
