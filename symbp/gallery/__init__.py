"""The networks that ship with the package, each declared in a TOML file of this folder."""

from __future__ import annotations

from importlib.resources import as_file, files

from symbp.errors import SpecErrors, fault, meant
from symbp.network import Network
from symbp.specification.reader import read_network

_SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """What ``load`` can load."""
    entries = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(e.removesuffix(_SUFFIX) for e in entries if e.endswith(_SUFFIX)))


def load(name: str) -> Network:
    """The network called ``name``. Raises SpecErrors where there is none."""
    known = names()
    if name not in known:
        slip = meant(name, known)
        raise SpecErrors([fault("unknown_network", given=name, meant=slip, known=known)])
    with as_file(files(__name__) / f"{name}{_SUFFIX}") as path:
        return read_network(path)
