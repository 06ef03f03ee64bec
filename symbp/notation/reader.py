"""Reads a line of mathematics back into expressions: the inverse of printing."""

from __future__ import annotations

from sympy import Expr

from symbp.notation import formula as tree
from symbp.notation.expressions import RULES
from symbp.notation.lexicon import Lexicon
from symbp.notation.matrix_meaning import MatrixMeaning, has_matrices
from symbp.notation.meaning import Meaning
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.scope import Scope
from symbp.notation.syntax import Syntax

__all__ = ["ReadError", "Reader", "Scope", "read", "read_chain"]


class Reader:
    """Reads many lines about the same things: the dictionary is made once."""

    def __init__(self, notation: Notation, scope: Scope) -> None:
        self.lexicon = Lexicon.of(notation, scope)

    def chain(self, text: str) -> tuple[Expr, ...]:
        """The sides of ``a = b = …``; one for a mere expression. Raises ReadError."""
        syntax = Syntax(text, self.lexicon)
        sides = _sides(syntax.line())
        meaning = MatrixMeaning(self.lexicon, syntax.columns, RULES)
        if has_matrices(meaning, tuple(sides)):
            return meaning.line(sides)
        indexed = Meaning(self.lexicon, syntax.columns, RULES)
        return indexed.letters.settled(*map(indexed, sides))

    def equation(self, text: str) -> tuple[Expr, Expr]:
        """Both sides of an equation. Raises ReadError."""
        sides = self.chain(text)
        if len(sides) != 2:
            raise ReadError("not_an_equation", 1, sides=len(sides))
        return sides[0], sides[1]


def _sides(line: tree.Formula) -> list[tree.Formula]:
    if isinstance(line, tree.Relation) and line.operator == "=":
        return [*_sides(line.left), line.right]
    return [line]


def read(text: str, notation: Notation, scope: Scope) -> tuple[Expr, Expr]:
    """Both sides of the equation ``text``, in LaTeX or Unicode. Raises ReadError."""
    return Reader(notation, scope).equation(text)


def read_chain(text: str, notation: Notation, scope: Scope) -> tuple[Expr, ...]:
    """The sides of ``a = b = …``. Raises ReadError."""
    return Reader(notation, scope).chain(text)
