"""Stopping in time: what is found by then is told, the rest is left."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Deadline:
    """``seconds`` of processor time from now; None: for ever."""

    seconds: float | None
    was_met: bool = False
    _start: float = field(default_factory=time.process_time)

    def until(self, things: Iterable[T], share: float = 1.0) -> Iterator[T]:
        """``things``, as long as there is time: no more than ``share`` of all of it."""
        for thing in things:
            spent = time.process_time() - self._start
            if self.seconds is not None and spent > share * self.seconds:
                self.was_met = True
                return
            yield thing
