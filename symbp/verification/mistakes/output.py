"""What the left side would be if δ of the last layer were something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Add, Expr

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import (
    PARAMETERS,
    Role,
    Tensor,
    entries,
    indices_of,
    is_entry,
    tensor_of,
)
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.edits import Place, places

Slope = Callable[[Expr], Expr]


def by_delta(
    context: Context, z: Tensor, loss_slope: Slope | None, delta: Equation | None = None
) -> Iterator[Expr]:
    """The left side where ∂E/∂z_k is ``loss_slope(z_k)``, or where δ_j is as ``delta`` says.

    Nothing where the left side is not about the layer of the output ``z``.
    """
    target = context.target
    u = context.sources.get(z)
    if target is None or u is None:
        return
    wrt, here = tensor_of(target), context.here(tensor_of(target))
    own = indices_of(target)

    def of_unit(indices: tuple[Expr, ...]) -> Expr:
        return _of_unit(context, z, indices, loss_slope, delta)

    if here == z and loss_slope is not None:
        yield loss_slope(z[own])
    elif here == u:
        yield of_unit(tuple(_index(i, a) for i, a in zip(own, u.axes, strict=True)))
    elif wrt.role in PARAMETERS:
        definition = context.program.definitions[u]
        if entries(definition.rhs, here):
            indices = tuple(i for i in indices_of(definition.lhs) if isinstance(i, Index))
            at = tuple(_index(i, a) for i, a in zip(own, here.axes, strict=True))
            fresh = tuple(_apart(i, at) for i in indices)
            slope = Partial(u[fresh], here[at])
            yield total(of_unit(fresh) * slope, *fresh)


def into(
    expr: Expr, context: Context, z: Tensor, loss_slope: Slope | None, delta: Equation | None = None
) -> Iterator[Expr]:
    """``expr`` with that in place of every δ_j, ∂E/∂u_j and ∂E/∂z_j of the last layer."""
    u = context.sources.get(z)
    loss = context.program.loss
    meant = {e: context.unit_of(e) for e in entries(expr) if tensor_of(e).role is Role.DELTA}
    meant |= {p: p.wrt for p in expr.atoms(Partial) if p.of == loss and is_entry(p.wrt)}
    known = {}
    for part, unit in meant.items():
        if unit is None:
            continue
        here, place = context.here(tensor_of(unit)), tensor_of(unit).place
        at = tuple(_index(i, a) for i, a in zip(indices_of(unit), here.axes, strict=True))
        if here == u:
            known[part] = context.back(_of_unit(context, z, at, loss_slope, delta), place)
        elif here == z and loss_slope is not None:
            known[part] = context.back(loss_slope(z[at]), place)
    if known:
        yield expr.xreplace(known)
    for place in places(expr, context.free):
        if u is not None and isinstance(place.part, Add):
            for unit in _units_of_sum(place, context, u):
                at = tuple(_index(i, a) for i, a in zip(indices_of(unit), u.axes, strict=True))
                made = _of_unit(context, z, at, loss_slope, delta)
                yield place.put(context.back(made, tensor_of(unit).place))


def _units_of_sum(place: Place, context: Context, last: Tensor | None) -> Iterator[Expr]:
    """The units whose δ is written out as a sum that stands somewhere, ``z_k − d_k``."""
    value = context.reference.print(place.part)
    for unit in context.units if value is not None else ():
        if context.here(unit) == last:
            for u in context.at(unit, place.scope):
                if context.reference.print(Partial(context.program.loss, u)) == value:
                    yield u


def _of_unit(
    context: Context,
    z: Tensor,
    indices: tuple[Expr, ...],
    loss_slope: Slope | None,
    delta: Equation | None,
) -> Expr:
    if delta is not None:
        made: Expr = delta.rhs.xreplace(dict(zip(indices_of(delta.lhs), indices, strict=True)))
        return made
    assert loss_slope is not None
    return chained(context, z, context.sources[z], indices, loss_slope)


def chained(
    context: Context, z: Tensor, u: Tensor, indices: tuple[Expr, ...], slope: Slope
) -> Expr:
    """``Σ_k ∂E/∂z_k ∂z_k/∂u_j``, or its one term where units do not depend on one another."""
    if not z.axes or context.formula(u[indices], u[indices]) is not None:
        return slope(z[indices]) * Partial(z[indices], u[indices])
    samples = indices[:-1]
    k = z.axes[-1].fresh([i for i in indices if isinstance(i, Index)], "k")
    out = z[(*samples, k)]
    return total(slope(out) * Partial(out, u[indices]), k)


def _index(index: Expr, axis: Axis) -> Expr:
    """An index of the left side, along the same axis of the program."""
    return axis.index(index.letter) if isinstance(index, Index) else index


def _apart(index: Index, taken: tuple[Expr, ...]) -> Index:
    return index.axis.index(index.letter + "*") if index in taken else index
