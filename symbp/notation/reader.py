"""Reads a line of mathematics into expressions: what symbp prints, and what people type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sympy import Expr, nan, zoo

from symbp.equations.axis import Axis
from symbp.notation import formula as tree
from symbp.notation.forms import Forms, Said
from symbp.notation.grammar import DEEPEST
from symbp.notation.letters import IMPLIED
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Line
from symbp.notation.matrix_meaning import MatrixMeaning
from symbp.notation.meaning import Meaning
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.repairs import Change, changed, last_in, neighbours_in, raised, summed
from symbp.notation.scope import Scope
from symbp.notation.syntax import Syntax

__all__ = ["ReadError", "Reader", "Scope"]

Known = Mapping[str, Axis] | None

MOST_REPAIRS = 200
"""Changes that are tried on a line whose shapes do not fit."""


class Reader:
    """Reads many lines about the same things: the dictionary is made once."""

    def __init__(self, notation: Notation, scope: Scope) -> None:
        self.notation, self.scope = notation, scope
        self.lexicon = Lexicon.of(notation, scope)
        self._known: dict[str, Line | ReadError] = {}

    def line(self, text: str, letters: Known = None) -> Line:
        """``a = b = …`` with all its sides.

        ``letters`` are free letters of a line that this one continues, with their axes. Raises
        ReadError.
        """
        if letters:
            return self._new(text, letters)
        if text not in self._known:
            try:
                self._known[text] = self._new(text, letters)
            except ReadError as error:
                self._known[text] = error
        found = self._known[text]
        if isinstance(found, ReadError):
            raise found.with_traceback(None)
        return found

    def _new(self, text: str, letters: Known) -> Line:
        try:
            return self._line(text, letters)
        except RecursionError:
            raise ReadError("too_deep", 1, limit=DEEPEST) from None

    def _line(self, text: str, letters: Known) -> Line:
        typed = _Typed(text, Syntax(text, self.lexicon))
        try:
            meaning, found = self._read(typed, typed.formulas, letters)
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
                meaning, found = self._read(typed, formulas, letters)
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
        at_last = raised(typed, last_in(self.lexicon))
        if at_last != typed:
            yield Change("raised"), at_last

    def _read(self, typed: _Typed, formulas: Sequence[tree.Formula], letters: Known) -> Said:
        syntax = typed.syntax
        forms = Forms(self.lexicon, syntax.columns, syntax.column(None), letters)
        return forms.read(list(formulas))

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
            meaning is None or bool(meaning.bare) or isinstance(meaning, MatrixMeaning),
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
