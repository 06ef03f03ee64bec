"""The outcomes as tables, and the misses as a list for developers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.mutation.trial import Outcome


@dataclass(frozen=True)
class Totals:
    """``wrong``, ``caught``, ``coded``: mutants; ``alarms`` among ``equal`` ones."""

    wrong: int
    caught: int
    coded: int
    equal: int
    alarms: int

    @staticmethod
    def of(outcomes: Sequence[Outcome]) -> Totals:
        wrong = [o for o in outcomes if o.mutant.wrong]
        equal = [o for o in outcomes if not o.mutant.wrong]
        caught = [o for o in wrong if o.caught]
        return Totals(
            len(wrong),
            len(caught),
            sum(o.coded for o in caught),
            len(equal),
            sum(o.alarm for o in equal),
        )

    def __str__(self) -> str:
        caught = 100 * self.caught / max(self.wrong, 1)
        coded = 100 * self.coded / max(self.caught, 1)
        return (
            f"{self.wrong:6} {self.caught:7} {caught:6.1f} % {self.coded:6} {coded:6.1f} %"
            f" {self.equal:6} {self.alarms:6}"
        )


HEAD = f"{'':24}{'wrong':>6} {'refuted':>7} {'':8} {'coded':>6} {'':8} {'equal':>6} {'alarms':>6}"


def table(outcomes: Sequence[Outcome], keys: Callable[[Outcome], Sequence[str]]) -> str:
    """One line for each key, in order."""
    piles: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for key in keys(outcome):
            piles[key].append(outcome)
    return "\n".join([HEAD, *(f"{key:24}{Totals.of(piles[key])}" for key in sorted(piles))])


def summary(originals: Sequence[Outcome], outcomes: Sequence[Outcome], undecided: int) -> str:
    alarms = sum(o.alarm for o in originals)
    return "\n\n".join(
        (
            (
                f"{len(originals)} right files, {alarms} with refutations; {len(outcomes)} mutants,"
                f" {undecided} left out since the oracles cannot decide"
            ),
            table(outcomes, lambda o: [f"{o.mutant.kind} {c}" for c in sorted(o.mutant.codes)]),
            table(outcomes, lambda o: [o.mutant.file]),
            table(outcomes, lambda o: [o.mutant.kind, "all"]),
        )
    )


def misses(originals: Sequence[Outcome], outcomes: Sequence[Outcome]) -> str:
    """What went wrong, one line each."""
    lines = [
        f"FALSE ALARM in a right file\t{o.mutant.file}\t{o.said}" for o in originals if o.alarm
    ]
    for o in outcomes:
        if o.mutant.wrong and o.caught and o.coded:
            continue
        if not o.mutant.wrong and not o.alarm:
            continue
        kind = "FALSE ALARM" if not o.mutant.wrong else "MISCODED" if o.caught else "MISSED"
        codes = ",".join(sorted(o.mutant.codes))
        told = ",".join(o.told)
        where = f"{o.mutant.file}:{o.mutant.line}"
        lines.append(f"{kind}\t{where}\t{codes}\ttold {told}\t{o.said[:4]}\t{o.mutant.what}")
    return "\n".join(lines) + "\n"
