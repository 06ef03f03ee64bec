"""A layer as the text of its forward equations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeVar

from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.formulas.meaning import walk
from symbp.formulas.numbers import error
from symbp.formulas.syntax import Reference, Rest, Stated, parse_entry, parse_equation
from symbp.layers.layer import INITIALISERS, Initialiser
from symbp.layers.options import LARGEST
from symbp.naming import is_of_results

MOST_LINES = 100
"""More equations than any layer has."""

T = TypeVar("T")


@dataclass(frozen=True)
class Forward:
    """What a layer says of itself, in the language of ``formulas``.

    ``reads`` are the tensors that come in, as entries: ``x[..., i]``. ``parameters`` maps entries
    of what is learnt to how it begins, ``sizes`` letters to the sizes of the axes that are new
    here, ``constants`` names to chosen numbers. The last equation defines what goes on, unless
    ``output`` names it. Equations may also be one text with a line for each.

    ``drawn`` maps entries to the chance of 1 with which each is drawn, 0 otherwise, for every step.
    ``states`` maps entries of what is remembered between steps to the number that it begins with,
    and ``updates`` say what becomes of them, from what was computed in a step. ``inference`` are
    the equations that hold instead of those of the same names when nothing is learnt. ``masks``
    are the names of what comes in and holds 1 where something counts, 0 elsewhere.
    """

    reads: tuple[str, ...] | str
    equations: tuple[str, ...] | str
    sizes: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, str | Initialiser] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    output: str | None = None
    drawn: Mapping[str, float] = field(default_factory=dict)
    states: Mapping[str, float] = field(default_factory=dict)
    updates: tuple[str, ...] = ()
    inference: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """What is read, each by itself."""
        return (self.reads,) if isinstance(self.reads, str) else tuple(self.reads)

    @property
    def lines(self) -> tuple[str, ...]:
        """The equations, each by itself."""
        if isinstance(self.equations, str):
            return tuple(line for _, line in lines_of(self.equations))
        return tuple(self.equations)


@dataclass(frozen=True)
class Said:
    """What a ``Forward`` says, read."""

    reads: tuple[Reference, ...]
    stated: tuple[Stated, ...]
    learnt: tuple[Reference, ...]
    drawn: tuple[Reference, ...] = ()
    states: tuple[Reference, ...] = ()
    updates: tuple[Stated, ...] = ()
    inference: tuple[Stated, ...] = ()


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Where each line of ``text`` begins that is not blank, and the line."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def read(forward: Forward) -> Said:
    """What ``forward`` says. Raises SpecErrors with all that is wrong whatever it will read."""
    faults: list[Fault] = []
    if len(forward.lines) > MOST_LINES:
        facts = {"given": len(forward.lines), "limit": MOST_LINES}
        raise SpecErrors([fault("equations_many", "equations", **facts)])
    said = Said(
        tuple(_each(forward.entries, _plain, faults, "reads")),
        tuple(_each(forward.lines, parse_equation, faults, "equations")),
        tuple(_each(forward.parameters, _plain, faults, "parameters")),
        tuple(_each(forward.drawn, _plain, faults, "drawn")),
        tuple(_each(forward.states, _plain, faults, "states")),
        tuple(_each(forward.updates, parse_equation, faults, "updates")),
        tuple(_each(forward.inference, parse_equation, faults, "inference")),
    )
    complete = not faults
    faults += _named_twice(said, forward)
    faults += _wrong_values(forward)
    if complete:
        faults += _idle(said)
    if not forward.lines:
        faults.append(fault("equations_none", "equations"))
    if forward.output and forward.output not in {s.left.name for s in said.stated}:
        known = tuple(dict.fromkeys(s.left.name for s in said.stated))
        slip = meant(forward.output, known)
        given = {"given": forward.output, "meant": slip, "known": known}
        faults.append(fault("formula_name", "output", **given))
    if faults:
        raise SpecErrors(faults)
    return said


def _each(
    texts: Iterable[str], parse: Callable[[str], T], faults: list[Fault], key: str
) -> Iterator[T]:
    """What ``parse`` makes of each text; what is wrong is noted under ``key``."""
    for k, text in enumerate(texts):
        try:
            yield parse(text)
        except SpecErrors as wrong:
            faults += [f.under(key, k) for f in wrong.faults]


def _plain(text: str) -> Reference:
    """``w[i, j]``: an entry whose indices are letters, each once. Raises SpecErrors."""
    entry = parse_entry(text)
    for slot in entry.slots or ():
        if not isinstance(slot, Rest) and not (isinstance(slot, Reference) and slot.slots is None):
            raise error("entry_letters", slot.token, given=entry.name)
    letters = [slot.token.text for slot in entry.slots or ()]
    if len(set(letters)) < len(letters):
        raise error("equation_twice", entry.token, given=entry.name)
    return entry


def _named_twice(said: Said, forward: Forward) -> Iterator[Fault]:
    """Names that mean two things, or what a derivation calls something else."""
    seen = set(forward.constants)
    for key, entries in (("reads", said.reads), ("parameters", said.learnt)):
        for k, entry in enumerate(entries):
            if entry.name in seen:
                yield fault("name_twice", key, k, **_named(entry))
            elif is_of_results(entry.name):
                yield fault("name_of_result", key, k, **_named(entry))
            seen.add(entry.name)
    for k, stated in enumerate(said.stated):
        entry = stated.left
        if entry.name in seen:
            yield fault("name_twice", "equations", k, **_named(entry))
        elif is_of_results(entry.name):
            yield fault("name_of_result", "equations", k, **_named(entry))
        seen.add(entry.name)


def _idle(said: Said) -> Iterator[Fault]:
    """Parameters that no equation uses."""
    used = {p.name for s in said.stated for p in walk(s.right) if isinstance(p, Reference)}
    for k, entry in enumerate(said.learnt):
        if entry.name not in used:
            yield fault("name_idle", "parameters", k, **_named(entry))


def _named(entry: Reference) -> dict[str, Any]:
    return {"at": entry.token.at, "given": entry.name}


def _wrong_values(forward: Forward) -> Iterator[Fault]:
    for k, begins in enumerate(forward.parameters.values()):
        if not isinstance(begins, Initialiser) and begins not in INITIALISERS:
            slip = meant(str(begins), INITIALISERS)
            facts = {"given": begins, "meant": slip, "known": INITIALISERS}
            yield fault("unknown_word", "begins", k, **facts)
    for letter, size in forward.sizes.items():
        yield from size_faults(size, "sizes", letter)
    for name, value in forward.constants.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield fault("type", "constants", name, given=value, wanted="number")
        elif not isfinite(value):
            yield fault("not_finite", "constants", name, given=value)


def size_faults(size: object, *path: str | int) -> Iterator[Fault]:
    """What keeps ``size`` from being that of an axis."""
    if isinstance(size, bool) or not isinstance(size, int):
        yield fault("type", *path, given=size, wanted="integer")
    elif size < 1:
        yield fault("number_positive", *path, given=size)
    elif size > LARGEST:
        yield fault("number_large", *path, given=size, limit=LARGEST)
