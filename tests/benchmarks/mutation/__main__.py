"""Mutate right derivations and programs, and see what the verifier says.

``python -m tests.benchmarks.mutation [--paper|--code] [--limit N] [--jobs 2] [--seed S]
[--shard 1/4] [--file NAME] [--count] [--right] [--misses FILE]``
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.benchmarks.mutation.tables import misses, summary
from tests.benchmarks.mutation.trial import attempts, every, originals, sample, told_of


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutation")
    parser.add_argument("--paper", action="store_true", help="derivations only")
    parser.add_argument("--code", action="store_true", help="programs only")
    parser.add_argument("--limit", type=int, default=0, help="a sample of that many mutants")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shard", default="1/1", help="k/n: every n-th mutant, from the k-th")
    parser.add_argument("--file", default="", help="only files whose name begins so")
    parser.add_argument("--count", action="store_true", help="count mutants; verify nothing")
    parser.add_argument("--right", action="store_true", help="only what right files are told")
    parser.add_argument("--misses", type=Path, default=Path("mutation_misses.txt"))
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    kinds = [k for k in ("paper", "code") if getattr(asked, k)] or ["paper", "code"]
    begun = time.monotonic()
    if asked.right:
        for right in originals(kinds):
            if right.file.startswith(asked.file):
                print(told_of(right), flush=True)
        return 0
    mutants, undecided = every(kinds)
    mutants = [m for m in mutants if m.file.startswith(asked.file)]
    part, parts = map(int, asked.shard.split("/"))
    mutants = mutants[part - 1 :: parts]
    if asked.limit:
        mutants = sample(mutants, asked.limit, asked.seed)
    if asked.count:
        counts = Counter((m.kind, c) for m in mutants for c in sorted(m.codes) or ["equal"])
        for (kind, code), count in sorted(counts.items()):
            print(f"{kind:6} {code:6} {count}")
        print(
            f"{len(mutants)} mutants, {sum(m.wrong for m in mutants)} wrong, {undecided} undecided"
        )
        return 0
    right = [m for m in originals(kinds) if m.file.startswith(asked.file)]
    before = list(attempts(right, asked.jobs))
    outcomes = []
    for k, outcome in enumerate(attempts(mutants, asked.jobs), 1):
        outcomes.append(outcome)
        if sys.stderr.isatty() and not k % 20:
            print(f"\r{k}/{len(mutants)}", end="", file=sys.stderr)
    print(summary(before, outcomes, undecided))
    asked.misses.write_text(misses(before, outcomes), encoding="utf-8")
    print(f"\n{time.monotonic() - begun:.0f} s; misses in {asked.misses}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
