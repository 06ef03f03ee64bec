"""What a text depends on, as one number: the question, who answers, and on what.

Files are read, not only looked at: a time of change may be that of another content. All files of
the package take part but those that only verify; reading them takes less than 10 ms.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from symbp.naming import is_path
from symbp.templating import FOLDERS

LIBRARIES = ("sympy", "mpmath", "numpy", "jinja2", "markupsafe")
PACKAGE = Path(__file__).resolve().parents[1]
APART = frozenset(("__pycache__", "verification"))
"""Folders of the package that have no part in what it derives."""


def key(source: str, asked: Mapping[str, Any]) -> str | None:
    """The number of what is made of the network ``source``, of which ``asked`` are all options.

    Networks of the gallery are files of the package. None where the declaration, or anything else
    that takes part, cannot be read.
    """
    try:
        declared = _content(Path(source)) if is_path(source) else source
        said = [is_path(source), declared, asked, *_circumstances()]
        digest = sha256(json.dumps(said, sort_keys=True).encode())
        for part in _sources():
            digest.update(sha256(part).digest())
    except (OSError, ValueError, ModuleNotFoundError):
        return None
    return digest.hexdigest()


def _content(path: Path) -> str:
    """A hash of what a person typed. Raises ValueError for what can be read only once."""
    if not path.is_file():
        raise ValueError(path)
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _circumstances() -> Iterator[Any]:
    """Who works it out: Python, the libraries, and how SymPy is told to work."""
    from importlib.metadata import version  # heavy, and without a cache not wanted

    yield sys.version
    yield [version(library) for library in LIBRARIES]
    yield sorted(item for item in os.environ.items() if item[0].startswith("SYMPY_"))


def _sources() -> Iterator[bytes]:
    """Names and contents of the files of the package, and of its templates."""
    templates = next((folder for folder in FOLDERS if folder.is_dir()), PACKAGE)
    for top in dict.fromkeys((PACKAGE, templates)):
        for folder, inner, names in os.walk(top, onerror=_raise):
            inner[:] = sorted(set(inner) - APART)
            for name in sorted(names):
                path = Path(folder, name)
                yield os.fsencode(path.relative_to(top))
                yield path.read_bytes()


def _raise(error: OSError) -> None:
    raise error
