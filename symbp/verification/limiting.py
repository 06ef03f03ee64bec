"""What the system itself holds a process to: processor time and memory."""

from __future__ import annotations

import math
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

SECONDS = 4.0
"""Processor time of a file. With what starting takes, even the worst is answered in five."""

MEMORY = 512 * 2**20
"""Bytes that a worker may take besides what all processes share from the start."""


@dataclass(frozen=True)
class Limits:
    """What one submission may take: seconds of processor time, bytes."""

    seconds: float = SECONDS
    memory: int = MEMORY


def hold(limits: Limits) -> None:
    """Hold this process to ``limits``, where the system can."""
    try:
        import resource
    except ImportError:  # not on this system: the parent looks at the clock all the same
        return
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)  # ends the process, whatever it does
    seconds = math.ceil(limits.seconds) + 1
    _set(resource, resource.RLIMIT_CPU, seconds)
    _set(resource, resource.RLIMIT_AS, _taken(resource) + limits.memory)
    _set(resource, resource.RLIMIT_CORE, 0)


def _set(resource: Any, kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(OSError, ValueError):  # a system that does not know this limit
        resource.setrlimit(kind, (most, hard))


def _taken(resource: Any) -> int:
    """The bytes of address space that this process has already; a guess where nobody tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of ours
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 2**30
