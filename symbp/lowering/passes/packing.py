"""Statements that compute several arrays alike, as statements that compute all side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    Axes,
    Call,
    Empty,
    Join,
    Joined,
    MatMul,
    Name,
    Named,
    Part,
    Temporary,
    Value,
    names_in,
)
from symbp.lowering.passes.numbers import is_leaf, is_number


@dataclass
class Packing:
    """The ``new`` statements that stand for those that are ``gone``."""

    statements: Sequence[Assign]
    name: Callable[[], Temporary]
    new: list[Assign] = field(default_factory=list)
    gone: list[Assign] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.uses = Counter(of for s in self.statements for of in names_in(s.value))
        self.made: dict[Named, list[Assign]] = {}
        for statement in self.statements:
            if statement.loop is None:
                self.made.setdefault(statement.target.of, []).append(statement)

    def whole(self, names: Sequence[Named]) -> Name | None:
        """An array of which all ``names`` are parts; None where they are not computed alike."""
        made = [self.made.get(of, []) for of in names]
        if any(len(each) != 1 for each in made):
            return None
        group = [each[0] for each in made]
        value = self._value([s.value for s in group])
        if value is None:
            return None
        self.gone += group
        first, *others = group
        target = Name(self.name(), axes=value.axes)
        told = dict.fromkeys(s.equation for s in others if s.equation != first.equation)
        through = tuple(equation for equation in told if equation)
        equation = None if isinstance(value, Empty) else first.equation
        self.new.append(
            replace(first, target=target, value=value, equation=equation, through=through)
        )
        return target

    def _value(self, values: Sequence[Value]) -> Value | None:
        """One operation for several that are alike."""
        first = values[0]
        if len({type(value) for value in values}) > 1:
            return None
        axes = widened([value.axes for value in values])
        if isinstance(first, Empty):
            return Empty(None, first.typed, axes=axes)
        if isinstance(first, MatMul) and len({value.parts[0] for value in values}) == 1:
            right = self._argument([value.parts[1] for value in values])
            return MatMul((first.args[0], right), axes=axes) if right else None
        if isinstance(first, Call) and len({getattr(value, "op", "") for value in values}) == 1:
            args = [self._argument(each) for each in zip(*(v.parts for v in values), strict=True)]
            known = tuple(arg for arg in args if arg is not None)
            return Call(known, first.op, axes=axes) if len(known) == len(args) else None
        return None

    def _argument(self, values: Sequence[Value]) -> Value | None:
        first = values[0]
        if is_number(first):
            return first if len(set(values)) == 1 else None
        names = [value.of for value in values if isinstance(value, Name)]
        if all(isinstance(of, Temporary) and self.uses[of] == 1 for of in names) and names:
            return self.whole(names) if len(names) == len(values) else None
        given = all(is_leaf(v) and not names_in(v) & self.made.keys() for v in values)
        if not given or len({len(v.axes) for v in values}) > 1:
            return None
        axes = widened([value.axes for value in values])
        whole = Name(self.name(), axes=axes)
        self.new.append(Assign(whole, Join(tuple(values), len(axes) - 1, axes=axes)))
        return whole


def widened(axes: Sequence[Axes]) -> Axes:
    """The axes of arrays side by side along their last ones."""
    return (*axes[0][:-1], Joined.of([axis(each[-1]) for each in axes]).index())


def parts(whole: Name, names: Sequence[Name]) -> list[Assign]:
    """The statements that say which part each of ``names`` is."""
    axes = [axis(name.axes[-1]) for name in names]
    position = len(whole.axes) - 1
    return [
        Assign(name, Part(whole, position, tuple(axes[:place]), axes[place], axes=name.axes))
        for place, name in enumerate(names)
    ]


def axis(index: object) -> Axis:
    """The axis along which an index runs."""
    along = getattr(index, "axis", None)
    assert isinstance(along, Axis)
    return along
