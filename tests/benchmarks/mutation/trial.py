"""What the verifier makes of each file and each mutant."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from symbp.verification.finding import Report
from tests.benchmarks.mutation import code, paper
from tests.benchmarks.mutation.mutants import Mutant
from tests.benchmarks.mutation.programs import programs


@dataclass(frozen=True)
class Outcome:
    """``caught``: a verdict that does the slip justice, where it is. ``coded``: by its name.

    ``alarm``: something was refuted at all. ``said``: the verdicts on the lines of the slip.
    """

    mutant: Mutant
    caught: bool
    coded: bool
    alarm: bool
    said: tuple[str, ...]
    told: tuple[str, ...]


def originals(kinds: Iterable[str]) -> Iterator[Mutant]:
    """The right files themselves, as mutants that change nothing."""
    if "paper" in kinds:
        for name, (source, _) in paper.derivations().items():
            yield Mutant(name, "paper", source, 0, frozenset(), False, "")
    if "code" in kinds:
        for name, (source, _) in programs().items():
            yield Mutant(name, "code", source, 0, frozenset(), False, "")


def every(kinds: Iterable[str]) -> tuple[list[Mutant], int]:
    """All mutants in a fixed order, and how many the oracles could not decide."""
    found: list[Mutant] = []
    undecided = 0
    streams = []
    if "paper" in kinds:
        streams += [paper.mutants(n, *told) for n, told in paper.derivations().items()]
    if "code" in kinds:
        streams += [code.mutants(n, *told) for n, told in programs().items()]
    for stream in streams:
        for mutant in stream:
            if mutant is None:
                undecided += 1
            else:
                found.append(mutant)
    return found, undecided


def sample(mutants: Sequence[Mutant], limit: int, seed: int) -> list[Mutant]:
    """At most ``limit`` of them: every code and file has its turn."""
    by_code: dict[tuple[str, str], list[Mutant]] = {}
    shuffled = list(mutants)
    random.Random(seed).shuffle(shuffled)
    for mutant in shuffled:
        by_code.setdefault((mutant.kind, min(mutant.codes, default="")), []).append(mutant)
    chosen: list[Mutant] = []
    turns = [by_code[k] for k in sorted(by_code)]
    while len(chosen) < min(limit, len(mutants)):
        for pile in turns:
            if pile and len(chosen) < limit:
                chosen.append(pile.pop())
    return chosen


def report_on(mutant: Mutant) -> Report:
    """What the verifier says. It is imported here: counting mutants needs none."""
    from symbp.verification.options import Options
    from symbp.verification.verify import verify_file

    return verify_file(mutant.file, mutant.text, Options())


def attempt(mutant: Mutant) -> Outcome:
    """Verify one mutant, and hold the report against what the oracle knows."""
    try:
        report = report_on(mutant)
    except Exception as error:  # noqa: BLE001 - a crash is an outcome to count
        return Outcome(mutant, False, False, False, (f"crash {error!r}"[:200],), ())
    if report.unusable:
        return Outcome(mutant, False, False, False, (f"unusable {report.unusable.key}",), ())
    here = [f for f in report.findings if near(f, mutant)]
    hits = [f for f in here if f.verdict.value in mutant.accepts]
    told = {t.code for f in hits for t in f.mistakes}
    refuted = [f for f in report.findings if f.verdict.value == "refuted"]
    said = tuple(
        f"{f.verdict.value}@{f.at.line}" for f in [*here, *(f for f in refuted if f not in here)]
    )
    coded = bool(told & mutant.codes)
    return Outcome(mutant, bool(hits), coded, bool(refuted), said, tuple(sorted(told)))


def told_of(right: Mutant) -> str:
    """What a right file is told: its verdicts counted, and each line that it is wronged in."""
    try:
        report = report_on(right)
    except Exception as error:  # noqa: BLE001 - a crash is an outcome to show
        return f"{right.file}  crash {error!r}"
    counts = Counter(f.verdict.value for f in report.findings)
    lines = [f"{right.file}  {report.notation}  {dict(counts)}"]
    lines += [
        f"    {f.at.line} {f.verdict.value} {f.message.key} {dict(f.message.facts)}  {f.text}"
        for f in report.findings
        if f.verdict.value in {"refuted", "not_understood"}
    ]
    return "\n".join(lines)


def near(finding, mutant: Mutant) -> bool:
    """Whether a finding is about the line of the slip, or where it first acts."""
    last = finding.end.line if finding.end else finding.at.line
    if mutant.lines:
        return any(finding.at.line <= line <= last for line in mutant.lines)
    anywhere = mutant.kind == "code" and (
        mutant.codes & {"M26", "M19", "M21", "M16"}
        or mutant.what == "pass"  # a line that is missing shows in others
    )
    return bool(anywhere) or last >= mutant.line


def attempts(mutants: Sequence[Mutant], jobs: int) -> Iterator[Outcome]:
    """All outcomes in order."""
    if jobs <= 1:
        yield from map(attempt, mutants)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(attempt, mutants, chunksize=8)
