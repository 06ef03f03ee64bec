"""The options of a layer: the fields of its class, their kinds, and the values they may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import Field, fields, is_dataclass
from math import isfinite
from types import MappingProxyType
from typing import Any

from symbp.activations.activation import Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.errors import Fault, fault, meant

LARGEST = 1_000_000
"""More than any option counts; a larger number is a slip of the keyboard."""

ACTIVATION = "activation"
NONE = " | None"


def options(layer: type[Any] | Any) -> tuple[Field[Any], ...]:
    """What can be said of a layer of this class."""
    return fields(layer) if is_dataclass(layer) else ()


def kind_of(option: Field[Any]) -> str:
    """integer, number, boolean or text."""
    return KINDS.get(_annotation(option).removesuffix(NONE), "anything")


def wrong_options(layer: Any) -> list[Fault]:
    """What is wrong with the values of the options of ``layer``."""
    return [each for option in options(layer) for each in _faults(layer, option)]


def own_activations(layer: Any) -> Iterator[Scalar]:
    """The activations among the options, other than by name."""
    for option in options(layer):
        if isinstance(value := getattr(layer, option.name), Scalar):
            yield value


def _annotation(option: Field[Any]) -> str:
    return str(getattr(option.type, "__name__", option.type))


def _faults(layer: Any, option: Field[Any]) -> Iterator[Fault]:
    name, value = option.name, getattr(layer, option.name)
    if value is None and _annotation(option).endswith(NONE):
        return
    if name == ACTIVATION:
        yield from activation_faults(value, name)
    elif check := CHECKS.get(kind_of(option)):
        yield from check(layer, name, value)


def _integer(layer: Any, name: str, value: object) -> Iterator[Fault]:
    least = layer.least.get(name, 1)
    if isinstance(value, bool) or not isinstance(value, int):
        yield fault("type", name, given=value, wanted="integer")
    elif value < least:
        yield fault("number_negative" if least == 0 else "number_positive", name, given=value)
    elif value > LARGEST:
        yield fault("number_large", name, given=value, limit=LARGEST)


def _number(layer: Any, name: str, value: object) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield fault("type", name, given=value, wanted="number")
    elif not isfinite(value):
        yield fault("not_finite", name, given=value)
    elif value < 0:
        yield fault("number_negative", name, given=value)


def _boolean(layer: Any, name: str, value: object) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield fault("type", name, given=value, wanted="boolean")


def _text(layer: Any, name: str, value: object) -> Iterator[Fault]:
    known = layer.words.get(name, ())
    if not isinstance(value, str):
        yield fault("type", name, given=value, wanted="text")
    elif value not in known:
        facts = {"given": value, "meant": meant(value, known), "known": known}
        yield fault("unknown_word", name, **facts)


KINDS = MappingProxyType(
    {"int": "integer", "float": "number", "bool": "boolean", "str": "text"},
)
"""The annotation of an option, and what it is called."""

CHECKS: MappingProxyType[str, Callable[[Any, str, Any], Iterator[Fault]]] = MappingProxyType(
    {"integer": _integer, "number": _number, "boolean": _boolean, "text": _text}
)


def activation_faults(value: object, *path: str) -> Iterator[Fault]:
    """Whether ``value`` is, or names, an activation of each unit by itself."""
    found = ACTIVATIONS.get(value) if isinstance(value, str) else value
    if isinstance(found, Scalar):
        return
    if found is None:
        known = tuple(name for name, each in ACTIVATIONS.items() if isinstance(each, Scalar))
        facts = {"given": value, "meant": meant(str(value), known), "known": known}
        yield fault("unknown_activation", *path, **facts)
    elif found in ACTIVATIONS.values():
        yield fault("activation_of_all", *path, given=value)
    else:
        yield fault("type", *path, given=value, wanted="text")
