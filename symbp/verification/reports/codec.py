"""Reports as plain data and back, so that they can leave a worker without code travelling along.

``decode(Report, encode(report)) == report``. Nothing but the classes that the hints of a report
name is ever made, whatever the data says.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


class Malformed(ValueError):
    """Data that is not what the hint promises."""


def encode(value: Any) -> Any:
    """``value``, a record of plain values, as dicts, lists, texts and numbers."""
    if is_dataclass(value):
        return {each.name: encode(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): encode(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(each) for each in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def decode(hint: Any, data: Any) -> Any:
    """The value of type ``hint`` that ``data`` encodes. Raises Malformed."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _either(get_args(hint), data)
    if origin is tuple:
        return _tuple(get_args(hint), data)
    if origin is not None and issubclass(origin, Mapping):
        key, value = get_args(hint)
        return {decode(key, k): decode(value, v) for k, v in _a(dict, data).items()}
    if is_dataclass(hint):
        return _record(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member(hint, data)
    if hint is float:
        return float("nan") if data is None else float(_a((int, float), data))
    return _a(hint, data)


def _a(kind: Any, data: Any) -> Any:
    if not isinstance(data, kind):
        raise Malformed(f"{kind} expected")
    return data


def _either(hints: tuple[Any, ...], data: Any) -> Any:
    if data is None and type(None) in hints:
        return None
    for hint in hints:
        if hint is not type(None):
            try:
                return decode(hint, data)
            except Malformed:
                continue
    raise Malformed(f"one of {hints} expected")


def _tuple(hints: tuple[Any, ...], data: Any) -> Any:
    _a(list, data)
    if len(hints) == 2 and hints[1] is Ellipsis:
        return tuple(decode(hints[0], each) for each in data)
    if len(hints) != len(data):
        raise Malformed(f"{len(hints)} values expected")
    return tuple(map(decode, hints, data))


def _member(hint: type[Enum], data: Any) -> Any:
    try:
        return hint(data)
    except ValueError as error:
        raise Malformed(str(error)) from error


def _record(hint: Any, data: Any) -> Any:
    hints = _hints(hint)
    if set(_a(dict, data)) != set(hints):
        raise Malformed(f"the fields of {hint.__name__} expected")
    return hint(**{name: decode(each, data[name]) for name, each in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return {each.name: get_type_hints(kind)[each.name] for each in fields(kind)}
