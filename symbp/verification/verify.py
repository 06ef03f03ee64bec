"""From the text of a file to a report. Nothing in it is ever executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from symbp import gallery
from symbp.network import Network
from symbp.specification.reader import read_network
from symbp.verification.binding.bind import Binding, bind
from symbp.verification.binding.local import local_worlds
from symbp.verification.binding.scaling import as_summed
from symbp.verification.finding import Finding, Report, Said
from symbp.verification.options import Options
from symbp.verification.page import Page
from symbp.verification.paper.check import Check
from symbp.verification.paper.claims import Claims
from symbp.verification.paper.findings import Author
from symbp.verification.paper.training import Training
from symbp.verification.paper.worlds import world_of
from symbp.verification.sources.read import read_page
from symbp.verification.sources.statements import read_statements
from symbp.verification.stated_numbers import numbers
from symbp.verification.statement import Reading
from symbp.verification.text import Spot
from symbp.verification.timing import Deadline

if TYPE_CHECKING:
    from symbp.verification.code.check import Checked

Note = tuple[Spot | None, Said]

FOLLOWING = 0.75
"""The part of a submission's time in which a program may be followed: the rest is to judge it."""


def verify_file(name: str, source: str, options: Options) -> Report:
    """What is right and what is wrong in a submission.

    Raises SpecErrors for a network that cannot be used, UnknownConvention for a notation.
    """
    return verify_about(name, source, _network(options.network), options)


def verify_about(name: str, source: str, network: Network | None, options: Options) -> Report:
    """The same for a network that was made in Python; None for one that nobody names."""
    deadline = Deadline(options.seconds)
    draft = _Draft(name, source)
    with deadline.stopping():
        draft.fill(network, options, deadline)
    return draft.report(deadline)


@dataclass
class _Draft:
    """What is found out about a submission, step by step: time may be over at any of them."""

    name: str
    source: str
    page: Page | None = None
    is_code: bool = False
    found: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    binding: Binding | None = None

    def fill(self, network: Network | None, options: Options, deadline: Deadline) -> None:
        self.page = page = read_page(self.name, self.source)
        self.notes += [(t.at, Said(f"trouble.{t.code}", {"found": t.found})) for t in page.troubles]
        reading = read_statements(page)
        self.is_code = bool(reading.code) and not reading.statements
        self.found += numbers(page)
        for each in _programs(reading, network, options, deadline) if reading.code else ():
            self.found += each.findings
            self.notes += each.notes
        if reading.statements:
            self.binding = bind(
                reading, network=network, notation=options.notation, given=options.bind
            )
            if network is None:
                self.binding = as_summed(self.binding)
            self.notes += _of_binding(self.binding)
            for finding in _paper(reading, self.binding, network, deadline):
                self.found.append(finding)  # one by one, to have them if it is the last

    def report(self, deadline: Deadline) -> Report:
        if self.page is None:
            said = Said("limit.time", {"seconds": f"{deadline.seconds:g}"})
            kind = "code" if self.name.endswith(".py") else "paper"
            return Report(self.name, kind, self.source, unusable=said)
        rest: list[Note] = [(None, Said("limit.time_rest"))] if deadline.was_met else []
        return Report(
            self.page.file,
            "code" if self.is_code else "paper",
            self.page.source,
            tuple(sorted(self.found, key=lambda finding: finding.at)),
            self.binding.bounds if self.binding else (),
            self.binding.preset if self.binding else "",
            _once([*self.notes, *rest]),
        )


def _once(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Each note where it is first made."""
    return tuple(note for k, note in enumerate(notes) if note not in notes[:k])


def _network(name: str | None) -> Network | None:
    if name is None:
        return None
    if name.endswith(".toml") or "/" in name:
        return read_network(Path(name))
    return gallery.load(name)


def _programs(
    reading: Reading, network: Network | None, options: Options, deadline: Deadline
) -> Iterator[Checked]:
    """What is found in the programs of a page; those that are no NumPy are left alone."""
    from symbp.verification.code.check import check_program
    from symbp.verification.code.values import Hints

    hints = Hints()
    if deadline.seconds is not None:
        hints = Hints(seconds=max(hints.seconds, FOLLOWING * deadline.seconds))
    remarks = [*reading.remarks, *(r for s in reading.statements for r in s.remarks)]
    for text in deadline.until(reading.code):
        checked = check_program(text, network, options.loss, remarks, hints)
        if checked.is_read or not reading.statements:
            yield checked


def _paper(
    reading: Reading, binding: Binding, network: Network | None, deadline: Deadline
) -> Iterator[Finding]:
    remarks = [*reading.remarks, *(r for s in reading.statements for r in s.remarks)]
    check = Check(
        world_of(binding, reading, network),
        Claims(binding.reader),
        Author(binding.notation.as_read()),
        local_worlds(remarks),
        Training.of(network, binding.notation),
        partial(world_of, binding, reading, None) if network is None else None,
    )
    return check.findings(reading.statements, deadline.until)


def _of_binding(binding: Binding) -> Sequence[Note]:
    out: list[Note] = []
    for each in binding.troubles:
        facts = {"found": each.found, "similar": ", ".join(each.similar)}
        out.append((None, Said(f"trouble.{each.code}", facts)))
    return out
