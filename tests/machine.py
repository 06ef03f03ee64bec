"""How slow this machine is now, beside a quiet one: what limits of time in tests are multiplied by.

The measure is the processor time of a fixed piece of work in a fresh process: it imports SymPy and
multiplies out polynomials. Nothing of symbp is in it, so that whatever makes symbp slower is not
forgiven. ``python -m tests.machine`` prints it: the least of ten on the machine that the limits
were set on, when nothing else ran there, is ``QUIET``.
"""

import os
import resource
import subprocess
import sys
import time
from functools import cache

WORK = """
from sympy import expand, symbols
a, b, c = symbols("a b c")
for k in range(1, 13):
    expand((a + k * b - c / k) ** 6)
"""

QUIET = 0.6
"""Seconds that ``WORK`` takes where nothing else runs."""

TRIES = 3

KEPT = 60
"""Seconds for which a measurement stands: how busy a machine is changes."""


def in_time(seconds: float, limit: float) -> bool:
    """Whether ``seconds`` of processor time here are no more than ``limit`` on a quiet machine.

    What keeps to the limit as it is keeps to it on any machine: then nothing is measured.
    """
    return seconds <= limit or seconds <= limit * slowness()


def slowness() -> float:
    """How many times as long as on a quiet machine everything takes now; 1 where it is quicker."""
    return max(1.0, _measured(int(time.monotonic() // KEPT)) / QUIET)


@cache
def _measured(_: int) -> float:
    return reference(TRIES)


def reference(tries: int) -> float:
    """The least processor time of ``WORK`` in ``tries`` processes: noise only adds."""
    return min(_once() for _ in range(tries))


def _once() -> float:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SYMPY"))}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", WORK], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    print(f"{reference(10):.3f} s")
