"""The forms that a line may be written in, with indices or in matrices: what it says in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.notation import formula as tree
from symbp.notation.by_axis import ByAxis
from symbp.notation.columns import Columns
from symbp.notation.entrywise import Entrywise
from symbp.notation.expressions import RULES
from symbp.notation.letters import IMPLIED
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Remark
from symbp.notation.matrix_meaning import MatrixMeaning
from symbp.notation.meaning import Meaning
from symbp.notation.orientation import is_likely
from symbp.notation.read_error import ReadError
from symbp.notation.single import single_entries
from symbp.notation.wholes import has_matrices

Said = tuple[Meaning, tuple[Expr, ...]]
"""What found the meaning of a line, and its sides."""


@dataclass(frozen=True)
class Forms:
    """Finds the form of a line that begins at ``start``; ``letters`` are those known before."""

    lexicon: Lexicon
    columns: Columns
    start: int
    letters: Mapping[str, Axis] | None = None

    def read(self, formulas: list[tree.Formula]) -> Said:
        """What the sides of the line say, in the form that they are written in. Raises ReadError.

        Signs without indices are matrices where the notation or an operator on them says so, else
        entries; where those do not fit, matrices after all.
        """
        meaning = Entrywise(self.lexicon, self.columns, RULES, self.letters)
        if not has_matrices(meaning, tuple(formulas)):
            return meaning, meaning.settled(*map(meaning, formulas))
        if self.lexicon.is_matrix or _has_operators_of_matrices(tuple(formulas)):
            return self._matrices(formulas)
        try:
            return meaning, meaning.line(formulas)
        except ReadError as error:
            if error.code not in ("axes_disagree", "bare") or _has_letters(meaning):
                raise
        return self._matrices(formulas)

    def _matrices(self, formulas: list[tree.Formula]) -> Said:
        """The line as matrices; by its axes where no shapes fit."""
        fitting: list[Said] = []
        errors: list[ReadError] = []
        # Index notations do not say how W lies: it may lie either way.
        for turned in (False,) if self.lexicon.is_matrix else (False, True):
            meaning = MatrixMeaning(
                self.lexicon, self.columns, RULES, self.letters, is_weight_turned=turned
            )
            try:
                fitting.append((meaning, meaning.line(formulas)))
            except ReadError as error:
                errors.append(error)
        if fitting:
            return self._likely(fitting)
        first = errors[0]
        if first.code == "shapes":
            by_axis = ByAxis(self.lexicon, self.columns, RULES, self.letters)
            loose = None if self.lexicon.is_matrix else by_axis.line(formulas)
            if loose is not None:
                return by_axis, loose
            first.facts["sides"] = single_entries(self.lexicon, self.columns, formulas)
        raise first

    def _likely(self, fitting: list[Said]) -> Said:
        """The one reading of ``fitting`` that makes sense. Raises ReadError where both do."""
        if len(fitting) == 2 and fitting[0][1] != fitting[1][1]:
            fitting = [each for each in fitting if is_likely(each[1])]
            if len(fitting) != 1:
                raise ReadError("bare", self.start, found="")
        meaning, sides = fitting[0]
        if isinstance(meaning, MatrixMeaning) and meaning.wholes.is_weight_turned:
            meaning.remarks.append(Remark("turned", self.start))
        return meaning, sides


def _has_operators_of_matrices(formula: object) -> bool:
    """Whether something is transposed or multiplied entry by entry."""
    if isinstance(formula, (tree.Transposed, tree.Hadamard)):
        return True
    return isinstance(formula, tuple) and any(map(_has_operators_of_matrices, formula))


def _has_letters(meaning: Meaning) -> bool:
    """Whether anybody typed a free letter."""
    return any(not letter.startswith(IMPLIED) for letter in meaning.letters.free())
