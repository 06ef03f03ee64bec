"""The texts that commands print and write: kept from an earlier call, or made now.

Nothing heavy is imported where all of them are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symbp.cache.key import key
from symbp.cache.place import place
from symbp.cache.store import Store
from symbp.naming import NAME

if TYPE_CHECKING:
    from symbp.pipeline import Derived

FILE = re.compile(r"(\w+(\.\w+)+)?", re.ASCII)
"""The name of a file, never one of another folder; a derivation is of no file yet."""


@dataclass(frozen=True)
class Texts:
    """What is made of the network called ``name``: texts, each by the name of its file."""

    name: str
    files: dict[str, str]

    @classmethod
    def of(cls, kept: object) -> Texts | None:
        """What an entry says; None where that is anything else."""
        match kept:
            case {"name": str(name), "files": dict(files)} if NAME.fullmatch(name):
                fitting = all(
                    isinstance(text, str) and FILE.fullmatch(at) for at, text in files.items()
                )
                return cls(name, files) if fitting else None
        return None


@dataclass(frozen=True)
class Asked:
    """What a ``command`` asks of a network; ``options`` are all that its texts depend on besides.

    ``store`` is where texts are kept; None where they are not.
    """

    source: str
    command: str
    options: Mapping[str, Any]
    second_order: bool = False
    store: Store | None = None

    @cached_property
    def key(self) -> str | None:
        """Under what its texts are kept."""
        return self._key() if self.store else None

    @cached_property
    def kept(self) -> Texts | None:
        """The texts, if they are there."""
        return Texts.of(self.store.read(self.key)) if self.store and self.key else None

    @cached_property
    def derived(self) -> Derived:
        """The network, read from its declaration, and what follows. Raises SpecErrors."""
        from symbp.pipeline import derive

        return derive(self.source, second_order=self.second_order)

    @property
    def name(self) -> str:
        """What the network is called. Raises SpecErrors."""
        return self.kept.name if self.kept else self.derived.network.name

    def texts(self) -> Texts:
        """The texts, kept or made; those that are made are kept.

        Raises SpecErrors, UnknownConvention, LeftOpen.
        """
        if self.kept:
            return self.kept
        made = Texts(self.name, MAKE[self.command](self.derived, **self.options))
        # Not where a file that takes part has changed while they were made.
        if self.store and self.key and self.key == self._key():
            self.store.write(self.key, asdict(made))
        return made

    def _key(self) -> str | None:
        asked = {"command": self.command, "second_order": self.second_order}
        return key(self.source, asked | dict(self.options))


def kept_here() -> Store | None:
    """Where texts are kept; None where they are not to be."""
    folder = place()
    return None if folder is None else Store(folder)


def _generate(derived: Derived, **options: Any) -> dict[str, str]:
    return dict(derived.files(**options))


def _derive(derived: Derived, **options: Any) -> dict[str, str]:
    return {"": derived.render(**options)}


MAKE = {"generate": _generate, "derive": _derive}
"""How the texts of a command are made."""
