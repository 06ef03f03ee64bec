"""The layers around a line: which function each has, and what enters it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Sum

from symbp.equations.calculus import FunctionSymbol, Opaque, Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.relocate import Places, substitution, tensor_at
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.verification.reference import Reference


@dataclass(frozen=True)
class Around:
    """The claim ``left = written`` and the network that it is held against.

    Its places may be l, l + 1, L; those of the program are numbers.
    """

    left: Expr
    written: Expr
    reference: Reference
    _here: dict[Tensor, Tensor] = field(default_factory=dict, compare=False, repr=False)

    @property
    def program(self) -> Program:
        return self.reference.program

    @cached_property
    def instance(self) -> Places:
        """Where the symbolic places are at the point of ``print``."""
        found = self.reference.instances(self.left, self.written)
        found = found or self.reference.instances(self.left)
        return found[0] if found else {}

    def placed(self, place: Expr | None) -> Expr | None:
        """The number of a layer, given what it is called."""
        return None if place is None else place.xreplace(self.instance)

    def here(self, tensor: Tensor) -> Tensor:
        """``tensor`` at the place that it has in the program."""
        if tensor not in self._here:
            spoken = {tensor.place, *(axis.place for axis in tensor.axes)}
            moves = {place: self.placed(place) for place in spoken if place is not None}
            self._here[tensor] = tensor_at(tensor, moves)
        return self._here[tensor]

    def is_known(self, tensor: Tensor) -> bool:
        """Whether the program computes or reads ``tensor``."""
        here = self.here(tensor)
        return here in self.program.definitions or here in self.program.inputs

    def definition(self, tensor: Tensor) -> Equation | None:
        return self.program.definitions.get(self.here(tensor))

    def back(self, expr: Expr, place: Expr | None) -> Expr:
        """``expr`` of the program, moved to where ``place`` is its symbolic name."""
        here = self.placed(place)
        return expr if here == place else expr.xreplace(substitution([expr], {here: place}))

    @cached_property
    def sources(self) -> dict[Tensor, Tensor]:
        """The pre-activation of every activation that the program computes."""
        out = {}
        for z, equation in self.program.definitions.items():
            if z.role is Role.ACTIVATION:
                inner = {tensor_of(e) for e in entries(equation.rhs)}
                found = [t for t in inner if t.role is Role.PREACTIVATION and t.axes == z.axes]
                if len(found) == 1:
                    out[z] = found[0]
        return out

    @cached_property
    def outputs(self) -> tuple[Tensor, ...]:
        """The activations that the loss reads itself."""
        scalars = [
            e for t, e in self.program.definitions.items() if t.role in (Role.LOSS, Role.TERM)
        ]
        read = dict.fromkeys(tensor_of(e) for equation in scalars for e in entries(equation.rhs))
        return tuple(t for t in read if t.role is Role.ACTIVATION)

    def is_output(self, tensor: Tensor) -> bool:
        """Whether ``tensor`` belongs to the last layer."""
        here = self.here(tensor)
        return any(here in (z, self.sources.get(z)) or here.place == z.place for z in self.outputs)

    def activated(self, u: Expr) -> Expr | None:
        """``z_j``, given ``u_j``."""
        here = self.here(tensor_of(u))
        for z, source in self.sources.items():
            if source == here:
                place = tensor_of(u).place
                moved = tensor_at(z, {here.place: place}) if place is not None else z
                return moved[indices_of(u)]
        return None

    def preactivated(self, z: Expr) -> Expr | None:
        """``u_j``, given ``z_j``."""
        here = self.here(tensor_of(z))
        if here not in self.sources:
            return None
        place, source = tensor_of(z).place, self.sources[here]
        moved = tensor_at(source, {here.place: place}) if place is not None else source
        return moved[indices_of(z)]

    def formula(self, u: Expr, argument: Expr) -> Expr | None:
        """The function of the unit ``u`` of something else, ``f(argument)``; None for a softmax."""
        z = self.activated(u)
        equation = self.definition(tensor_of(z)) if z is not None else None
        if equation is None or equation.rhs.has(Sum):
            return None
        (own,) = entries(equation.rhs, self.sources[self.here(tensor_of(z))])
        return self.back(equation.rhs.xreplace({own: argument}), tensor_of(u).place)

    def is_opaque(self, u: Expr) -> bool:
        """Whether nothing is known of the activation of ``u``."""
        formula = self.formula(u, u)
        return formula is not None and formula.has(Opaque)

    def slope(self, u: Expr) -> Expr | None:
        """``f'(u_j)`` as a derivative; None where the units of the layer depend on one another."""
        z = self.activated(u)
        return None if z is None or self.formula(u, u) is None else Partial(z, u)

    def slope_at(self, u: Expr, argument: Expr) -> Expr | None:
        """The slope of the function of the unit ``u``, at an entry ``argument``."""
        formula = self.formula(u, argument)
        return None if formula is None else Partial(formula, argument)

    def primed(self, u: Expr, argument: Expr | None = None) -> Expr:
        """``f'(u_j)`` as it is told to people."""
        return Opaque(FunctionSymbol("f", tensor_of(u).place), argument or u, 1)
