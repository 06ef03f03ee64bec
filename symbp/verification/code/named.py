"""Named tuples: values that are looked up by a name, and gone through like a list."""

from __future__ import annotations

from typing import Any

from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.values import Class, Field, Instance, Value

FIELD = "@"
"""What stands before the names of the fields among the members of a class."""


def named_tuple(m: Any, args: list[Value]) -> Class:
    """``namedtuple("Values", "u z")``, or with a list of names. Raises Unsupported for others."""
    if len(args) < 2 or not isinstance(args[0], str):
        raise Unsupported("namedtuple")
    names = args[1].replace(",", " ").split() if isinstance(args[1], str) else m.items(args[1])
    if not names or not all(isinstance(name, str) for name in names):
        raise Unsupported("namedtuple")
    return Class(args[0], (), {f"{FIELD}{name}": None for name in names})


def fields_of(cls: Class) -> dict[str, Field]:
    """The fields of a class in their order, those of its bases first."""
    found: dict[str, Field] = {}
    for base in cls.bases:
        found |= fields_of(base)
    own = ((n, f) for n, f in cls.members.items() if n.startswith(FIELD))
    return found | {n.removeprefix(FIELD): f or Field() for n, f in own}


def fields(value: Instance) -> list[Value] | None:
    """The values of a named tuple in their order; None where one has not got its value."""
    names = list(fields_of(value.cls))
    if not names or not all(name in value.items for name in names):
        return None
    return [value.items[name] for name in names]
