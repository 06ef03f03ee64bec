"""The processor time of whole processes, Python's own start and imports included."""

import os
import resource
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.machine import slowness

ROOT = Path(__file__).parents[2]

WRITE = """
import sys
from tests.layers.networks import network
from symbp.pipeline import generate
generate(network(sys.argv[1]), sys.argv[2], force=True)
"""
HEAD = """name = "blocks"
loss = "sparse_categorical_cross_entropy"

[inputs.x]
shape = [5]
tokens = 20

[[layers]]
kind = "embedding"
units = 8
name = "b0"
"""
BLOCK = """
[[layers]]
kind = "layer_norm"

[[layers]]
kind = "attention"
heads = 2
causal = true
name = "a{k}"

[[layers]]
kind = "add"
from = ["b{before}", "a{k}"]
name = "r{k}"

[[layers]]
kind = "layer_norm"

[[layers]]
units = 9
activation = "gelu"

[[layers]]
units = 8
name = "o{k}"

[[layers]]
kind = "add"
from = ["r{k}", "o{k}"]
name = "b{k}"
"""
LAST = """
[[layers]]
units = 20
activation = "softmax"
"""


def transformer(blocks):
    """The declaration of a transformer, as text."""
    return HEAD + "".join(BLOCK.format(k=k, before=k - 1) for k in range(1, blocks + 1)) + LAST


@cache
def _bytecode():
    """A folder in which Python keeps what it has compiled, as it does where packages are."""
    folder = tempfile.TemporaryDirectory(prefix="symbp-bytecode-")
    filled = [sys.executable, "-c", "from symbp import derive; list(derive('xor').files())"]
    subprocess.run(filled, cwd=ROOT, env=_environment(folder.name), check=True)
    return folder


def _environment(bytecode):
    """As it is, but that there is bytecode."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": bytecode}


def processor_time(*words):
    """The seconds that ``python`` with these ``words`` keeps processors busy."""
    environment = _environment(_bytecode().name)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def least(tries, limit, *words):
    """The least processor time of some tries, since noise only adds; the first below ``limit``.

    In seconds of a quiet machine; a busy one is slower.
    """
    best = float("inf")
    for _ in range(tries):
        found = processor_time(*words)
        best = min(best, found if found <= limit else found / slowness())
        if best <= limit:
            break
    return best
