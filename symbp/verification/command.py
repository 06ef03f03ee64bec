"""The command ``verify``, short of reading words and writing files: from options to documents."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TextIO

from symbp.verification.asked import AUTO, LONG, Misused, bindings, limits, loss, notation
from symbp.verification.finding import Report, Said
from symbp.verification.limiting import Limits
from symbp.verification.options import Options
from symbp.verification.progress import Progress
from symbp.verification.reports.colours import Paint
from symbp.verification.reports.pages import document, documents
from symbp.verification.reports.record import BEGINS, as_json
from symbp.verification.reports.saying import Teller
from symbp.verification.reports.summary import exit_code
from symbp.verification.reports.table import as_text, table
from symbp.verification.reports.terminal import Terminal
from symbp.verification.submissions import STANDARD_INPUT, Submission, submissions
from symbp.verification.worker import Engine, verify_all

ENDINGS = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json"}
"""The form that the name of a file asks for."""

PROGRAMS = "symbp.verification.code.check"
"""What a program is checked by: no page of mathematics needs it."""


@dataclass(frozen=True)
class Wanted:
    """How findings are to be shown.

    ``form`` is text, json, html or markdown; ``output`` a file or a folder, None to print.
    """

    form: str = "text"
    output: Path | None = None
    shows_all: bool = False
    solution: bool = False
    paint: Paint = Paint()


def engine() -> Engine:
    """What verifies a file, with all that it needs imported."""
    from symbp.verification.verify import verify_file

    return verify_file


def may_hold_programs(submission: Submission) -> bool:
    """Whether there may be a program in it: where that is wrong, it only takes longer."""
    is_program = submission.name.endswith((".py", ".ipynb"))
    return is_program or any(fence in submission.source for fence in ("```", "~~~"))


def form(asked: str | None, output: Path | None, *, is_json: bool) -> str:
    """``json``, or a format: the one asked for, or that ``output`` asks for. Raises Misused."""
    if is_json:
        if asked is not None:
            raise Misused(Said("error.json_and_format"))
        return "json"
    found = asked or (ENDINGS.get(output.suffix.lower(), "") if output else "text")
    if not found or (output and found == "text"):
        raise Misused(Said("error.output_format"))
    return found


def reports(
    files: Sequence[str],
    options: Options,
    engine: Engine,
    bounds: Limits,
    watched: TextIO | None = None,
) -> list[Report]:
    """What was found out about each of ``files``, in their order. Raises Misused."""
    if list(files).count(STANDARD_INPUT) > 1:
        raise Misused(Said("error.stdin_twice"))
    handed_in = list(submissions(files))
    if any(map(may_hold_programs, handed_in)):
        import_module(PROGRAMS)  # once for all workers
    say = Teller(options.language)
    progress = Progress(watched or sys.stderr, len(handed_in))
    progress.label = say("report.progress", done="{done}", total="{total}")
    progress.show()
    found: dict[int, Report] = {}
    try:
        for place, report in verify_all(handed_in, options, engine, bounds):
            found[place] = report
            progress.step()
    finally:
        progress.clear()
    return [found[place] for place in range(len(handed_in))]


def shown(found: Sequence[Report], say: Teller, wanted: Wanted) -> str | dict[Path, str]:
    """The findings in the form that is wanted: a text to print, or texts by the files to write."""
    if wanted.form == "text":
        return _as_terminal(found, say, wanted)
    if wanted.form == "json":
        text = as_json(found, say, solution=wanted.solution)
    elif wanted.output and _is_folder(wanted.output):
        made = documents(found, wanted.form, say, solution=wanted.solution)
        return {wanted.output / name: page for name, page in made.items()}
    else:
        text = document(found, wanted.form, say, solution=wanted.solution)
    return {wanted.output: text} if wanted.output else text


def _is_folder(path: Path) -> bool:
    return path.is_dir() or not path.suffix


def _as_terminal(found: Sequence[Report], say: Teller, wanted: Wanted) -> str:
    """All findings as text, and the table where there are several files."""
    is_class = len(found) > 1
    terminal = Terminal(say, wanted.paint, wanted.shows_all, is_class, wanted.solution)
    parts = [terminal.report(report) for report in found]
    if is_class:
        parts.append("═" * 60 + "\n" + as_text(table(found, say), say))
    return "\n".join(parts)


def is_findings(given: str | Path) -> bool:
    """Whether a text, or the file at a path, is JSON as ``as_json`` makes it."""
    if isinstance(given, str):
        return given.startswith(BEGINS)
    try:
        with given.open(encoding="utf-8") as file:
            return file.read(len(BEGINS)) == BEGINS
    except (OSError, UnicodeDecodeError):
        return False


__all__ = [
    "AUTO",
    "LONG",
    "Misused",
    "Wanted",
    "bindings",
    "engine",
    "exit_code",
    "form",
    "is_findings",
    "limits",
    "loss",
    "notation",
    "reports",
    "shown",
]
