"""A folder of entries, each under its key, of which any may be missing at any time.

Whatever keeps an entry from being written or read is no error: then it is as if it had never been
kept. An entry is JSON under a line with a hash of its key and itself; a damaged one is let go.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from symbp.errors import SymbpError
from symbp.files import write_atomic

LIMIT = 64 * 2**20
"""Bytes of all entries together."""

OTHERS_WRITE = 0o022
"""The rights of a group and of everybody to write."""


@dataclass(frozen=True)
class Store:
    """The entries in ``folder``, which together have at most ``limit`` bytes."""

    folder: Path
    limit: int = LIMIT

    def read(self, key: str) -> Any:
        """What was written under ``key``; None if that is not there, or not as it was written."""
        path = self._path(key)
        try:
            if not self._is_own():
                return None
            said, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if said == _digest(key, body):
            with suppress(OSError):
                os.utime(path)  # what is used stays longest
            with suppress(ValueError):
                return json.loads(body)
        with suppress(OSError):
            path.unlink()
        return None

    def write(self, key: str, content: Any) -> None:
        """Keep ``content``, which JSON can say, and let go what was not used for longest."""
        with suppress(OSError, ValueError, SymbpError):
            body = json.dumps(content).encode()
            if len(body) > self.limit:
                return
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_own():
                text = b"\n".join((_digest(key, body), body)).decode()
                write_atomic(self._path(key), text, force=True)
                self._prune()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _is_own(self) -> bool:
        """Whether nobody but the user can have written what is in the folder."""
        if not hasattr(os, "geteuid"):
            return True  # the user's folders on Windows are the user's
        about = self.folder.stat()
        return about.st_uid == os.geteuid() and not about.st_mode & OTHERS_WRITE

    def _prune(self) -> None:
        with os.scandir(self.folder) as entries:
            found = [(entry.stat(), entry.path) for entry in entries]
        found.sort(key=lambda each: each[0].st_mtime_ns)
        surplus = sum(about.st_size for about, _ in found) - self.limit
        for about, path in found:
            if surplus <= 0:
                break
            with suppress(OSError):
                Path(path).unlink()
            surplus -= about.st_size


def _digest(key: str, body: bytes) -> bytes:
    return sha256(key.encode() + b"\n" + body).hexdigest().encode()
