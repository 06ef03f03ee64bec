"""Where texts are kept: below the folder that the system has for what can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SWITCH = "SYMBP_CACHE"
OFF = ("0", "off", "no", "false")
LAYOUT = "texts-1"
"""The folder's name, which changes with the layout of what is in it."""


def place() -> Path | None:
    """The folder; None where nothing is to be kept, or nobody knows where.

    The environment's ``SYMBP_CACHE`` is one of OFF, or another folder, as an absolute path.
    """
    given = os.environ.get(SWITCH, "")
    if given.lower() in OFF:
        return None
    if Path(given).is_absolute():
        return Path(given) / LAYOUT
    try:
        return _of_the_user() / "symbp" / LAYOUT
    except RuntimeError:  # a user without a home
        return None


def _of_the_user() -> Path:
    """By the rules of Windows, of macOS, and of freedesktop.org for all others."""
    if sys.platform == "win32":
        return _given("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return _given("XDG_CACHE_HOME") or Path.home() / ".cache"


def _given(variable: str) -> Path | None:
    """The folder that ``variable`` names, if it does so by an absolute path."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else None
