"""Layers that a line leaves out: unknown places, found from the letters that signs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from sympy import Expr, Integer, Symbol

from symbp.equations.axis import Axis

REACH = 3
"""Layers before and after an unknown one of which a line may speak."""

Form = tuple[Expr | None, int]
"""A place as what it is counted from and how far: (l, 1) is l + 1, (None, 2) is layer 2."""


class Places:
    """Unknown places of one line, and what equalities between them have shown."""

    def __init__(self) -> None:
        self._known: dict[Expr, Form] = {}
        self._unknown: list[Expr] = []
        self._numbers = count()

    def new(self) -> Expr:
        """A place not known yet."""
        place = Symbol(f"?{next(self._numbers)}", integer=True)
        self._unknown.append(place)
        return place

    def drop(self, place: Expr | None) -> None:
        """Forgets an unknown place of which nothing depends."""
        self._unknown = [unknown for unknown in self._unknown if unknown != place]

    def form(self, place: Expr) -> Form:
        """``place`` as far as it is known."""
        number, base = place.as_coeff_Add()
        if base == 0:
            return None, int(number)
        if base in self._known:
            further, more = self._known[base]
            found = self.form(further) if further is not None else (None, 0)
            return found[0], found[1] + more + int(number)
        return base, int(number)

    def same(self, one: Expr | None, other: Expr | None) -> bool:
        """Takes two places to be one; False if they cannot be."""
        if one is None or other is None:
            return one is other
        (base, number), (target, shift) = self.form(one), self.form(other)
        if base == target:
            return number == shift
        if base in self._unknown:
            self._known[base] = (target, shift - number)
        elif target in self._unknown and target is not None:
            self._known[target] = (base, number - shift)
        else:
            return False
        return True

    def same_axis(self, one: Axis, other: Axis) -> bool:
        """Takes two axes to be one; False if they cannot be."""
        return one.name == other.name and self.same(one.place, other.place)

    def open(self) -> list[Expr]:
        """The places that others are counted from and nothing is known of."""
        bases = (self.form(place)[0] for place in self._unknown)
        return list(dict.fromkeys(b for b in bases if b is not None and b in self._unknown))

    def found(self) -> dict[Expr, Expr]:
        """Every unknown place and its neighbours -> what they are."""
        known: dict[Expr, Expr] = {}
        for place in self._unknown:
            base, number = self.form(place)
            value = Integer(number) if base is None else base + number
            known |= {place + step: value + step for step in range(-REACH, REACH + 1)}
        return known

    def settle(self, candidates: Iterable[Expr], fits: Callable[[], bool]) -> int:
        """Tries ``candidates`` for the one open place; how many fit. A single one is kept."""
        (base,) = self.open()
        fitting = []
        for candidate in candidates:
            number, target = candidate.as_coeff_Add()
            self._known[base] = (target if target != 0 else None, int(number))
            if fits():
                fitting.append(self._known[base])
        self._known.pop(base, None)
        if len(fitting) == 1:
            self._known[base] = fitting[0]
        return len(fitting)
