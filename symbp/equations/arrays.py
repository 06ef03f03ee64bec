"""Arrays of numbers whose directions are named by indices, and arithmetic on them in a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Integer, Rational

from symbp.equations.axis import Axis, Index
from symbp.equations.fields import Field, elementwise

Array = NDArray[Any]


@dataclass(frozen=True)
class Named:
    """An array of numbers with one direction for each index in ``indices``."""

    array: Array
    indices: tuple[Index, ...] = ()

    def along(self, indices: Sequence[Index]) -> Array:
        """The array with directions in the order of ``indices``, of length 1 where it has none."""
        order = [self.indices.index(i) for i in indices if i in self.indices]
        shape = iter(self.array.transpose(order).shape)
        return self.array.transpose(order).reshape(
            [next(shape) if i in self.indices else 1 for i in indices]
        )


def scalar(value: Any) -> Named:
    """One number, the same wherever it stands."""
    return Named(np.array(value, dtype=object))


def together(function: Callable[..., Any], *values: Named) -> Named:
    """``function`` on arrays that are aligned by their indices."""
    indices = tuple(dict.fromkeys(i for value in values for i in value.indices))
    return Named(np.asarray(function(*(v.along(indices) for v in values)), dtype=object), indices)


@dataclass(frozen=True)
class Arithmetic:
    """What is done to named arrays of elements of ``field``, where axes have ``sizes``."""

    field: Field
    sizes: Mapping[Axis, int]

    @cached_property
    def zero(self) -> Any:
        return self.field.rational(Integer(0))

    @cached_property
    def one(self) -> Any:
        return self.field.rational(Integer(1))

    def rational(self, value: Rational) -> Named:
        return scalar(self.field.rational(value))

    def reduced(self, array: Any) -> Array:
        return np.asarray(self.field.reduce(array), dtype=object)

    def each(self, function: Callable[[Any], Any], value: Named) -> Named:
        """``function`` on every element."""
        return together(lambda a: elementwise(function, a), value)

    def added(self, values: Sequence[Named]) -> Named:
        return reduce(lambda a, b: together(lambda x, y: self.reduced(x + y), a, b), values)

    def multiplied(self, values: Sequence[Named]) -> Named:
        return reduce(lambda a, b: together(lambda x, y: self.reduced(x * y), a, b), values)

    def subtracted(self, left: Named, right: Named) -> Named:
        return together(lambda a, b: self.reduced(a - b), left, right)

    def power(self, value: Named, power: Rational) -> Named:
        """``value`` to a constant power. Raises ``ArithmeticError`` where there is none."""
        if power < 0:
            positive = self.power(value, -power)
            return self.each(self.field.inverse, positive)
        return self.each(lambda x: self.field.root(x, power), value)

    def signs(self, value: Named) -> Named:
        """1, −1 or 0."""
        positive = self.field.positive
        return self.each(
            lambda x: self.one if positive(x) else -self.one if positive(-x) else self.zero, value
        )

    def compared(self, operator: str, left: Named, right: Named) -> Named:
        """Whether ``left operator right`` holds, as booleans."""
        up = self.field.positive
        tests: dict[str, Callable[[Any], bool]] = {
            ">": up,
            "<": lambda x: up(-x),
            ">=": lambda x: not up(-x),
            "<=": lambda x: not up(x),
            "==": lambda x: not up(x) and not up(-x),
            "!=": lambda x: up(x) or up(-x),
        }
        return self.each(tests[operator], self.subtracted(left, right))

    def chosen(self, condition: Named, yes: Named, no: Named) -> Named:
        """``yes`` where ``condition`` holds, ``no`` elsewhere."""
        return together(lambda c, a, b: np.where(c.astype(bool), a, b), condition, yes, no)

    def summed(self, value: Named, over: Sequence[Index]) -> Named:
        """The sum over whole axes."""
        indices = tuple(dict.fromkeys((*over, *value.indices)))
        array = self.full(value, indices).array
        summed = self.reduced(array.sum(axis=tuple(range(len(over)))))
        return Named(summed, indices[len(over) :])

    def contracted(self, factors: Sequence[Named], over: Sequence[Index]) -> Named:
        """The sum over whole axes of a product: Σ_i Σ_j a_i b_j = (Σ_i a_i) (Σ_j b_j).

        Along each index only those factors are multiplied that have it, so that no array has more
        directions than it must; the index that the fewest factors have is summed first.
        """
        waiting = dict(enumerate(factors))
        having: dict[Index, set[int]] = {index: set() for index in over}
        for place, value in waiting.items():
            for index in having.keys() & set(value.indices):
                having[index].add(place)
        while having:
            these = min(having.values(), key=len)
            done = [index for index, places in having.items() if places <= these]
            product = self.multiplied([waiting.pop(k) for k in sorted(these)] or [scalar(self.one)])
            place = len(factors) + len(having)
            waiting[place] = self.summed(product, done)
            having = {
                index: places - these | {place} if places & these else places
                for index, places in having.items()
                if index not in done
            }
        return self.multiplied([*waiting.values()])

    def largest(self, value: Named, index: Index) -> Named:
        """Where along ``index`` the first maximum is."""
        outer = tuple(i for i in value.indices if i != index)
        array = self.full(value, (index, *outer)).array
        best = np.zeros(array.shape[1:], dtype=int)
        for k in range(1, len(array)):
            here = np.take_along_axis(array, best[None], 0)[0]
            more = elementwise(self.field.positive, self.reduced(array[k] - here))
            best = np.where(np.asarray(more).astype(bool), k, best)
        return Named(np.asarray(elementwise(int, best), dtype=object), outer)

    def full(self, value: Named, indices: Sequence[Index]) -> Named:
        """``value`` with a direction of its size for each of ``indices``."""
        shape = [self.sizes[i.axis] for i in indices]
        return Named(np.broadcast_to(value.along(indices), shape), tuple(indices))

    def gathered(self, array: Array, at: Sequence[Named], rest: tuple[Index, ...] = ()) -> Named:
        """The entries of ``array`` at the positions ``at`` of its first directions.

        Its other directions are named ``rest``. What lies outside is zero.
        """
        if not at:
            return Named(array, rest)
        outer = tuple(dict.fromkeys((*(i for p in at for i in p.indices), *rest)))
        slots = [p.along(outer).astype(int) for p in at]
        slots += [Named(np.arange(self.sizes[i.axis]), (i,)).along(outer) for i in rest]
        bounded = list(zip(slots, array.shape, strict=True))
        inside = reduce(np.logical_and, [(s >= 0) & (s < n) for s, n in bounded])
        clipped = np.broadcast_arrays(*(np.clip(s, 0, n - 1) for s, n in bounded))
        # A single entry would become a number of the machine, whose products overflow.
        found = np.asarray(array[tuple(clipped)], dtype=object)
        return Named(np.where(inside, found, self.zero), outer)
