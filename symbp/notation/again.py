"""Lines that are the same but for their place: one is arranged, the others get its signs moved.

u²_nj = Σ_i w²_ij z¹_ni + b²_j   ->   u⁵_nj = Σ_i w⁵_ij z⁴_ni + b⁵_j
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from symbp.equations.axis import Size
from symbp.equations.calculus import FunctionSymbol, Partial
from symbp.equations.looks import look, named_in
from symbp.equations.nodes import nodes
from symbp.equations.tensor import TensorSymbol, is_entry, tensor_of
from symbp.notation.convention import Matrix
from symbp.notation.formula import Formula, Sign
from symbp.notation.spelling import Spelling

Sides = tuple[Expr, ...]
Line = tuple[Formula, ...]


@dataclass(frozen=True)
class Again:
    """Arranges lines with ``arrange``, those that look alike once."""

    spelling: Spelling
    arrange: Callable[[Sides], Line]
    known: dict[object, tuple[list[Sign], Line]] = field(default_factory=dict)
    """By what a line and its signs look like: the signs, and how it was arranged."""

    def __call__(self, sides: Sides) -> Line:
        here = self._place(sides[0])
        # A function that is left open has a sign for each of its derivatives.
        if here is None or any(nodes(side, FunctionSymbol) for side in sides):
            return self.arrange(sides)
        signs = [sign for atom in named_in(*sides) for sign in self._signs(atom)]
        key = look(here, *sides), tuple(map(_without_place, signs))
        if key not in self.known:
            line = self.arrange(sides)
            self.known[key] = signs, line
            return line
        before, line = self.known[key]
        moves = set(zip(before, signs, strict=True))
        instead = dict(moves)
        # Where one sign stands for two things, it is not told here which of them is meant.
        return _moved(line, instead) if len(moves) == len(instead) else self.arrange(sides)

    def _place(self, left: Expr) -> Expr | None:
        """Where a line stands; None where its signs are not those of its tensors."""
        convention = self.spelling.convention
        if convention.own or convention.delta_scale or convention.matrix is not Matrix.OFF:
            return None
        left = left.wrt if isinstance(left, Partial) else left
        return tensor_of(left).place if is_entry(left) else None

    def _signs(self, atom: TensorSymbol | Size) -> tuple[Sign, ...]:
        """The signs that an atom may have."""
        if isinstance(atom, TensorSymbol):
            tensor = atom.tensor
            return self.spelling.tensor(tensor), self.spelling.tensor(tensor, as_value=False)
        return (self.spelling.size(atom.axis),)


def _without_place(sign: Sign) -> Sign:
    return sign._replace(place=" " * bool(sign.place), label=" " * bool(sign.label))


def _moved(part: Any, signs: dict[Sign, Sign]) -> Any:
    """A formula, or a part of one, with other signs."""
    if isinstance(part, Sign):
        bare = part._replace(indices=()) if part.indices else part
        indices = tuple(_moved(index, signs) for index in part.indices)
        return signs.get(bare, bare)._replace(indices=indices) if indices else signs.get(part, part)
    if isinstance(part, tuple):
        inner = [_moved(each, signs) for each in part]
        return type(part)._make(inner) if hasattr(part, "_make") else tuple(inner)
    return part
