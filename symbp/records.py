"""Frozen dataclasses whose functions are compiled when they are first called.

A program has hundreds of classes, and one run of it makes or compares few of them: Python's own
decorator, which compiles six functions for each, takes longer than all other work of importing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414
else:

    def dataclass(cls: type | None = None, /, **options: Any) -> Any:
        """As Python's; quicker where ``frozen`` is all that is asked for."""
        if options != {"frozen": True}:
            return dataclasses.dataclass(cls, **options)
        return _record if cls is None else _record(cls)


def _record(cls: type) -> type:
    own = vars(cls)
    has_hash = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
    with _thawed(cls):
        made = dataclasses.dataclass(cls, init=False, repr=False, eq=False)
    _set_frozen(made, frozen=True)
    for name, function in SHARED.items():
        if name not in own:
            setattr(made, name, function)
    for name, write in COMPILED.items():
        if name not in own or (name == "__hash__" and not has_hash):
            setattr(made, name, _compiled_later(made, name, write))
    return made


@contextmanager
def _thawed(cls: type) -> Iterator[None]:
    """Without what keeps a class of changeable objects from having a frozen one above it."""
    frozen = [base for base in cls.__mro__[1:] if _is_frozen(base)]
    for base in frozen:
        _set_frozen(base, frozen=False)
    try:
        yield
    finally:
        for base in frozen:
            _set_frozen(base, frozen=True)


def _is_frozen(cls: Any) -> bool:
    return "__dataclass_params__" in vars(cls) and cls.__dataclass_params__.frozen


def _set_frozen(cls: Any, *, frozen: bool) -> None:
    cls.__dataclass_params__.frozen = frozen


def _refuses_change(self: Any, name: str, value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuses_deletion(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


@recursive_repr()
def _shown(self: Any) -> str:
    said = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(said)})"


SHARED = {"__setattr__": _refuses_change, "__delattr__": _refuses_deletion, "__repr__": _shown}
"""What is the same for all classes."""


def _compiled_later(cls: type, name: str, write: Callable[[type, dict[str, Any]], str]) -> Any:
    """A function that puts the compiled one in its own place."""

    def first(*args: Any, **given: Any) -> Any:
        names: dict[str, Any] = {}
        exec(write(cls, names), names)  # noqa: S102
        function = names[name]
        function.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, function)
        return function(*args, **given)

    return first


def _init(cls: type, names: dict[str, Any]) -> str:
    """``self.a = a`` for each field, and what the class wants to be done behind that."""
    names["_set"], names["_nothing"] = object.__setattr__, object()
    given: list[str] = ["self"]
    by_name: list[str] = []
    lines: list[str] = []
    for each in fields(cls):
        said, value = _parameter(each, names)
        if each.init:
            (by_name if each.kw_only else given).append(said)
        elif each.default_factory is MISSING:
            continue  # the class has it
        else:
            value = f"_new_{each.name}()"
        lines.append(f"_set(self, {each.name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join([*given, "*", *by_name] if by_name else given)
    return f"def __init__({parameters}):\n    " + "\n    ".join(lines or ["pass"])


def _parameter(each: Field[Any], names: dict[str, Any]) -> tuple[str, str]:
    """How the parameter for a field is written, and what the field becomes."""
    name = each.name
    if each.default_factory is not MISSING:
        names[f"_new_{name}"] = each.default_factory
        return f"{name}=_nothing", f"_new_{name}() if {name} is _nothing else {name}"
    if each.default is not MISSING:
        names[f"_usual_{name}"] = each.default
        return f"{name}=_usual_{name}", name
    return name, name


def _eq(cls: type, names: dict[str, Any]) -> str:
    compared = [each.name for each in fields(cls) if each.compare]
    sides = (_tuple(who, compared) for who in ("self", "other"))
    return (
        "def __eq__(self, other):\n"
        "    if other.__class__ is not self.__class__:\n"
        "        return NotImplemented\n"
        f"    return {' == '.join(sides)}"
    )


def _hash(cls: type, names: dict[str, Any]) -> str:
    counted = [e.name for e in fields(cls) if (e.compare if e.hash is None else e.hash)]
    return f"def __hash__(self):\n    return hash({_tuple('self', counted)})"


def _tuple(who: str, names: list[str]) -> str:
    return "(" + "".join(f"{who}.{name}, " for name in names) + ")"


COMPILED = {"__init__": _init, "__eq__": _eq, "__hash__": _hash}
"""What is written for each class, with the names that it speaks of."""
