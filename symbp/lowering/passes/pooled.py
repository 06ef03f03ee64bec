"""The largest of rectified units is the largest of their inputs, rectified: there are fewer of it.

z = max(u, 0),  m = max_p z                     ->   t = max_p u,  m = max(t, 0)
[u > 0] ([z is the first that is m] e)          ->   [u is the first that is t] (e [t > 0])

Where t > 0, the first entry of z that is m is the first of u that is t; elsewhere both are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from symbp.lowering.arrays import (
    Assign,
    Call,
    Expand,
    First,
    Name,
    Named,
    Reduce,
    Temporary,
    Value,
)
from symbp.lowering.passes.rectified import ZERO

LABEL, MASK, PART = "greatest", "above", "part"


def pooled(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation; what is read no more is left where it is."""
    if any(s.loop is not None for s in statements):
        return tuple(statements)
    pooling = _Pooling()
    for statement in statements:
        pooling.add(statement)
    return tuple(pooling.out)


@dataclass
class _Pooling:
    out: list[Assign] = field(default_factory=list)
    made: dict[Named, Value] = field(default_factory=dict)
    inputs: dict[Named, Name] = field(default_factory=dict)
    """By what is rectified, what it is made of."""
    names: dict[Value, Name] = field(default_factory=dict)

    def add(self, statement: Assign) -> None:
        value, target = statement.value, statement.target
        known = self._input(value.arg) if isinstance(value, Reduce) else None
        if isinstance(value, Reduce) and value.op == "max" and known is not None:
            t = self._new(LABEL, statement, replace(value, arg=known))
            value = Call((t, ZERO), "maximum", axes=value.axes)
        elif isinstance(value, Call) and value.op == "mul" and len(value.args) == 2:
            value = self._masked(value, statement) or value
        if isinstance(value, Call) and value.op == "maximum" and value.args[1] == ZERO:
            u = value.args[0]
            if isinstance(u, Name) and u.axes == target.axes:
                self.inputs[target.of] = u
        self._put(statement.computing(value))

    def _put(self, statement: Assign) -> None:
        self.made[statement.target.of] = statement.value
        self.out.append(statement)

    def _new(self, label: str, owner: Assign, value: Value) -> Name:
        """A name for ``value``: the one that it has, if any."""
        if value not in self.names:
            self.names[value] = Name(Temporary(label, len(self.names)), axes=value.axes)
            self._put(replace(owner, target=self.names[value], value=value))
        return replace(self.names[value], axes=value.axes)

    def _input(self, value: Value) -> Name | None:
        return self.inputs.get(value.of) if isinstance(value, Name) else None

    def _masked(self, value: Call, owner: Assign) -> Call | None:
        """A product of a mask and what goes to the first of the largest."""
        for mask, rest in (value.args, value.args[::-1]):
            above = self._made(mask)
            routed = self._made(rest)
            if not (isinstance(above, Call) and above.op == "greater" and above.args[1] == ZERO):
                continue
            if not isinstance(routed, Call) or routed.op != "mul" or len(routed.args) != 2:
                continue
            for one, other in (routed.args, routed.args[::-1]):
                chosen = self._made(one)
                if not isinstance(chosen, First):
                    continue
                found = self._moved(chosen, above.args[0], other, owner)
                if found is not None:
                    return replace(value, args=found)
        return None

    def _moved(
        self, chosen: First, above: Value, slopes: Value, owner: Assign
    ) -> tuple[Value, Value] | None:
        """Where the largest input is, and what goes there where it is above 0."""
        z, top = chosen.args
        u, t = self._input(z), self._input(top)
        if u is None or t is None or above != u:
            return None
        if not isinstance(slopes, Expand) or slopes.new != chosen.positions:
            return None
        if slopes.arg.axes != t.axes:
            return None
        mask = self._new(MASK, owner, Call((t, ZERO), "greater", axes=t.axes))
        product = Call((mask, slopes.arg), "mul", axes=t.axes)
        part = self._new(PART, owner, self._masked(product, owner) or product)
        place = self._new(PART, owner, replace(chosen, args=(u, t)))
        return place, Expand(part, slopes.new, axes=slopes.axes)

    def _made(self, value: Value) -> Value | None:
        return self.made.get(value.of) if isinstance(value, Name) else None
