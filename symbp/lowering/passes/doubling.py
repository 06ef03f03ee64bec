"""An axis that becomes two, and what that makes of the axes of arrays and of where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import Axes, Steps, Value
from symbp.lowering.passes.steps import Sizes, is_dense


@dataclass(frozen=True)
class Doubling:
    """``own`` are the indices that count along the two axes in place of ``axis``."""

    axis: Axis
    own: tuple[Index, Index]
    sizes: Sizes

    @property
    def step(self) -> int:
        """How many entries of the second axis one of the first has."""
        return self.sizes[self.own[1].axis]

    def positions(self, axes: Axes) -> list[int]:
        """Where the axis stands."""
        return [p for p, index in enumerate(axes) if index is not None and index.axis == self.axis]

    def has(self, value: Value, position: int) -> bool:
        """Whether the axis of ``value`` at ``position`` is the one."""
        return position in self.positions(value.axes)

    def wider(self, axes: Axes, single: Collection[int] = ()) -> Axes:
        """The axes of the array then; those of length 1 at ``single`` become two as well."""
        places = self.positions(axes)
        out: list[Index | None] = []
        for position, index in enumerate(axes):
            out += self.own if position in places else [index] * (2 if position in single else 1)
        return tuple(out)

    def moved(
        self, axes: Axes, positions: Sequence[int], single: Collection[int] = ()
    ) -> tuple[int, ...]:
        """Where the axes at ``positions`` stand then."""
        twice = {*self.positions(axes), *single}
        found: list[int] = []
        for old in positions:
            new = old + sum(p < old for p in twice)
            found += [new, new + 1] if old in twice else [new]
        return tuple(found)

    def is_along(self, at: Steps) -> bool:
        """Whether what is seen along the axis is the two axes."""
        counts = [self.sizes.get(axis) for axis in at.along]
        return is_dense(at, self.axis, self.sizes) and counts[-1] == self.step and len(counts) == 2

    def longer(self, at: Steps) -> Steps:
        """Steps along the axis are steps along both."""
        pairs = list(self._each(at))
        return Steps(tuple(a for a, _ in pairs), tuple(step for _, step in pairs), at.start)

    def _each(self, at: Steps) -> Iterator[tuple[Axis, int]]:
        for axis, step in zip(at.along, at.steps, strict=True):
            if axis == self.axis:
                yield self.own[0].axis, step * self.step
                yield self.own[1].axis, step
            else:
                yield axis, step
