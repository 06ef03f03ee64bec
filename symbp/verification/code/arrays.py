"""Operations on symbolic arrays that bring dimensions together.

(a + b)[n, j] = a[n, j] + b[j]          where the last axes of both become one
(a @ b)[n, k] = Σ_j a[n, j] b[j, k]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Integer, KroneckerDelta, Mul, Piecewise, S

from symbp.equations.axis import Axis, Index, Size, total
from symbp.equations.calculus import ArgLargest, Largest
from symbp.equations.tensor import Tensor, is_entry, tensor_of
from symbp.verification.code.axes import Axes, Unequal
from symbp.verification.code.limits import RANK
from symbp.verification.code.regrouping import regrouped_as
from symbp.verification.code.values import Arr


class Unsupported(Exception):
    """An operation that is not followed; the argument says which."""


class Shapes(Exception):
    """Two shapes that do not go together."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(left, right)
        self.left, self.right = left, right


@dataclass
class Arrays:
    """What is done to whole arrays; ``labels`` are tensors that turned out to hold positions."""

    axes: Axes = field(default_factory=Axes)
    labels: dict[Tensor, Axis] = field(default_factory=dict)

    # ------------------------------------------------------------ shapes

    def shape(self, arr: Arr) -> tuple[Expr, ...]:
        return tuple(S.One if i is None else self.axes.find(i.axis).size for i in arr.idx)

    def said(self, arr: Arr) -> str:
        """The shape as a person writes it, ``?`` for what is not known."""
        sizes = ["1" if i is None else str(self.axes.size(i.axis) or "?") for i in arr.idx]
        return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"

    def dimension(self, size: Expr) -> Axis | None:
        """The axis of a dimension of ``size`` entries; None for one."""
        if isinstance(size, Size):
            return self.axes.find(size.axis)
        known = self.axes.number(size)
        if known == 1:
            return None
        if known is None and size.free_symbols <= size.atoms(Size):
            return self.axes.sized(size)
        return self.axes.fresh(known)

    def join(self, left: Arr, i: Index, right: Arr, j: Index) -> None:
        try:
            self.axes.join(i.axis, j.axis)
        except Unequal:
            raise Shapes(self.said(left), self.said(right)) from None

    def one(self, arr: Arr, i: Index, other: Arr) -> None:
        """The dimension ``i`` meets one of one entry, and has one itself."""
        try:
            self.axes.pin(i.axis, 1)
        except Unequal:
            raise Shapes(self.said(arr), self.said(other)) from None

    def fresh(self, arr: Arr) -> Arr:
        """The same array with indices that occur nowhere else."""
        names = {i: self.axes.index(i.axis) for i in arr.real}
        return self.renamed(arr, tuple(names.get(i) for i in arr.idx), names)  # type: ignore[arg-type]

    @staticmethod
    def renamed(arr: Arr, idx: Sequence[Index | None], names: Mapping[Any, Any]) -> Arr:
        condition = arr.condition
        if condition is not None:
            condition = condition.xreplace(names)
        return Arr(tuple(idx), arr.body.xreplace(names), condition)

    def together(self, *arrs: Arr) -> tuple[tuple[Index | None, ...], list[Arr]]:
        """The arrays broadcast against one another: common indices."""
        rank = max(a.rank for a in arrs)
        if rank > RANK:
            raise Unsupported("rank")
        maps: list[dict[Any, Any]] = [{} for _ in arrs]
        idx: list[Index | None] = []
        for place in range(-rank, 0):
            here = [(n, a.idx[place]) for n, a in enumerate(arrs) if a.rank >= -place]
            found = [(n, i) for n, i in here if i is not None]
            if not found:
                idx.append(None)
                continue
            for n, i in found[1:]:
                self.join(arrs[found[0][0]], found[0][1], arrs[n], i)
            common = self.axes.index(found[0][1].axis)
            for n, i in found:
                maps[n][i] = common
            idx.append(common)
        return tuple(idx), [
            self.renamed(a, idx[rank - a.rank :], m) for a, m in zip(arrs, maps, strict=True)
        ]

    # ------------------------------------------------------------ entry by entry

    def each(self, function: Callable[..., Expr], *arrs: Arr) -> Arr:
        """``function`` of the entries."""
        idx, aligned = self.together(*arrs)
        return Arr(idx, function(*(a.body for a in aligned)))

    def where(self, condition: Arr, yes: Arr, no: Arr) -> Arr:
        idx, (c, a, b) = self.together(condition, yes, no)
        return Arr(idx, Piecewise((a.body, truth(c)), (b.body, True)))

    def boolean(self, idx: Sequence[Index | None], condition: Any) -> Arr:
        return Arr(tuple(idx), Piecewise((S.One, condition), (S.Zero, True)), condition)

    def tests(self, relation: Callable[..., Any], *arrs: Arr) -> Arr:
        """A condition on the entries."""
        idx, aligned = self.together(*arrs)
        return self.boolean(idx, relation(*(a.body for a in aligned)))

    def logic(self, function: Callable[..., Any], *arrs: Arr) -> Arr:
        idx, aligned = self.together(*arrs)
        return self.boolean(idx, function(*map(truth, aligned)))

    # ------------------------------------------------------------ along axes

    def matmul(self, left: Arr, right: Arr) -> Arr:
        """Σ over the last axis of ``left`` and the last but one of ``right``."""
        if not left.rank or not right.rank:
            return self.each(Mul, left, right)
        if left.rank > 2 or right.rank > 2:
            return self._of_stacks(left, right)
        a, b = self.fresh(left), self.fresh(right)
        inner_b = 0 if b.rank == 1 else b.rank - 2
        i, j = a.idx[-1], b.idx[inner_b]
        idx = (*a.idx[:-1], *b.idx[:inner_b], *b.idx[inner_b + 1 :])
        if i is not None and j is not None:
            self.join(left, i, right, j)
            return Arr(idx, self.sum_of(a.body * b.body.xreplace({j: i}), i))
        for over, arr, other in ((i, left, right), (j, right, left)):
            if over is not None:
                self.one(arr, over, other)
                return Arr(idx, self.sum_of(a.body * b.body, over))
        return Arr(idx, a.body * b.body)

    def _of_stacks(self, left: Arr, right: Arr) -> Arr:
        """A product of matrices at each place of the dimensions before."""
        a, b = self.fresh(left), self.fresh(right)
        rows = a.idx if a.rank > 1 else (None, *a.idx)
        columns = b.idx if b.rank > 1 else (*b.idx, None)
        i, j = rows[-1], columns[-2]
        for over, arr, other in ((i, left, right), (j, right, left)):
            if over is not None and None in (i, j):
                self.one(arr, over, other)
        idx, (x, y) = self.together(
            Arr((*rows, None), a.body), Arr((*columns[:-2], None, *columns[-2:]), b.body)
        )
        body = x.body * y.body
        if idx[-2] is not None:
            body = self.sum_of(body, idx[-2])
        kept = [*idx[:-2], idx[-1]]
        if a.rank == 1:
            del kept[-2]
        if b.rank == 1:
            del kept[-1]
        return Arr(tuple(kept), body)

    @staticmethod
    def sum_of(body: Expr, *over: Index) -> Expr:
        for index in over:
            if (put := _put(body, index)) is not None:
                body = put
                continue
            free = body.has_free(index)
            body = total(body, index) if free else index.axis.size * body
        return body

    def over(self, arr: Arr, axis: Sequence[int] | None) -> list[int]:
        """The dimensions that ``axis`` names. Raises ``Shapes`` for one that is not there."""
        where = range(arr.rank) if axis is None else axis
        if any(not -arr.rank <= k < arr.rank for k in where):
            raise Shapes(self.said(arr), f"axis={tuple(where)}")
        return sorted({k % arr.rank for k in where})

    def reduced(
        self, kind: str, arr: Arr, axis: Sequence[int] | None = None, *, keepdims: bool = False
    ) -> Arr:
        """``sum``, ``mean``, ``max`` or ``min`` along dimensions, all of them unless given."""
        arr = self.fresh(arr)
        where = self.over(arr, axis)
        over = [i for k in where if (i := arr.idx[k]) is not None]
        body = arr.body
        if kind in ("sum", "mean"):
            body = self.sum_of(body, *over)
            if kind == "mean":
                body = body / Mul(*(i.axis.size for i in over))
        else:
            sign = -1 if kind == "min" else 1
            for i in over:
                body = sign * Largest(sign * body, i)
        return Arr(self.remaining(arr, where, keepdims=keepdims), body)

    @staticmethod
    def remaining(arr: Arr, gone: Sequence[int], *, keepdims: bool) -> tuple[Index | None, ...]:
        if keepdims:
            return tuple(None if k in gone else i for k, i in enumerate(arr.idx))
        return tuple(i for k, i in enumerate(arr.idx) if k not in gone)

    def argmax(self, arr: Arr, axis: int | None, sign: int = 1, *, keepdims: bool = False) -> Arr:
        arr = self.fresh(arr)
        where = self.over(arr, None if axis is None else [axis])
        over = [i for k in where if (i := arr.idx[k]) is not None]
        if len(over) > 1:
            raise Unsupported("argmax over several axes")
        body = ArgLargest(sign * arr.body, over[0]) if over else S.Zero
        return Arr(self.remaining(arr, where, keepdims=keepdims), body)

    # ------------------------------------------------------------ the same entries in another shape

    @staticmethod
    def transposed(arr: Arr, order: Sequence[int] | None = None) -> Arr:
        order = range(arr.rank)[::-1] if order is None else order
        if sorted(k % max(arr.rank, 1) for k in order) != list(range(arr.rank)):
            raise Unsupported("transpose")
        return Arr(tuple(arr.idx[k] for k in order), arr.body, arr.condition)

    def reshaped(self, arr: Arr, shape: Sequence[Expr]) -> Arr:
        """The array in ``shape``, where dimensions of one entry come and go and no others."""
        if len(shape) > RANK:
            raise Unsupported("rank")
        if (regrouped := regrouped_as(self.axes, arr, shape)) is not None:
            return regrouped
        left = list(arr.real)
        wild = [k for k, s in enumerate(shape) if s == -1]
        plain = [k for k, s in enumerate(shape) if s not in (-1, 1) and self.axes.number(s) != 1]
        keep = sorted([*plain, *wild]) if len(left) > len(plain) else plain
        if len(left) != len(keep):
            raise Unsupported("reshape")
        idx: list[Index | None] = [None] * len(shape)
        for k, i in zip(keep, left, strict=True):
            idx[k] = i
            size = shape[k]
            try:
                if isinstance(size, Size):
                    self.axes.join(i.axis, size.axis)
                elif size != -1 and (known := self.axes.number(size)) is not None:
                    self.axes.pin(i.axis, known)
            except Unequal:
                raise Unsupported("reshape") from None
        return Arr(tuple(idx), arr.body, arr.condition)

    def squeezed(self, arr: Arr, axis: Sequence[int] | None) -> Arr:
        where = self.over(arr, axis)
        if axis is not None and any(arr.idx[k] is not None for k in where):
            raise Unsupported("squeeze")
        kept = (i for k, i in enumerate(arr.idx) if i is not None or k not in where)
        return Arr(tuple(kept), arr.body, arr.condition)

    def einsum(self, spec: str, arrs: Sequence[Arr]) -> Arr:
        """Σ over the letters that do not stand behind the arrow."""
        before, arrow, after = spec.replace(" ", "").partition("->")
        if "..." in before:
            before, after = _written_out(before, after, arrs)
        parts = before.split(",")
        letters = before.replace(",", "")
        if not arrow:
            after = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        fits = len(parts) == len(arrs) and all(
            len(p) == a.rank for p, a in zip(parts, arrs, strict=False)
        )
        if not letters.isalpha() or not fits or not set(after) <= set(letters):
            raise Unsupported("einsum")
        named: dict[str, tuple[Arr, Index]] = {}
        bodies = []
        for part, given in zip(parts, arrs, strict=True):
            arr = self.fresh(given)
            names: dict[Any, Any] = {}
            for letter, i in zip(part, arr.idx, strict=True):
                if i is None:
                    continue
                if letter in named:
                    self.join(named[letter][0], named[letter][1], given, i)
                    names[i] = named[letter][1]
                else:
                    named[letter] = (given, i)
            bodies.append(arr.body.xreplace(names))
        over = [i for letter, (_, i) in named.items() if letter not in after]
        idx = tuple(named[c][1] if c in named else None for c in after)
        return Arr(idx, self.sum_of(Mul(*bodies), *over))

    # ------------------------------------------------------------ positions

    def position(self, where: Expr, axis: Axis) -> Expr:
        """``where`` as a position on ``axis``: what it is taken from holds labels of that axis."""
        if isinstance(where, Index):
            self.axes.join(axis, where.axis)
        elif isinstance(where, ArgLargest):
            self.axes.join(axis, where.index.axis)
        elif is_entry(where):
            tensor = tensor_of(where)
            self.axes.join(self.labels.setdefault(tensor, axis), axis)
        elif not (where.is_Integer or isinstance(where, Size) or _affine(where)):
            raise Unsupported("an index that is computed")
        return where


