"""Measure, and say what came out.

training      steps of training beside other libraries, to docs/benchmarks.md; this is the default
deriving      how long it takes until a network can be trained, to docs/benchmarks_deriving.md
generation    how long symbp takes to write the files of some networks
verification  how long symbp takes to verify pages of sixty equations
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks import deriving, generation, training, verification
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.worker import CLOCKS
from tests.benchmarks.workloads import WORKLOADS

DOCS = Path(__file__).parents[2] / "docs"


def _words(known: object) -> object:
    def words(given: str) -> list[str]:
        found = given.split(",")
        for word in found:
            if word not in known:
                raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
        return found

    return words


def _plan(given: argparse.Namespace) -> training.Plan:
    return training.Plan(given.only, given.peers, given.repeats or 15, given.clock)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = {
        "training": lambda a: training.write(a.output, _plan(a)),
        "deriving": lambda a: deriving.write(a.output, a.repeats or 3, a.clock),
        "generation": lambda a: generation.table(generation.measure()),
        "verification": lambda a: verification.table(verification.measure()),
    }
    parser.add_argument("what", nargs="?", choices=commands, default="training")
    listed = {"only": WORKLOADS, "peers": PEERS}
    for name, known in listed.items():
        parser.add_argument(
            f"--{name}", type=_words(known), default=list(known), help=", ".join(known)
        )
    parser.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="processor: if it is shared"
    )
    parser.add_argument("--repeats", type=int, help="rounds of blocks, or runs of processes")
    parser.add_argument("-o", "--output", type=Path, default=DOCS, help="where reports go")
    given = parser.parse_args()
    print(commands[given.what](given))


if __name__ == "__main__":
    main()
