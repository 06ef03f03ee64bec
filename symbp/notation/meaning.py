"""What the signs of a line mean: entries, scalars, indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy
from sympy import Expr, Integer

from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation.letters import Letters
from symbp.notation.lexicon import Lexicon
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import BIAS_UNIT, is_turned

Rule = Callable[["Meaning", Any], Any]

CONDITIONS = (tree.Relation, tree.Junction)


class Meaning:
    """Finds what the formulas of one line mean; ``letters`` learns the axes of its indices."""

    def __init__(
        self, lexicon: Lexicon, columns: dict[int, int], rules: Mapping[type, Rule]
    ) -> None:
        self.rules = rules
        self.lexicon = lexicon
        self.columns = columns
        self.letters = Letters()
        self.convention = lexicon.notation.convention

    def __call__(self, formula: tree.Formula) -> Expr:
        """The expression. Raises ReadError, for a condition too."""
        if isinstance(formula, CONDITIONS) or type(formula) not in self.rules:
            raise self.unexpected(formula, "expression")
        return self.rules[type(formula)](self, formula)

    def condition(self, formula: tree.Formula) -> Any:
        """The condition. Raises ReadError, for a mere expression too."""
        if not isinstance(formula, CONDITIONS):
            raise self.unexpected(formula, "condition")
        return self.rules[type(formula)](self, formula)

    def unexpected(self, formula: tree.Formula, expected: str) -> ReadError:
        found = type(formula).__name__.lower()
        return ReadError("unexpected", self.column(formula), found=found, expected=(expected,))

    def column(self, formula: Any) -> int:
        """Where the first sign of ``formula`` stood."""
        return min(self._columns(formula), default=1)

    def _columns(self, formula: Any) -> Iterator[int]:
        if id(formula) in self.columns:
            yield self.columns[id(formula)]
        elif isinstance(formula, tuple):
            for part in formula:
                yield from self._columns(part)

    def neutral(self, sign: tree.Sign) -> str:
        return self.convention.neutral(sign.glyph) + "'" * sign.primes

    def sign(self, sign: tree.Sign) -> Expr:
        """An entry, a scalar, or an index that stands by itself."""
        if not sign.indices and sign in self.lexicon.scalars:
            return self.lexicon.scalars[sign]
        plain = sign._replace(indices=())
        if not sign.indices and not sign.place and not self.lexicon.has(plain):
            if self.letters.is_bound(self.neutral(sign)):
                return self.letters.index(self.neutral(sign), self.column(sign))
            raise self._unknown(sign)
        turned = self.convention.weight_to_from
        in_order = sign.indices[::-1] if turned else sign.indices
        if plain in self.lexicon.biases and in_order[:1] == (BIAS_UNIT,):
            return self._entry(sign, self.lexicon.biases[plain], in_order[1:])
        if plain not in self.lexicon.tensors:
            raise self._unknown(sign)
        tensors = self.lexicon.tensors[plain]
        turned = is_turned(tensors[0], self.convention)
        return self._entry(sign, tensors, sign.indices[::-1] if turned else sign.indices)

    def _entry(
        self, sign: tree.Sign, tensors: list[Tensor], indices: tuple[tree.Formula, ...]
    ) -> Expr:
        fitting = [t for t in tensors if len(t.axes) == len(indices)]
        if not fitting:
            wanted = tuple(sorted({len(t.axes) for t in tensors}))
            raise ReadError(
                "indices",
                self.column(sign),
                found=len(indices),
                wanted=wanted,
                sign=sign.glyph,
            )
        if len(fitting) > 1:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        tensor = fitting[0]
        positions = [self.position(index) for index in indices]
        for position, axis in zip(positions, tensor.axes, strict=True):
            self.letters.stands(position, axis)
        return tensor[tuple(positions)]

    def _unknown(self, sign: tree.Sign) -> ReadError:
        similar = self.lexicon.similar(sign)
        found = f"{sign.glyph}^{sign.place}" if sign.place else sign.glyph
        return ReadError("unknown_sign", self.column(sign), found=found, similar=similar)

    def position(self, formula: tree.Formula) -> Expr:
        """An index expression; numbers count from the convention's first unit."""
        if isinstance(formula, tree.Number):
            return Integer(int(formula.text) - self.convention.base)
        if isinstance(formula, tree.Sign) and not formula.indices and not formula.place:
            letter = self.neutral(formula)
            if self.letters.is_bound(letter) or formula not in self.lexicon.scalars:
                return self.letters.index(letter, self.column(formula))
        if isinstance(formula, tree.Terms):
            signed = ((n, self.position_part(part)) for n, part in formula.parts)
            return sympy.Add(*(-part if n else part for n, part in signed))
        return self(formula)

    def position_part(self, formula: tree.Formula) -> Expr:
        """A term of an index expression: numbers in it are mere numbers."""
        if isinstance(formula, tree.Product):
            return sympy.Mul(*map(self.position_part, formula.factors))
        return self(formula) if isinstance(formula, tree.Number) else self.position(formula)
