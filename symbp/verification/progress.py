"""How far a command has come, where someone watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from symbp.verification.reports.columns import columns

CELLS = 24


@dataclass
class Progress:
    """A bar on ``stream`` for ``total`` files; nothing where that is no terminal, or no wait."""

    stream: TextIO
    total: int
    label: str = "{done}/{total}"
    done: int = 0
    _written: int = 0

    @property
    def is_shown(self) -> bool:
        return self.total > 1 and self.stream.isatty()

    def step(self) -> None:
        """One more file is done."""
        self.done += 1
        self.show()

    def show(self) -> None:
        if self.is_shown:
            full = CELLS * self.done // self.total
            told = self.label.format(done=self.done, total=self.total)
            self._put(f"[{'#' * full}{'.' * (CELLS - full)}] {told}")

    def clear(self) -> None:
        """Leave the line as it was."""
        if self.is_shown:
            self._put("")
            self.stream.write("\r")
            self.stream.flush()

    def _put(self, line: str) -> None:
        wide = columns(line)
        self.stream.write(f"\r{line}{' ' * max(0, self._written - wide)}")
        self.stream.flush()
        self._written = wide
