"""Along which axis each letter runs, found from the slots that it stands in.

A letter, and a slot of a tensor, is a *place* of which only one thing is asked: its axis. Where a
letter stands alone in a slot, or shifted by a number, both run along one axis.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from symbp.equations.axis import Axis

Slot = Hashable


@dataclass
class Types:
    """Slots that run along one axis, and the axes that are known."""

    leader: dict[Slot, Slot] = field(default_factory=dict)
    axes: dict[Slot, list[Axis]] = field(default_factory=dict)
    sizes: dict[Slot, int | None] = field(default_factory=dict)
    """As far as they are known; None is that of the samples."""

    def find(self, slot: Slot) -> Slot:
        """The one slot that speaks for all that are the same."""
        while (above := self.leader.get(slot, slot)) != slot:
            slot = above
        return slot

    def sized(self, slot: Slot, size: int | None) -> tuple[int | None] | None:
        """``slot`` takes ``size`` positions; the size that it is known to have, if another."""
        known = self.sizes.setdefault(self.find(slot), size)
        return None if known == size else (known,)

    def same(self, one: Slot, other: Slot) -> tuple[int | None, int | None] | None:
        """From now on both run along one axis; their sizes, where these differ."""
        a, b = self.find(one), self.find(other)
        if a != b:
            if b in self.sizes:
                if self.sizes.setdefault(a, self.sizes[b]) != self.sizes[b]:
                    return self.sizes[a], self.sizes[b]
                del self.sizes[b]
            self.leader[b] = a
            known = self.axes.pop(b, [])
            self.axes.setdefault(a, []).extend(x for x in known if x not in self.axes[a])
        return None

    def runs(self, slot: Slot, axis: Axis) -> None:
        """``slot`` runs along ``axis``."""
        known = self.axes.setdefault(self.find(slot), [])
        if axis not in known:
            known.append(axis)

    def axis(self, slot: Slot) -> Axis | None:
        """The axis along which ``slot`` runs: the first that was known, or None."""
        known = self.axes.get(self.find(slot), [])
        return known[0] if known else None

    def is_sample(self, slot: Slot) -> bool:
        """Whether it runs along the samples, whose number nobody knows."""
        return self.sizes.get(self.find(slot), 0) is None

    def merged(self) -> Iterable[tuple[Axis, ...]]:
        """The axes that turned out to be one."""
        return (tuple(known) for known in self.axes.values() if len(known) > 1)
