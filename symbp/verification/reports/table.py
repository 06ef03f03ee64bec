"""A class at a glance: how each file did, and which mistakes were made how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symbp.verification.finding import Report
from symbp.verification.reports.columns import columns, cut, pad, visible, wrapped
from symbp.verification.reports.explained import title
from symbp.verification.reports.saying import MARKS, Teller
from symbp.verification.reports.summary import Often, counts, mistakes
from symbp.verification.verdict import Verdict

GROUPS = tuple(dict.fromkeys(MARKS.values()))
"""Marks, each the head of a column; proved in both ways shares one."""

NAME = 44
"""Columns that the name of a file takes at most."""


@dataclass(frozen=True)
class Row:
    """A file: a count for each of GROUPS, and the codes of its mistakes; or why it is unusable."""

    file: str
    numbers: tuple[int, ...]
    codes: tuple[str, ...]
    unusable: str = ""


@dataclass(frozen=True)
class Table:
    """What a table of a class shows, in every format."""

    rows: tuple[Row, ...]
    totals: tuple[int, ...]
    mistakes: tuple[tuple[Often, str], ...]


def table(reports: Sequence[Report], say: Teller) -> Table:
    """The table of ``reports``."""
    often = tuple(
        (replace(each, code=visible(each.code)), title(each.code, say))
        for each in mistakes(reports)
    )
    rows = tuple(_row(report, say) for report in reports)
    return Table(rows, _numbers(reports), often)


def _row(report: Report, say: Teller) -> Row:
    why = visible(say.say(report.unusable)) if report.unusable else ""
    codes = tuple(sorted(visible(each.code) for each in mistakes([report])))
    return Row(visible(report.file), _numbers([report]), codes, why)


def _numbers(reports: Sequence[Report]) -> tuple[int, ...]:
    found = counts(reports)
    return tuple(sum(found[v] for v in Verdict if MARKS[v] == mark) for mark in GROUPS)


def as_text(found: Table, say: Teller) -> str:
    """The table for a terminal."""
    return "\n".join(_lines(found, say)) + "\n"


def _lines(found: Table, say: Teller) -> Iterator[str]:
    head, total = say("report.file"), say("report.total")
    names = [cut(row.file, NAME) for row in found.rows]
    wide = max(map(columns, (head, total, *names)))
    yield f"{pad(head, wide)}  {_cells(GROUPS)}   {say('report.mistakes')}"
    for name, row in zip(names, found.rows, strict=True):
        told = ", ".join(row.codes)
        if row.unusable:
            first, *_ = wrapped(row.unusable, 70)
            yield f"{pad(name, wide)}  {say('report.unusable')}: {first}"
        else:
            yield f"{pad(name, wide)}  {_cells(row.numbers)}   {told}".rstrip()
    yield f"{pad(total, wide)}  {_cells(found.totals)}"
    yield ""
    shorts = {MARKS[v]: say(f"short.{v}") for v in reversed(Verdict)}
    yield "  ".join(f"{mark} {shorts[mark]}" for mark in GROUPS)
    if found.mistakes:
        yield ""
        yield say("report.mistakes")
    for each, what in found.mistakes:
        number = say("report.often", claims=each.count, files=each.files)
        first, *more = wrapped(what, 70)
        yield f"  {each.code}  {pad(number, 22)}  {first}"
        yield from (" " * (8 + 22 + len(each.code) - 2) + line for line in more)


def _cells(values: Sequence[object]) -> str:
    return "".join(f"{value!s:>5}" for value in values)
