"""Values of tensors that read themselves at another time, as h[t] reads h[t − 1].

All of them are computed once for each time, from anything: what lies before the first time is 0,
so the first round has the first time right, the next one the second as well, and the last all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.recurrence import shifts
from symbp.equations.tensor import Tensor, entries, tensor_of

Loop = tuple[Equation, ...]
"""Equations that need each other, in the order of their program."""


@lru_cache(maxsize=16)
def loops_of(program: Program) -> dict[Tensor, Loop]:
    """The loop that each tensor of ``program`` is in; no other tensors."""
    before = behind(program)
    together = {t: frozenset(s for s in found if t in before[s]) for t, found in before.items()}
    definitions = program.definitions
    return {
        tensor: tuple(definitions[t] for t in definitions if t in loop)
        for tensor, loop in together.items()
        if tensor in loop
    }


@lru_cache(maxsize=16)
def behind(program: Program) -> dict[Tensor, set[Tensor]]:
    """All computed tensors that each one is computed from, directly or not."""
    definitions = program.definitions
    direct = {
        tensor: {tensor_of(e) for e in entries(equation.rhs)} & definitions.keys()
        for tensor, equation in definitions.items()
    }
    found: dict[Tensor, set[Tensor]] = {}
    for tensor in definitions:
        found[tensor], frontier = set(), [tensor]
        while frontier:
            new = direct[frontier.pop()] - found[tensor]
            found[tensor] |= new
            frontier += new
    return found


def rounds(loop: Loop, sizes: Mapping[Axis, int]) -> int:
    """How often ``loop`` must be gone through until all times are right."""
    own = {tensor_of(equation.lhs) for equation in loop}
    axes = {
        index.axis
        for equation in loop
        for entry in entries(equation.rhs)
        if tensor_of(entry) in own
        for index, _ in shifts(entry, equation.lhs)
    }
    return sum(sizes[axis] for axis in axes)
