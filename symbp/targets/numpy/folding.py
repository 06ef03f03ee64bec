"""Statements that differ by their layer alone are told once, in a loop over the layers.

u2 = z1 @ w2;  z2 = np.tanh(u2)           for l in range(2, 50):
u3 = z2 @ w3;  z3 = np.tanh(u3)    ->         u[l] = z[l - 1] @ w[l]
...                                           z[l] = np.tanh(u[l])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symbp.targets.numpy.names import SIZES, Identifiers
from symbp.targets.numpy.numbered import Counted, Reading, Text
from symbp.targets.numpy.repeats import Read, Run, runs
from symbp.targets.numpy.statements import WIDTH, Group, Said, indented, lines

Spelled = Callable[[Counted], str]

POWER = re.compile(r"\]\*\*")
"""What is no longer a name has spaces around its exponent's sign."""


@dataclass(frozen=True)
class Folding:
    """The groups of a function, those of layers that are alike in loops.

    ``allowed`` is what is left of the names of arrays that can be found by the number of their
    layer: all where it is None.
    """

    groups: Sequence[Group]
    names: Identifiers
    reading: Reading
    allowed: frozenset[str] | None = None

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        return tuple(Read.of(group, self.reading) for group in self.groups)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(runs(self.reads, self.allowed))

    @cached_property
    def stems(self) -> frozenset[str]:
        """What is left of the names of arrays that loops find by numbers."""
        return frozenset[str]().union(*(run.stems for run in self.runs)) - {SIZES}

    def filled(self, stems: frozenset[str]) -> list[str]:
        """Those of the arrays that get their values here."""
        made = (c.stem for read in self.reads for c in (*read.named, *read.assigned))
        return [stem for stem in dict.fromkeys(made) if stem in stems]

    def lines(self, stems: frozenset[str], width: int = WIDTH) -> list[str]:
        """The lines of code, comments included; arrays of ``stems`` are found by numbers."""
        writer = _Writer(self.names, stems, width)
        out: list[str] = []
        at = 0
        for run in self.runs:
            out += writer.as_they_are(self.reads[at : run.start])
            out += writer.loop(run)
            at = run.stop
        return [*out, *writer.as_they_are(self.reads[at:])]


@dataclass(frozen=True)
class _Writer:
    names: Identifiers
    stems: frozenset[str]
    width: int

    def as_they_are(self, reads: Sequence[Read]) -> list[str]:
        return [line for read in reads for line in lines(_written(read, self._at), self.width)]

    def _at(self, counted: Counted) -> str:
        if counted.stem in self.stems:
            return f"{self.names.together(counted.stem)}[{counted.number}]"
        return counted.text

    def loop(self, run: Run) -> list[str]:
        first, variable = run.layers[0], self.names.layer
        last = first + run.step * (len(run.turns) - 1)
        numbers = [first, last + (1 if run.step > 0 else -1), *[run.step] * (run.step != 1)]
        body: list[str] = []
        for place, (read, varying) in enumerate(zip(run.turns[0], run.varying, strict=True)):
            spelled = self._moved(varying, variable, first)
            body += lines(run.cited(place, _written(read, spelled)), self.width - 4)
        return [f"for {variable} in range({', '.join(map(str, numbers))}):", *indented(body)]

    def _moved(self, varying: Sequence[bool], variable: str, first: int) -> Spelled:
        """How the numbers of a group are spelled, one after the other, in a loop over layers."""
        left = iter(varying)

        def spelled(counted: Counted) -> str:
            if next(left):
                return counted.moved(variable, counted.number - first, self.names.together)
            return self._at(counted)

        return spelled


def _written(read: Read, spelled: Spelled) -> Group:
    """A group with its numbers spelled anew, in the order of its texts."""

    def text(pieces: Text) -> str:
        return "".join(spelled(p) if isinstance(p, Counted) else str(p) for p in pieces)

    head = text(read.head)
    said = []
    for each, texts in zip(read.group.said, read.said, strict=True):
        *formulas, target, value = map(text, texts)
        pairs = zip(each.told, formulas, strict=True)
        told = tuple(replace(line, spelling=formula) for line, formula in pairs)
        said.append(Said(told, target, each.sign, POWER.sub("] ** ", value)))
    return Group(tuple(said), head)