def _written_out(before: str, after: str, arrs: Sequence[Arr]) -> tuple[str, str]:
    """An einsum with letters for its dots."""
    parts = before.split(",")
    counts = [a.rank - len(p.replace("...", "")) for p, a in zip(parts, arrs, strict=False)]
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in before]
    dots = free[: max([0, *counts])]
    parts = [
        p.replace("...", "".join(dots[len(dots) - max(n, 0) :]))
        for p, n in zip(parts, counts, strict=False)
    ]
    return ",".join(parts), after.replace("...", "".join(dots))


def _put(body: Expr, index: Index) -> Expr | None:
    """Σ_p [i = p] f(p) is f(i), where both run along one axis; None for other sums."""
    for factor in Mul.make_args(body):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = [a for a in factor.args if a != index] or [None]
            if isinstance(other, Index) and other.axis == index.axis:
                return (body / factor).xreplace({index: other})
    return None


def _affine(where: Expr) -> bool:
    return not (where.free_symbols - where.atoms(Index, Size))


def truth(arr: Arr) -> Any:
    """When the entry of an array is true."""
    if arr.condition is not None:
        return arr.condition
    from sympy import Ne, false, true

    if arr.body.is_number:
        return true if arr.body != 0 else false
    return Ne(arr.body, Integer(0), evaluate=False)
