"""Submissions verified in processes of their own, with limits on time and memory.

A worker gets text and options, and gives back plain data; should it hang, grow or die, the others
do not notice, and a sentence says what happened.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from symbp.verification.finding import Report, Said
from symbp.verification.limiting import Limits, hold
from symbp.verification.options import Options
from symbp.verification.reports.codec import Malformed, decode, encode
from symbp.verification.submissions import Submission

Engine = Callable[[str, str, Options], Report]
"""Name, text and options of a submission to what was found out about it."""

PATIENCE = 3.0
"""How much longer than its processor time a clock may go by until a worker is stopped from outside.

Long before, it stops itself: this is for what cannot be interrupted, and sleeps."""

SOON = 0.8
"""The part of its time after which a file had better come to an end by itself."""

LARGEST_RESULT = 32 * 2**20
"""Bytes of a report."""

STARTING = 0.0 if sys.platform == "linux" else 20.0
"""Seconds more where a worker cannot be forked, and must import everything first."""


@dataclass
class _Running:
    place: int
    submission: Submission
    process: BaseProcess
    results: Connection
    until: float


def verify_all(
    submissions: Sequence[Submission],
    options: Options,
    engine: Engine,
    limits: Limits | None = None,
    workers: int | None = None,
) -> Iterator[tuple[int, Report]]:
    """A report for each submission, with its place in the order, as they get ready.

    ``engine`` is a function of a module: where processes are not forked it is found by its name.
    """
    limits = limits or Limits()
    # Forking keeps what is imported already; elsewhere than on Linux it is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    waiting = list(enumerate(submissions))[::-1]
    running: list[_Running] = []
    most = workers or os.cpu_count() or 1
    try:
        while waiting or running:
            while waiting and len(running) < most:
                place, submission = waiting.pop()
                if submission.trouble is not None:
                    yield place, submission.report
                    continue
                running.append(_start(context, place, submission, options, engine, limits))
            for each in _ready(running):
                running.remove(each)
                yield each.place, _noted(each.submission, _end(each, limits))
    finally:
        for each in running:
            _stop(each)


def _start(
    context: Any,
    place: int,
    submission: Submission,
    options: Options,
    engine: Engine,
    limits: Limits,
) -> _Running:
    results, inside = context.Pipe(duplex=False)
    # What is buffered here would be written by each fork once more.
    sys.stdout.flush()
    sys.stderr.flush()
    process = context.Process(
        target=_work,
        args=(inside, submission.name, submission.source, options, engine, limits),
        daemon=True,
    )
    process.start()
    inside.close()
    until = time.monotonic() + PATIENCE * limits.seconds + STARTING
    return _Running(place, submission, process, results, until)


def _ready(running: Sequence[_Running]) -> list[_Running]:
    """Those that have answered, died, or used up their time; waits for the first of them."""
    if not running:
        return []
    now = time.monotonic()
    pause = max(0.0, min(each.until for each in running) - now)
    answered = set(map(id, wait([each.results for each in running], pause)))
    now = time.monotonic()
    return [each for each in running if id(each.results) in answered or each.until <= now]


def _end(each: _Running, limits: Limits) -> Report:
    """The report of a worker that has answered, died, or must be stopped."""
    try:
        if not each.results.poll():
            return _without(each.submission, _time(limits))
        return decode(Report, json.loads(each.results.recv_bytes(LARGEST_RESULT)))
    except EOFError:
        each.process.join(1)
        return _without(each.submission, _death(each.process.exitcode, limits))
    except (OSError, ValueError, Malformed):
        return _without(each.submission, Said("limit.result"))
    finally:
        _stop(each)


def _death(code: int | None, limits: Limits) -> Said:
    """Why a worker died, from how it ended."""
    if code in (-getattr(signal, "SIGPROF", 0), -getattr(signal, "SIGXCPU", 0)):
        return _time(limits)
    if code == -getattr(signal, "SIGKILL", 0):  # so the system stops who takes too much
        return _memory(limits)
    reason = f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
    return Said("unusable.crashed", {"reason": reason})


def _stop(each: _Running) -> None:
    if each.process.is_alive():
        each.process.kill()
    each.process.join(1)
    each.results.close()


def _without(submission: Submission, why: Said) -> Report:
    return replace(submission.report, source=submission.source, unusable=why)


def _noted(submission: Submission, report: Report) -> Report:
    if not submission.encoding:
        return report
    note = Said("note.encoding", {"encoding": submission.encoding})
    return replace(report, notes=((None, note), *report.notes))


def _time(limits: Limits) -> Said:
    return Said("limit.time", {"seconds": f"{limits.seconds:g}"})


def _memory(limits: Limits) -> Said:
    return Said("limit.memory", {"megabytes": str(limits.memory // 2**20)})


def _work(
    results: Connection, name: str, source: str, options: Options, engine: Engine, limits: Limits
) -> None:
    """What runs in the worker: the engine, within limits, and nothing it raises gets out."""
    blank = Submission(name, source)
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts speaks to the parent
        faulthandler.disable()  # the parent says how a worker died
        gc.freeze()  # what all workers share is no garbage
        hold(limits)
        report = engine(name, source, replace(options, seconds=SOON * limits.seconds))
    except MemoryError:
        report = _without(blank, _memory(limits))
    except RecursionError:
        report = _without(blank, Said("limit.depth"))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not cost a class its results
        report = _without(blank, Said("unusable.crashed", {"reason": type(error).__name__}))
    text = json.dumps(encode(report), allow_nan=False)
    with suppress(OSError):  # nobody is waiting any more
        results.send_bytes(text.encode())
    results.close()
