"""Composing the lesson of a network: its equations, its derivations, its update."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Integer

from symbp.derivation.backprop import Section
from symbp.derivation.names import RATE, change_of
from symbp.documents.lesson import Chapter, Lesson, Line, Range, Writer, forward_of, runs
from symbp.equations.axis import L
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import indices_of, tensor_of


def compose(
    program: Program, sections: Sequence[Section], updates: Sequence[Equation], *, descent: bool
) -> Lesson:
    """The lesson of a network of given depth.

    ``updates`` are the optimizer's equations; with ``descent`` they are w − η ∂E/∂w and no more,
    and Δw is written out for every parameter.
    """
    writer = Writer()
    told = runs(sections)
    forward: list[Line] = []
    for run in reversed(told):
        forward += writer.given(forward_of(run, program), "", run.condition)
    forward += writer.given([e for e in program.equations if "@" not in e.id], "")
    forward += writer.given(program.facts, "fact.")
    chapters = [Chapter("forward", text="forward", lines=tuple(forward))]
    if descent:
        chapters.append(_aim(writer, program, sections[-1]))
    for run in told:
        heading = "output_layer" if run.section.is_last else "hidden_layer"
        heading = "hidden_layers" if run.condition else heading
        lines = writer.derived(run.section, run.condition, updates=descent)
        chapters.append(
            Chapter(
                heading, {"place": run.section.place}, lines=tuple(lines), condition=run.condition
            )
        )
    if not descent:
        chapters.append(Chapter("update", text="update", lines=tuple(writer.given(updates, ""))))
    return Lesson(tuple(chapters))


def compose_general(sections: Sequence[Section], batch: Sequence[Section]) -> Lesson:
    """The lesson of a network of any depth: one sample, then the same for a batch."""
    writer = Writer()
    output, hidden = sections
    below = Range(Integer(1), L, strict=True)
    given = [e for s in (hidden, output) for e in _own(s)]
    chapters = [Chapter("forward", text="forward", lines=tuple(writer.given(given, "")))]
    chapters.append(_aim(writer, hidden.kind.program, hidden))
    for heading, section, condition in (
        ("output_layer", output, None),
        ("hidden_layer_general", hidden, below),
    ):
        lines = writer.derived(section, condition, updates=True)
        facts = {"place": section.place}
        chapters.append(Chapter(heading, facts, lines=tuple(lines), condition=condition))
    many: list[Line] = []
    for section, condition in ((batch[1], below), (batch[0], None)):
        many += writer.given(_own(section), "batch.", condition)
    for section, condition in ((batch[0], None), (batch[1], below)):
        for result in section.results:
            told = "batch_delta" if result.id.startswith("delta") else "batch_gradient"
            many.append(
                writer.line("batch." + result.id, result.lhs, result.rhs, told, condition=condition)
            )
    chapters.append(Chapter("batch", text="batch", lines=tuple(many)))
    return Lesson(tuple(chapters))


def _own(section: Section) -> list[Equation]:
    """The forward equations that belong to a section's layer, and the loss where it is known."""
    place = str(section.place)
    equations = section.kind.around.program.equations
    return [
        e
        for e in equations
        if e.id.partition("@")[2] == place or (section.is_last and "@" not in e.id)
    ]


def _aim(writer: Writer, program: Program, section: Section) -> Chapter:
    """What is wanted: Δw = −η ∂E/∂w."""
    gradient = section.derivations[0].goal
    weight = gradient.wrt
    change = change_of(tensor_of(weight))[indices_of(weight)]
    rule = -RATE[()] * Partial(program.loss, weight)
    line = writer.line("update", change, rule, "aim")
    return Chapter("aim", text="aim", lines=(line,))
