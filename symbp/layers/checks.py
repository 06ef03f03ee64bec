"""What keeps the options of a layer from making sense together, or with what it reads.

Each by itself is checked by ``options.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symbp.errors import Fault, SpecErrors, fault


def above_zero(layer: Any, *keys: str) -> Iterator[Fault]:
    """The options ``keys`` are above 0."""
    for key in keys:
        value = getattr(layer, key)
        if not value > 0:
            yield fault("number_positive", key, given=value)


def axes(layer: Any, shape: Sequence[Any], least: int, *, exact: bool = False) -> Iterator[Fault]:
    """What comes in has ``least`` axes or more, the samples counted; or ``exact``ly so many."""
    if len(shape) < least or (exact and len(shape) > least):
        facts = {"given": len(shape), "wanted": least, "name": type(layer).__name__}
        yield fault("layer_axes", **facts)


def axis(layer: Any, key: str, shape: Sequence[Any]) -> Iterator[Fault]:
    """The option ``key`` is the number of an axis, counted from 0, or from -1 at the end."""
    given = getattr(layer, key)
    if not -len(shape) <= given < len(shape):
        yield fault("axis_missing", key, given=given, limit=len(shape))


def refuse(*found: Iterable[Fault]) -> None:
    """Raises SpecErrors with all faults that were found."""
    faults = [each for some in found for each in some]
    if faults:
        raise SpecErrors(faults)
