"""The command answers at once where no mathematics is asked for."""

import importlib.util
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.machine import in_time

ROOT = Path(__file__).parents[2]

if importlib.util.find_spec("symbp.cli") is None:
    pytest.skip("there is no command line yet", allow_module_level=True)

CALL = "import sys; sys.argv[0] = 'symbp'; from symbp.cli import main; sys.exit(main())"
HEAVY = {"sympy", "mpmath", "numpy", "jinja2", "lark"}
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
SECONDS = 0.15
TRIES = 10


def answer(option: str, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *flags, "-c", CALL, option]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


@pytest.mark.parametrize(("option", "said"), [("--help", "usage"), ("--version", VERSION)])
def test_answers_without_libraries(option, said):
    done = answer(option, "-X", "importtime")
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert said in done.stdout
    assert "symbp" in imported
    assert not imported & HEAVY


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_answers_at_once(option):
    """In processor time; the quickest of a few calls counts, as machines are shared."""
    times = []
    for _ in range(TRIES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer(option)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        if times[-1] <= SECONDS:
            return
    assert in_time(min(times), SECONDS), f"{option} took {min(times):.3f} s at best"
