"""Colours of a terminal, where one reads along and has not asked for none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Paint:
    """Wraps text in the codes of a terminal, or leaves it as it is."""

    is_on: bool = False

    def _wrapped(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_on and text else text

    def good(self, text: str) -> str:
        return self._wrapped("32", text)

    def bad(self, text: str) -> str:
        return self._wrapped("1;31", text)

    def doubtful(self, text: str) -> str:
        return self._wrapped("33", text)

    def strong(self, text: str) -> str:
        return self._wrapped("1", text)

    def faint(self, text: str) -> str:
        return self._wrapped("2", text)

    def code(self, text: str) -> str:
        return self._wrapped("1;35", text)


def paint_for(
    stream: TextIO, *, refused: bool = False, environment: Mapping[str, str] = os.environ
) -> Paint:
    """Colours where ``stream`` is a terminal that shows them; ``NO_COLOR`` is respected."""
    plain = refused or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return Paint(not plain and stream.isatty())
