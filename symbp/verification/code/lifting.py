"""A program with the roles and layers that a derivation has, so that mistakes can be named.

Pre-activations are those of layer 1, 2, …, in the order of the program; axes of units get the place
of their layer, those of samples none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import (
    Role,
    Tensor,
    TensorSymbol,
    entries,
    indices_of,
    is_entry,
    tensor_of,
)
from symbp.verification.code.losses import LOSS
from symbp.verification.code.splitting import is_affine


@dataclass(frozen=True)
class Lifting:
    """``program`` has the loss behind the forward pass; ``deltas`` are arrays by pre-activation."""

    program: Program
    parameters: tuple[Tensor, ...]
    targets: tuple[Tensor, ...]
    samples: Collection[Axis]
    deltas: Mapping[Tensor, Tensor]
    predictions: tuple[Tensor, ...] = ()

    @cached_property
    def forward(self) -> dict[Tensor, Equation]:
        found = {}
        for tensor, equation in self.program.definitions.items():
            if tensor == LOSS:
                break
            found[tensor] = equation
        return found

    @cached_property
    def units(self) -> dict[Tensor, int]:
        """The layer of every pre-activation."""
        found: dict[Tensor, int] = {}
        layer = 0
        for tensor, equation in self.forward.items():
            used = [tensor_of(e) for e in entries(equation.rhs)]
            if is_affine(equation.rhs, self.parameters):
                layer += 1
                found[tensor] = layer
            elif equation.rhs.is_Add and all(is_entry(a) for a in equation.rhs.args):
                before = [t for t in used if found.get(t) == layer]
                if before and set(used) - set(before) <= set(self.parameters):
                    del found[before[0]]
                    found[tensor] = layer
        return found

    @cached_property
    def places(self) -> dict[Axis, int]:
        """The layer of every axis of units."""
        found: dict[Axis, int] = {}
        for tensor, layer in self.units.items():
            for axis in tensor.axes:
                if axis not in self.samples:
                    found.setdefault(axis, layer)
        for parameter in self.parameters:
            for axis in parameter.axes:
                found.setdefault(axis, 0)
        return found

    @cached_property
    def axes(self) -> dict[Axis, Axis]:
        return {
            axis: Axis(axis.name, Integer(place), axis.letter)
            for axis, place in self.places.items()
        }

    @cached_property
    def roles(self) -> dict[Tensor, tuple[Role, int | None]]:
        """Role and layer of every tensor that has one."""
        found: dict[Tensor, tuple[Role, int | None]] = {}
        found |= dict.fromkeys(self.targets, (Role.TARGET, None))
        found[LOSS] = (Role.LOSS, None)
        for tensor, layer in self.units.items():
            found[tensor] = (Role.PREACTIVATION, layer)
            for used in {tensor_of(e) for e in entries(self.forward[tensor].rhs)}:
                if used in self.parameters:
                    role = Role.WEIGHT if len(used.axes) > 1 else Role.BIAS
                    found[used] = (role, layer)
                elif used in self.program.inputs and used.axes:
                    found.setdefault(used, (Role.ACTIVATION, layer - 1))
        for tensor, layer in self.activated.items():
            found.setdefault(tensor, (Role.ACTIVATION, layer))
        biases = [p for p in self.parameters if p not in found and len(p.axes) == 1]
        for bias in biases:
            found[bias] = (Role.BIAS, self.places.get(bias.axes[0]))
        for unit, delta in self.deltas.items():
            if unit in self.units:
                found[delta] = (Role.DELTA, self.units[unit])
        return found

    @cached_property
    def activated(self) -> dict[Tensor, int]:
        """The layer of every activation: of what is made of one pre-activation, what is read on.

        What leads there, as the numerator of a softmax, is a helper.
        """
        made: dict[int, list[Tensor]] = {}
        for tensor in self.forward:
            behind = self._units_behind(tensor)
            if (
                tensor not in self.units
                and len(behind) == 1
                and set(tensor.axes) == set(behind[0].axes)
            ):
                made.setdefault(self.units[behind[0]], []).append(tensor)
        entering = {tensor_of(e) for unit in self.units for e in entries(self.forward[unit].rhs)}
        found: dict[Tensor, int] = {}
        for layer, tensors in made.items():
            last = [t for t in tensors if t in entering or t in self.predictions]
            found |= dict.fromkeys(last or tensors, layer)
        return found

    def _units_behind(self, tensor: Tensor) -> list[Tensor]:
        """The pre-activations that ``tensor`` is computed from, with none between."""
        found: dict[Tensor, None] = {}
        frontier = [tensor]
        seen: set[Tensor] = set()
        while frontier:
            equation = self.forward.get(frontier.pop())
            for source in {tensor_of(e) for e in entries(equation.rhs)} if equation else ():
                if source in self.units:
                    found[source] = None
                elif source not in seen:
                    seen.add(source)
                    frontier.append(source)
        return list(found)

    @cached_property
    def tensors(self) -> dict[Tensor, Tensor]:
        return {t: self._lifted(t) for t in (*self.program.definitions, *self.program.inputs)}

    def _lifted(self, tensor: Tensor) -> Tensor:
        role, place = self.roles.get(tensor, (tensor.role, None))
        return replace(
            tensor,
            axes=tuple(self.axes.get(a, a) for a in tensor.axes),
            role=role,
            place=None if place is None else Integer(place),
            labels=tensor.labels and self.axes.get(tensor.labels, tensor.labels),
        )

    def expr(self, expr: Expr) -> Expr:
        """``expr`` in the lifted tensors and axes."""
        atoms: dict[Expr, Expr] = {}
        for atom in expr.atoms(Index, Size, TensorSymbol):
            match atom:
                case Index():
                    atoms[atom] = Index(atom.letter, self.axes.get(atom.axis, atom.axis))
                case Size():
                    atoms[atom] = self.axes.get(atom.axis, atom.axis).size
                case _:
                    tensor = self.tensors.get(atom.tensor) or self._lifted(atom.tensor)
                    atoms[atom] = tensor.symbol
        return expr.xreplace(atoms)

    def equation(self, equation: Equation) -> Equation:
        return Equation(equation.id, self.expr(equation.lhs), self.expr(equation.rhs))

    @cached_property
    def back(self) -> dict[Tensor, Tensor]:
        """The program's own tensors by the lifted ones."""
        return {lifted: tensor for tensor, lifted in self.tensors.items()}


def entry_like(tensor: Tensor, order: tuple[int, ...], indices: tuple[Expr, ...]) -> Expr:
    """The entry of ``tensor`` whose slot ``order[k]`` has the index k of ``indices``."""
    at: list[Expr] = list(indices)
    for k, slot in enumerate(order):
        at[slot] = indices[k]
    return tensor[tuple(at)]


def unit_indices(entry: Expr) -> tuple[Expr, ...]:
    """The indices of an entry."""
    return indices_of(entry)
