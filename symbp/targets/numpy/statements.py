"""Equations as the lines of a function's body, each under its number and its spelling."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symbp.lowering.alike import Lowerer
from symbp.lowering.arrays import Assign, Named, Temporary, names_in
from symbp.lowering.loops import Recurrence, grouped, looped
from symbp.lowering.schedule import live, shared
from symbp.lowering.stable import Definitions, stable
from symbp.lowering.stored import Layout
from symbp.targets.numpy.spelling import Spelling
from symbp.targets.numpy.wrap import statement
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


def code(body: Body, spelling: Spelling) -> list[str]:
    """The lines of code, comments included."""
    by_equation = {line.equation: line for line in body.lines}
    out: list[str] = []
    said, loop = None, None
    for assign in body.assigns:
        if assign.loop is not None and assign.loop != loop:
            out.append(spelling.head(assign.loop))
        loop = assign.loop
        lines = []
        if assign.equation is not None and assign.equation != said:
            lines += comment(by_equation[assign.equation])
            said = assign.equation
        lines += spelled(assign, spelling, WIDTH)
        out += textwrap.indent("\n".join(lines), "    " if loop else "").splitlines()
    return out


def spelled(assign: Assign, spelling: Spelling, width: int) -> list[str]:
    """The lines of one statement."""
    target, sign = spelling.text(assign.target), "+=" if assign.adds else "="
    return statement(f"{target} {sign}", spelling.text(assign.value), width)


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
