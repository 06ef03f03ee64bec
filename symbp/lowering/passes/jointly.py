"""The largest of what is largest along other axes is found at once, and so is where it stands.

t = max_q u,  m = max_p t                            ->   m = max_p max_q u
[u is the first that is t] ([t is the first that is m] e)   ->   [u is the first that is m] e
Σ_p [u is the first that is m] e                     ->   e
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from symbp.lowering.arrays import (
    Assign,
    Axes,
    Call,
    Expand,
    First,
    Name,
    Named,
    Reduce,
    Temporary,
    Value,
)

LABEL = "chosen"

MOST = 16
"""Up to so many entries, comparing them one after the other is fast."""


def jointly(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation; what is read no more is left where it is."""
    if any(s.loop is not None for s in statements):
        return tuple(statements)
    joining = _Joining()
    for statement in statements:
        joining.add(statement)
    return tuple(joining.out)


@dataclass
class _Joining:
    out: list[Assign] = field(default_factory=list)
    made: dict[Named, Value] = field(default_factory=dict)
    before: dict[Named, Value] = field(default_factory=dict)
    """What results were made of before they were joined."""

    def add(self, statement: Assign) -> None:
        value = statement.value
        self.before[statement.target.of] = value
        if isinstance(value, Reduce) and not value.keep:
            value = self._reduced(value)
        elif isinstance(value, Call):
            value = self._sent_on(value, statement) or value
        self._put(statement.computing(value))

    def _put(self, statement: Assign) -> None:
        self.made[statement.target.of] = statement.value
        self.out.append(statement)

    def _made(self, value: Value) -> Value | None:
        return self.made.get(value.of) if isinstance(value, Name) else None

    def _reduced(self, value: Reduce) -> Value:
        inner = self._made(value.arg)
        if value.op == "max" and isinstance(inner, Reduce) and _is_plain_maximum(inner):
            positions = (*inner.positions, *_lifted(inner.positions, inner.arg, value.positions))
            return replace(value, arg=inner.arg, positions=tuple(sorted(positions)))
        sent = self._sent(value.arg) if value.op == "sum" else None
        if sent is None:
            return value
        chosen, whole = sent
        left = [p for p in value.positions if p not in chosen.positions]
        if len(left) + len(chosen.positions) > len(value.positions) or not left:
            return value
        positions = tuple(p - sum(q < p for q in chosen.positions) for p in left)
        return replace(value, arg=whole, positions=positions)

    def _sent(self, value: Value) -> tuple[First, Value] | None:
        """Where something goes, and what does, if that is one entry of several."""
        made = self._made(value)
        if not isinstance(made, Call) or made.op != "mul" or len(made.args) != 2:
            return None
        return self._parts(made)

    def _parts(self, value: Call) -> tuple[First, Value] | None:
        for one, other in (value.args, value.args[::-1]):
            chosen = self._made(one)
            if not isinstance(chosen, First) or not isinstance(other, Expand):
                continue
            if sorted(chosen.positions) == sorted(other.new):
                return chosen, other.arg
        return None

    def _sent_on(self, value: Call, owner: Assign) -> Call | None:
        """What goes to one entry, of which one of several is chosen, goes to one of all these."""
        last = self._parts(value) if value.op == "mul" and len(value.args) == 2 else None
        sent = self._sent(last[1]) if last is not None else None
        if last is None or sent is None:
            return None
        (chosen, _), (outer, whole) = last, sent
        (array, top), (tops, highest) = chosen.args, outer.args
        counts = (*outer.counts, *chosen.counts)
        is_one = isinstance(top, Name) and isinstance(tops, Name) and top.of == tops.of
        if not is_one or prod(counts) > MOST or not self._is_maximum(top, array, chosen.positions):
            return None
        positions = (*_lifted(chosen.positions, array, outer.positions), *chosen.positions)
        place = Name(Temporary(LABEL, len(self.out)), axes=value.axes)
        first = First((array, highest), positions, counts, axes=value.axes)
        self._put(replace(owner, target=place, value=first))
        wider = Expand(whole, tuple(sorted(positions)), axes=_single(value, positions))
        return replace(value, args=(place, wider))

    def _is_maximum(self, top: Value, array: Value, positions: tuple[int, ...]) -> bool:
        made = self.before.get(top.of) if isinstance(top, Name) else None
        if not isinstance(top, Name) or not isinstance(made, Reduce):
            return False
        if not _is_plain_maximum(made):
            return False
        ends = (made, self.made[top.of])  # as it was, or as it has been joined before
        return any(
            isinstance(end, Reduce)
            and (end.arg, end.positions) == (array, tuple(sorted(positions)))
            for end in ends
        )


def _is_plain_maximum(value: Reduce) -> bool:
    return value.op == "max" and not value.keep and isinstance(value.arg, Name)


def _lifted(gone: Sequence[int], array: Value, positions: Sequence[int]) -> tuple[int, ...]:
    """The positions in ``array`` of those in what is left of it without the axes ``gone``."""
    left = [p for p in range(len(array.axes)) if p not in gone]
    return tuple(left[p] for p in positions)


def _single(value: Value, positions: Sequence[int]) -> Axes:
    return tuple(None if p in positions else index for p, index in enumerate(value.axes))
