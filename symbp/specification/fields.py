"""Taking values out of a table, and noting everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from symbp.errors import Fault, SpecErrors, fault, meant

KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "table": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "anything": lambda value: True,
}
MISSING = object()
LARGEST = 10**15
"""Beyond this no number of a specification is meant."""


class Fields:
    """The table at ``path``; what is taken is remembered, and ``faults`` is shared by all."""

    def __init__(
        self, table: dict[str, Any], path: tuple[str | int, ...], faults: list[Fault]
    ) -> None:
        self.table, self.path, self.faults = table, path, faults
        self.taken: list[str] = []

    def take(self, key: str, kind: str, default: Any = None, required: bool = False) -> Any:
        """The value of ``key`` if it is of ``kind``; ``default``, and a fault noted, if not."""
        self.taken.append(key)
        value = self.table.get(key, MISSING)
        if value is MISSING:
            if required:
                self.note(fault("missing_key", missing=key))
            return default
        return value if self.is_kind(value, kind, key) else default

    def is_kind(self, value: Any, kind: str, *path: str | int) -> bool:
        """Whether ``value`` is of ``kind``, finite and not absurdly large; a fault if not."""
        if not KINDS[kind](value):
            self.note(fault("type", *path, given=value, wanted=kind))
            return False
        if kind == "anything":
            return True  # whoever takes it looks at it
        if isinstance(value, float) and not isfinite(value):
            self.note(fault("not_finite", *path, given=value))
            return False
        if isinstance(value, (int, float)) and abs(value) > LARGEST:
            self.note(fault("number_large", *path, given=value, limit=LARGEST))
            return False
        return True

    def inner(self, key: str) -> Fields:
        """The table under ``key``; an empty one where there is none."""
        return Fields(self.take(key, "table", {}), (*self.path, key), self.faults)

    def numbers(self, names: Iterable[str]) -> dict[str, float]:
        """The numbers under those of ``names`` that are given."""
        given = [name for name in names if name in self.table]
        found = {name: self.take(name, "number") for name in given}
        return {name: value for name, value in found.items() if value is not None}

    def done(self, known: Iterable[str] = ()) -> None:
        """Note the keys that mean nothing here."""
        words = tuple(dict.fromkeys((*self.taken, *known)))
        for key in self.table:
            if key not in words:
                slip = meant(key, words)
                self.note(fault("unknown_key", key, given=key, meant=slip, known=words))

    def note(self, *faults: Fault) -> None:
        self.faults.extend(each.under(*self.path) for each in faults)

    def attempt(self, make: Callable[[], Any], *path: str | int) -> Any:
        """What ``make`` makes; None where it raises SpecErrors, whose faults are noted."""
        try:
            return make()
        except SpecErrors as error:
            self.note(*(each.under(*path) for each in error.faults))
            return None
