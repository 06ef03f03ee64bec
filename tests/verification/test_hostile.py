"""Hostile files get a plain answer in time through the command, and nothing of them runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import in_time
from tests.sampling import sampled
from tests.verification.hostile_files import FILES

ROOT = Path(__file__).parents[2]
SECONDS, KILOBYTES = 5, 10**6
FEW = (
    "page: python",
    "page: html",
    "page: pairs of dollars",
    "page: indices of one axis",
    "paper: macros",
    "program: import",
    "program: endless loop",
    "program: shapes",
    "notebook: nested",
    "notebook: magic",
)
CASES = sampled(FILES, FEW)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the system's")


LAUNCH = """
import json, os, subprocess, sys
with open("printed", "wb") as printed, open("said", "wb") as said:
    process = subprocess.Popen(sys.argv[1:], stdout=printed, stderr=said)
    _, status, used = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""Runs a command from a small process: what a command holds counts from what its parent held."""


def _run(folder, name):
    """The exit code, seconds of the processor and kilobytes, of the command and its workers."""
    ending, make = FILES[name]
    path = folder / f"file{ending}"
    path.write_text(make(), encoding="utf-8", errors="surrogatepass")
    command = [sys.executable, "-m", "symbp.cli", "verify", path.name, "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    launch = [sys.executable, "-c", LAUNCH, *command]
    done = subprocess.run(launch, cwd=folder, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CASES)
def test_a_plain_answer_in_time(tmp_path, name):
    folder = tmp_path
    code, seconds, kilobytes = _run(folder, name)
    printed = (folder / "printed").read_text("utf-8")
    assert code in (0, 1, 2), (folder / "said").read_text("utf-8")[-2000:]
    found = json.loads(printed)
    assert found["summary"]["exit_code"] == code
    assert "Traceback" not in (folder / "said").read_text("utf-8")
    # Processor time: on a machine that is shared, the clock measures the others.
    assert in_time(seconds, SECONDS)
    assert kilobytes < KILOBYTES
    assert {path.name for path in folder.iterdir()} <= {
        f"file{FILES[name][0]}",
        "printed",
        "said",
    }, "something of the file was executed"


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_what_a_file_says_stays_text(tmp_path, form):
    path = tmp_path / "file.md"
    path.write_text(FILES["page: html"][1](), encoding="utf-8")
    command = [sys.executable, "-m", "symbp.cli", "verify", str(path), "--format", form]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    printed = done.stdout.decode()
    assert done.returncode in (0, 1, 2)
    if form == "html":
        assert "<script>alert" not in printed
        assert "<img src=x" not in printed
    assert "alert(1)" in printed
