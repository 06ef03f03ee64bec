"""A direction that is only looked at in windows side by side is two: which window, and where in it.

u[n, i], z[n, k] = max_p u[n, 2k + p]   ->   u[n, k, p], z[n, k] = max_p u[n, k, p]

Then there are no windows any more, and nothing has to be put back to where it was. What is overlaid
along the direction has it as one: that is put together before, where there is less of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Call,
    Expand,
    Name,
    Named,
    Overlay,
    Reduce,
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
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.numbers import is_number
from symbp.lowering.passes.steps import Sizes, is_dense


def _is_name_of(value: Value, names: Collection[Named]) -> bool:
    return isinstance(value, Name) and value.of in names


class Whole(Exception):
    """Something needs the direction as one."""


def split(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, where such axes are two."""
    found = tuple(statements)
    if any(s.loop is not None for s in found):
        return found
    for number, (axis, at) in enumerate(_candidates(found, sizes).items()):
        try:
            found = _without_copies(_Splitting(axis, at, sizes, number).all(found))
        except Whole:
            continue
    return found


def _candidates(statements: Sequence[Assign], sizes: Sizes) -> dict[Axis, tuple[Index, Index]]:
    """The axes that windows side by side cover, and the two indices that count these."""
    found: dict[Axis, tuple[Index, Index]] = {}
    for statement in statements:
        value = statement.value
        if isinstance(value, Window) and len(value.at.along) == 2:
            index = value.arg.axes[value.position]
            own = value.axes[value.position : value.position + 2]
            if index is not None and is_dense(value.at, index.axis, sizes):
                outer, inner = (i for i in own if i is not None)
                found.setdefault(index.axis, (outer, inner))
    return found


