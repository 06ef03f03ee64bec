"""Entries that lie at several places of an array: which views of it meet which of the others.

Windows that see what lies outside are put together of pieces, and what is overlaid is added up in
pieces: one for each position within the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import Copy, Expand, Name, Overlay, Transpose, Value, Window
from symbp.targets.numpy.spelling import Spelling


@dataclass(frozen=True)
class _Lead:
    """Axes of the many entries that lead along one axis of the array, from ``start``."""

    axes: tuple[int, ...]
    steps: tuple[int, ...] = (1,)
    start: int = 0


@dataclass(frozen=True)
class Overlapping:
    """An array ``whole`` and the ``parts`` that lie over it: one is what a statement makes."""

    source: Name
    leads: tuple[_Lead, ...]
    gathers: bool
    read: Value
    """The source as it is read."""
    wider: tuple[Axis | None, ...] | None = None
    """The axes of what is read, where some are longer than 1 only by repetition."""

    def text(self, target: str, spelling: Spelling) -> str:
        """The call that makes the pairs of views."""
        source = spelling.text(self.read)
        if self.wider is not None:
            sizes = ("1" if axis is None else spelling.size(axis) for axis in self.wider)
            source = f"np.broadcast_to({source}, ({', '.join(sizes)}))"
        whole, parts = (source, target) if self.gathers else (target, source)
        order = [axis for lead in self.leads for axis in lead.axes]
        if order != list(range(len(order))):
            parts = f"{parts}.transpose({', '.join(map(str, order))})"
        at = ", ".join(f"({lead.start}, {lead.steps})" for lead in self.leads)
        return f"pieces({whole}, {parts}, [{at}])"


def overlapping(value: Value) -> Overlapping | None:
    """How the entries of windows, or those that are overlaid, lie over each other.

    None where there are no such, or they go twice along one axis.
    """
    if isinstance(value, Copy) and isinstance(value.arg, Window):
        return _windows(value.arg)
    if isinstance(value, Transpose):
        found = _overlaid(value.arg) if isinstance(value.arg, Overlay) else None
        return found and replace(found, leads=tuple(found.leads[p] for p in value.order))
    return _overlaid(value) if isinstance(value, Overlay) else None


def _windows(value: Window) -> Overlapping | None:
    chain: list[Window] = []
    inner: Value = value
    while isinstance(inner, Window):
        chain.append(inner)
        inner = inner.arg
    if not isinstance(inner, Name):
        return None
    seen = [(axis, 1, 0) for axis in range(len(inner.axes))]
    for each in reversed(chain):
        axis, step, start = seen[each.position]
        if (step, start) != (1, 0) or sum(a == axis for a, _, _ in seen) > 1:
            return None
        new = [(axis, s, each.at.start) for s in each.at.steps]
        seen[each.position : each.position + 1] = new
    leads = []
    for axis in range(len(inner.axes)):
        own = [(p, step, start) for p, (a, step, start) in enumerate(seen) if a == axis]
        positions, steps, starts = zip(*own, strict=True)
        leads.append(_Lead(positions, steps, starts[0]))
    return Overlapping(inner, tuple(leads), True, inner)


def _overlaid(value: Overlay) -> Overlapping | None:
    chain: list[Overlay] = []
    inner: Value = value
    while isinstance(inner, Overlay):
        chain.append(inner)
        inner = inner.arg
    source = inner.arg if isinstance(inner, Expand) else inner
    if not isinstance(source, Name):
        return None
    leads = [_Lead((axis,)) for axis in range(len(inner.axes))]
    counts = [index.axis if index is not None else None for index in inner.axes]
    for each in reversed(chain):
        own = [leads[p] for p in each.positions]
        if any(lead != _Lead(lead.axes[:1]) for lead in own):
            return None
        for lead, axis in zip(own, each.at.along, strict=True):
            counts[lead.axes[0]] = axis
        merged = _Lead(tuple(lead.axes[0] for lead in own), each.at.steps, each.at.start)
        leads = [lead for p, lead in enumerate(leads) if p not in each.positions]
        leads.insert(min(each.positions), merged)
    wider = tuple(counts) if isinstance(inner, Expand) else None
    return Overlapping(source, tuple(leads), False, inner, wider)
