"""Templates compiled once, as Python compiles modules: beside them, in ``__pycache__``.

Where Python keeps no bytecode, or must not write there, a template is compiled when it is used.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache, bc_magic


class Beside(BytecodeCache):
    """Compiled templates, each in the folder of its source.

    ``settings`` are all that a compiled template depends on besides its text.
    """

    def __init__(self, settings: bytes) -> None:
        self.settings = settings

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Where the compiled template lies."""
        return "" if filename is None else cache_from_source(filename)

    def get_source_checksum(self, source: str) -> str:
        """The number of a text and of the settings."""
        return sha256(self.settings + source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give ``bucket`` its code, if it was compiled of the same text."""
        head = _head(bucket)
        with suppress(OSError, EOFError, ValueError, TypeError):
            found = Path(bucket.key).read_bytes()
            if found.startswith(head):
                bucket.code = marshal.loads(found[len(head) :])  # noqa: S302

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of ``bucket``, where bytecode is kept at all."""
        if sys.dont_write_bytecode or not bucket.key:
            return
        with suppress(OSError):
            path = Path(bucket.key)
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            try:
                beside.write_bytes(_head(bucket) + marshal.dumps(bucket.code))
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)


def _head(bucket: Bucket) -> bytes:
    return bc_magic + bucket.checksum.encode()
