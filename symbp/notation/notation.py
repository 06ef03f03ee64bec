"""A convention bound to a network: what prints its equations and names things in its code."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr

from symbp.equations.axis import L
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Tensor, tensor_of
from symbp.notation import formula as tree
from symbp.notation import latex, unicode
from symbp.notation.again import Again
from symbp.notation.arrange import arranger
from symbp.notation.convention import Convention, Matrix
from symbp.notation.glyphs import MARKS, ascii_glyph
from symbp.notation.matrix import matrix_line
from symbp.notation.presets import convention as preset
from symbp.notation.scale import scaled
from symbp.notation.spelling import Spelling


class Notation:
    """Spells expressions as ``convention`` says; ``last`` is the place whose output is predicted.

    ``convention`` may be the name of a preset. Lines once arranged and written are kept.
    """

    def __init__(self, convention: Convention | str, last: Expr = L) -> None:
        self.convention = preset(convention) if isinstance(convention, str) else convention
        self.last = last
        self.spelling = Spelling(self.convention, last)
        self._again = Again(self.spelling, self._arranged)
        self._lines: dict[tuple[Expr, ...], tuple[tree.Formula, ...]] = {}
        self._latex: dict[tuple[Expr, ...], tuple[str, ...]] = {}
        self._unicode: dict[tuple[Expr, ...], tuple[str, ...]] = {}

    def arranged(self, *sides: Expr) -> tuple[tree.Formula, ...]:
        """The formulas of expressions that stand in one line and share their letters."""
        if sides not in self._lines:
            self._lines[sides] = self._again(sides)
        return self._lines[sides]

    def as_read(self) -> Notation:
        """The same for expressions in which δ is what the convention has it mean already."""
        if not self.convention.delta_scale:
            return self
        return Notation(replace(self.convention, delta_scale=False), self.last)

    def meant(self, *sides: Expr) -> tuple[Expr, ...]:
        """What a line says where the signs mean what they do under the convention."""
        return scaled(sides) if self.convention.delta_scale else sides

    def _arranged(self, sides: tuple[Expr, ...]) -> tuple[tree.Formula, ...]:
        sides = self.meant(*sides)
        if self.convention.matrix is not Matrix.OFF and len(sides) > 1:
            line = matrix_line(self.spelling, sides)
            if line is not None:
                return line
        arrange = arranger(self.spelling)
        return tuple(arrange(side) for side in sides)

    def latex(self, expr: Expr) -> str:
        """``expr`` in LaTeX, without dollar signs."""
        return self.latex_sides(expr)[0]

    def unicode(self, expr: Expr) -> str:
        """``expr`` in one line of plain text."""
        return self.unicode_sides(expr)[0]

    def latex_sides(self, *sides: Expr) -> tuple[str, ...]:
        """The sides of one line in LaTeX, spelled with a view to each other."""
        if sides not in self._latex:
            self._latex[sides] = tuple(map(latex.write, self.arranged(*sides)))
        return self._latex[sides]

    def unicode_sides(self, *sides: Expr) -> tuple[str, ...]:
        """The sides of one line in plain text, spelled with a view to each other."""
        if sides not in self._unicode:
            self._unicode[sides] = tuple(map(unicode.write, self.arranged(*sides)))
        return self._unicode[sides]

    def latex_equation(self, *sides: Expr) -> str:
        """``lhs = rhs``, or a chain of more sides, in LaTeX."""
        return " = ".join(self.latex_sides(*sides))

    def unicode_equation(self, *sides: Expr) -> str:
        """``lhs = rhs``, or a chain of more sides, in one line of plain text."""
        return " = ".join(self.unicode_sides(*sides))

    def identifier(self, named: Tensor | Expr) -> str:
        """A name for code: ``u1``, ``delta2``, ``d``, ``y``, ``dE_dw1`` for ∂E/∂w^1."""
        if isinstance(named, Partial):
            return f"d{self.identifier(named.of)}_d{self.identifier(named.wrt)}"
        tensor = named if isinstance(named, Tensor) else tensor_of(named)
        as_matrix = self.convention.matrix is not Matrix.OFF
        sign = self.spelling.matrix(tensor) if as_matrix else self.spelling.tensor(tensor)
        if self.spelling.is_bias_as_weight(tensor):
            # w_{0j} is a row of its own in an array of its own.
            letter = sign.glyph.rstrip("".join(MARKS))
            marks = sign.glyph[len(letter) :]
            bias = letter[:-1] + self.convention.glyphs[tensor.role] + marks
            sign = sign._replace(glyph=bias)
        return identifier(sign)


def identifier(sign: tree.Sign) -> str:
    """A sign without indices as a name: ``w^{l+1}`` -> ``w_l_plus_1``, ``β_1`` -> ``beta1``."""
    name = ascii_glyph(sign.glyph)
    place = sign.place.strip("[]()").replace("+", "_plus_").replace("-", "_minus_")
    for part in (sign.label, place):
        name += part if part.isdigit() or not part else f"_{part}"
    return name + "_next" * sign.primes
