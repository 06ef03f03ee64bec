"""Writing generated files: atomically, only where something changed, never over a person's work.

A generated file carries one line with a hash of its other lines. Whoever edits the file by hand
breaks the hash, and the file is theirs from then on.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from symbp.errors import SymbpError

STAMP = re.compile(r"^.*\bsymbp:sha256=([0-9a-f]{16})\b.*\n?", re.MULTILINE)
CLOSING = {"<!--": " -->", "/*": " */"}
"""What ends a comment that does not end with its line."""


@dataclass(eq=False)
class HandEdited(SymbpError):
    """The file at ``path`` is not, or no longer, as it was generated."""

    path: Path


@dataclass(eq=False)
class Unwritable(SymbpError):
    """Nothing can be written to ``path``; ``reason`` is the operating system's."""

    path: Path
    reason: str


def stamp(text: str, comment: str) -> str:
    """``text`` under a first line with its hash, which ``comment`` (``#``, ``%``, ``<!--``) opens.

    A ``#!`` line stays first. The same text always gets the same stamp.
    """
    line = f"{comment} symbp:sha256={_digest(text)}{CLOSING.get(comment, '')}\n"
    first, newline, rest = text.partition("\n")
    return first + newline + line + rest if first.startswith("#!") else line + text


def is_pristine(text: str) -> bool:
    """Whether ``text`` bears a stamp that fits it: generated, and not edited since."""
    found = STAMP.search(text)
    return found is not None and found[1] == _digest(text[: found.start()] + text[found.end() :])


def refuse_edited(path: Path) -> None:
    """Raise ``HandEdited`` where ``path`` is a file that was not generated, or edited since."""
    path = Path(path)
    if path.is_file() and ((old := _read(path)) is None or not is_pristine(old)):
        raise HandEdited(path)


def write_atomic(path: Path, text: str, *, force: bool = False) -> bool:
    """Make ``text`` the content of ``path``, whole or not at all; False if it already is.

    Folders on the way are made. Raises ``HandEdited`` for a file without a fitting stamp, unless
    ``force``; ``Unwritable`` where the system refuses. Either way the old file is untouched.
    """
    path = Path(path)
    try:
        return _write(path, text, force)
    except OSError as error:
        raise Unwritable(path, error.strerror or str(error)) from error


def write_all(texts: Mapping[Path, str], *, force: bool = False) -> dict[Path, bool]:
    """Write each of ``texts`` to its path, as ``write_atomic`` does; which have changed.

    Raises HandEdited before anything is written, Unwritable.
    """
    for path in texts:
        if not force:
            refuse_edited(path)
    return {path: write_atomic(path, text, force=force) for path, text in texts.items()}


def _write(path: Path, text: str, force: bool) -> bool:
    place = path.resolve()  # a link keeps pointing where it points
    exists = place.exists()
    if exists:
        if not place.is_file():
            raise Unwritable(path, "not a regular file")
        old = _read(place)
        if old == text:
            return False
        if not force and (old is None or not is_pristine(old)):
            raise HandEdited(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if exists:
            shutil.copymode(place, beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _read(path: Path) -> str | None:
    """The text of ``path`` with plain newlines, as git may have changed them; None if not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
