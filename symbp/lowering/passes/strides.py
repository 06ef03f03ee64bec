"""What is overlaid in steps is overlaid in planes, each without gaps: runs of memory are longer.

e[2k + m] = Σ δ[k, m]   ->   f[k + a, r] = Σ δ[k, 2a + r],  e[2k + r] = f[k, r]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Counted,
    Name,
    Named,
    Overlay,
    Reshape,
    Steps,
    Temporary,
    Tensordot,
    Transpose,
    Value,
    long_axes,
    walk,
)
from symbp.lowering.passes.directions import Missing, order, turned
from symbp.lowering.passes.steps import Sizes, looks_through_windows

APART, LANDED = "apart", "landed"


def strides(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation; what is read no more is left where it is."""
    if not looks_through_windows(statements):
        return tuple(statements)
    made = {s.target.of: s for s in statements}
    used = Counter(part.of for s in statements for part in walk(s.value) if isinstance(part, Name))
    inner = {_source(s) for s in statements if used[_source(s)] == 1}
    out: list[Assign] = []
    count = 0
    for statement in statements:
        chain = _chain(statement, made) if statement.target.of not in inner else []
        step = _step(chain, statement, sizes) if chain else None
        try:
            found = _Apart(step, count + 1).all(chain, statement) if step else [statement]
        except Missing:
            found = [statement]
        count += len(found) > 1
        out += found
    return tuple(out)


def _overlaid(statement: Assign) -> Overlay | None:
    value = statement.value
    value = value.arg if isinstance(value, Transpose) else value
    return value if isinstance(value, Overlay) and isinstance(value.arg, Name) else None


def _source(statement: Assign) -> Named:
    value = _overlaid(statement)
    arg = value.arg if value is not None else None
    return arg.of if isinstance(arg, Name) else None


def _chain(statement: Assign, made: Mapping[Named, Assign]) -> list[Overlay]:
    """What is overlaid, then overlaid again, up to the statement; of a product, all of it."""
    found: list[Overlay] = []
    each: Assign | None = statement
    while each is not None and (value := _overlaid(each)) is not None:
        if found and isinstance(each.value, Transpose):
            return []
        found.insert(0, value)
        each = made.get(_source(each))
    is_whole = each is not None and isinstance(each.value, Tensordot)
    return found if is_whole else []


@dataclass(frozen=True)
class _Step:
    """The ``number``-th of a chain lands in steps of ``size``: ``near`` goes on by ones."""

    number: int
    size: int
    near: Axis
    along: Axis
    sizes: Sizes


def _step(chain: Sequence[Overlay], statement: Assign, sizes: Sizes) -> _Step | None:
    """How the last axis of the result is landed on, if all planes are of one size."""
    last = statement.target.axes[-1]
    for number, value in enumerate(chain):
        at, along = value.at, value.along
        if last is None or along != last.axis or len(at.along) != 2 or 1 not in at.steps:
            continue
        size, near = max(at.steps), at.along[at.steps.index(1)]
        wholes = (sizes.get(near, 1), sizes.get(along, 1), at.start)
        if size > 1 and not any(whole % size for whole in wholes):
            return _Step(number, size, near, along, sizes)
    return None


@dataclass(frozen=True)
class _Apart:
    """One result whose last axis is two until it is complete."""

    step: _Step
    count: int

    def _part(self, axis: Axis) -> Index:
        key = f"{axis.key} / {self.step.size}"
        count = self.step.sizes[axis] // self.step.size
        return Counted(key, letter=axis.letter, count=count).index()

    @property
    def _plane(self) -> Index:
        key = f"{self.step.along.key} % {self.step.size}"
        return Counted(key, letter="r", count=self.step.size).index()

    def all(self, chain: Sequence[Overlay], statement: Assign) -> list[Assign]:
        source = chain[0].arg
        assert isinstance(source, Name)
        axes = self._split(source.axes, self.step.near)
        view = Name(Temporary(APART, self.count), axes=axes)
        along = long_axes(axes)
        out = [replace(statement, target=view, value=Reshape(source, along, axes=axes))]
        value: Value = view
        for number, each in enumerate(chain):
            value = self._overlay(each, value, number == self.step.number)
        wanted = self._split(statement.target.axes, self.step.along)
        name = Name(Temporary(LANDED, self.count), axes=wanted)
        out.append(replace(statement, target=name, value=turned(value, wanted, wanted)))
        along = long_axes(statement.target.axes)
        whole = Reshape(name, along, axes=statement.target.axes)
        return [*out, statement.computing(whole)]

    def _split(self, axes: Axes, axis: Axis) -> Axes:
        found: list[Index | None] = []
        for index in axes:
            here = index is not None and index.axis == axis
            found += [self._part(axis), self._plane] if here else [index]
        return tuple(found)

    def _overlay(self, value: Overlay, arg: Value, here: bool) -> Overlay:
        """The same of what has planes; ``here`` where these are landed on."""
        own = [value.arg.axes[p] for p in value.positions]
        if here:
            own = [self._part(i.axis) if i and i.axis == self.step.near else i for i in own]
        positions = order(arg.axes, tuple(own))
        at, along = value.at, value.along
        if here:
            steps = tuple(max(1, step // self.step.size) for step in at.steps)
            names = long_axes(own)
            at = Steps(names, steps, at.start // self.step.size)
            along = self._part(along).axis
        axes = [index for p, index in enumerate(arg.axes) if p not in positions]
        axes.insert(min(positions), along.index())
        return Overlay(arg, positions, at, along, axes=tuple(axes))
