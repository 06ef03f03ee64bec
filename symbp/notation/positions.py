"""What stands as an index: a letter, a number, a sum of such, or a class label."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer

from symbp.notation import formula as tree
from symbp.notation.meaning import Meaning


def position(meaning: Meaning, formula: tree.Formula) -> Expr:
    """An index expression; numbers count from the convention's first unit. Raises ReadError."""
    if isinstance(formula, tree.Number):
        base = meaning.convention.base
        if not formula.text.isdigit() or int(formula.text) < base:
            raise meaning.unexpected(formula, "index")
        return Integer(int(formula.text) - base)
    if isinstance(formula, tree.Sign) and not formula.indices and not formula.place:
        letter = meaning.neutral(formula)
        if meaning.letters.is_bound(letter) or formula not in meaning.lexicon.scalars:
            return meaning.letters.index(letter, meaning.column(formula))
    if isinstance(formula, tree.Terms):
        signed = ((negative, _part(meaning, part)) for negative, part in formula.parts)
        return sympy.Add(*(-part if negative else part for negative, part in signed))
    return meaning(formula)


def _part(meaning: Meaning, formula: tree.Formula) -> Expr:
    """A term of an index expression: numbers in it are mere numbers."""
    if isinstance(formula, tree.Product):
        return sympy.Mul(*(_part(meaning, factor) for factor in formula.factors))
    return meaning(formula) if isinstance(formula, tree.Number) else position(meaning, formula)
