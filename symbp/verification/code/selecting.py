"""Entries taken out of arrays and put into them: ``x[:, None]``, ``p[range(N), y]``, ``x[m] = 0``.

p[range(N), y]            p[n, y[n]]
p[range(N), y] -= 1       p[n, j] - [j = y[n]]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, KroneckerDelta, Mul, Piecewise, S

from symbp.equations.axis import Index, total
from symbp.verification.code.arrays import Arrays, Shapes, Unsupported, truth
from symbp.verification.code.axes import Unequal
from symbp.verification.code.values import Arr

Item = Any
"""slice, None (a new axis), Ellipsis, or an Arr of whole numbers or booleans."""


@dataclass
class Selecting:
    on: Arrays

    def expanded(self, arr: Arr, items: Sequence[Item]) -> list[Item]:
        """One item for each dimension, besides new axes."""
        taken = sum(item is not None and item is not Ellipsis for item in items)
        if taken > arr.rank:
            raise Shapes(self.on.said(arr), f"{taken} indices")
        rest = [slice(None)] * (arr.rank - taken)
        if Ellipsis not in items:
            return [*items, *rest]
        k = list(items).index(Ellipsis)
        return [*items[:k], *rest, *items[k + 1 :]]

    def taken(self, arr: Arr, items: Sequence[Item]) -> Arr:
        """``arr[items]``."""
        arr = self.on.fresh(arr)
        if any(isinstance(i, Arr) and i.condition is not None for i in items):
            raise Unsupported("entries chosen by a condition")
        items = self.expanded(arr, items)
        several = [i for i in items if isinstance(i, Arr) and i.rank]
        common: tuple[Index | None, ...] = ()
        if several:
            common, several = self.on.together(*several)
        waiting, placed = iter(several), False
        idx: list[Index | None] = []
        names: dict[Any, Expr] = {}
        dims = iter(arr.idx)
        for item in items:
            if item is None:
                idx.append(None)
                continue
            i = next(dims)
            if isinstance(item, slice):
                idx.append(self._sliced(i, item, names))
                if i is not None and isinstance(names.get(i), Index):
                    arr = Arr(arr.idx, total(KroneckerDelta(i, names.pop(i)) * arr.body, i))
                continue
            where = next(waiting) if item.rank else item
            if item.rank and not placed:
                idx += common
                placed = True
            if i is None:
                continue
            if self.is_elsewhere(where.body, i):
                arr = Arr(arr.idx, total(KroneckerDelta(i, where.body) * arr.body, i))
                continue
            names[i] = self._position(where.body, i)
        return self.on.renamed(arr, idx, names)

    def is_elsewhere(self, where: Expr, i: Index) -> bool:
        """Whether ``where`` runs along an axis of another size."""
        if not isinstance(where, Index):
            return False
        sizes = [self.on.axes.current(x.axis.size) for x in (where, i)]
        tied = {axis for axis, _ in self.on.axes.ties}
        is_tied = any(self.on.axes.find(x.axis) in tied for x in (where, i))
        return sizes[0] != sizes[1] and (is_tied or all(s.is_Integer for s in sizes))

    def _position(self, where: Expr, i: Index) -> Expr:
        if where.is_Integer and where < 0:
            where = where + i.axis.size
        size = self.on.axes.size(i.axis)
        if where.is_Integer and size is not None and not 0 <= where < size:
            raise Shapes(f"size {size}", f"index {where}")
        try:
            return self.on.position(where, i.axis)
        except Unequal:
            raise Unsupported("labels of another axis") from None

    def _sliced(self, i: Index | None, item: slice, names: dict[Any, Expr]) -> Index | None:
        if i is None or (item.start, item.stop, item.step) == (None, None, None):
            return i
        where = self.gone_through(i, item)
        if where is None:
            return i
        j, names[i] = where
        return j

    def gone_through(self, i: Index, item: slice) -> tuple[Index | None, Expr] | None:
        """An index along a slice, and the place on ``i`` that it stands for; None for all of it."""
        low, length = self.between(i, item)
        step = 1 if item.step is None else item.step
        if low == 0 and step == 1 and length == self.on.axes.current(i.axis.size):
            return None
        if step != 1:
            if not length.is_Integer or step < 1:
                raise Unsupported("a slice with steps")
            length = -(-length // step)
        dimension = self.on.dimension(length)
        if dimension is None:
            return None, low
        j = self.on.axes.index(dimension)
        return j, low + step * j

    def between(self, i: Index, item: slice) -> tuple[Expr, Expr]:
        """Where a slice begins, and how long it is."""
        size = self.on.axes.current(i.axis.size)
        low = S.Zero if item.start is None else self.on.axes.current(item.start.body)
        high = size if item.stop is None else self.on.axes.current(item.stop.body)
        low = low + size if low.is_negative else low
        high = high + size if high.is_negative else high
        if high.is_number and size.is_number and high > size:
            high = size
        return low, (high - low).expand()

    def collected(self, arr: Arr, items: Sequence[Item], values: Arr) -> Arr:
        """An array like ``arr`` of what ``values`` add up to at the places ``items``."""
        items = self.expanded(arr, [i for i in items if i is not None])
        several = [i for i in items if isinstance(i, Arr) and i.rank]
        common: tuple[Index | None, ...] = ()
        if several:
            common, several = self.on.together(*several)
        waiting = iter(several)
        idx: list[Index | None] = []
        over: list[Index] = [i for i in common if i is not None]
        deltas: list[Expr] = []
        is_placed = False
        for i, item in zip(arr.idx, items, strict=True):
            if isinstance(item, slice):
                part = self.gone_through(i, item) if i is not None else None
                if part is None:
                    idx.append(i)
                    continue
                inner, place = part
                idx.append(inner)
                over += [inner] if inner is not None else []
                deltas.append(KroneckerDelta(i, place))
                continue
            where = next(waiting) if item.rank else item
            if item.rank and not is_placed:
                idx += common
                is_placed = True
            if i is not None:
                deltas.append(KroneckerDelta(i, self._position(where.body, i)))
        body = self._fitted(self.on.fresh(values), idx, arr)
        return Arr(arr.idx, total(Mul(*deltas, body), *over))

    def put(self, arr: Arr, items: Sequence[Item], change: Callable[[Expr], Arr]) -> Arr:
        """``arr`` after ``arr[items] = …``; ``change`` makes an entry's new value of the old one.

        What it gives has the shape of what is selected, or broadcasts to it.
        """
        arr = self.on.fresh(arr)
        masks = [i for i in items if isinstance(i, Arr) and i.condition is not None]
        if masks:
            return self._masked(arr, items, masks, change)
        items = self.expanded(arr, [i for i in items if i is not None])
        several = [i for i in items if isinstance(i, Arr) and i.rank]
        common: tuple[Index | None, ...] = ()
        if several:
            common, several = self.on.together(*several)
        waiting = iter(several)
        chosen: list[tuple[Index, Expr]] = []
        known: dict[Any, Any] = {}
        rest: list[Index | None] = []
        over: list[Index] = []
        for i, item in zip(arr.idx, items, strict=True):
            if isinstance(item, slice):
                part = self.gone_through(i, item) if i is not None else None
                rest.append(i if part is None else part[0])
                if i is not None and part is not None:
                    chosen.append((i, part[1]))
                    over += [part[0]] if part[0] is not None else []
                continue
            where = (next(waiting) if item.rank else item).body
            if i is None:
                continue
            where = self._position(where, i)
            if where in common and where not in known:
                known[where] = i
            else:
                chosen.append((i, where))
        if any(k is not None and k not in known for k in common):
            raise Unsupported("repeated positions")
        places = tuple(known[k] if k is not None else None for k in common)
        new = self._fitted(change(arr.body), (*places, *rest), arr)
        deltas = Mul(*(KroneckerDelta(i, w.xreplace(known)) for i, w in chosen))
        more = (new - arr.body).expand() if over else new - arr.body
        return Arr(arr.idx, arr.body + total(deltas * more, *over))

    def _masked(
        self, arr: Arr, items: Sequence[Item], masks: list[Arr], change: Callable[[Expr], Arr]
    ) -> Arr:
        if len(items) != 1 or masks[0].rank != arr.rank:
            raise Unsupported("entries chosen by a condition")
        idx, (whole, mask) = self.on.together(arr, masks[0])
        new = change(whole.body)
        if new.rank and new.rank != arr.rank:
            raise Unsupported("entries chosen by a condition")
        body = self._fitted(new, idx, arr)
        return Arr(idx, Piecewise((body, truth(mask)), (whole.body, True)))

    def _fitted(self, new: Arr, idx: Sequence[Index | None], arr: Arr) -> Expr:
        """The entry of ``new`` at ``idx``, to which it broadcasts."""
        if new.rank > len(idx):
            raise Shapes(self.on.said(arr), self.on.said(new))
        names: dict[Any, Any] = {}
        for i, j in zip(new.idx[::-1], list(idx)[::-1], strict=False):
            if i is not None and j is None:
                self.on.one(new, i, arr)
            elif i is not None and j is not None and i != j:
                self.on.join(new, i, arr, j)
                names[i] = j
        return new.body.xreplace(names)
