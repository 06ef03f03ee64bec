"""Axes that are split into several, and several that are put into one, as ``reshape`` does.

x[…, J i + j]                     where the axis is split into one of I and one of J entries
Σ_i Σ_j [k = J i + j] x[…, i, j]  where both become one
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Integer, KroneckerDelta, Mul, S

from symbp.equations.axis import Axis, Index, Size, total
from symbp.verification.code.axes import Axes, Unequal
from symbp.verification.code.values import Arr

Group = tuple[list[Index], list[int]]
"""Dimensions, and the places of those that they become; of as many entries together."""


def regrouped_as(axes: Axes, arr: Arr, shape: Sequence[Expr]) -> Arr | None:
    """``arr`` in ``shape``, where axes are split or put together; None where none is."""
    wanted = _completed(axes, arr, [axes.current(size) for size in shape])
    if wanted is None:
        return None
    groups = _groups(axes, arr, wanted)
    if groups is None or all(len(old) == len(new) for old, new in groups):
        return None
    typed = zip(_typed(arr, shape, wanted), wanted, strict=True)
    given = [size for size, known in typed if known != 1]
    idx: list[Index] = []
    body = arr.body
    for old, new in groups:
        if len(old) == len(new) == 1:
            idx += old
            continue
        made = [axes.index(_axis(axes, given[k])) for k in new]
        inner = made if len(new) > 1 else old
        if any(axes.size(i.axis) is None for i in inner[1:]) and len(new) > 1:
            return None  # positions on the axis that is split must be known numbers
        place = _place(axes, inner)
        if len(new) > 1:
            if len(old) > 1:
                return None
            body = body.xreplace({old[0]: place})
        else:
            body = total(KroneckerDelta(made[0], place) * body, *old)
            if axes.size(made[0].axis) is None:
                axes.ties.append((made[0].axis, Mul(*(i.axis.size for i in old))))
        idx += made
    found = iter(idx)
    return Arr(tuple(None if size == 1 else next(found) for size in wanted), body)


def _typed(arr: Arr, shape: Sequence[Expr], wanted: Sequence[Expr]) -> list[Expr]:
    """``shape`` as it was given, with the size that −1 stands for."""
    return [own if size == -1 else size for size, own in zip(shape, wanted, strict=True)]


def _axis(axes: Axes, size: Expr) -> Axis:
    return axes.find(size.axis) if isinstance(size, Size) else axes.sized(size)


def _place(axes: Axes, inner: Sequence[Index]) -> Expr:
    """J i + j: where an entry of the axes of ``inner`` is on the axis that they are put into."""
    place: Expr = S.Zero
    for index in inner:
        place = place * axes.current(index.axis.size) + index
    return place.expand()


def _completed(axes: Axes, arr: Arr, shape: Sequence[Expr]) -> list[Expr] | None:
    """``shape`` with the size that −1 stands for; None where that is not known."""
    whole = Mul(*(axes.current(i.axis.size) for i in arr.real))
    rest = Mul(*(size for size in shape if size != -1))
    missing = whole / rest
    if any(size.is_number and not size.is_Integer for size in shape):
        return None
    if -1 in shape:
        factors = Mul.make_args(missing)
        if not all(isinstance(f, Size) or (f.is_Integer and f > 0) for f in factors):
            return None
        return [missing if size == -1 else size for size in shape]
    return list(shape) if missing == 1 else None


def _groups(axes: Axes, arr: Arr, shape: Sequence[Expr]) -> list[Group] | None:
    """The shortest runs of dimensions, on both sides, that have as many entries."""
    old = list(arr.real)
    sizes = [size for size in shape if size != 1]
    new = list(range(len(sizes)))
    groups: list[Group] = []
    while old or new:
        left: list[Index] = []
        right: list[int] = []
        while not left or not right or _count(axes, left) != Mul(*(sizes[k] for k in right)):
            quotient = Mul(*(sizes[k] for k in right)) / _count(axes, left)
            is_more = bool(quotient.is_Integer) or not quotient.as_numer_denom()[0].is_number
            if old and (not left or is_more):
                left.append(old.pop(0))
            elif new:
                right.append(new.pop(0))
            elif old:
                left.append(old.pop(0))
            else:
                return None
        groups.append((left, right))
    return groups


def _count(axes: Axes, some: Sequence[Index]) -> Expr:
    return Mul(*(axes.current(i.axis.size) for i in some), Integer(1))


__all__ = ["Unequal", "regrouped_as"]
