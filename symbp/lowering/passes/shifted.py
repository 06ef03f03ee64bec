"""The largest of shifted entries is the largest of them, shifted: there are fewer of it.

u = a + b,  m = max_p u, where b is the same for all p   ->   t = max_p a,  m = t + b
[u is the first that is m]                               ->   [a is the first that is t]

Entries that only rounding makes equal once they are shifted are told apart.
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
    Transpose,
    Value,
)

LABEL = "highest"


def shifted(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, each with one operation; what is read no more is left where it is."""
    if any(s.loop is not None for s in statements):
        return tuple(statements)
    shifting = _Shifting()
    for statement in statements:
        shifting.add(statement)
    return tuple(shifting.out)


@dataclass(frozen=True)
class _Shift:
    """What is shifted, and by what."""

    array: Value
    by: Expand


@dataclass
class _Shifting:
    out: list[Assign] = field(default_factory=list)
    shifts: dict[Named, _Shift] = field(default_factory=dict)
    tops: dict[Named, tuple[Named, tuple[int, ...], Name]] = field(default_factory=dict)
    """By what is the largest of shifted entries: of which, along which axes, and before that."""

    def add(self, statement: Assign) -> None:
        value, target = statement.value, statement.target
        match value:
            case Call(op="add", args=(array, Expand(arg=Name()) as by)) if _is_whole(
                array, by, value
            ):
                self.shifts[target.of] = _Shift(array, by)
            case Reduce(op="max", arg=Name(of=of), keep=False) if of in self.shifts:
                value = self._largest(value, statement) or value
            case First(args=(Name(of=of), Name(of=top))) if top in self.tops:
                source, positions, before = self.tops[top]
                if source == of and positions == tuple(sorted(value.positions)):
                    array = replace(self.shifts[of].array, axes=value.args[0].axes)
                    value = replace(value, args=(array, replace(before, axes=value.args[1].axes)))
        self.out.append(statement.computing(value))

    def _largest(self, value: Reduce, owner: Assign) -> Value | None:
        assert isinstance(value.arg, Name)
        shift = self.shifts[value.arg.of]
        by = _narrower(shift.by, value.positions, len(value.arg.axes))
        if by is None:
            return None
        before = Name(Temporary(LABEL, len(self.out)), axes=value.axes)
        array = replace(shift.array, axes=value.arg.axes)
        self.out.append(replace(owner, target=before, value=replace(value, arg=array)))
        self.tops[owner.target.of] = value.arg.of, value.positions, before
        return Call((before, by), "add", axes=value.axes)


def _is_whole(array: Value, by: Expand, value: Call) -> bool:
    """Whether ``by`` is repeated along axes that the array has."""
    if not isinstance(array.arg if isinstance(array, Transpose) else array, Name):
        return False
    return None not in array.axes and len(by.axes) <= len(array.axes) == len(value.axes)


def _narrower(by: Expand, positions: Sequence[int], rank: int) -> Value | None:
    """``by`` without the axes at ``positions`` of the array, if it is the same along them."""
    skipped = rank - len(by.axes)
    gone = {p - skipped for p in positions if p >= skipped}
    if not gone <= set(by.new):
        return None
    left = [p for p in range(len(by.axes)) if p not in gone]
    new = tuple(k for k, p in enumerate(left) if p in by.new)
    axes = tuple(by.axes[p] for p in left)
    return replace(by, new=new, axes=axes) if new else replace(by.arg, axes=axes)
