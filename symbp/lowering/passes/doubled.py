"""What computes the same where an axis of arrays is two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symbp.lowering.arrays import (
    Axes,
    Call,
    Expand,
    Name,
    Overlay,
    Reduce,
    Tensordot,
    Transpose,
    Value,
    Window,
)
from symbp.lowering.passes.doubling import Doubling
from symbp.lowering.passes.numbers import is_number


class Whole(Exception):
    """Something needs the axis as one."""


@dataclass(frozen=True)
class Doubled:
    """Values with two axes in place of one."""

    two: Doubling

    def value(self, value: Value) -> Value:
        """The same of arrays with both axes. Raises Whole where that cannot be."""
        two, axes = self.two, self.two.wider(value.axes)
        match value:
            case Name():
                return replace(value, axes=axes)
            case Transpose(arg=arg, order=order):
                return Transpose(self.value(arg), two.moved(arg.axes, order), axes=axes)
            case Expand(arg=arg, new=new):
                return Expand(self.value(arg), two.moved(value.axes, new), axes=axes)
            case Call():
                args = tuple(self._beside(arg, value.axes) for arg in value.args)
                return replace(value, args=args, axes=axes)
            case Reduce(arg=arg, op=op, positions=positions, keep=keep):
                gone = set(two.positions(arg.axes)) & set(positions)
                if gone and (keep or op == "argmax"):
                    raise Whole
                new = two.moved(arg.axes, positions)
                return replace(value, arg=self.value(arg), positions=new, axes=axes)
            case Tensordot():
                return self._tensordot(value, axes)
            case Window():
                return self._window(value, axes)
            case Overlay():
                return self._overlay(value, axes)
        raise Whole

    def _tensordot(self, value: Tensordot, axes: Axes) -> Value:
        (a, b), (first, second) = value.args, value.meeting
        pairs = zip(first, second, strict=True)
        if any(self.two.has(a, p) != self.two.has(b, q) for p, q in pairs):
            raise Whole
        meeting = (self.two.moved(a.axes, first), self.two.moved(b.axes, second))
        return replace(value, args=(self.value(a), self.value(b)), meeting=meeting, axes=axes)

    def _beside(self, value: Value, axes: Axes) -> Value:
        """An argument of an operation whose result has ``axes``: where they are two, so is 1."""
        if is_number(value) and not value.axes:
            return value
        own, skipped = value.axes, len(axes) - len(value.axes)
        places = [p - skipped for p in self.two.positions(axes) if p >= skipped]
        single = [p for p in places if own[p] is None]
        if set(self.two.positions(own)) | set(single) != set(places):
            raise Whole
        if not single:
            return self.value(value)
        if isinstance(value, Expand) and set(single) <= set(value.new):
            arg, new = value.arg, self.two.moved(own, value.new, single)
        else:
            arg, new = value, self._last(own, single)
        return Expand(self.value(arg), new, axes=self.two.wider(own, single))

    def _last(self, axes: Axes, single: Sequence[int]) -> tuple[int, ...]:
        """Of each axis of length 1 that becomes two, the second."""
        return tuple(self.two.moved(axes, [p], single)[-1] for p in single)

    def _window(self, value: Window, axes: Axes) -> Value:
        """Windows of the axis are gone; windows that lead to it, from elsewhere, have one more."""
        arg, position = value.arg, value.position
        if self.two.has(arg, position):
            if not self.two.is_along(value.at):
                raise Whole
            return replace(self.value(arg), axes=self.two.wider(arg.axes))
        (new,) = self.two.moved(arg.axes, (position,))
        return Window(self.value(arg), new, self.two.longer(value.at), axes=axes)

    def _overlay(self, value: Overlay, axes: Axes) -> Value:
        arg, positions = value.arg, value.positions
        if value.along == self.two.axis:
            first = positions[0]
            if not self.two.is_along(value.at) or positions != (first, first + 1):
                raise Whole
            if None in (arg.axes[first], arg.axes[first + 1]):
                raise Whole
            return self.value(arg)
        new = self.two.moved(arg.axes, positions)
        return Overlay(self.value(arg), new, self.two.longer(value.at), value.along, axes=axes)
