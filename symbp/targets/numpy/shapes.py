"""How the arrays of a module lie in memory, and what it says about that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from symbp.equations.axis import Axis
from symbp.equations.tensor import Role, Tensor
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.series import Row, series
from symbp.targets.plan import ModulePlan

TARGETS = {
    "values": "targets",
    "probabilities": "targets, from 0 to 1",
    "one_hot": "targets, which sum up to 1 for each sample; labels 0, 1, ... will do",
    "signs": "targets, 1 or -1",
    "labels": "targets: the number of the right unit, from 0",
}

MASK = "mask: 1 where something counts, 0 elsewhere"

TOGETHER = 40
"""Columns of names beside one shape, at most."""

LOOKED_THROUGH = 40
"""So many lines may follow the network from layer to layer; more are in order of shapes."""


@dataclass(frozen=True)
class Shapes:
    """The shapes of the tensors of a plan."""

    plan: ModulePlan
    names: Identifiers

    @cached_property
    def batch(self) -> Axis | None:
        """The axis of the samples: the one whose size is open."""
        return next((a for a in self.plan.input.axes if a not in self.plan.sizes), None)

    @property
    def columns(self) -> bool:
        """Whether each sample is a column."""
        return self.batch is not None and self.axes(self.plan.input)[0] != self.batch

    def axes(self, tensor: Tensor) -> tuple[Axis, ...]:
        """The axes in the order of storage."""
        order = self.plan.layout.get(tensor, tuple(range(len(tensor.axes))))
        return tuple(tensor.axes[p] for p in order)

    def numbers(self, tensor: Tensor) -> tuple[int, ...]:
        """The shape of a tensor that has nothing of the samples."""
        return tuple(self.plan.sizes[axis] for axis in self.axes(tensor))

    def counted(self) -> str:
        """How a function counts its samples."""
        assert self.batch is not None
        x, position = self.names(self.plan.input), self.axes(self.plan.input).index(self.batch)
        count = f"len({x})" if position == 0 else f"{x}.shape[{position}]"
        return f"{self.names(self.batch.size)} = {count}"

    def lines(self, values: Sequence[Tensor]) -> list[str]:
        """For a docstring: the tensors of each shape, the shape, and what they are."""
        plan = self.plan
        learnt = [each.tensor for each in plan.parameters]
        tensors = dict.fromkeys((*plan.inputs, *values, *plan.targets, *learnt))
        told = [(self.names(t), self._text(t), self._notes.get(t, "")) for t in tensors]
        found = series(told)
        rows = _side_by_side(found)
        if len(rows) > LOOKED_THROUGH:
            rows = _side_by_side(_by_shape(found))
        widths = [max(len(row[p]) for row in rows) for p in (0, 1)]
        return [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in rows]

    @cached_property
    def _notes(self) -> dict[Tensor, str]:
        plan = self.plan
        targets = {target: TARGETS[goal.kind] for target, goal in plan.targets.items()}
        read = {t: MASK if t.role is Role.MASK else "inputs" for t in plan.inputs}
        return read | dict.fromkeys(plan.predictions, "predictions") | targets

    def _text(self, tensor: Tensor) -> str:
        known = self.plan.sizes
        sizes = [str(known[a]) if a in known else self.names(a.size) for a in self.axes(tensor)]
        return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"


def _side_by_side(rows: Sequence[Row]) -> list[Row]:
    """With one row for neighbours that are told apart by their names alone."""
    out: list[Row] = []
    for name, shape, note in rows:
        if out and out[-1][1:] == (shape, note) and len(out[-1][0]) < TOGETHER:
            out[-1] = (f"{out[-1][0]}, {name}", shape, note)
        else:
            out.append((name, shape, note))
    return out


def _by_shape(rows: Sequence[Row]) -> list[Row]:
    """In the order in which their shapes come."""
    first = {row[1:]: place for place, row in reversed([*enumerate(rows)])}
    return sorted(rows, key=lambda row: first[row[1:]])
