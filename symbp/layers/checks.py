"""What keeps the options of a layer from making sense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symbp.activations.activation import Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.errors import Fault, SpecErrors, fault, meant

TOO_SMALL = {0: "number_negative", 1: "number_positive"}


def counts(layer: Any, *keys: str, least: int = 1) -> Iterator[Fault]:
    """The options ``keys`` are whole numbers, ``least`` or more."""
    for key in keys:
        value = getattr(layer, key)
        if isinstance(value, bool) or not isinstance(value, int):
            yield fault("type", key, given=value, wanted="integer")
        elif value < least:
            yield fault(TOO_SMALL[least], key, given=value)


def above_zero(layer: Any, *keys: str) -> Iterator[Fault]:
    """The options ``keys`` are numbers above 0."""
    for key in keys:
        value = getattr(layer, key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield fault("type", key, given=value, wanted="number")
        elif not value > 0:
            yield fault("number_positive", key, given=value)


def word(layer: Any, key: str, known: Iterable[str]) -> Iterator[Fault]:
    """The option ``key`` is one of the words ``known``."""
    given, known = getattr(layer, key), tuple(known)
    if given not in known:
        yield fault("unknown_word", key, given=given, meant=meant(str(given), known), known=known)


def activation(layer: Any) -> Iterator[Fault]:
    """The activation is a function of one variable that is known."""
    given = layer.activation
    known = tuple(name for name, each in ACTIVATIONS.items() if isinstance(each, Scalar))
    if given not in known:
        facts = {"given": given, "meant": meant(str(given), known), "known": known}
        yield fault("unknown_activation", "activation", **facts)


def axes(layer: Any, shape: Sequence[Any], least: int, *, exact: bool = False) -> Iterator[Fault]:
    """What comes in has ``least`` axes or more, the samples counted; or ``exact``ly so many."""
    if len(shape) < least or (exact and len(shape) > least):
        facts = {"given": len(shape), "wanted": least, "name": type(layer).__name__}
        yield fault("layer_axes", **facts)


def axis(layer: Any, key: str, shape: Sequence[Any]) -> Iterator[Fault]:
    """The option ``key`` is the number of an axis, counted from 0, or from -1 at the end."""
    given = getattr(layer, key)
    if isinstance(given, bool) or not isinstance(given, int):
        yield fault("type", key, given=given, wanted="integer")
    elif not -len(shape) <= given < len(shape):
        yield fault("axis_missing", key, given=given, limit=len(shape))


def refuse(*found: Iterable[Fault]) -> None:
    """Raises SpecErrors with all faults that were found."""
    faults = [each for some in found for each in some]
    if faults:
        raise SpecErrors(faults)
