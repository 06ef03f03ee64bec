"""Composing the lesson of a network: its equations, its derivations, its update."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Integer

from symbp.derivation.backprop import Section
from symbp.derivation.names import RATE, change_of
from symbp.documents.lesson import Chapter, Lesson, Line, Range, Run, Writer, forward_of, runs
from symbp.equations.axis import L
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import indices_of, tensor_of


def compose(
    program: Program, sections: Sequence[Section], updates: Sequence[Equation] = ()
) -> Lesson:
    """The lesson of a network of given depth.

    ``updates`` are the optimizer's equations. Without any, parameters go down the slope, and Δw is
    written out for each.
    """
    writer = Writer()
    told = runs(sections)
    forward: list[Line] = []
    for equations, condition in _forward(told, program):
        forward += writer.given(equations, "", condition)
    forward += writer.given([e for e in program.equations if "@" not in e.id], "")
    forward += writer.given(program.facts, "fact.")
    chapters = [_chapter("forward", forward), *_aims(writer, sections[-1], updates)]
    for run in told:
        heading = "output_layer" if run.section.is_last else "hidden_layer"
        heading = "hidden_layers" if run.condition else heading
        heading = "shared" if run.section.is_shared else heading
        chapters.append(_derived(writer, heading, run.section, run.condition, updates))
    return Lesson((*chapters, *_updates(writer, updates)))


def _forward(
    told: Sequence[Run], program: Program
) -> Iterator[tuple[list[Equation], Range | None]]:
    """The forward equations of each layer, those of a row that is told in general once."""
    general = {str(place): run for run in told if run.condition for place in run.places}
    said: set[int] = set()
    for place in dict.fromkeys(e.id.partition("@")[2] for e in program.equations if "@" in e.id):
        run = general.get(place)
        if run is None:
            yield [e for e in program.equations if e.id.partition("@")[2] == place], None
        elif id(run) not in said:
            said.add(id(run))
            yield forward_of(run), run.condition


def compose_general(
    sections: Sequence[Section], batch: Sequence[Section], updates: Sequence[Equation] = ()
) -> Lesson:
    """The lesson of a network of any depth: one sample, then the same for a batch."""
    writer = Writer()
    output, hidden = sections
    below = Range(Integer(1), L, strict=True)
    forward = writer.given([e for s in (hidden, output) for e in _own(s)], "")
    forward += writer.given(output.kind.around.program.facts, "fact.")
    chapters = [
        _chapter("forward", forward),
        *_aims(writer, hidden, updates),
        _derived(writer, "output_layer", output, None, updates),
        _derived(writer, "hidden_layer_general", hidden, below, updates),
        *_updates(writer, updates),
    ]
    many: list[Line] = []
    for section, condition in ((batch[1], below), (batch[0], None)):
        many += writer.given(_own(section), "batch.", condition)
    for section, condition in ((batch[0], None), (batch[1], below)):
        for result in section.results:
            told = "batch_delta" if result.id.startswith("delta") else "batch_gradient"
            name = f"batch.{result.id}"
            many.append(writer.line(name, result.lhs, result.rhs, told, condition=condition))
    return Lesson((*chapters, _chapter("batch", many)))


def _chapter(name: str, lines: Sequence[Line]) -> Chapter:
    """A chapter whose heading and text go by one name."""
    return Chapter(name, text=name, lines=tuple(lines))


def _derived(
    writer: Writer,
    heading: str,
    section: Section,
    condition: Range | None,
    updates: Sequence[Equation],
) -> Chapter:
    lines = writer.derived(section, condition, updates=not updates)
    return Chapter(heading, {"place": section.place}, lines=tuple(lines), condition=condition)


def _updates(writer: Writer, updates: Sequence[Equation]) -> list[Chapter]:
    return [_chapter("update", writer.given(updates, ""))] if updates else []


def _own(section: Section) -> list[Equation]:
    """The forward equations that belong to a section's layer, and the loss where it is known."""
    place = str(section.place)
    equations = section.kind.around.program.equations
    return [
        e
        for e in equations
        if e.id.partition("@")[2] == place or (section.is_last and "@" not in e.id)
    ]


def _aims(writer: Writer, section: Section, updates: Sequence[Equation]) -> list[Chapter]:
    """What is wanted: Δw = −η ∂E/∂w, unless there are other ``updates``."""
    if updates:
        return []
    gradient = section.derivations[0].goal
    change = change_of(tensor_of(gradient.wrt))[indices_of(gradient.wrt)]
    line = writer.line("update", change, -RATE[()] * gradient, "aim")
    return [_chapter("aim", [line])]
