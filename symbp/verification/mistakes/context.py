"""What mistakes know of the network around a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Expr

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import Partial
from symbp.equations.relocate import axis_at, tensor_at
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.equations.wellformed import free_indices
from symbp.verification.mistakes.around import Around


@dataclass(frozen=True)
class Context(Around):
    """A claim, the network around it, and the letters and quantities that may stand in it."""

    @cached_property
    def free(self) -> tuple[Index, ...]:
        """The indices of the left side."""
        return tuple(sorted(free_indices(self.left), key=str))

    @cached_property
    def strays(self) -> tuple[Index, ...]:
        """Indices that the writer left free and that the left side does not have."""
        return tuple(sorted(free_indices(self.written) - set(self.free), key=str))

    @cached_property
    def batch(self) -> tuple[Axis, ...]:
        """The axes that belong to no layer: samples."""
        found = [a for a in self.program.axes if a.place is None]
        return tuple(sorted(found, key=lambda axis: axis.key))

    @cached_property
    def sizes(self) -> tuple[Size, ...]:
        """The sizes that a mean divides by: of the batch, then of the outputs."""
        outputs = [a for z in self.outputs for a in z.axes if a.place is not None]
        return tuple(dict.fromkeys(axis.size for axis in (*self.batch, *outputs)))

    def at(self, tensor: Tensor, scope: tuple[Index, ...]) -> list[Expr]:
        """The entries of ``tensor`` whose indices mean something in ``scope``."""
        found: list[tuple[Index, ...]] = [()]
        for axis in tensor.axes:
            fits = [i for i in scope if i.axis == axis]
            found = [(*chosen, i) for chosen in found for i in fits if i not in chosen]
        return [tensor[chosen] for chosen in found]

    def shifted(self, tensor: Tensor, by: int) -> Tensor | None:
        """``tensor`` of a neighbouring layer, if there is one."""
        place = tensor.place
        if place is None:
            return None
        around = {a.place for a in tensor.axes if a.place is not None} | {place}
        moved = replace(
            tensor,
            place=place + by,
            axes=tuple(axis_at(a, {p: p + by for p in around}) for a in tensor.axes),
        )
        return moved if self.is_known(moved) else None

    @cached_property
    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors of the claim, those of the left side first."""
        found = [tensor_of(e) for side in (self.left, self.written) for e in entries(side)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def target(self) -> Expr | None:
        """The entry t of a left side ∂E/∂t, also where that is called δ."""
        if isinstance(self.left, Partial) and is_entry(self.left.wrt):
            return self.left.wrt if is_entry(self.left.of) else None
        if is_entry(self.left) and tensor_of(self.left).role in (Role.DELTA, Role.ADJOINT):
            return self.unit_of(self.left)
        return None

    @cached_property
    def units(self) -> tuple[Tensor, ...]:
        """The pre-activations of the layers that the claim speaks of."""
        spoken = dict.fromkeys(t.place for t in self.tensors)
        found = (
            tensor_at(source, {source.place: place})
            for place in spoken
            for source in self.sources.values()
            if place is not None and source.place == self.placed(place)
        )
        return tuple(dict.fromkeys(found)) or tuple(self.sources.values())

    def inputs_beside(self) -> tuple[Tensor, ...]:
        """What enters the pre-activation that the parameter on the left side enters."""
        target = self.target
        if target is None:
            return ()
        tensor, place = self.here(tensor_of(target)), tensor_of(target).place
        found = []
        for equation in self.program.users(tensor):
            for z in dict.fromkeys(map(tensor_of, entries(equation.rhs))):
                if z.role is Role.ACTIVATION and tensor.place is not None and place is not None:
                    by = z.place - tensor.place
                    found.append(tensor_at(z, {z.place: place + by}))
                elif z.role is Role.ACTIVATION:
                    found.append(z)
        return tuple(found)

    def unit_of(self, delta: Expr) -> Expr | None:
        """``u_k``, given ``δ_k``"""
        wanted = self.here(tensor_of(delta))
        definition = self.program.definitions.get(wanted)
        if definition is None or not isinstance(definition.rhs, Partial):
            return None
        named = dict(zip(indices_of(definition.lhs), indices_of(delta), strict=True))
        unit, place = tensor_of(definition.rhs.wrt), tensor_of(delta).place
        moved = tensor_at(unit, {wanted.place: place}) if place is not None else unit
        return moved[tuple(named[i] for i in indices_of(definition.rhs.wrt))]
