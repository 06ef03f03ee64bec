"""A derivation: a goal, and the steps that lead to its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sympy import Expr

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import indices_of, is_entry, tensor_of

if TYPE_CHECKING:
    from symbp.equations.equality import Certificate


@dataclass(frozen=True)
class Step:
    """``before -> after`` by a named move.

    ``uses`` are the ids of the equations and derivations that the move refers to; ``lemmas`` are
    those that have to be shown before it; ``facts`` fill the words in which the move is told.
    """

    move: str
    before: Expr
    after: Expr
    uses: tuple[str, ...] = ()
    lemmas: tuple[Derivation, ...] = ()
    facts: Mapping[str, Expr] = field(default_factory=dict)

    def relocated(self, moved: Callable[[Expr], Expr], rename: Mapping[str, str]) -> Step:
        """The same step elsewhere: expressions ``moved``, ids by ``rename``."""
        return replace(
            self,
            before=moved(self.before),
            after=moved(self.after),
            uses=tuple(rename.get(u, u) for u in self.uses),
            lemmas=tuple(lemma.relocated(moved, rename) for lemma in self.lemmas),
            facts={name: moved(value) for name, value in self.facts.items()},
        )

    def certificate(self, program: Program) -> Certificate:
        """How surely ``before`` equals ``after``, given the equations of ``program``."""
        from symbp.equations.equality import compare  # numbers, of which no text has need

        return compare(self.before, self.after, program, within=positions_in(self.before))


def positions_in(before: Expr) -> tuple[tuple[Expr, Axis], ...]:
    """Where a derivative speaks of entries at another time, as ∂u[t + 1]/∂h[t]: it must exist."""
    if not (isinstance(before, Partial) and is_entry(before.of)):
        return ()
    return tuple(
        (index, axis)
        for entry in (before.of, before.wrt)
        for index, axis in zip(indices_of(entry), tensor_of(entry).axes, strict=True)
        if not isinstance(index, Index)
    )


def _mover(places: Mapping[Expr, Expr]) -> Callable[[Expr], Expr]:
    """Moves each expression once: what a step ends with, the next one begins with."""
    known: dict[int, tuple[Expr, Expr]] = {}

    def moved(expr: Expr) -> Expr:
        if id(expr) not in known:
            known[id(expr)] = expr, expr.xreplace(places)
        return known[id(expr)][1]

    return moved


@dataclass(frozen=True)
class Derivation:
    """``goal = … = result``, a step at a time. A definition is a derivation of one step."""

    id: str
    goal: Expr
    steps: tuple[Step, ...]

    @property
    def result(self) -> Expr:
        return self.steps[-1].after

    @property
    def equation(self) -> Equation:
        """What has been derived, as an equation."""
        return Equation(self.id, self.goal, self.result)

    def relocated(
        self, places: Mapping[Expr, Expr] | Callable[[Expr], Expr], rename: Mapping[str, str]
    ) -> Derivation:
        """The same derivation elsewhere: atoms by ``places``, ids by ``rename``."""
        moved = places if callable(places) else _mover(places)
        return Derivation(
            rename.get(self.id, self.id),
            moved(self.goal),
            tuple(step.relocated(moved, rename) for step in self.steps),
        )

    def walk(self) -> Iterator[tuple[Derivation, Step]]:
        """Every step in the order of reading: lemmas before the step that wants them."""
        for step in self.steps:
            for lemma in step.lemmas:
                yield from lemma.walk()
            yield self, step
