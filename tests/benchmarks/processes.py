"""The processor time of whole processes, Python's own start and imports included."""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

USUAL = 0.45
"""Seconds to import SymPy."""

WRITE = """
import sys
from tests.layers.networks import network
from symbp.pipeline import generate
generate(network(sys.argv[1]), sys.argv[2], force=True)
"""
BLOCKS = """
import sys
from tests.layers.test_blocks import transformer
from symbp.pipeline import derive
derive(transformer(int(sys.argv[1]))).emit()
"""


def processor_time(*words):
    """The seconds that ``python`` with these ``words`` keeps processors busy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *words]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def least(tries, limit, *words):
    """The least processor time of some tries, since noise only adds; the first below ``limit``.

    In seconds of a machine that imports SymPy in ``USUAL`` or less; a busy one is slower.
    """
    best = float("inf")
    for _ in range(tries):
        slower = max(1, processor_time("-c", "import sympy") / USUAL)
        best = min(best, processor_time(*words) / slower)
        if best <= limit:
            break
    return best
