"""A layer that uses the parameters of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, indices_of
from symbp.errors import SpecErrors, fault
from symbp.layers.placed import Placed


def sharing(placed: Placed, owner: Placed, *, transposed: bool) -> Placed:
    """``placed`` with the parameters of ``owner`` in place of its own of the same names.

    ``transposed`` are only weights, whose two axes then change places; the rest stays its own.
    Raises SpecErrors where ``owner`` has no such parameters.
    """
    theirs = {p.tensor.name: p.tensor for p in owner.parameters} | dict(owner.shared)
    shared: dict[str, Tensor] = {}
    for own in (p.tensor for p in placed.parameters):
        if transposed and (own.role is not Role.WEIGHT or len(own.axes) != 2):
            continue
        found = theirs.get(own.name)
        if found is None or len(found.axes) != len(own.axes):
            raise SpecErrors([fault("share_none", "share", given=own.name)])
        shared[own.name] = found
    if not shared:
        raise SpecErrors([fault("share_nothing", "share")])
    learnt = {p.tensor.name: p.tensor for p in placed.parameters}
    renamed: dict[Expr, Expr] = {}
    for equation in placed.equations:
        for name, found in shared.items():
            for entry in entries(equation.rhs, learnt[name]):
                at = indices_of(entry)
                renamed[entry] = found[tuple(reversed(at)) if transposed else at]
    return replace(
        placed,
        equations=tuple(Equation(e.id, e.lhs, e.rhs.xreplace(renamed)) for e in placed.equations),
        parameters=tuple(p for p in placed.parameters if p.tensor.name not in shared),
        shared=shared,
        merged=(*placed.merged, *_merged(learnt, shared, transposed=transposed)),
    )


def _merged(
    learnt: dict[str, Tensor], shared: dict[str, Tensor], *, transposed: bool
) -> Iterator[tuple[Axis, ...]]:
    """The axes that are one since a parameter has them here and there."""
    for name, found in shared.items():
        own = learnt[name].axes
        yield from zip(found.axes, reversed(own) if transposed else own, strict=True)
