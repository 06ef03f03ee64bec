"""Which values are leaves: names, plain numbers, and other ways to look at an array."""

from __future__ import annotations

from collections.abc import Collection

from symbp.equations.axis import Size
from symbp.equations.tensor import Role, Tensor
from symbp.lowering.arrays import (
    Call,
    Const,
    Cut,
    Element,
    Expand,
    Name,
    Named,
    Slice,
    Transpose,
    Value,
    walk,
)

VIEWS = (Transpose, Expand, Element, Cut)
"""Operations that copy nothing."""


def is_number(value: Value, known: Collection[Named] = ()) -> bool:
    """Whether ``value`` is one number, computed from constants, sizes and ``known`` ones alone."""
    return all(_is_number_itself(part, known) for part in walk(value))


def is_leaf(value: Value) -> bool:
    """Whether nothing has to be computed for ``value``."""
    while isinstance(value, VIEWS):
        value = value.arg
    return isinstance(value, (Name, Slice)) or (not value.axes and is_number(value))


def is_given(of: object) -> bool:
    """Whether a name stands for a constant or a size."""
    return isinstance(of, Size) or (
        isinstance(of, Tensor) and of.role is Role.CONSTANT and not of.axes
    )


def _is_number_itself(part: Value, known: Collection[Named]) -> bool:
    if isinstance(part, Name):
        return is_given(part.of) or part.of in known
    return isinstance(part, (Const, Call)) and not part.axes
