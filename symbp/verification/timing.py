"""Stopping in time: what is found by then is told, the rest is left."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

TICK = 0.05
"""Seconds between two looks at the clock."""

AGAIN = 0.5
"""Seconds until it is raised once more where the first was lost."""

LEAST = 0.25
"""The part of its processor time that a file gets, while the clock runs on to ``PATIENCE``."""

PATIENCE = 2.0
"""How often the time may pass by the clock before that: a busy machine is no fault of the file."""


class OutOfTime(BaseException):
    """Raised wherever the code is when time is over; no error, so that nothing mends it."""


@dataclass
class Deadline:
    """``seconds`` from now, of the clock as of the processor; None: for ever.

    ``was_met`` tells that something was left.
    """

    seconds: float | None
    was_met: bool = False
    _worked: float = field(default_factory=time.process_time)
    _began: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        """The part of the time that is over."""
        if self.seconds is None:
            return 0.0
        worked = (time.process_time() - self._worked) / self.seconds
        passed = (time.monotonic() - self._began) / self.seconds
        return max(worked, passed if worked > LEAST else passed / PATIENCE)

    def until(self, things: Iterable[T], share: float = 1.0) -> Iterator[T]:
        """``things``, as long as there is time: no more than ``share`` of all of it."""
        for thing in things:
            if self.spent > share:
                self.was_met = True
                return
            yield thing

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """What runs within is stopped, wherever it is, when the time is over.

        Where signals cannot be had, as in a thread, only ``until`` looks at the clock.
        """
        if self.seconds is None or not _has_signals():
            yield
            return
        before = signal.signal(signal.SIGALRM, self._look)
        try:
            try:
                signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
        except OutOfTime:
            self.was_met = True
        except SystemError:
            # What is raised while Python's own compiler is at work may come out as this.
            if not self.was_met:
                raise

    def _look(self, *_: Any) -> None:
        if self.spent >= 1:
            # Python drops what is raised within a destructor: then it comes once more
            signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
            self.was_met = True
            raise OutOfTime


def _has_signals() -> bool:
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer")
