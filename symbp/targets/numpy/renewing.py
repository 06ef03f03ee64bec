"""Optimizers in place: update equations as calls that write into what they renew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, after, entries, tensor_of
from symbp.lowering.arrays import Assign, Name, Named, Temporary
from symbp.lowering.lower import lower
from symbp.lowering.passes.common import common
from symbp.lowering.passes.rooms import rooms
from symbp.lowering.passes.single import single
from symbp.lowering.passes.taking import Room
from symbp.lowering.updates import Update, fewest_passes
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.inplace import FLOAT, InPlace, Manners
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.spelling import Spelling
from symbp.targets.numpy.wrap import broken, statement
from symbp.targets.plan import GRADIENT, RATE, STEP, WEIGHT, Line, ModulePlan, UpdateRule

ENTRIES = Axis("entries", letter="p")
"""All entries of all parameters, in one row."""

SHAPE = ("",)


@dataclass(frozen=True)
class Renewing:
    """One rule of a plan."""

    plan: ModulePlan
    rule: UpdateRule

    def described(self) -> dict[str, Any]:
        """What the template says of it."""
        names = self._names
        work = [names(Temporary("room", room.number)) for room in self._extra]
        return {
            "name": self.rule.name,
            "head": self._head(),
            "states": [names(state) for state in self.rule.states],
            "work": work,
            "notes": self._notes(),
            "body": self._code(),
            "options": layout.tuple_text([f'"{names(t)}"' for t, _ in self.rule.constants]),
        }

    def _head(self) -> str:
        w, g, t, eta = (self._names(tensor) for tensor in (WEIGHT, GRADIENT, STEP, RATE))
        args = [f"{w}: Array", f"{g}: Array", "state: State", "work: State"]
        args += [f"{t}: int", f"{eta}: float"]
        args += [f"{self._names(t)}: float = {value!r}" for t, value in self.rule.constants]
        return layout.signature(self.rule.name, args, "None")

    def _notes(self) -> list[str]:
        """What is kept instead of states."""
        spelling = Spelling(self._names)
        return [
            f"{self._names(state)} / ({spelling.text(self._value(scale))})"
            for state, scale in self._update.scales.items()
        ]

    # ---- statements -----------------------------------------------------------------------------

    @cached_property
    def _update(self) -> Update:
        equations = [line.equation for line in self.rule.lines]
        return fewest_passes(equations, self.rule.states, WEIGHT, GRADIENT, (STEP, RATE))

    @cached_property
    def _statements(self) -> tuple[Assign, ...]:
        renewed = [lower(self._along(each)) for each in self._update.equations]
        kept = [_row(tensor) for tensor in (*self.rule.states, WEIGHT)]
        back = [
            Assign(Name(tensor, axes=each.target.axes), each.target)
            for tensor, each in zip(kept, renewed, strict=True)
        ]
        return common(single([*renewed, *back]))

    def _along(self, equation: Equation) -> Equation:
        """The equation for every entry."""
        arrays = {_base(t): t for t in (WEIGHT, GRADIENT, *self.rule.states)}
        index = ENTRIES.index()
        found: dict[Expr, Expr] = {}
        for e in (*entries(equation.lhs), *entries(equation.rhs)):
            if _base(tensor_of(e)) in arrays:
                found[e] = _row(tensor_of(e))[index]
        return replace(equation, lhs=equation.lhs.xreplace(found), rhs=equation.rhs.xreplace(found))

    @cached_property
    def _given(self) -> dict[Named, Room]:
        arrays = (WEIGHT, GRADIENT, *self.rule.states)
        return {_row(t): Room(-k, SHAPE, FLOAT) for k, t in enumerate(arrays, 1)}

    @cached_property
    def _rooms(self) -> dict[Named, Room]:
        wanted = {_row(after(t)): self._given[_row(t)] for t in (WEIGHT, *self.rule.states)}
        return rooms(
            self._statements,
            Manners(self._statements),
            lambda value: SHAPE,
            given=self._given,
            wanted=wanted,
        )

    @property
    def _extra(self) -> list[Room]:
        """The rooms that are needed besides."""
        found = dict.fromkeys(self._rooms.values())
        return [room for room in found if room.number > 0]

    # ---- code -----------------------------------------------------------------------------------

    def _code(self) -> list[str]:
        spelling = Spelling(self._called, frozenset((STEP, RATE)))
        out: list[str] = []
        for name, number in self._update.numbers:
            text = spelling.text(self._value(number))
            out += statement(f"{self._names(name)} =", text, statements.WIDTH)
        said: str | None = None
        for each in self._statements:
            if each.equation is not None and each.equation.id != said:
                said = each.equation.id
                out += self._comments(said)
            out += self._line(each, spelling)
        return out

    def _line(self, each: Assign, spelling: Spelling) -> list[str]:
        room = self._rooms[each.target.of]
        source = each.value.of if isinstance(each.value, Name) else None
        if source is not None and self._rooms.get(source) == room:
            return []
        matrices = Matrices(spelling, lambda of: ())
        writer = InPlace(spelling, lambda of: True, matrices, assigning=True)
        text = writer.text(each, self._called(each.target.of), placed=True)
        return [line for part in text.splitlines() for line in broken(part, statements.WIDTH)]

    def _comments(self, name: str) -> list[str]:
        """The line of an equation, below those that only lead to it."""
        out: list[str] = []
        pending: list[Line] = []
        primed = {after(t) for t in (WEIGHT, *self.rule.states)}
        for line in self.rule.lines:
            pending.append(line)
            if tensor_of(line.equation.lhs) in primed:
                if line.equation.id == name:
                    out = [text for each in pending for text in statements.comment(each)]
                pending = []
        return out

    def _value(self, number: Expr) -> Any:
        return lower(Equation("number", Tensor("number")[()], number)).value

    @cached_property
    def _rooms_by_name(self) -> dict[Room, Tensor]:
        return {room: tensor for tensor, room in self._given.items()}

    def _called(self, named: Named) -> str:
        """The name of the array that something is in; numbers have their own."""
        room = self._rooms.get(named)
        if room is None:
            return self._names(named)
        tensor = self._rooms_by_name.get(room)
        if tensor is None:
            return self._names(Temporary("room", room.number))
        return self._names(replace(tensor, axes=()))

    @cached_property
    def _names(self) -> Identifiers:
        names = Identifiers(self.plan.names, constants_upper=False)
        for tensor in (WEIGHT, GRADIENT, STEP, RATE, *self.rule.states):
            names(tensor)
        return names


def _row(tensor: Tensor) -> Tensor:
    """All entries of it."""
    return replace(tensor, axes=(ENTRIES,))


def _base(tensor: Tensor) -> Tensor:
    """Whatever it is after the step, the tensor."""
    return replace(tensor, name=tensor.name.removesuffix("'"))


def in_place(plan: ModulePlan) -> list[dict[str, Any]]:
    """Every rule of the plan in place."""
    return [Renewing(plan, rule).described() for rule in plan.optimizers]
