"""What was handed in: files, folders and standard input, as text. Nothing endless is read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from symbp.verification.finding import Report, Said

ENDINGS = (".md", ".markdown", ".tex", ".txt", ".py", ".ipynb")
"""The files of a folder that are looked at."""

LARGEST = 1_000_000
"""Bytes of a file."""

LARGEST_NOTEBOOK = 4_000_000
"""Bytes of a notebook, which stores pictures, too."""

MOST_FILES = 5_000
"""Files of a folder."""

STANDARD_INPUT = "-"

BY_MARK = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Encodings that say themselves what they are."""

GUESSED = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}
NAMES = {**GUESSED, "iso2022_jp": "ISO-2022-JP"}


@dataclass(frozen=True)
class Submission:
    """The text of one file, or why there is none."""

    name: str
    source: str = ""
    trouble: Said | None = None
    encoding: str = ""  # where the file is not UTF-8

    @property
    def report(self) -> Report:
        """What can be said of a file that has no text."""
        kind = "code" if self.name.endswith(".py") else "paper"
        return Report(self.name, kind, "", unusable=self.trouble)


def submissions(paths: Sequence[str]) -> Iterator[Submission]:
    """The files of ``paths`` in their order; those of a folder by name, hidden ones left out."""
    for path in paths:
        if path != STANDARD_INPUT and Path(path).is_dir():
            yield from _folder(Path(path))
        else:
            yield read(path)


def _folder(folder: Path) -> Iterator[Submission]:
    found: list[str] = []
    for home, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            os.path.join(home, name)  # noqa: PTH118 - names that are not UTF-8 stay as they are
            for name in sorted(names)
            if name.lower().endswith(ENDINGS) and not name.startswith(".")
        ]
        if len(found) > MOST_FILES:
            facts = {"limit": str(MOST_FILES)}
            yield Submission(str(folder), trouble=Said("unusable.too_many_files", facts))
            return
    if not found:
        facts = {"endings": ", ".join(ENDINGS)}
        yield Submission(str(folder), trouble=Said("unusable.no_files", facts))
    yield from map(read, found)


def read(path: str) -> Submission:
    """The file at ``path``, or standard input for ``-``."""
    try:
        data = _bytes(path)
    except FileNotFoundError:
        return Submission(path, trouble=Said("unusable.missing"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Submission(path, trouble=Said("unusable.unreadable", {"reason": reason}))
    if data is None:
        return Submission(path, trouble=Said("unusable.not_regular"))
    return decoded(path, data)


def _bytes(path: str) -> bytes | None:
    """At most one byte more than is allowed; None for what is no file, as a device or a pipe."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_NOTEBOOK + 1)
    # Opening a pipe would wait for a writer, so what it is comes first.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        return None
    with Path(path).open("rb") as file:
        return file.read(LARGEST_NOTEBOOK + 1)


def decoded(name: str, data: bytes) -> Submission:
    """``data`` as text, with plain newlines."""
    most = LARGEST_NOTEBOOK if name.lower().endswith(".ipynb") else LARGEST
    if len(data) > most:
        return Submission(name, trouble=Said("limit.size", {"limit": f"{most:,}"}))
    marked = next((encoding for mark, encoding in BY_MARK if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        return Submission(name, trouble=Said("unusable.binary"))
    encoding = marked or _encoding(data)
    text = None if encoding is None else _text(data, encoding)
    if text is None or encoding is None:
        return Submission(name, trouble=Said("unusable.encoding"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return Submission(name, trouble=Said("unusable.empty"))
    return Submission(name, text, encoding=NAMES.get(encoding, ""))


def _encoding(data: bytes) -> str | None:
    if b"\x1b$" in data and _text(data, "iso2022_jp") is not None:
        return "iso2022_jp"
    if _text(data, "utf-8") is not None:
        return "utf-8"
    fitting = [each for each in GUESSED if _text(data, each) is not None]
    return min(fitting, key=lambda each: _oddness(_text(data, each) or ""), default=None)


def _text(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _oddness(text: str) -> int:
    """How many characters nobody types: half-width katakana and those for private use."""
    return sum("\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" for char in text)
