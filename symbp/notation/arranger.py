"""What arranging an expression needs to remember: which letter each index has been given.

Different indices never share a letter within the reach of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Expr

from symbp.equations.axis import LETTERS, Index
from symbp.equations.tensor import indices_of, tensor_of
from symbp.notation import formula as tree
from symbp.notation.indices import BIAS_UNIT, affine, is_told, is_turned
from symbp.notation.spelling import Spelling

Rule = Callable[["Arranger", Any], tree.Formula]


class Arranger:
    """Arranges the expressions of one line; ``arrange`` may be called for each side of it."""

    def __init__(self, spelling: Spelling, rules: Mapping[type, Rule]) -> None:
        self.spelling = spelling
        self.rules = rules
        self.convention = spelling.convention
        self.letters: dict[Index, str] = {}

    def __call__(self, expr: Any) -> tree.Formula:
        """The formula of an expression or a condition. Raises TypeError for a foreign type."""
        for kind in type(expr).__mro__:
            if kind in self.rules:
                return self.rules[kind](self, expr)
        raise TypeError(type(expr).__name__)

    def letter(self, index: Index) -> tree.Sign:
        """The letter of an index: its own, unless another index in reach bears it."""
        if index not in self.letters:
            taken = set(self.letters.values())
            free = (c for c in LETTERS if c not in taken)
            self.letters[index] = index.letter if index.letter not in taken else next(free)
        return self.spelling.letter(self.letters[index])

    def bind(self, indices: list[Index]) -> dict[Index, str]:
        """Gives bound indices their letters; returns what to restore when their reach ends."""
        before = dict(self.letters)
        for index in indices:
            self.letters.pop(index, None)
            self.letter(index)
        return before

    def release(self, indices: list[Index], before: dict[Index, str]) -> None:
        for index in indices:
            del self.letters[index]
        self.letters.update({i: c for i, c in before.items() if i in indices})

    def over(self, sum_: sympy.Sum, body: Expr) -> tree.Formula:
        """``Σ body`` over the indices of ``sum_``, outermost first."""
        limits = list(reversed(sum_.limits))
        indices = [limit[0] for limit in limits]
        before = self.bind(indices)
        bounds = tuple(_bound(self, i, low, high, body) for i, low, high in limits)
        inner = self(body)
        self.release(indices, before)
        if isinstance(inner, tree.Big) and inner.operator == "Σ":
            return tree.Big("Σ", bounds + inner.bounds, inner.body)
        return tree.Big("Σ", bounds, inner)

    def position(self, expr: Expr) -> tree.Formula:
        """An index expression; numbers count from the convention's first unit."""
        if isinstance(expr, Index):
            return self.letter(expr)
        if isinstance(expr, sympy.Integer):
            return tree.Number(str(int(expr) + self.convention.base))
        if isinstance(expr, sympy.Add):
            return tree.Terms(tuple(_signed(self(term)) for term in affine(expr)))
        return self(expr)

    def entry(self, entry: Expr, as_value: bool = True) -> tree.Sign:
        """``t[n, j]`` with its indices in the order of the convention."""
        tensor = tensor_of(entry)
        sign = self.spelling.tensor(tensor, as_value)
        if not tensor.axes:
            return sign
        indices = tuple(self.position(i) for i in indices_of(entry))
        if self.spelling.is_bias_as_weight(tensor):
            indices = (BIAS_UNIT, *indices)
            turned = self.convention.weight_to_from
        else:
            turned = is_turned(tensor, self.convention)
        return sign._replace(indices=indices[::-1] if turned else indices)


def _signed(formula: tree.Formula) -> tuple[bool, tree.Formula]:
    """Whether a minus stands in front of a term, and the term without it."""
    return formula.parts[0] if isinstance(formula, tree.Terms) else (False, formula)


def whole(arrange: Arranger, index: Index, body: Expr) -> tree.Bound:
    """``i``; with the number of its values where nothing in ``body`` tells what it runs along."""
    letter = arrange.letter(index)
    size = None if is_told(index, body) else arrange(index.axis.size)
    return tree.Bound(letter, size=size)


def _bound(arrange: Arranger, index: Index, lower: Expr, upper: Expr, body: Expr) -> tree.Bound:
    letter = arrange.letter(index)
    is_whole = lower == 0 and upper == index.axis.size - 1
    if is_whole and not (arrange.convention.limits and is_told(index, body)):
        return whole(arrange, index, body)
    base = arrange.convention.base
    return tree.Bound(letter, arrange(lower + base), arrange(upper + base))
