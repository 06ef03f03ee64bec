"""Which axis an index letter runs along: that of the slots it stands in.

While a line is read each letter is an index along an axis not yet known; at the end all are put in
their place at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index
from symbp.equations.relocate import axis_at
from symbp.equations.tensor import Tensor
from symbp.notation.places import Places
from symbp.notation.read_error import ReadError

_UNKNOWN = "?"

IMPLIED = "·"
"""What begins the letters that nobody typed: z for z_j."""


class Letters:
    """The letters of one line, with their reach, and what is found out about their axes."""

    def __init__(
        self,
        known: Mapping[str, Axis] | None = None,
        equated: frozenset[frozenset[Axis]] = frozenset(),
    ) -> None:
        self._equated = equated
        self.places = Places()
        self._reach: list[dict[str, Index]] = [{}]
        self._axes: dict[Index, list[Axis]] = {}
        self._columns: dict[Index, int] = {}
        self._ties: list[tuple[Expr, Expr]] = []
        self._numbers = count()
        self._known = dict(known or {})

    def index(self, letter: str, column: int) -> Index:
        """The index that ``letter`` means here: the innermost bound one, or a free one."""
        for names in reversed(self._reach):
            if letter in names:
                return names[letter]
        return self._new(letter, column, self._reach[0])

    def is_bound(self, letter: str) -> bool:
        """Whether a Σ around this point binds ``letter``."""
        return any(letter in names for names in self._reach[1:])

    def has(self, letter: str) -> bool:
        """Whether ``letter`` has been an index here."""
        return letter in self._known or any(letter in names for names in self._reach)

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
        if names is self._reach[0] and letter in self._known:
            self._axes[index].append(self._known[letter])
        return index

    def stands(self, index: Expr, axis: Axis) -> None:
        """Notes that ``index`` stands in a slot of ``axis``."""
        if index in self._axes and axis not in self._axes[index]:
            self._axes[index].append(axis)

    def entry(self, tensor: Tensor, positions: Sequence[Expr]) -> Expr:
        """The entry of ``tensor`` at ``positions``, which are noted to stand there."""
        for position, axis in zip(positions, tensor.axes, strict=True):
            self.stands(position, axis)
        return tensor[tuple(positions)]

    def axis(self, index: Expr) -> Axis | None:
        """The axis of the first slot that ``index`` has been seen in."""
        return next(iter(self._axes.get(index, ())), None)

    def forget(self, index: Index) -> None:
        """Takes back an index that stands nowhere."""
        self._axes.pop(index, None)
        for names in self._reach:
            for letter in [c for c, known in names.items() if known == index]:
                del names[letter]

    def is_used(self, index: Expr) -> bool:
        return bool(self._axes.get(index))

    def tie(self, one: Expr, other: Expr) -> None:
        """Notes that both run along one axis, as in [i = j]."""
        self._ties.append((one, other))

    def free(self) -> dict[str, Index]:
        """The letters that no Σ binds."""
        return dict(self._reach[0])

    def _may_differ(self, axis: Axis, index: Expr) -> bool:
        """Whether ``index`` runs along an axis that is compared with ``axis``, and is not it."""
        return any(frozenset((axis, own)) in self._equated for own in self._axes.get(index, ()))

    def agree(self) -> None:
        """Takes all slots of a letter to be of one axis. Raises ReadError."""
        for _ in self._ties:
            for one, other in (*self._ties, *((b, a) for a, b in self._ties)):
                for axis in self._axes.get(one, ()):
                    if not self._may_differ(axis, other):
                        self.stands(other, axis)
        first: ReadError | None = None
        for index, axes in self._axes.items():
            if not axes:
                raise first or ReadError("axis_unknown", self._columns[index], letter=index.letter)
            fitting = [
                frozenset((axes[0], other)) in self._equated
                or self.places.same_axis(axes[0], other)
                for other in axes[1:]
            ]
            if not all(fitting) and first is None:
                found = self.places.found()
                moved = (axis_at(axis, found) for axis in axes)
                keys = tuple(dict.fromkeys(a.name if "?" in a.key else a.key for a in moved))
                first = ReadError(
                    "axes_disagree",
                    self._columns[index],
                    letter=index.letter.removeprefix(IMPLIED),
                    axes=keys,
                )
        if first is not None:
            raise first

    def known(self) -> Iterator[tuple[Expr, Expr]]:
        """Each index and its size -> those along its axis, unknown places as they are."""
        for index, axes in self._axes.items():
            if axes:
                yield index, axes[0].index(index.letter)
                yield index.axis.size, axes[0].size
