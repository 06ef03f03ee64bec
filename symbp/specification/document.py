"""A specification as text: its tables, and where everything in it stands."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from symbp.errors import Fault, SpecErrors, fault
from symbp.specification.literals import offset_in
from symbp.specification.positions import Path, Positions, positions

LARGEST = 1_000_000
"""Bytes; a specification that is longer is something else."""

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_OF_KEYS = (
    "unknown_key",
    "name_reserved",
    "name_taken",
    "name_form",
    "name_keyword",
    "layer_taken",
)
"""What is wrong with a key, and not with its value."""

_OF_LAYERS = (("reads",), ("equations",), ("parameters",), ("sizes",))
"""What a layer says of itself."""


@dataclass(frozen=True)
class Document:
    """What a specification says. ``file`` is what messages call it."""

    file: str
    text: str
    tables: dict[str, Any]

    @cached_property
    def positions(self) -> Positions:
        return positions(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def located(self, faults: Iterable[Fault]) -> list[Fault]:
        """``faults`` with file, line and column, each once, in the order of the text."""
        found = {str(each): each for each in map(self._locate, faults)}
        return sorted(found.values(), key=lambda f: (f.line or 0, f.column or 0))

    def _locate(self, each: Fault) -> Fault:
        if each.path[:1] == ("layers",) and "layer" in each.path[2:3]:
            each = replace(each, path=each.path[2:])  # in the declaration of that kind of layer
        offset = self._offset(each)
        line = bisect_right(self.line_starts, offset)
        column = offset - self.line_starts[line - 1] + 1
        return replace(each, file=self.file, line=line, column=column)

    def _offset(self, each: Fault) -> int:
        if each.path[:1] == ("layers",) and each.path[2:3] in _OF_LAYERS:
            # A layer of the package: nobody typed its equations, but what it reads.
            return self._start((*each.path[:2], "from"), self.positions.values)
        at = each.details.get("at")
        places = self.positions.keys if each.details.get("of_key") else self.positions.values
        if isinstance(at, int):
            return offset_in(self.text, self._start(each.path, places), at)
        of_key = each.code in _OF_KEYS and each.path[-1:] != ("name",)
        return self._start(each.path, self.positions.keys if of_key else self.positions.values)

    @staticmethod
    def _start(path: Path, offsets: dict[Path, int]) -> int:
        """Where ``path`` stands, or the nearest table around it."""
        while path and path not in offsets:
            path = path[:-1]
        return offsets.get(path, 0)


def open_document(path: FilePath) -> Document:
    """The document in the file ``path``. Raises SpecErrors if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise _unreadable("file_large", path, limit=LARGEST)
    except FileNotFoundError:
        raise _unreadable("file_missing", path) from None
    except IsADirectoryError:
        raise _unreadable("file_folder", path) from None
    except OSError as error:
        raise _unreadable("file_unreadable", path, reason=error.strerror) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        byte = content[error.start]
        wrong = Fault("file_encoding", (), {"byte": byte}, str(path), line, column)
        raise SpecErrors([wrong]) from None
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> Document:
    """The document with the text ``text``. Raises SpecErrors if it is no TOML."""
    text = text.replace("\r\n", "\n")
    try:
        return Document(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        what = str(error)
        where = _WHERE.search(what)
        lines = text.split("\n")
        line, column = len(lines), len(lines[-1]) + 1
        if where and where[1]:
            line, column = int(where[1]), int(where[2])
        reason = _WHERE.sub("", what)
        raise SpecErrors([Fault("toml", (), {"reason": reason}, file, line, column)]) from None
    except RecursionError:
        raise SpecErrors([Fault("toml_deep", (), {}, file, 1, 1)]) from None


def _unreadable(code: str, path: FilePath, **details: object) -> SpecErrors:
    return SpecErrors([replace(fault(code, **details), file=str(path))])
