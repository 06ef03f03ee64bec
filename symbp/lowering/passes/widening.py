"""One direction of windows made wider, by all that planes of outputs see of it together.

u[k, p] = Σ_a w[a] x[2k + p + a]      ->   ŵ[m, p] = w[m − p],  u[k, p] = Σ_m ŵ[m, p] x[2k + m]
g[a] = Σ_k Σ_p δ[k, p] x[2k + p + a]  ->   ĝ[m, p] = Σ_k δ[k, p] x[2k + m],  g[a] = Σ_p ĝ[p + a, p]
e[2k + p + a] = Σ δ[k, p] w[a]        ->   e[2k + m] = Σ_p δ[k, p] ŵ[m, p]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from math import prod

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
    Window,
    long_axes,
    walk,
)
from symbp.lowering.passes.directions import order, position, product, turned
from symbp.lowering.passes.steps import Sizes

KERNEL, SLOPES, SPLIT = "wide", "slopes", "split"

COPIED = 28
"""What a number costs that is copied into windows: as much as so many rows of a product."""


class Narrow(Exception):
    """Something needs windows as they are, or these are faster."""


@dataclass
class Widening:
    """One direction: ``plane`` and ``taps`` are two axes by which windows go on."""

    plane: Axis
    taps: Axis
    ratio: int
    sizes: Sizes
    statements: Sequence[Assign]
    out: list[Assign] = field(default_factory=list)
    windows: dict[Named, Name] = field(default_factory=dict)
    """The windows that are wider, by what they are called."""
    kernels: dict[Named, Name] = field(default_factory=dict)
    wholes: dict[Named, tuple[Reshape, int]] = field(default_factory=dict)
    """Arrays that have the planes within another axis, and where that is."""
    spread: set[Named] = field(default_factory=set)
    """What is overlaid later, along the wider axis."""

    def __post_init__(self) -> None:
        count = self.ratio * (self.sizes[self.plane] - 1) + self.sizes[self.taps]
        key = f"{self.taps.key} + {self.plane.key}"
        self.axis = Counted(key, letter=self.taps.letter, count=count)
        self.wider = self.axis.index()

    def all(self) -> tuple[Assign, ...]:
        """Raises Narrow where that cannot be, or is not worth it."""
        for statement in self.statements:
            self._add(statement)
        if not self.kernels:
            raise Narrow
        return tuple(self.out)

    def _add(self, statement: Assign) -> None:
        value = _inner(statement.value)
        turn = statement.value.order if isinstance(statement.value, Transpose) else None
        name = statement.target
        match value:
            case Window(arg=Name(of=of)) if of in self.windows or self._goes_on(value):
                value = self._window(value)
                self.windows[statement.target.of] = Name(statement.target.of, axes=value.axes)
                name = replace(name, axes=value.axes)
            case Tensordot(args=args) if any(self._is_wide(arg) for arg in args):
                value = self._product(value, statement)
            case Tensordot() if (found := self._spreading(value, statement)) is not None:
                value = found
                name = replace(name, axes=value.axes)
            case Overlay(arg=Name(of=of)) if of in self.spread:
                value = self._overlaid(value, statement.target.of)
                name = name if turn is not None else replace(name, axes=value.axes)
            case Reshape(arg=Name()) if (at := self._joined(value)) is not None:
                self.wholes[statement.target.of] = value, at
            case _ if self.windows.keys() & set(_read(value)):
                raise Narrow
        if turn is not None:
            value = _turned_again(value, turn, statement.value.axes)
        self.out.append(replace(statement, target=name, value=value))

    # ---- windows --------------------------------------------------------------------------------

    def _goes_on(self, value: Window) -> bool:
        return {self.plane, self.taps} <= set(value.at.along)

    def _is_wide(self, value: Value) -> bool:
        return isinstance(value, Name) and value.of in self.windows

    def _window(self, value: Window) -> Window:
        assert isinstance(value.arg, Name)
        arg, at = value.arg, value.position
        if arg.of in self.windows:
            gone = position(arg.axes, self.plane)
            at -= gone is not None and gone < at
            arg = self.windows[arg.of]
        if not self._goes_on(value):
            return replace(value, arg=arg, position=at, axes=self._narrowed(value.axes))
        pairs = [
            (self.wider.axis if axis == self.taps else axis, step)
            for axis, step in zip(value.at.along, value.at.steps, strict=True)
            if axis != self.plane
        ]
        along, steps = zip(*pairs, strict=True)
        return Window(arg, at, Steps(along, steps, value.at.start), axes=self._narrowed(value.axes))

    def _narrowed(self, axes: Axes) -> Axes:
        """Without planes, and with the wider axis for the places in a kernel."""
        if position(axes, self.plane) is None or position(axes, self.taps) is None:
            raise Narrow
        left = (index for index in axes if index is None or index.axis != self.plane)
        return tuple(self.wider if i is not None and i.axis == self.taps else i for i in left)

    # ---- products -------------------------------------------------------------------------------

    def _product(self, value: Tensordot, owner: Assign) -> Value:
        """The product of wider windows, with the axes that it has had."""
        side = 0 if self._is_wide(value.args[0]) else 1
        seen, other = value.args[side], value.args[1 - side]
        assert isinstance(seen, Name)
        pairs = dict(zip(value.meeting[side], value.meeting[1 - side], strict=True))
        plane, taps = (position(seen.axes, axis) for axis in (self.plane, self.taps))
        if self._is_wide(other) or not isinstance(other, Name) or plane is None or taps is None:
            raise Narrow
        along = [(seen.axes[p], other.axes[q]) for p, q in pairs.items()]
        windows = self.windows[seen.of]
        wanted = product(value).axes
        if taps in pairs and plane not in pairs:
            met = [(i, j) for i, j in along if i is not None and i.axis != self.taps]
            self._weigh(other, pairs.values())
            kernel = self._kernel(other, owner)
            met.append((self.wider, self.wider))
            made = self._dot(windows, kernel, met)
            return turned(made, wanted, value.axes)
        if plane in pairs and taps not in pairs:
            met = [(i, j) for i, j in along if i is not None and i.axis != self.plane]
            made = self._dot(windows, other, met)
            name = Name(Temporary(SLOPES, len(self.out)), axes=made.axes)
            self.out.append(replace(owner, target=name, value=made))
            return turned(self._back(name, value), wanted, value.axes)
        raise Narrow

    def _dot(self, a: Name, b: Name, met: Sequence[tuple[Index | None, Index | None]]) -> Tensordot:
        first = order(a.axes, tuple(index for index, _ in met))
        second = order(b.axes, tuple(index for _, index in met))
        return product(Tensordot((a, b), (first, second)))

    def _weigh(self, kernel: Name, met: Collection[int]) -> None:
        """Raises Narrow where wider windows are no faster."""
        rest = (i.axis for p, i in enumerate(kernel.axes) if p not in met and i is not None)
        rows = prod(self.sizes.get(axis, 1) for axis in rest)
        planes, taps = self.sizes[self.plane], self.sizes[self.taps]
        count = self.axis.count
        if count * (planes * rows + COPIED) >= planes * taps * (rows + COPIED):
            raise Narrow

    def _kernel(self, kernel: Name, owner: Assign) -> Name:
        """ŵ[m, p] = w[m − p], 0 outside."""
        at = position(kernel.axes, self.taps)
        if at is None or position(kernel.axes, self.plane) is not None:
            raise Narrow
        if kernel.of not in self.kernels:
            axes = (*kernel.axes[:at], self.wider, self.plane.index(), *kernel.axes[at + 1 :])
            name = Name(Temporary(KERNEL, len(self.out)), axes=axes)
            steps = Steps((self.wider.axis, self.plane), (1, -self.ratio), 0)
            value = Window(kernel, at, steps, axes=axes)
            self.out.append(replace(owner, target=name, value=value))
            self.kernels[kernel.of] = name
        return self.kernels[kernel.of]

    def _back(self, slopes: Name, value: Tensordot) -> Overlay:
        """ē[a] = Σ_p ê[p + a, p]."""
        (taps,) = (i for i in product(value).axes if i is not None and i.axis == self.taps)
        first, second = order(slopes.axes, (self.wider, self.plane.index()))
        steps = Steps((self.wider.axis, self.plane), (1, -self.ratio), 0)
        left = (index for p, index in enumerate(slopes.axes) if p != second)
        axes = tuple(taps if index == self.wider else index for index in left)
        return Overlay(slopes, (first, second), steps, self.taps, axes=axes)

    # ---- what is overlaid -----------------------------------------------------------------------

    def _joined(self, value: Reshape) -> int | None:
        """The axis of the result that is the planes and the axis before them as one."""
        own = [index.axis for index in value.arg.axes if index is not None]
        place = 0
        for at, axis in enumerate(value.along):
            if place + 1 < len(own) and own[place] != axis and own[place + 1] == self.plane:
                return at
            place += 1 if place < len(own) and own[place] == axis else 2
        return None

    def _spreading(self, value: Tensordot, owner: Assign) -> Tensordot | None:
        """A product with kernels whose result is overlaid, with planes summed over as well."""
        whole, kernel = value.args
        if not (isinstance(whole, Name) and isinstance(kernel, Name)):
            return None
        if whole.of not in self.wholes or kernel.of not in self.kernels:
            return None
        (joined, at), taps = self.wholes[whole.of], position(kernel.axes, self.taps)
        if at in value.meeting[0] or taps in value.meeting[1]:
            return None
        if not self._lands(owner.target.of, joined.along[at]):
            return None
        array = joined.arg
        assert isinstance(array, Name)
        plane = position(array.axes, self.plane)
        assert plane is not None
        before, own = array.axes[plane - 1 : plane + 1]
        axes = (*whole.axes[:at], before, own, *whole.axes[at + 1 :])
        along = long_axes(axes)
        if along == long_axes(array.axes):
            apart = replace(array, axes=axes)
        else:
            apart = Name(Temporary(SPLIT, len(self.out)), axes=axes)
            self.out.append(replace(owner, target=apart, value=Reshape(array, along, axes=axes)))
        pairs = zip(*value.meeting, strict=True)
        met = [(whole.axes[p], kernel.axes[q]) for p, q in pairs]
        wider = self._kernel(kernel, owner)
        self.spread.add(owner.target.of)
        return self._dot(apart, wider, [*met, (own, self.plane.index())])

    def _lands(self, of: Named, whole: Axis) -> bool:
        """Whether all that becomes of a result is overlaid along ``whole`` and the taps."""
        readers = [s for s in self.statements if of in _read(s.value)]
        for reader in readers:
            value = _inner(reader.value)
            if not isinstance(value, Overlay) or not isinstance(value.arg, Name):
                return False
            steps = dict(zip(value.at.along, value.at.steps, strict=True))
            if {whole, self.taps} == steps.keys():
                fits = steps[whole] == self.ratio * steps[self.taps]
            else:
                apart = not {whole, self.taps} & steps.keys() and value is reader.value
                fits = apart and self._lands(reader.target.of, whole)
            if not fits:
                return False
        return bool(readers)

    def _overlaid(self, value: Overlay, target: Named) -> Overlay:
        assert isinstance(value.arg, Name)
        of = value.arg.of
        arg = next(s.target for s in reversed(self.out) if s.target.of == of)
        if self.taps not in value.at.along:
            self.spread.add(target)
            axes = [index for p, index in enumerate(arg.axes) if p not in value.positions]
            axes.insert(min(value.positions), value.along.index())
            return replace(value, arg=arg, axes=tuple(axes))
        pairs: list[tuple[Axis, int]] = []
        for p, axis, step in zip(value.positions, value.at.along, value.at.steps, strict=True):
            if axis == self.taps:
                pairs.append((self.axis, step))
            elif (index := arg.axes[p]) is not None:
                pairs.append((index.axis, step * self.sizes[self.plane]))
        along, steps = zip(*pairs, strict=True)
        return replace(value, arg=arg, at=Steps(along, steps, value.at.start))


def _turned_again(value: Value, turn: Sequence[int], axes: Axes) -> Value:
    if isinstance(value, Transpose):
        return Transpose(value.arg, tuple(value.order[p] for p in turn), axes=axes)
    return Transpose(value, tuple(turn), axes=axes)


def _inner(value: Value) -> Value:
    return value.arg if isinstance(value, Transpose) else value


def _read(value: Value) -> list[Named]:
    return [part.of for part in walk(value) if isinstance(part, Name)]
