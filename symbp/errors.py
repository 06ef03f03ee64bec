"""What can go wrong, as facts. Sentences are made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import ClassVar


class SymbpError(Exception):
    """The root of all that symbp raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a declaration: ``code`` names it, ``details`` are its facts.

    ``path`` leads to the offender through tables and lists, as in ``("layers", 0, "units")``.
    ``file``, ``line`` and ``column`` (from 1) say where it was read, if it was.
    """

    code: str
    path: tuple[str | int, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def under(self, *path: str | int) -> Fault:
        """The same fault, seen from a table further out."""
        return replace(self, path=(*path, *self.path))


def fault(code: str, *path: str | int, **details: object) -> Fault:
    """A fault at ``path``, with its facts as keywords."""
    return Fault(code, path, details)


class SpecErrors(SymbpError):
    """A declaration that cannot be used; ``faults`` holds everything that is wrong with it."""

    told: ClassVar[Callable[[SpecErrors], str]] = repr
    """How it is told; the package has sentences."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return type(self).told(self)


def meant(given: str, known: Iterable[str]) -> str | None:
    """The word of ``known`` that ``given`` is probably a slip for."""
    close = get_close_matches(given.lower().replace("-", "_"), list(known), 1, 0.6)
    return close[0] if close else None


@dataclass(eq=False)
class LeftOpen(SymbpError):
    """No code can be made of ``network``: nobody gave the activation of the layer ``place``."""

    network: str
    place: str


@dataclass(eq=False)
class SameName(SymbpError):
    """Two networks that are to be written to one folder are both called ``name``."""

    name: str


class UnknownConvention(SymbpError):
    """No notation is called ``name``; ``similar`` are those meant most likely."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"convention {name!r}, known: {', '.join(known)}")
        self.name = name
        self.known = known
        self.similar = tuple(get_close_matches(name, known, n=3, cutoff=0.4))
