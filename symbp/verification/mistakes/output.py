"""What the left side would be if δ of the last layer were something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Add, Expr

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.nodes import nodes
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


@dataclass(frozen=True)
class Slopes:
    """Where ∂E/∂u_j and ∂E/∂z_j of the output ``z`` stand in ``expr``.

    ``named`` are parts of ``expr``, and ``spelled`` the places of a sum that is one, ``z_k − d_k``,
    each with the entry that E is differentiated by, in the program, and with its symbolic layer.
    """

    expr: Expr
    context: Context
    z: Tensor
    named: tuple[tuple[Expr, Expr, Expr | None], ...]
    spelled: tuple[tuple[Place, Expr, Expr | None], ...]

    @staticmethod
    def of(expr: Expr, context: Context, z: Tensor) -> Slopes:
        u, loss = context.sources.get(z), context.program.loss
        meant = {e: context.unit_of(e) for e in entries(expr) if tensor_of(e).role is Role.DELTA}
        meant |= {p: p.wrt for p in nodes(expr, Partial) if p.of == loss and is_entry(p.wrt)}
        last = [
            (part, *_placed(unit, context))
            for part, unit in meant.items()
            if unit is not None and context.here(tensor_of(unit)) in (u, z)
        ]
        sums = [place for place in places(expr, context.free) if isinstance(place.part, Add)]
        spelled = [
            (place, *_placed(unit, context))
            for place in (sums if u is not None else ())
            for unit in _units_of_sum(place, context, u)
        ]
        return Slopes(expr, context, z, tuple(last), tuple(spelled))

    def replaced(self, loss_slope: Slope | None, delta: Equation | None = None) -> Iterator[Expr]:
        """``expr`` where ∂E/∂z_k is ``loss_slope(z_k)``, or where δ_j is as ``delta`` says."""
        put = {
            part: self.context.back(new, layer)
            for part, at, layer in self.named
            if (new := self._slope(at, loss_slope, delta)) is not None
        }
        if put:
            yield self.expr.xreplace(put)
        for place, at, layer in self.spelled:
            new = self._slope(at, loss_slope, delta)
            if new is not None:
                yield place.put(self.context.back(new, layer))

    def _slope(self, at: Expr, loss_slope: Slope | None, delta: Equation | None) -> Expr | None:
        if tensor_of(at) != self.z:
            return _of_unit(self.context, self.z, indices_of(at), loss_slope, delta)
        return loss_slope(at) if loss_slope is not None else None


def _placed(unit: Expr, context: Context) -> tuple[Expr, Expr | None]:
    """``unit`` as the program calls it, and how its layer is called in the line."""
    here = context.here(tensor_of(unit))
    at = tuple(_index(i, a) for i, a in zip(indices_of(unit), here.axes, strict=True))
    return here[at], tensor_of(unit).place


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
