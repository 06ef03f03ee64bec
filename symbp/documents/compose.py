"""Composing the lesson of a network: its equations, its derivations, its update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from symbp.derivation.backprop import Section
from symbp.derivation.names import RATE, change_of
from symbp.derivation.step import Derivation
from symbp.documents.glossary import has_sums_as_indices
from symbp.documents.lesson import Chapter, Lesson, Line, Range, Run, Writer, forward_of, runs
from symbp.equations.axis import L
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import indices_of, tensor_of

if TYPE_CHECKING:
    from symbp.derivation.second import Second


def compose(
    program: Program,
    sections: Sequence[Section],
    updates: Sequence[Equation] = (),
    kinds: Mapping[Expr, str] = MappingProxyType({}),
    apart: tuple[Sequence[Equation], Sequence[Equation]] = ((), ()),
    second: Second | None = None,
) -> Lesson:
    """The lesson of a network of given depth; ``kinds`` are those of its layers, by place.

    ``updates`` are the optimizer's equations. Without any, parameters go down the slope, and Δw is
    written out for each. ``apart`` are the equations when nothing is learnt, and those of what is
    remembered for it. ``second`` adds chapters about second derivatives.
    """
    writer = Writer()
    told = runs(sections)
    forward: list[Line] = []
    for equation, condition in forward_of(told, program):
        forward += writer.given([equation], "", condition)
    forward += writer.given([e for e in program.equations if "@" not in e.id], "")
    forward += writer.given(program.facts, "fact.")
    sides = [side for line in forward for side in (line.lhs, line.rhs)]
    text = "forward_positions" if has_sums_as_indices(sides) else "forward"
    chapters = [
        Chapter("forward", text=text, lines=tuple(forward)),
        *_aims(writer, _first(sections), updates),
    ]
    for (place, is_shared), group in groupby(told, key=_place):
        stages = list(group)
        heading = "output_layer" if any(run.section.is_last for run in stages) else "hidden_layer"
        if place in kinds:
            heading = "layer_of_kind"
        heading = "shared" if is_shared else heading
        parts = [_derived(writer, "", run, updates) for run in stages]
        condition = stages[0].row
        facts = {"place": stages[0].section.place}
        lines = tuple(line for part in parts for line in part.lines)
        if condition:
            heading = "layers_of_kind" if place in kinds else "hidden_layers"
        chapters.append(Chapter(heading, facts, lines=lines, condition=condition))
    chapters += [*_updates(writer, updates), *_apart(writer, program, *apart)]
    chapters += _of_second(writer, second) if second else []
    return Lesson(tuple(chapters), kinds)


def _of_second(
    writer: Writer, second: Second, prefix: str = "", condition: Range | None = None
) -> list[Chapter]:
    """The chapters about second derivatives; what writes them is loaded where they are wanted."""
    from symbp.documents.second import SecondAuthor

    return SecondAuthor(writer, second, prefix, condition).chapters()


def _apart(
    writer: Writer,
    program: Program,
    inference: Sequence[Equation],
    renewals: Sequence[Equation],
) -> list[Chapter]:
    """What holds when nothing is learnt, and what is remembered for it."""
    lines = writer.given([e for e in inference if e not in program.equations], "inference.")
    lines += writer.given(renewals, "renewal.")
    return [_chapter("inference", lines)] if lines else []


def compose_general(
    sections: Sequence[Section],
    batch: Sequence[Section],
    updates: Sequence[Equation] = (),
    *,
    second: bool = False,
) -> Lesson:
    """The lesson of a network of any depth: one sample, then the same for a batch.

    With ``second``, second derivatives of the loss of a batch, too.
    """
    writer = Writer()
    output, hidden = sections
    below = Range(Integer(1), L, strict=True)
    forward = writer.given([e for s in (hidden, output) for e in _own(s)], "")
    forward += writer.given(output.kind.around.program.facts, "fact.")
    chapters = [
        _chapter("forward", forward),
        *_aims(writer, hidden, updates),
        _derived(writer, "output_layer", Run(output), updates),
        _derived(writer, "hidden_layer_general", Run(hidden, row=below), updates),
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
    chapters.append(_chapter("batch", many))
    if second:
        from symbp.derivation.second import Second

        own = tuple(e for section in reversed(batch) for e in _own(section))
        results = tuple(result for section in batch for result in section.results)
        known = Second(Program(own, output.kind.around.program.facts), results)
        chapters += _of_second(writer, known, "batch.", below)
    return Lesson(tuple(chapters))


def _first(sections: Sequence[Section]) -> Section:
    """The section of the first parameters."""
    return next(s for s in reversed(sections) if any(map(_is_gradient, s.kind.derivations)))


def _is_gradient(derivation: Derivation) -> bool:
    return derivation.id.startswith("grad.")


def _place(run: Run) -> tuple[Expr, bool]:
    """What the stages of one layer have in common; of layers in general, where they begin."""
    return run.begins, run.section.is_shared


def _chapter(name: str, lines: Sequence[Line]) -> Chapter:
    """A chapter whose heading and text go by one name."""
    return Chapter(name, text=name, lines=tuple(lines))


def _derived(writer: Writer, heading: str, run: Run, updates: Sequence[Equation]) -> Chapter:
    lines = writer.derived(run, updates=not updates)
    facts = {"place": run.section.place}
    return Chapter(heading, facts, lines=tuple(lines), condition=run.row)


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
    gradient = next(d.goal for d in section.derivations if _is_gradient(d))
    change = change_of(tensor_of(gradient.wrt))[indices_of(gradient.wrt)]
    line = writer.line("update", change, -RATE[()] * gradient, "aim")
    return [_chapter("aim", [line])]
