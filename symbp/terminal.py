"""What a command says: always in UTF-8, and to a reader who may have left."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

UNUSABLE, INTERRUPTED = 2, 130


def speak_utf8() -> None:
    """Formulas are Unicode whatever the terminal's habit; so are files that output is led into."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name that is not UTF-8 comes out as it came in.
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def to_the_end(run: Callable[[], int]) -> int:
    """The exit code of ``run``, with its output written out; no traceback where that fails."""
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _fall_silent()  # whoever read the output has closed it, as head does
        return 0
    except OSError as error:
        _fall_silent()
        sys.stderr.write(f"symbp: {error}\n")
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _fall_silent() -> None:
    """Nothing more can be written to the output: let what is left of it go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
