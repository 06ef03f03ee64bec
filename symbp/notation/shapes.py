"""What the rows and the columns of a formula run along, and where shapes do not fit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Protocol

from symbp.equations.axis import Axis
from symbp.equations.relocate import axis_at
from symbp.notation import formula as tree
from symbp.notation.convention import Convention, Matrix
from symbp.notation.latex import write
from symbp.notation.letters import Letters
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import ONES

Axes = tuple[Axis | None, Axis | None]
"""None where there is only one row or column."""

SCALAR: Axes = (None, None)


class Meaning(Protocol):
    """What says what a sign is."""

    lexicon: Lexicon
    letters: Letters
    convention: Convention

    def axes_of(self, sign: tree.Sign) -> Axes: ...
    def column(self, formula: Any) -> int: ...


class Shapes:
    """The shapes of the formulas of one line, each found once."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self._found: dict[int, Axes] = {}
        self._kept: list[Any] = []
        convention = meaning.convention
        # A vector is a column, unless samples would lie in rows and there is but one.
        self.lies = convention.matrix is Matrix.ROWS and not meaning.lexicon.has_samples

    def of(self, formula: Any) -> Axes:
        """The axes of ``formula``. Raises ReadError with the code "shapes"."""
        if id(formula) not in self._found:
            self._kept.append(formula)
            self._found[id(formula)] = self._of(formula)
        return self._found[id(formula)]

    def _of(self, formula: Any) -> Axes:
        if isinstance(formula, tree.Sign):
            return SCALAR if formula.glyph == ONES else self.meaning.axes_of(formula)
        if isinstance(formula, tree.Transposed):
            row, column = self.of(formula.inner)
            return column, row
        if isinstance(formula, tree.Derivative):
            return self._slope(formula)
        if isinstance(formula, tree.Product):
            return self._product(formula)
        if isinstance(formula, tree.Big):
            return self.of(formula.body) if formula.bounds else SCALAR
        if isinstance(formula, (tree.Note, tree.Norm)):
            return SCALAR
        if isinstance(formula, tree.Apply):
            return self._common(list(formula.arguments), "")
        if isinstance(formula, tree.Terms):
            return self._common([part for _, part in formula.parts], "+")
        if isinstance(formula, tree.Hadamard):
            return self._common(list(formula.factors), "⊙")
        if isinstance(formula, tree.Cases):
            pieces = [part for piece in formula.pieces for part in piece if part is not None]
            return self._common(pieces, "")
        if isinstance(formula, tuple):
            parts = [part for part in formula if isinstance(part, tuple)]
            flat: list[Any] = []
            for part in parts:
                flat += part if type(part) is tuple else (part,)
            return self._common([each for each in flat if isinstance(each, tuple)], "")
        return SCALAR

    def of_line(self, sides: list[tree.Formula]) -> Axes:
        """The one shape of all sides of a line."""
        first, *others = sides
        axes = self.of(first)
        for other in others:
            found = self.of(other)
            if not self._alike(axes, found):
                raise self._misfit(first, other, axes, found, "=")
        return axes

    def _slope(self, formula: tree.Derivative) -> Axes:
        of, wrt = self.of(formula.of), self.of(formula.wrt)
        if SCALAR in (of, wrt):
            return wrt if of == SCALAR else of
        if not self._alike(of, wrt):
            raise self._misfit(formula.of, formula.wrt, of, wrt, "∂")
        return wrt

    def _product(self, formula: tree.Product) -> Axes:
        chain = [f for f in formula.factors if not self.is_scalar(f)]
        if not chain:
            return SCALAR
        axes = self.of(chain[0])
        for before, factor in pairwise(chain):
            following = self.of(factor)
            if not self._chains(before, factor, axes, following):
                raise self._misfit(before, factor, axes, following, "")
            axes = (axes[0], following[1])
            if self.lies and axes[0] is None and axes[1] is not None and _is_vector(following):
                axes = SCALAR if following[1] is None else axes
        return axes

    def _chains(
        self, before: tree.Formula, factor: tree.Formula, axes: Axes, following: Axes
    ) -> bool:
        if _is_ones(before) or _is_ones(factor):
            return True
        if axes[1] is None or following[0] is None:
            return axes[1] is None and following[0] is None
        return self._same(axes[1], following[0])

    def shared(self, factor: tree.Formula, following: tree.Formula) -> Axis | None:
        """The axis that a product of two factors sums over; None for an outer product."""
        return self.of(factor)[1] or self.of(following)[0]

    def is_row(self, formula: tree.Formula) -> bool:
        row, column = self.of(formula)
        return row is None and column is not None

    def is_scalar(self, formula: tree.Formula) -> bool:
        return not _is_ones(formula) and self.of(formula) == SCALAR

    def _same(self, one: Axis, other: Axis) -> bool:
        return self.meaning.letters.places.same_axis(one, other)

    def _alike(self, one: Axes, other: Axes) -> bool:
        if one.count(None) == other.count(None) == 1 and self._flexible:
            mine, theirs = (next(a for a in axes if a) for axes in (one, other))
            return self._same(mine, theirs)
        if any((a is None) != (b is None) for a, b in zip(one, other, strict=True)):
            return False
        return all(
            a is None or b is None or self._same(a, b) for a, b in zip(one, other, strict=True)
        )

    @property
    def _flexible(self) -> bool:
        """Whether a row may stand where a column is meant, as where samples are rows."""
        return self.meaning.convention.matrix is Matrix.ROWS

    def _common(self, parts: list[Any], operator: str) -> Axes:
        """The axes of parts that stand at one cell; a column is repeated where others are wider."""
        shapes = [(part, axes) for part in parts if (axes := self.of(part)) != SCALAR]
        full = [(part, axes) for part, axes in shapes if None not in axes]
        if not shapes:
            return SCALAR
        if full:
            target = full[0]
            for part, axes in full[1:]:
                if not self._alike(target[1], axes):
                    raise self._misfit(target[0], part, target[1], axes, operator)
            for part, axes in shapes:
                if None in axes and not self._repeats(axes, target[1]):
                    raise self._misfit(target[0], part, target[1], axes, operator)
            return target[1]
        rows = [(part, axes) for part, axes in shapes if axes[0] is None]
        columns = [(part, axes) for part, axes in shapes if axes[1] is None]
        for several in (rows, columns):
            for part, axes in several[1:]:
                if not self._alike(several[0][1], axes):
                    raise self._misfit(several[0][0], part, several[0][1], axes, operator)
        if rows and columns:
            if self._flexible and self._alike(rows[0][1], columns[0][1]):
                return columns[0][1]
            raise self._misfit(columns[0][0], rows[0][0], columns[0][1], rows[0][1], operator)
        return shapes[0][1]

    def _repeats(self, vector: Axes, full: Axes) -> bool:
        """Whether a vector is repeated along the other axis of a matrix."""
        (mine,) = (axis for axis in vector if axis is not None)
        if mine in full:
            return True
        return any(axis is not None and self._same(mine, axis) for axis in full)

    def _misfit(
        self, one: tree.Formula, other: tree.Formula, first: Axes, second: Axes, operator: str
    ) -> ReadError:
        fits = []
        if operator == "":
            if first[1] is not None and first[1] == second[1]:
                fits.append("second_transposed")
            if second[0] is not None and first[0] == second[0]:
                fits.append("first_transposed")
            if first[1] is None and second[1] is None:
                fits.append("second_transposed")
            if first == second:
                fits.append("entrywise")
            if second[1] is not None and first[0] == second[1]:
                fits.append("turned_round")
        elif first == second[::-1]:
            fits.append("second_transposed")
        return ReadError(
            "shapes",
            self.meaning.column(other),
            operator=operator,
            first=write(one),
            second=write(other),
            left=self._keys(first),
            right=self._keys(second),
            fits=tuple(dict.fromkeys(fits)),
        )

    def _keys(self, axes: Axes) -> tuple[str, ...]:
        """The axes by their keys, 1 for none; a place that is not known is left out."""
        found = self.meaning.letters.places.found()
        moved = (axis and axis_at(axis, found) for axis in axes)
        return tuple(
            "1" if axis is None else axis.name if "?" in axis.key else axis.key for axis in moved
        )


def _is_vector(axes: Axes) -> bool:
    return axes.count(None) == 1


def _is_ones(formula: tree.Formula) -> bool:
    inner = formula.inner if isinstance(formula, tree.Transposed) else formula
    return isinstance(inner, tree.Sign) and inner.glyph == ONES
