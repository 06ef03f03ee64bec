"""What a function holds beside its values: windows that a product copies, and what is overlaid.

A window is a view of its array, in which most entries are met several times. A matrix product wants
them side by side, so it copies the view: each entry as often as it is met.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    Expand,
    MatMul,
    Name,
    Overlay,
    Tensordot,
    Transpose,
    Value,
    Window,
    walk,
)
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.statements import WIDTH, Body

PRODUCTS = (MatMul, Tensordot)


def note(body: Body, sizes: Mapping[Axis, int], names: Identifiers) -> str:
    """What the docstring of a function goes on to say of it; nothing where nothing is held."""
    found = held(body, sizes, names)
    if not found:
        return ""
    counts = "; ".join(f"{what}, {count} numbers" for what, count in found.items())
    text = f"Held for a while, besides: {counts}, of 8 bytes each, or 4."
    lines = textwrap.wrap(text, WIDTH, break_on_hyphens=False, break_long_words=False)
    return "".join(f"\n{line}" for line in ["", *(f"    {each}" for each in lines), "    "])


def held(body: Body, sizes: Mapping[Axis, int], names: Identifiers) -> dict[str, str]:
    """The arrays that are as large as windows, and how many numbers each has: ``576 N``."""
    found: dict[str, Value] = {}
    for assign in body.assigns:
        for what, value, usual in _larger(assign, names):
            least = max(_known(usual, sizes), _known(found.get(what, usual), sizes))
            if _known(value, sizes) > least:
                found[what] = value
    return {what: _text(value, sizes, names) for what, value in found.items()}


def _larger(assign: Assign, names: Identifiers) -> Iterator[tuple[str, Value, Value]]:
    """What a statement copies or adds up, and the array that it is made of or becomes."""
    for part in walk(assign.value):
        if isinstance(part, Overlay):
            yield f"what is added up in {names(assign.target.of)}", part.arg, assign.target
        elif isinstance(part, PRODUCTS):
            for arg in map(_seen, part.args):
                if isinstance(arg, Window):
                    # the first array, where it is computed of several
                    array = next(each for each in walk(arg) if isinstance(each, Name))
                    yield f"windows of {names(array.of)}", arg, array


def _seen(value: Value) -> Value:
    """``value`` before its axes were put in order."""
    while isinstance(value, (Transpose, Expand)):
        value = value.arg
    return value


def _known(value: Value, sizes: Mapping[Axis, int]) -> int:
    """How many numbers of an array belong to one sample."""
    return math.prod(sizes.get(index.axis, 1) for index in value.axes if index is not None)


def _text(value: Value, sizes: Mapping[Axis, int], names: Identifiers) -> str:
    """How many numbers an array has."""
    axes = [index.axis for index in value.axes if index is not None]
    open_ = [names(axis.size) for axis in axes if axis not in sizes]
    return " ".join([str(_known(value, sizes)), *open_])
