"""Pages to hand back: the source with findings beside its lines, as HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from symbp.templating import render
from symbp.verification.finding import Report
from symbp.verification.reports.columns import visible
from symbp.verification.reports.phrases import Phrases
from symbp.verification.reports.saying import MARKS, Teller
from symbp.verification.reports.table import GROUPS, table
from symbp.verification.reports.view import view
from symbp.verification.verdict import Verdict

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "html": ("html/findings.html.jinja", ".html"),
    "markdown": ("markdown/findings.md.jinja", ".md"),
}
"""Format to its template and the ending of its files."""

INDEX = "index"


def document(reports: Sequence[Report], form: str, say: Teller, *, solution: bool = False) -> str:
    """One document about all of ``reports``: the table of the class first where they are many."""
    return _rendered(reports, form, say, solution, links={}, has_table=len(reports) > 1)


def documents(
    reports: Sequence[Report], form: str, say: Teller, *, solution: bool = False
) -> dict[str, str]:
    """A document for each report, by the name of its file, and one with the table of all."""
    names = file_names([report.file for report in reports], TEMPLATES[form][1])
    made = {
        name: _rendered([report], form, say, solution, links={}, has_table=False)
        for name, report in zip(names, reports, strict=True)
    }
    links = dict(enumerate(names))
    made[INDEX + TEMPLATES[form][1]] = _rendered(
        reports, form, say, solution, links=links, has_table=True
    )
    return made


def file_names(files: Sequence[str], ending: str) -> list[str]:
    """A name of its own for the page of each of ``files``, safe in every file system."""
    taken: set[str] = {INDEX + ending}
    names = []
    for file in files:
        plain = [_plain(part) for part in PurePath(file).parts if part not in ("/", "..", ".")]
        plain = plain or ["page"]
        tries = ["-".join(plain[-n:]) for n in range(1, len(plain) + 1)]
        tries += [f"{tries[0]}-{n}" for n in range(2, len(files) + 3)]
        name = next(each + ending for each in tries if (each + ending).lower() not in taken)
        taken.add(name.lower())
        names.append(name)
    return names


def _plain(part: str) -> str:
    kept = "".join(c if c.isalnum() or c in "._" else "-" for c in part)
    return kept.lstrip(".-")[:80] or "page"


def _rendered(
    reports: Sequence[Report],
    form: str,
    say: Teller,
    solution: bool,
    links: Mapping[int, str],
    has_table: bool,
) -> str:
    one = len(reports) == 1 and not has_table
    title = (
        say("report.title", file=visible(reports[0].file))
        if one
        else say("report.class_title", count=len(reports))
    )
    data: dict[str, Any] = {
        "language": say.language,
        "title": title,
        "say": say,
        "pages": [] if links else [view(each, say, solution=solution) for each in reports],
        "table": table(reports, say) if has_table else None,
        "links": links,
        "groups": GROUPS,
        "legend": _legend(say),
        "counted": Phrases(say).counted(reports),
    }
    return render(TEMPLATES[form][0], **data)


def _legend(say: Teller) -> list[tuple[str, str]]:
    return [(MARKS[verdict], say(f"short.{verdict}")) for verdict in Verdict]
