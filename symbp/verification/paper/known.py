"""The lines that the derivation of a program consists of, to be looked up by their left sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, preorder_traversal

from symbp.derivation.backprop import backpropagate
from symbp.derivation.step import Derivation
from symbp.equations.axis import Index
from symbp.equations.canonical import canonical
from symbp.equations.program import Program


@dataclass(frozen=True)
class Known:
    """All goals that are reached in the derivation of ``program``, with what they come to."""

    program: Program

    @cached_property
    def lines(self) -> dict[Expr, tuple[Expr, ...]]:
        """For each left side, at its own letters, its right sides: the result first."""
        found: dict[Expr, list[Expr]] = {}
        for equation in (*self.program.equations, *self.program.facts):
            found.setdefault(equation.lhs, []).append(equation.rhs)
        for derivation in self._derivations():
            sides = [step.after for step in derivation.steps]
            found.setdefault(derivation.goal, []).extend(reversed(sides))
        return {left: tuple(dict.fromkeys(rights)) for left, rights in found.items()}

    def _derivations(self) -> Iterator[Derivation]:
        for section in backpropagate(self.program):
            for derivation in section.derivations:
                for inner, _ in derivation.walk():
                    yield inner

    @cached_property
    def _by_shape(self) -> dict[Expr, list[Expr]]:
        shapes: dict[Expr, list[Expr]] = {}
        for left in self.lines:
            shapes.setdefault(shape(left), []).append(left)
        return shapes

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        """What the derivation says that ``left`` is, in the letters of ``left``."""
        found: dict[Expr, None] = {}
        for goal in self._by_shape.get(shape(left), ()):
            letters = dict(zip(free_letters(goal), free_letters(left), strict=True))
            for right in self.lines[goal]:
                found[renamed(right, letters)] = None
        return tuple(found)

    def says(self, left: Expr, right: Expr) -> bool:
        """Whether ``left = right``, up to spelling, joins two lines of one derivation."""
        sides = {canonical(left), canonical(right)}
        for start in (left, right):
            reached = {canonical(each) for each in (start, *self.rights(start))}
            if sides <= reached:
                return True
        return False


def free_letters(expr: Expr) -> list[Index]:
    """The free indices of ``expr`` in the order in which they stand in it."""
    free = expr.free_symbols
    nodes = (node for node in preorder_traversal(expr) if isinstance(node, Index))
    return list(dict.fromkeys(node for node in nodes if node in free))


def shape(expr: Expr) -> Expr:
    """``expr`` with its free indices called by their positions, whatever their letters were."""
    numbered = {index: index.axis.index(f"#{k}") for k, index in enumerate(free_letters(expr))}
    return canonical(renamed(expr, numbered))


def renamed(expr: Expr, letters: dict[Index, Index]) -> Expr:
    """``expr`` with other free letters; bound ones make way."""
    bound = expr.atoms(Index) - expr.free_symbols
    wanted = set(letters.values())
    taken = [*expr.atoms(Index), *wanted]
    away: dict[Expr, Expr] = {}
    for index in sorted(bound & wanted, key=str):
        away[index] = index.axis.fresh(taken, index.letter)
        taken.append(away[index])
    return expr.xreplace({**away, **letters})