def _without_copies(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """Without what has become another name."""
    instead: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value, of = renamed(statement.value, instead), statement.target.of
        if isinstance(of, Temporary) and isinstance(value, Name):
            instead[of] = value
        else:
            out.append(statement.computing(value))
    return tuple(out)


def _is_fixed(of: Named) -> bool:
    """Whether others read what is computed: a gradient, or what is remembered."""
    return isinstance(of, Partial) or (isinstance(of, Tensor) and of.role is Role.STATE)


@dataclass(frozen=True)
class _Splitting:
    """Puts two axes in place of ``axis``; ``own`` are their indices."""

    axis: Axis
    own: tuple[Index, Index]
    sizes: Sizes
    number: int

    @property
    def step(self) -> int:
        return self.sizes[self.own[1].axis]

    def all(self, statements: Sequence[Assign]) -> tuple[Assign, ...]:
        """Raises Whole where that cannot be."""
        made = {s.target.of for s in statements if not _is_fixed(s.target.of)}
        parts = (part for s in statements for part in (s.target, *walk(s.value)))
        names = (part for part in parts if isinstance(part, Name))
        if any(self._positions(name.axes) for name in names if name.of not in made):
            raise Whole
        kept = self._kept(statements)
        whole: dict[Named, Name] = {}
        out: list[Assign] = []
        for statement in statements:
            if statement.target.of in kept:
                out += self._as_one(statement, kept, whole)
            else:
                ours = isinstance(statement.value, Overlay) and _is_name_of(
                    statement.value.arg, kept
                )
                out.append(statement if ours else self._statement(statement))
        return tuple(out)

    def _kept(self, statements: Sequence[Assign]) -> set[Named]:
        """What leads to overlaid arrays, as far as there are sums: there the axis stays one."""
        made = {s.target.of: s.value for s in statements if isinstance(s.target.of, Temporary)}
        readers: dict[Named, list[Assign]] = {}
        for statement in statements:
            for part in walk(statement.value):
                if isinstance(part, Name):
                    readers.setdefault(part.of, []).append(statement)
        kept: set[Named] = set()
        for statement in reversed(statements):
            value, of = statement.value, statement.target.of
            if of not in made or not self._positions(statement.target.axes):
                continue
            if isinstance(value, (Overlay, Tensordot, Reshape)) and all(
                reader.target.of in kept or self._lands(reader.value)
                for reader in readers.get(of, [])
            ):
                kept.add(of)
        return kept

    def _lands(self, value: Value) -> bool:
        """Whether a value overlays what lies along the axis."""
        if not isinstance(value, Overlay) or not isinstance(value.arg, Name):
            return False
        return any(p in value.positions for p in self._positions(value.arg.axes))

    def _as_one(
        self, statement: Assign, kept: Collection[Named], whole: dict[Named, Name]
    ) -> Iterator[Assign]:
        """The statement, which leaves the axis one, and before it what it reads as one."""
        value = statement.value
        if isinstance(value, Reshape):
            yield statement.computing(replace(value, arg=self._value(value.arg)))
            return
        for part in value.parts:
            if not self._positions(part.axes) or _is_name_of(part, kept):
                continue
            if not isinstance(part, Name) or None in part.axes:
                raise Whole
            if part.of not in whole:
                whole[part.of] = Name(Temporary("whole", self.number, part.of), axes=part.axes)
                along = long_axes(part.axes)
                joined = Reshape(self._value(part), along, axes=part.axes)
                yield replace(statement, target=whole[part.of], value=joined)
        yield statement.computing(renamed(value, whole))

    def _statement(self, statement: Assign) -> Assign:
        value, target = statement.value, statement.target
        parts = (target, *(part for part in walk(value)))
        if not any(self._positions(p.axes) or self._steps_along(p) for p in parts):
            return statement
        target = replace(target, axes=self.wider(target.axes))
        return replace(statement, target=target, value=self._value(value))

    def _positions(self, axes: Axes) -> list[int]:
        return [p for p, index in enumerate(axes) if index is not None and index.axis == self.axis]

    def _steps_along(self, value: Value) -> bool:
        at = getattr(value, "at", None)
        return isinstance(at, Steps) and self.axis in at.along

    def wider(self, axes: Axes) -> Axes:
        places = self._positions(axes)
        return tuple(i for p, index in enumerate(axes) for i in self._two(p in places, index))

    def _two(self, is_here: bool, index: Index | None) -> tuple[Index | None, ...]:
        return self.own if is_here else (index,)

    def _moved(self, axes: Axes) -> list[tuple[int, ...]]:
        """For each old position the new ones."""
        found: list[tuple[int, ...]] = []
        new = 0
        places = self._positions(axes)
        for position in range(len(axes)):
            count = 2 if position in places else 1
            found.append(tuple(range(new, new + count)))
            new += count
        return found

    # ---- values -------------------------------------------------------------------------------

    def _value(self, value: Value) -> Value:
        axes = self.wider(value.axes)
        match value:
            case Name():
                return replace(value, axes=axes)
            case Transpose(arg=arg, order=order):
                moved = self._moved(arg.axes)
                new = tuple(q for p in order for q in moved[p])
                return Transpose(self._value(arg), new, axes=axes)
            case Expand(arg=arg, new=new):
                moved = self._moved(value.axes)
                new = tuple(q for p in new for q in moved[p])
                return Expand(self._value(arg), new, axes=axes)
            case Call():
                args = tuple(self._beside(arg, value.axes) for arg in value.args)
                return replace(value, args=args, axes=axes)
            case Reduce(arg=arg, op=op, positions=positions, keep=keep):
                gone = set(self._positions(arg.axes)) & set(positions)
                if gone and (keep or op == "argmax"):
                    raise Whole
                new = self._at(arg, positions)
                return replace(value, arg=self._value(arg), positions=new, axes=axes)
            case Tensordot(args=(a, b), meeting=(first, second)):
                if any(
                    self._is_here(a, p) != self._is_here(b, q)
                    for p, q in zip(first, second, strict=True)
                ):
                    raise Whole
                meeting = (self._at(a, first), self._at(b, second))
                args = (self._value(a), self._value(b))
                return replace(value, args=args, meeting=meeting, axes=axes)
            case Window():
                return self._window(value, axes)
            case Overlay():
                return self._overlay(value, axes)
        raise Whole

    def _is_here(self, value: Value, position: int) -> bool:
        return position in self._positions(value.axes)

    def _at(self, value: Value, positions: Sequence[int]) -> tuple[int, ...]:
        moved = self._moved(value.axes)
        return tuple(q for p in positions for q in moved[p])

    def _beside(self, value: Value, axes: Axes) -> Value:
        """An argument of an operation whose result has ``axes``: where they are two, so is 1."""
        if is_number(value) and not value.axes:
            return value
        skipped = len(axes) - len(value.axes)
        places = [p - skipped for p in self._positions(axes) if p >= skipped]
        single = [p for p in places if value.axes[p] is None]
        if set(self._positions(value.axes)) | set(single) != set(places):
            raise Whole
        if not single:
            return self._value(value)
        if isinstance(value, Expand) and set(single) <= set(value.new):
            return self._expanded(value, single)
        inner = self._value(value)
        new = tuple(self._moved_with(value.axes, single, p)[-1] for p in single)
        return Expand(inner, new, axes=self._wider_with(value.axes, single))

    def _expanded(self, value: Expand, single: Collection[int]) -> Value:
        new = tuple(q for p in value.new for q in self._moved_with(value.axes, single, p))
        axes = self._wider_with(value.axes, single)
        return Expand(self._value(value.arg), new, axes=axes)

    def _wider_with(self, axes: Axes, single: Collection[int]) -> Axes:
        places = self._positions(axes)
        out: list[Index | None] = []
        for position, index in enumerate(axes):
            out += self.own if position in places else [index] * (2 if position in single else 1)
        return tuple(out)

    def _moved_with(self, axes: Axes, single: Collection[int], position: int) -> tuple[int, ...]:
        """The new positions of an old one, where axes of length 1 become two as well."""
        twice = {*self._positions(axes), *single}
        start = position + sum(p < position for p in twice)
        return tuple(range(start, start + (2 if position in twice else 1)))

    def _window(self, value: Window, axes: Axes) -> Value:
        """Windows of the axis are gone; windows that lead to it, from elsewhere, have one more."""
        arg, position = value.arg, value.position
        if self._is_here(arg, position):
            if not self._is_same(value.at):
                raise Whole
            return replace(self._value(arg), axes=self.wider(arg.axes))
        (new,) = self._at(arg, (position,))
        return Window(self._value(arg), new, self._longer(value.at), axes=axes)

    def _overlay(self, value: Overlay, axes: Axes) -> Value:
        arg, positions = value.arg, value.positions
        if value.along == self.axis:
            first = positions[0]
            if not self._is_same(value.at) or positions != (first, first + 1):
                raise Whole
            if None in (arg.axes[first], arg.axes[first + 1]):
                raise Whole
            return self._value(arg)
        new = self._at(arg, positions)
        return Overlay(self._value(arg), new, self._longer(value.at), value.along, axes=axes)

    def _is_same(self, at: Steps) -> bool:
        counts = [self.sizes.get(axis) for axis in at.along]
        return is_dense(at, self.axis, self.sizes) and counts[-1] == self.step and len(counts) == 2

    def _longer(self, at: Steps) -> Steps:
        pairs = list(self._each(at))
        return Steps(tuple(a for a, _ in pairs), tuple(step for _, step in pairs), at.start)

    def _each(self, at: Steps) -> Iterator[tuple[Axis, int]]:
        for axis, step in zip(at.along, at.steps, strict=True):
            if axis == self.axis:
                yield self.own[0].axis, step * self.step
                yield self.own[1].axis, step
            else:
                yield axis, step
