"""The networks that ship with the package, each declared in a TOML file of this folder.

Those in ``graphs`` have layers other than dense ones, or join them in another way than in a row.
The modules and documents of all are kept in ``generated/``.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from symbp.errors import SpecErrors, fault, meant
from symbp.network import Network
from symbp.specification.reader import read_network

_SUFFIX = ".toml"
_GRAPHS = "graphs"


def names() -> tuple[str, ...]:
    """The networks of dense layers in a row."""
    return _in(files(__name__))


def graphs() -> tuple[str, ...]:
    """The others."""
    return _in(files(__name__) / _GRAPHS)


def _in(folder: Traversable) -> tuple[str, ...]:
    entries = (entry.name for entry in folder.iterdir())
    return tuple(sorted(e.removesuffix(_SUFFIX) for e in entries if e.endswith(_SUFFIX)))


def load(name: str) -> Network:
    """The network called ``name``. Raises SpecErrors where there is none."""
    known = (*names(), *graphs())
    if name not in known:
        slip = meant(name, known)
        raise SpecErrors([fault("unknown_network", given=name, meant=slip, known=known)])
    folder = files(__name__) / _GRAPHS if name in graphs() else files(__name__)
    with as_file(folder / f"{name}{_SUFFIX}") as path:
        return read_network(path)
