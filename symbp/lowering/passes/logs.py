"""log(1 + exp u) of many in operations that NumPy is fast at: ``logaddexp`` takes much longer.

log(1 + exp u) = max(u, 0) + log(1 + exp(−|u|)), where log(1 + exp(−u)) has the same logarithm
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from symbp.lowering.arrays import Assign, Call, Name, Named, Temporary, Value, long_axes
from symbp.lowering.passes.single import ZERO
from symbp.lowering.passes.steps import Sizes

LABEL = "log"

FEW = 4
"""Fewer numbers a sample are computed in one call: each call has a price of its own."""


def logs(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, without such calls on many numbers."""
    made = _Logs(sizes)
    for statement in statements:
        made.add(statement)
    return tuple(made.out)


@dataclass
class _Logs:
    sizes: Sizes
    out: list[Assign] = field(default_factory=list)
    opposite: dict[Named, Value] = field(default_factory=dict)
    count: int = 0

    def add(self, statement: Assign) -> None:
        value = statement.value
        if isinstance(value, Call) and value.op == "neg":
            self.opposite[statement.target.of] = value.args[0]
        if isinstance(value, Call) and value.op == "logaddexp" and self._is_long(value):
            u, zero = value.args
            small = self._put(statement, "log1p", self._exponential(statement, u))
            above = self._put(statement, "maximum", u, zero)
            value = Call((above, small), "add", axes=value.axes)
        self.out.append(statement.computing(value))

    def _exponential(self, statement: Assign, u: Value) -> Value:
        """exp(−|u|), which is that of −u as well."""
        u = self.opposite.get(u.of, u) if isinstance(u, Name) else u
        size = self._put(statement, "abs", u)
        return self._put(statement, "exp", self._put(statement, "neg", size))

    def _put(self, statement: Assign, op: str, *args: Value) -> Value:
        """A name for what an operation makes."""
        self.count += 1
        axes = statement.value.axes
        name = Name(Temporary(LABEL, self.count), axes=axes)
        value = Call(args, op, axes=axes)
        self.out.append(replace(statement, target=name, value=value, adds=False))
        return name

    def _is_long(self, value: Call) -> bool:
        axes = long_axes(value.axes)
        known = prod(self.sizes[axis] for axis in axes if axis in self.sizes)
        return value.args[1] == ZERO and known >= FEW
