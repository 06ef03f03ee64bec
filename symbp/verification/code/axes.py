"""Axes that are found to be one: dimensions of arrays that operations bring together."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index, Size

DEPTH = 8
"""How often sizes are written out that are made of others."""


class Unequal(Exception):
    """Two dimensions whose sizes are fixed, and differ."""


@dataclass
class Axes:
    """A union-find of axes; ``pinned`` holds the sizes that the program itself fixes."""

    parent: dict[Axis, Axis] = field(default_factory=dict)
    pinned: dict[Axis, int] = field(default_factory=dict)
    merges: int = 0
    ties: list[tuple[Axis, Expr]] = field(default_factory=list)
    """Axes that have as many entries as an expression in the sizes of others says."""
    _made: dict[Expr, Axis] = field(default_factory=dict)
    _names: count[int] = field(default_factory=lambda: count(1))
    _letters: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, size: int | None = None) -> Axis:
        """An axis of its own, of ``size`` entries where that is known."""
        axis = Axis(f"axis{next(self._names)}")
        if size is not None:
            self.pinned[axis] = size
        return axis

    def sized(self, size: Expr) -> Axis:
        """The axis of ``size`` entries, an expression in sizes: one for each such expression."""
        if isinstance(size, Size):
            return self.find(size.axis)
        size = self.current(size).expand()
        if isinstance(size, Size):
            return size.axis
        if (known := self.number(size)) is not None:
            return self.fresh(known)
        for axis, made in self.ties:
            if self.current(made).expand() == size:
                return self.find(axis)
        axis = self.fresh()
        whole = self._whole(size)
        if whole is None:
            self.ties.append((axis, size))
        else:  # what is left of it is as long as anything, and it is longer
            self.ties.append((whole.axis, (axis.size - (size - whole)).expand()))
        return axis

    def _whole(self, size: Expr) -> Size | None:
        """The size that others are taken away from, in H − K + 1, where it is free."""
        signs = size.as_coefficients_dict()
        tied = {self.find(axis) for axis, _ in self.ties}
        if all(n >= 0 for n in signs.values()):
            return None
        free = (s for s in sorted(size.atoms(Size), key=str) if signs.get(s) == 1)
        return next((s for s in free if self.find(s.axis) not in tied), None)

    def divided(self, size: Expr, by: Expr) -> Expr:
        """``size / by``, which is whole: an axis of that size is put there where it is not seen."""
        size = self.current(size).expand()
        quotient = (size / by).expand()
        if all(term.as_coeff_Mul()[0].is_Integer for term in quotient.as_ordered_terms()):
            return quotient
        key = quotient
        if key not in self._made:
            axis = self._made[key] = self.fresh()
            whole = next((s for s in sorted(size.atoms(Size), key=str) if size.coeff(s) == 1), None)
            if whole is None:
                self.pinned[axis] = 1
            else:
                self.ties.append((whole.axis, (by * axis.size - (size - whole)).expand()))
        return self._made[key].size

    def current(self, expr: Expr, depth: int = 0) -> Expr:
        """``expr`` in the sizes of axes as they are by now, numbers where these are known."""
        now: dict[Expr, Expr] = {}
        whole = {self.find(axis): size for axis, size in self.ties}
        for size in expr.atoms(Size):
            axis = self.find(size.axis)
            known = self.size(axis)
            if known is not None:
                now[size] = Integer(known)
            else:
                own = whole.get(axis, axis.size)
                is_plain = depth > DEPTH or own == axis.size
                now[size] = axis.size if is_plain else self.current(own, depth + 1)
        return expr.xreplace(now)

    def find(self, axis: Axis) -> Axis:
        while axis in self.parent:
            axis = self.parent[axis]
        return axis

    def index(self, axis: Axis) -> Index:
        """An index that occurs nowhere else: axes merge later, and letters must not clash."""
        return self.find(axis).index(f"i{next(self._letters)}")

    def size(self, axis: Axis) -> int | None:
        return self.pinned.get(self.find(axis))

    def pin(self, axis: Axis, size: int) -> None:
        """Raises ``Unequal`` where the axis is known to have another size."""
        root = self.find(axis)
        if self.pinned.setdefault(root, size) != size:
            raise Unequal

    def join(self, left: Axis, right: Axis) -> None:
        """The two are one from now on. Raises ``Unequal`` where their sizes differ."""
        a, b = self.find(left), self.find(right)
        if a == b:
            return
        sizes = self.pinned.get(a), self.pinned.get(b)
        if None not in sizes and sizes[0] != sizes[1]:
            raise Unequal
        self.merges += 1
        self.parent[b] = a
        known = self.pinned.pop(b, None)
        if known is not None:
            self.pinned[a] = known

    def number(self, expr: Expr) -> int | None:
        """The whole number that ``expr`` is, sizes included that the program fixes."""
        sizes = {s: self.size(s.axis) for s in expr.atoms(Size)}
        if None in sizes.values():
            return None
        value = expr.xreplace({s: Integer(n) for s, n in sizes.items()})
        return int(value) if value.is_Integer else None
