"""Reads a line of mathematics into expressions: what symbp prints, and what people type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sympy import Expr, nan, zoo

from symbp.equations.axis import Axis, Index
from symbp.notation import formula as tree
from symbp.notation.expressions import RULES
from symbp.notation.grammar import DEEPEST
from symbp.notation.letters import IMPLIED
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Line, Remark
from symbp.notation.loose import ByAxis, single_entries
from symbp.notation.matrix_meaning import MatrixMeaning, has_matrices, is_likely
from symbp.notation.meaning import Meaning
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.repairs import Change, changed, neighbours_in, summed
from symbp.notation.scope import Scope
from symbp.notation.syntax import Syntax

__all__ = ["Line", "ReadError", "Reader", "Remark", "Scope", "read", "read_chain"]

Known = Mapping[str, Axis] | None

MOST_REPAIRS = 200
"""Changes that are tried on a line whose shapes do not fit."""


class Reader:
    """Reads many lines about the same things: the dictionary is made once."""

    def __init__(self, notation: Notation, scope: Scope) -> None:
        self.scope = scope
        self.lexicon = Lexicon.of(notation, scope)

    def line(self, text: str, letters: Known = None) -> Line:
        """``a = b = …`` with all its sides.

        ``letters`` are free letters of a line that this one continues, with their axes. Raises
        ReadError.
        """
        try:
            return self._line(text, letters)
        except RecursionError:
            raise ReadError("too_deep", 1, limit=DEEPEST) from None

    def _line(self, text: str, letters: Known) -> Line:
        typed = _Typed(text, Syntax(text, self.lexicon))
        try:
            meaning, found = self._read(typed.syntax, typed.formulas, letters)
        except ReadError as error:
            sides = error.facts.get("sides")
            if isinstance(sides, tuple):
                error.line = typed.line(sides, None)
            raise
        return typed.line(found, meaning)

    def repairs(self, text: str, letters: Known = None) -> Iterator[tuple[Change, Line]]:
        """Ways to make the shapes of ``text`` fit by one change, each with the line it gives.

        See ``symbp.notation.repairs`` for the kinds of change. Raises ReadError where the text
        cannot be read even so.
        """
        typed = _Typed(text, Syntax(text, self.lexicon))
        for change, formulas in islice(self._changed(tuple(typed.formulas)), MOST_REPAIRS):
            try:
                meaning, found = self._read(typed.syntax, list(formulas), letters)
                yield change, typed.line(found, meaning)
            except ReadError:
                continue

    def _changed(
        self, typed: tuple[tree.Formula, ...]
    ) -> Iterator[tuple[Change, tuple[tree.Formula, ...]]]:
        yield from changed(typed, neighbours_in(self.lexicon))
        for at, side in enumerate(typed):
            for change, other in summed(side):
                yield change, (*typed[:at], other, *typed[at + 1 :])

    def _read(
        self, syntax: Syntax, formulas: list[tree.Formula], letters: Known
    ) -> tuple[Meaning, tuple[Expr, ...]]:
        meaning = Meaning(self.lexicon, syntax.columns, RULES, letters)
        if not has_matrices(meaning, tuple(formulas)):
            return meaning, meaning.settled(*map(meaning, formulas))
        if self.lexicon.is_matrix or _has_signs_of_matrices(tuple(formulas)):
            return self._matrices(syntax, formulas, letters)
        try:
            found = _entrywise(meaning, formulas)
        except ReadError as error:
            if error.code not in ("axes_disagree", "bare") or _has_letters(meaning):
                raise
            return self._matrices(syntax, formulas, letters)
        return meaning, found

    def _matrices(
        self, syntax: Syntax, formulas: list[tree.Formula], letters: Known
    ) -> tuple[Meaning, tuple[Expr, ...]]:
        """The line as matrices. Index notations do not say how W lies: it may lie either way."""
        error: ReadError | None = None
        fitting = []
        for turned in (False,) if self.lexicon.is_matrix else (False, True):
            meaning = MatrixMeaning(self.lexicon, syntax.columns, RULES, letters)
            meaning.is_weight_turned = turned
            try:
                found = meaning.line(formulas)
            except ReadError as fault:
                error = error or fault
            else:
                fitting.append((meaning, found))
        if len(fitting) == 2 and fitting[0][1] != fitting[1][1]:
            likely = [each for each in fitting if is_likely(each[1])]
            if len(likely) != 1:
                raise ReadError("bare", syntax.column(None), found="")
            fitting = likely
        if fitting:
            meaning, found = fitting[0]
            if meaning.is_weight_turned:
                meaning.remarks.append(Remark("turned", syntax.column(None)))
            return meaning, found
        assert error is not None
        if error.code == "shapes":
            by_axis = ByAxis(self.lexicon, syntax.columns, RULES, letters)
            loose = None if self.lexicon.is_matrix else by_axis.line(formulas)
            if loose is not None:
                return by_axis, loose
            error.facts["sides"] = single_entries(self.lexicon, syntax.columns, formulas)
        raise error

    def chain(self, text: str) -> tuple[Expr, ...]:
        """The sides of ``a = b = …``; one for a mere expression. Raises ReadError."""
        line = self.line(text)
        if line.sides[0] is None:
            raise ReadError("unexpected", 1, found=line.operators[0], expected=("expression",))
        return tuple(side for side in line.sides if side is not None)

    def equation(self, text: str) -> tuple[Expr, Expr]:
        """Both sides of an equation. Raises ReadError."""
        sides = self.chain(text)
        if len(sides) != 2:
            raise ReadError("not_an_equation", 1, sides=len(sides))
        return sides[0], sides[1]


class _Typed:
    """A line cut into its sides, and what becomes of it once they have a meaning."""

    def __init__(self, text: str, syntax: Syntax) -> None:
        self.text, self.syntax = text, syntax
        self.sides, self.operators, self.columns = syntax.line()
        self.formulas = [formula for formula in self.sides if formula is not None]

    def line(self, found: Sequence[Expr], meaning: Meaning | None) -> Line:
        """The line with ``found`` for its sides. Raises ReadError."""
        if meaning is not None and any(side.has(zoo, nan) for side in found):
            raise ReadError("division_by_zero", self.columns[0])
        sides = iter(found)
        starts = [self.syntax.column(operator) for operator in self.operators]
        return Line(
            tuple(None if formula is None else next(sides) for formula in self.sides),
            tuple(map(str, self.operators)),
            tuple(self.columns),
            _typed(self.text, self.columns, starts),
            {} if meaning is None else _free(meaning),
            meaning is None or bool(meaning.implied) or isinstance(meaning, MatrixMeaning),
            () if meaning is None else tuple(meaning.remarks),
        )


def _free(meaning: Meaning) -> dict[str, Axis]:
    convention = meaning.convention
    return {
        convention.letter(letter): axis
        for letter, axis in meaning.free().items()
        if not letter.startswith(IMPLIED)
    }


def _typed(text: str, columns: Sequence[int], operators: Sequence[int]) -> tuple[str, ...]:
    """The text of each side: up to the sign of relation after it."""
    ends = [*operators, len(text) + 1]
    if columns and operators and columns[0] == operators[0]:
        ends = ends[1:]
        sides = [""]
        columns = columns[1:]
    else:
        sides = []
    for start, end in zip(columns, ends, strict=False):
        sides.append(text[start - 1 : end - 1].strip())
    return tuple(sides)


def _entrywise(meaning: Meaning, formulas: list[tree.Formula]) -> tuple[Expr, ...]:
    """The sides with the same letters for all that bears none. Raises ReadError."""
    found = meaning.settled(*map(meaning, formulas))
    kinds = [_free_indices(side) for side in found]
    implied = [{i for i in free if i.letter.startswith(IMPLIED)} for free in kinds]
    if not any(implied):
        return tuple(map(_renamed, found))
    typed = any(free - mine for free, mine in zip(kinds, implied, strict=True))
    if typed or any(mine != implied[0] for mine in implied):
        sign = meaning.implied[0]
        raise ReadError("bare", meaning.column(sign), found=sign.glyph)
    taken = {i for side in found for i in side.atoms(Index) if not i.letter.startswith(IMPLIED)}
    into: dict[Index, Index] = {}
    for index in sorted(implied[0], key=lambda i: i.letter):
        into[index] = index.axis.fresh([*taken, *into.values()], index.letter[len(IMPLIED) :])
    return tuple(_renamed(side.xreplace(into)) for side in found)


def _renamed(side: Expr) -> Expr:
    """Letters nobody typed that Σ binds, as letters."""
    into: dict[Index, Index] = {}
    letters = set(side.atoms(Index))
    for index in sorted(letters, key=lambda i: i.letter):
        if index.letter.startswith(IMPLIED):
            others = [i for i in (*letters, *into.values()) if i != index]
            into[index] = index.axis.fresh(others, index.letter[len(IMPLIED) :])
    return side.xreplace(into)


def _free_indices(side: Expr) -> set[Index]:
    return {symbol for symbol in side.free_symbols if isinstance(symbol, Index)}


def _has_signs_of_matrices(formula: object) -> bool:
    """Whether something is transposed or multiplied entry by entry."""
    if isinstance(formula, (tree.Transposed, tree.Hadamard)):
        return True
    return isinstance(formula, tuple) and any(map(_has_signs_of_matrices, formula))


def _has_letters(meaning: Meaning) -> bool:
    """Whether anybody typed a free letter."""
    return any(not letter.startswith(IMPLIED) for letter in meaning.letters.free())


def read(text: str, notation: Notation, scope: Scope) -> tuple[Expr, Expr]:
    """Both sides of the equation ``text``, in LaTeX or Unicode. Raises ReadError."""
    return Reader(notation, scope).equation(text)


def read_chain(text: str, notation: Notation, scope: Scope) -> tuple[Expr, ...]:
    """The sides of ``a = b = …``. Raises ReadError."""
    return Reader(notation, scope).chain(text)
