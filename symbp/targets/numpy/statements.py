"""Equations as the lines of a function's body, each under its number and its spelling."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from symbp.lowering.alike import Lowerer
from symbp.lowering.arrays import Assign, Named, Temporary, names_in
from symbp.lowering.loops import Recurrence, grouped, looped
from symbp.lowering.schedule import live, shared
from symbp.lowering.stable import Definitions, stable
from symbp.lowering.stored import Layout
from symbp.targets.numpy.spelling import Spelling
from symbp.targets.numpy.wrap import broken, statement
from symbp.targets.plan import Line

WIDTH = 96
"""Columns inside a function."""


@dataclass(frozen=True)
class Body:
    """The statements of one function, and the lines that each of them came from."""

    lines: tuple[Line, ...]
    assigns: tuple[Assign, ...]

    @property
    def computed(self) -> list[Named]:
        """What the body assigns, in order; not what it only uses to get there."""
        made = (a.target.of for a in self.assigns if not isinstance(a.target.of, Temporary))
        return list(dict.fromkeys(made))

    @cached_property
    def used(self) -> set[Named]:
        """What the body reads and does not itself compute."""
        made: set[Named] = set()
        read: set[Named] = set()
        for assign in self.assigns:
            counted = {assign.loop.along} if assign.loop else set()
            read |= names_in(assign.value) - made - counted
            made.add(assign.target.of)
        return read


def lowered(lines: Iterable[Line], definitions: Definitions, layout: Layout) -> Body:
    """The lines as assignments, in forms that do not overflow."""
    lines = tuple(lines)
    assigns: list[Assign] = []
    lowerer = Lowerer(definitions, layout)
    for number, part in enumerate(grouped([line.equation for line in lines])):
        if isinstance(part, Recurrence):
            assigns += looped(part, number, layout, lambda rhs: stable(rhs, definitions))
        else:
            assigns.append(lowerer(part))
    return Body(lines, tuple(assigns))


def tidy(body: Body, before: Sequence[Assign] = ()) -> Body:
    """``body`` with nothing costly computed twice; ``before`` has been computed already."""
    return replace(body, assigns=shared(body.assigns, before))


def needed(body: Body, wanted: Iterable[Named]) -> Body:
    """``body`` without what ``wanted`` does not depend on."""
    return replace(body, assigns=live(body.assigns, wanted))


@dataclass(frozen=True)
class Said:
    """A statement in code, and the lines that it follows.

    Without a ``sign`` of assignment ``value`` is all of it, and writes to its ``target``.
    """

    told: tuple[Line, ...]
    target: str
    sign: str
    value: str


@dataclass(frozen=True)
class Group:
    """Statements that stand together: one, or all of a loop over time, with its ``head``."""

    said: tuple[Said, ...]
    head: str = ""


def code(body: Body, spelling: Spelling) -> list[str]:
    """The lines of code, comments included."""
    return [line for group in groups(body, spelling) for line in lines(group)]


def groups(body: Body, spelling: Spelling) -> list[Group]:
    """The statements, each with the line that is told above it."""
    by_equation = {line.equation: line for line in body.lines}
    out: list[Group] = []
    told = None
    for loop, together in groupby(body.assigns, key=attrgetter("loop")):
        said = []
        for assign in together:
            above: tuple[Line, ...] = ()
            if assign.equation is not None and assign.equation != told:
                told = assign.equation
                above = (by_equation[told],)
            said.append(Said(above, *_sides(assign, spelling)))
        if loop is None:
            out += [Group((each,)) for each in said]
        else:
            out.append(Group(tuple(said), spelling.head(loop)))
    return out


def lines(group: Group, width: int = WIDTH) -> list[str]:
    """A group in lines of at most ``width`` columns."""
    if group.head:
        return [*group.head.splitlines(), *indented(lines(Group(group.said), width - 4))]
    out: list[str] = []
    for said in group.said:
        for line in said.told:
            out += comment(line, width)
        if said.sign:
            out += statement(f"{said.target} {said.sign}", said.value, width)
        else:
            out += [line for each in said.value.splitlines() for line in broken(each, width)]
    return out


def indented(inner: Iterable[str]) -> list[str]:
    """The lines, four columns further on."""
    return [f"    {line}" for line in inner]


def _sides(assign: Assign, spelling: Spelling) -> tuple[str, str, str]:
    """The two sides of a statement, and the sign between them."""
    sign = "+=" if assign.adds else "="
    return spelling.text(assign.target), sign, spelling.text(assign.value)


def comment(line: Line, width: int = WIDTH) -> list[str]:
    """``# (12) δ²_nj = …   l = 2``, over several lines where it is long."""
    number = f"({line.number}) " if line.number else ""
    note = f"   [{line.note}]" if line.note else ""
    text = f"{number}{line.spelling}{note}".strip()
    if 0 < len(text) <= width - 2 and text.isprintable():
        return [f"# {text}"]
    return textwrap.wrap(
        text,
        width,
        initial_indent="# ",
        subsequent_indent="#     ",
        break_long_words=False,
        break_on_hyphens=False,
    )
