"""What every target offers."""

from __future__ import annotations

from typing import Protocol

from symbp.targets.plan import ModulePlan


class Target(Protocol):
    """Writes programs in one language for one library."""

    @property
    def name(self) -> str:
        """The word that a command line calls it by; it ends the names of its files."""

    @property
    def comment(self) -> str:
        """What opens a comment in its files."""

    def filename(self, plan: ModulePlan) -> str:
        """The name of the file to be written."""

    def module(self, plan: ModulePlan) -> str:
        """The text of the file. Raises ``NotLowered`` for an equation that it has no words for."""
