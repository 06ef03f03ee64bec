"""Workers: what they bring back, and what is said where they cannot."""

import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from symbp.verification.finding import Finding, Report, Said
from symbp.verification.limiting import Limits
from symbp.verification.options import Options
from symbp.verification.submissions import Submission
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict
from symbp.verification.worker import PATIENCE, verify_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the system's")

ROOM = Limits(seconds=20, memory=200 * 2**20)
LITTLE = replace(ROOM, seconds=0.5)
"""For what only time ends: the others must come to their ends on slow machines too."""


def engine(name, source, options):
    """Does what the source says."""
    return DEEDS[source](name, source)


def fine(name, source):
    finding = Finding(Spot(1, 1), source, Verdict.PROVED, Said("paper.holds"))
    return Report(name, "paper", source, (finding,))


def spin(name, source):
    while True:
        pass


def sleep(name, source):
    time.sleep(60)


def grow(name, source):
    kept = []
    while True:
        kept.append(bytearray(10**8))


def power(name, source):
    return 10 ** (10**9)


def nest(name, source):
    return nest(name, source)


def fail(name, source):
    raise KeyError("secret")


def die(name, source):
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(name, source):
    os._exit(0)


def killed(name, source):
    os.kill(os.getpid(), signal.SIGKILL)


def chatter(name, source):
    return Report(name, "paper", "x" * 40 * 2**20)


def nonsense(name, source):
    return Report(name, 3, None)


DEEDS = {
    each.__name__: each
    for each in (
        *(fine, spin, sleep, grow, power, nest, fail, die, leave, killed, chatter, nonsense),
    )
}

EXPECTED = {
    "spin": "limit.time",
    "sleep": "limit.time",
    "grow": "limit.memory",
    "power": "limit.time",
    "nest": "limit.depth",
    "fail": "unusable.crashed",
    "die": "unusable.crashed",
    "leave": "unusable.crashed",
    "killed": "limit.memory",
    "chatter": "limit.result",
    "nonsense": "limit.result",
}


def handed_in(*sources):
    return [Submission(f"{n}.md", source) for n, source in enumerate(sources)]


def reports(*sources, limits=ROOM, **how):
    found = dict(verify_all(handed_in(*sources), Options(), engine, limits, **how))
    return [found[place] for place in range(len(sources))]


@pytest.mark.parametrize(("deed", "key"), EXPECTED.items())
def test_what_goes_wrong_is_told_and_hurts_nobody_else(deed, key):
    limits = LITTLE if key == "limit.time" else ROOM
    began = time.monotonic()
    bad, good = reports(deed, "fine", limits=limits)
    assert bad.unusable.key == key
    assert bad.file == "0.md"
    assert good == fine("1.md", "fine")
    assert time.monotonic() - began < PATIENCE * limits.seconds + 4


def test_what_a_fault_says_stays_inside():
    assert reports("fail")[0].unusable.facts == {"reason": "KeyError"}


def test_many_files_with_few_workers():
    sources = ["fine"] * 7
    assert [r.file for r in reports(*sources, workers=2)] == [f"{n}.md" for n in range(7)]


def test_a_file_without_text_needs_no_worker():
    missing = Submission("x.py", trouble=Said("unusable.missing"))
    ((place, report),) = verify_all([missing], Options(), engine)
    assert (place, report.kind, report.unusable) == (0, "code", Said("unusable.missing"))


def test_an_encoding_that_was_guessed_is_noted():
    odd = Submission("x.md", "fine", encoding="Shift_JIS")
    ((_, report),) = verify_all([odd], Options(), engine)
    assert report.notes == ((None, Said("note.encoding", {"encoding": "Shift_JIS"})),)


def test_nothing_is_left_running_when_nobody_waits():
    running = verify_all(handed_in("fine", "sleep"), Options(), engine, Limits(60), workers=2)
    next(running)
    began = time.monotonic()
    running.close()
    assert time.monotonic() - began < 2
