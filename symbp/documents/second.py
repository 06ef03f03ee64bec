"""The chapters about second derivatives: tangents forward, tangents backward, Gauss–Newton."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr

from symbp.derivation.second import Second
from symbp.derivation.step import Derivation, Step
from symbp.derivation.tangent import Motion
from symbp.documents.lesson import Chapter, Line, Range, Writer, range_of
from symbp.equations.axis import l
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.relocate import counted_from


@dataclass(frozen=True)
class SecondAuthor:
    """Writes them with ``writer``; the ids of their lines begin with ``prefix``.

    ``condition`` holds for what is said of a layer l, where layers do not stand by their numbers.
    """

    writer: Writer
    second: Second
    prefix: str = ""
    condition: Range | None = None

    def chapters(self) -> list[Chapter]:
        """All of them."""
        second = self.second
        return [
            self._chapter("second", self._told(second.forward)),
            self._chapter("second_backward", self._told(second.backward)),
            self._chapter("gauss_newton", self._gauss_newton()),
        ]

    def _gauss_newton(self) -> list[Line]:
        """How the loss bends, and what becomes of that on the way back."""
        apart = [*self.second.gauss_newton.curvatures, *self.second.gauss_newton.cuts]
        lines = [line for each in apart for line in self._apart(*each)]
        return lines + self._told(self.second.linear)

    @staticmethod
    def _chapter(name: str, lines: Sequence[Line]) -> Chapter:
        return Chapter(name, text=name, lines=tuple(lines))

    def _told(self, motions: Sequence[Motion]) -> list[Line]:
        """The lines of ``motions``; those of many layers of one kind once."""
        layers: dict[Expr | None, list[Motion]] = {}
        for motion in motions:
            layers.setdefault(motion.defined.place, []).append(motion)
        general = {p: _in_general(p, layer) for p, layer in layers.items() if p is not None}
        out: list[Line] = []
        for place, layer in layers.items():
            alike = [p for p in general if place is not None and general[p] == general[place]]
            row = range_of(sorted(alike, reverse=True)) if self.condition is None else None
            if row is None or place == alike[0]:
                for motion in layer:
                    out += self._lines(motion, place, row)
        return out

    def _lines(self, motion: Motion, place: Expr | None, row: Range | None) -> Iterator[Line]:
        """A motion's derivation, moved to l where it is told for a ``row`` of layers."""
        derivation = motion.derivation
        condition = row
        if row is not None:
            sides = [s for step in derivation.steps for s in _sides(step)]
            places = counted_from(place, derivation.goal, *sides)
            derivation = derivation.relocated(places, {derivation.id: _at_l(derivation.id)})
        elif place == l:
            condition = self.condition
        steps = zip(derivation.steps, motion.certified.steps, strict=True)
        yield from self._written(derivation, list(steps), motion.program, condition)

    def _written(
        self,
        derivation: Derivation,
        steps: Sequence[tuple[Step, Step]],
        program: Program,
        condition: Range | None,
    ) -> Iterator[Line]:
        """Each step as it is told, and as it is certified."""
        here = derivation.id.partition("@")[2]
        for k, (step, certified) in enumerate(steps):
            numbers = (self._number(name, here, condition) for name in step.uses)
            yield self.writer.line(
                self.prefix + derivation.id,
                derivation.goal,
                step.after,
                step.move,
                facts=step.facts,
                uses=tuple(number for number in numbers if number),
                continues=k > 0,
                condition=condition,
                step=certified,
                program=program,
            )

    def _number(self, name: str, here: str, condition: Range | None) -> int | None:
        """The number of what is used; where there are equations for a batch, of those."""
        numbers = (self.writer.number(p + name, here, condition) for p in (self.prefix, ""))
        return next((number for number in numbers if number), None)

    def _apart(self, derivation: Derivation, program: Program) -> Iterator[Line]:
        """A derivation that is no motion's."""
        steps = [(step, step) for step in derivation.steps]
        yield from self._written(derivation, steps, program, None)


def _in_general(place: Expr, layer: Sequence[Motion]) -> tuple[tuple[Expr, Expr], ...]:
    """What the motions of a layer say, counted from its place."""
    found: list[Equation] = [motion.tangent_equation for motion in layer]
    atoms = counted_from(place, *(side for e in found for side in (e.lhs, e.rhs)))
    return tuple((e.lhs.xreplace(atoms), e.rhs.xreplace(atoms)) for e in found)


def _sides(step: Step) -> tuple[Expr, ...]:
    return (step.before, step.after, *step.facts.values())


def _at_l(name: str) -> str:
    return f"{name.partition('@')[0]}@{l}"
