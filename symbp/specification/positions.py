"""Where the keys and values of a TOML text stand: tomllib reads them and does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


@dataclass
class Positions:
    """Offsets into the text, from 0, per path of keys and list positions."""

    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, int] = field(default_factory=dict)


def positions(text: str) -> Positions:
    """The positions in ``text``, which must be valid TOML."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks over the text once; ``at`` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.found = text, 0, Positions()
        self.lengths: dict[Path, int] = {}

    def scan(self) -> Positions:
        table: Path = ()
        self.skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_SPACE)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match[0] if match else ""

    def header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``, whose last part is then a new entry of a list."""
        start, entry = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if entry else 1
        path = self.inside(self.key(()))
        self.at = self.text.index("]", self.at) + (2 if entry else 1)
        if entry:
            self.note(path, start)
            count = self.lengths[path] = self.lengths.get(path, 0) + 1
            path = (*path, count - 1)
        self.note(path, start)
        return path

    def inside(self, path: Path) -> Path:
        """``path`` with the position of the newest entry after each list on the way."""
        full: Path = ()
        for part in path[:-1]:
            full = (*full, part)
            if full in self.lengths:
                full = (*full, self.lengths[full] - 1)
        return (*full, *path[-1:])

    def note(self, path: Path, start: int) -> None:
        self.found.keys.setdefault(path, start)
        self.found.values.setdefault(path, start)

    def key(self, table: Path) -> Path:
        """A key with its dots; what is left of a dot is a table that begins here."""
        path = table
        while True:
            self.skip(_BLANKS)
            start = self.at
            quoted = self.skip(_STRING)
            path = (*path, _unquoted(quoted) if quoted else self.skip(_BARE))
            self.found.keys.setdefault(path, start)
            self.skip(_BLANKS)
            if not self.text.startswith(".", self.at):
                return path
            self.found.values.setdefault(path, start)
            self.at += 1

    def pair(self, table: Path) -> None:
        path = self.key(table)
        self.at += 1  # the equals sign
        self.skip(_BLANKS)
        self.value(path)

    def value(self, path: Path) -> None:
        self.found.values[path] = self.at
        opening = self.text[self.at]
        if opening == "[":
            self.list(path)
        elif opening == "{":
            self.inline(path)
        elif not self.skip(_STRING):
            self.skip(_SCALAR)

    def list(self, path: Path) -> None:
        self.at += 1
        self.skip(_SPACE)
        count = 0
        while self.text[self.at] != "]":
            self.value((*path, count))
            count += 1
            self.separator()
        self.at += 1

    def inline(self, path: Path) -> None:
        self.at += 1
        self.skip(_SPACE)
        while self.text[self.at] != "}":
            self.pair(path)
            self.separator()
        self.at += 1

    def separator(self) -> None:
        self.skip(_SPACE)
        if self.text[self.at] == ",":
            self.at += 1
            self.skip(_SPACE)


def _unquoted(key: str) -> str:
    inner = key[1:-1]
    if key[0] == "'":
        return inner
    inner = _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), inner)
    return re.sub(r"\\(.)", r"\1", inner)
