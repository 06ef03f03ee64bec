"""The text of a layer as equations at a place of a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from sympy import Expr

from symbp.activations.activation import Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.equations.axis import LETTERS, Axis
from symbp.equations.equation import Equation
from symbp.equations.recurrence import shifts
from symbp.equations.relocate import renaming
from symbp.equations.tensor import Role, Tensor, after, entries, indices_of, tensor_of
from symbp.equations.wellformed import IllFormed, check
from symbp.errors import Fault, SpecErrors, fault
from symbp.formulas.meaning import Function, Scope, Shape, names_in
from symbp.formulas.numbers import error
from symbp.formulas.syntax import Operation, Reference, Rest
from symbp.layers.forward import Forward, Said, read
from symbp.layers.layer import Initialiser, Parameter, function_of
from symbp.layers.placed import Placed

ROLES = MappingProxyType({"u": Role.PREACTIVATION, "z": Role.ACTIVATION})
LEARNT = MappingProxyType({"w": Role.WEIGHT})
"""The roles of tensors that go by the names of the field; others have none."""

NOBODY = "..."
"""What the letters of indices that a layer does not name begin with."""

Functions: TypeAlias = Mapping[str, Function]
NO_OTHERS: Functions = MappingProxyType({})


def put(
    forward: Forward,
    place: Expr,
    reads: Sequence[Tensor],
    shapes: Sequence[Sequence[int | None]],
    functions: Functions = NO_OTHERS,
) -> Placed:
    """``forward`` at ``place``, reading ``reads``; ``functions`` may be called beside the usual.

    Raises SpecErrors, located by equation and column, for whatever does not fit.
    """
    wanted, given = len(forward.entries), len(reads)
    if given != wanted:
        raise SpecErrors([fault("layer_reads", "from", given=given, wanted=wanted)])
    placing = _Placing(forward, place, tuple(reads), tuple(map(tuple, shapes)), read(forward))
    placing.scope.functions = {**_functions(), **functions}
    return placing.placed()


@dataclass
class _Placing:
    forward: Forward
    place: Expr
    incoming: tuple[Tensor, ...]
    shapes: tuple[tuple[int | None, ...], ...]
    said: Said
    scope: Scope = field(default_factory=lambda: Scope({}))
    faults: list[Fault] = field(default_factory=list)

    def placed(self) -> Placed:
        self._read()
        self._stop()
        for k, entry in enumerate(self.said.learnt):
            self._declare(_shape(entry), entry, "parameters", k)
        for letter, size in self.forward.sizes.items():
            if other := self.scope.types.sized(letter, size):
                facts = {"given": size, "wanted": other[0]}
                self.faults.append(fault("axes_differ", "sizes", letter, **facts))
        for key in ("drawn", "states"):
            for k, entry in enumerate(getattr(self.said, key)):
                shape = Shape(entry.name, tuple(_expanded(entry, self.scope.rest)))
                self._declare(shape, entry, key, k)
        strange = self._define()
        sizes = self._sized()
        constants = {
            Tensor(name, (), Role.CONSTANT, self.place): value
            for name, value in self.forward.constants.items()
        }
        self.scope.numbers = {t.name: t[()] for t in constants}
        self._make(complete=not self.faults)
        equations = tuple(self._equations(strange))
        if not self.faults:
            self.faults += (
                ordered(equations) or self._ill_formed(equations) or self._idle(equations)
            )
        self._stop()
        output = self.scope.tensors[self.forward.output or self.said.stated[-1].left.name]
        merged = tuple(self.scope.types.merged())
        learnt = tuple(map(self._learnt, self.said.learnt, self.forward.parameters.values()))
        updates = tuple(map(_renewed, self._others("updates")))
        inference = tuple(self._others("inference"))
        self._stop()
        return Placed(
            self.place,
            equations,
            output,
            learnt,
            constants,
            sizes,
            merged,
            tuple(self._kept(self.said.drawn, self.forward.drawn.values())),
            tuple(self._kept(self.said.states, self.forward.states.values())),
            updates,
            inference,
        )

    def _kept(
        self, entries_: Sequence[Reference], numbers: Iterable[float]
    ) -> Iterator[tuple[Tensor, float]]:
        """What is drawn or remembered, each with its number."""
        for entry, number in zip(entries_, numbers, strict=True):
            yield self.scope.tensors[entry.name], number

    def _others(self, key: str) -> Iterator[Equation]:
        """The equations under ``key``, which are computed apart from what is learnt."""
        for k, each in enumerate(getattr(self.said, key)):
            try:
                left, right = self.scope.sides(each)
            except SpecErrors as wrong:
                self.faults += [f.under(key, k) for f in wrong.faults]
                continue
            yield Equation(f"{each.left.name}@{self.place}", left, right)

    def _stop(self) -> None:
        if self.faults:
            raise SpecErrors(tuple({str(each): each for each in self.faults}.values()))

    def _read(self) -> None:
        """Hold the entries that a layer reads against the tensors that come in."""
        scope = self.scope
        rests: list[str] = []
        for k, (tensor, entry) in enumerate(zip(self.incoming, self.said.reads, strict=True)):
            named = [s for s in entry.slots or () if not isinstance(s, Rest)]
            free = len(tensor.axes) - len(named)
            dots = any(isinstance(s, Rest) for s in entry.slots or ())
            if free < 0 or (free and not dots):
                text = self.forward.entries[k]
                facts = {"given": len(tensor.axes), "wanted": len(named), "name": text}
                self.faults.append(fault("layer_axes", "reads", k, at=1, **facts))
                continue
            rest = tuple(f"{NOBODY}{k}" for k in range(free))
            if dots and len(rest) > len(rests):
                rests = list(rest)
            letters: list[str] = []
            for slot in entry.slots or ():
                letters += rest if isinstance(slot, Rest) else [slot.token.text]
            labels = f"{entry.name} labels" if tensor.labels else None
            for letter, axis, size in zip(letters, tensor.axes, self.shapes[k], strict=True):
                if other := scope.types.sized(letter, size):
                    facts = {"given": size, "wanted": other[0]}
                    self.faults.append(fault("axes_differ", "reads", k, at=1, **facts))
                else:
                    scope.types.runs(letter, axis)
            if entry.name in self.forward.masks and tensor.role is not Role.MASK:
                self.faults.append(fault("layer_mask", "from"))
            self._declare(Shape(entry.name, tuple(letters), labels), entry, "reads", k)
            scope.tensors[entry.name] = tensor
            if tensor.labels:
                scope.types.runs(f"{entry.name} labels", tensor.labels)
        scope.rest = tuple(rests)
        own = {letter for shape in scope.shapes.values() for letter in shape.slots}
        own |= set(self.forward.sizes)
        scope.names = _letters([(r, scope.types.axis(r)) for r in rests], own)

    def _declare(self, shape: Shape, entry: Reference, *path: str | int) -> None:
        clashes = self.scope.declare(shape, entry.token)
        self.faults += [each.under(*path) for each in clashes]

    def _define(self) -> set[int]:
        """Make known what the equations define, and along which axes their letters run.

        The numbers of the equations that cannot be followed.
        """
        scope = self.scope
        strange: set[int] = set()
        for k, each in enumerate(self.said.stated):
            try:
                shape = Shape(each.left.name, tuple(_expanded(each.left, scope.rest)))
            except SpecErrors as wrong:
                self.faults += [f.under("equations", k) for f in wrong.faults]
                strange.add(k)
                continue
            self._declare(shape, each.left, "equations", k)
        for k, each in enumerate(self.said.stated):
            found = [] if k in strange else [*scope.typed(each.left), *scope.typed(each.right)]
            self.faults += [f.under("equations", k) for f in found]
            strange |= {k} if found else set()
        for key in ("updates", "inference"):
            for k, each in enumerate(getattr(self.said, key)):
                found = [*scope.typed(each.left), *scope.typed(each.right)]
                self.faults += [f.under(key, k) for f in found]
        return strange

    def _sized(self) -> dict[Axis, int]:
        """The axes that are new here."""
        sizes: dict[Axis, int] = {}
        for letter, size in self.forward.sizes.items():
            if self.scope.types.axis(letter) is None:
                axis = Axis(letter, self.place, letter)
                self.scope.types.runs(letter, axis)
                sizes[axis] = size
        return sizes

    def _make(self, *, complete: bool) -> None:
        """The tensors that are learnt and defined, as far as their axes are known."""
        said = self.said
        learnt = [(e, LEARNT.get(e.name, Role.PARAMETER), "parameters") for e in said.learnt]
        defined = [
            (s.left, ROLES.get(s.left.name.partition("_")[0], Role.OTHER), "equations")
            for s in said.stated
        ]
        drawn = [(e, Role.DRAWN, "drawn") for e in said.drawn]
        states = [(e, Role.STATE, "states") for e in said.states]
        for entries_ in (learnt, drawn, states, defined):
            for k, (entry, role, key) in enumerate(entries_):
                shape = self.scope.shapes.get(entry.name)
                if shape is None:
                    continue
                types = self.scope.types
                axes = [types.axis((entry.name, n)) for n in range(len(shape.slots))]
                for letter, axis in zip(shape.slots, axes, strict=True):
                    if axis is None and complete:
                        facts = {"given": letter, "name": entry.name}
                        found = fault("equation_size", key, k, at=entry.token.at, **facts)
                        self.faults.append(found)
                if None not in axes:
                    known = tuple(axis for axis in axes if axis is not None)
                    self.scope.tensors[entry.name] = Tensor(entry.name, known, role, self.place)

    def _learnt(self, entry: Reference, begins: str | Initialiser) -> Parameter:
        how = begins if isinstance(begins, Initialiser) else Initialiser(begins)
        return Parameter(self.scope.tensors[entry.name], how)

    def _equations(self, strange: set[int]) -> Iterator[Equation]:
        scope = self.scope
        for k, each in enumerate(self.said.stated):
            unknown = names_in(each) & set(scope.shapes) - set(scope.tensors)
            if k in strange or unknown or each.left.name not in scope.tensors:
                continue
            try:
                left, right = scope.sides(each)
            except SpecErrors as wrong:
                self.faults += [f.under("equations", k) for f in wrong.faults]
                continue
            yield Equation(f"{each.left.name}@{self.place}", left, right)

    def _idle(self, equations: Sequence[Equation]) -> list[Fault]:
        """What is defined or learnt, and has no part in what goes on."""
        tensors, said = self.scope.tensors, self.said
        parents = {tensor_of(e.lhs): set(map(tensor_of, entries(e.rhs))) for e in equations}
        reached: set[Tensor] = set()
        frontier = {tensors[self.forward.output or said.stated[-1].left.name]}
        while frontier:
            reached |= frontier
            frontier = {p for t in frontier for p in parents.get(t, ())} - reached
        lists = (("equations", [s.left for s in said.stated]), ("parameters", said.learnt))
        return [
            fault("name_idle", key, k, at=entry.token.at, given=entry.name)
            for key, names in lists
            for k, entry in enumerate(names)
            if tensors[entry.name] not in reached
        ]

    def _ill_formed(self, equations: Sequence[Equation]) -> list[Fault]:
        """The equations that make no program, once axes that are one are one."""
        one = {axis: group[0] for group in self.scope.types.merged() for axis in group}
        sides = [side for e in equations for side in (e.lhs, e.rhs)]
        atoms = renaming(sides, one)
        try:
            check([Equation(e.id, *(s.xreplace(atoms) for s in (e.lhs, e.rhs))) for e in equations])
        except IllFormed as wrong:
            names = [equation.id for equation in equations]
            places = [names.index(problem.equation) for problem in wrong.problems]
            return [fault("formula_strange", "equations", k, at=1) for k in places]
        return []


def ordered(equations: Sequence[Equation]) -> list[Fault]:
    """The equations that use what is not known by then, and is not of the time before either."""
    found = []
    position = {tensor_of(e.lhs): k for k, e in enumerate(equations)}
    for k, equation in enumerate(equations):
        for entry in entries(equation.rhs):
            if position.get(tensor_of(entry), -1) < k:
                continue
            moved = [shift for _, shift in shifts(entry, equation.lhs)]
            if moved != [-1]:
                facts = {"given": tensor_of(entry).name}
                found.append(fault("equation_order", "equations", k, at=1, **facts))
    return found


def _renewed(equation: Equation) -> Equation:
    """The equation of a state, which defines what it is in the next step: v'."""
    renewed = after(tensor_of(equation.lhs))
    return Equation(equation.id, renewed[indices_of(equation.lhs)], equation.rhs)


def _shape(entry: Reference) -> Shape:
    return Shape(entry.name, tuple(slot.token.text for slot in entry.slots or ()))


def _expanded(entry: Reference, rest: tuple[str, ...]) -> list[str]:
    """The letters of a left side."""
    out: list[str] = []
    for slot in entry.slots or ():
        first = slot.operands[0] if isinstance(slot, Operation) else slot
        if isinstance(slot, Rest):
            out += rest
        elif isinstance(first, Reference) and first.slots is None:
            out.append(first.name)
        else:
            raise error("equation_left", entry.token, given=entry.name)
    return out


def _letters(rest: Sequence[tuple[str, Axis | None]], own: set[str]) -> dict[str, str]:
    """A letter for each axis that a layer does not name: its own, unless that is taken."""
    names: dict[str, str] = {}
    for key, axis in rest:
        wanted = axis.letter if axis else "n"
        free = [c for c in (wanted, *LETTERS) if c not in own and c not in names.values()]
        names[key] = free[0] if free else key
    return names


@cache
def _functions() -> Functions:
    """The activations of one variable, as functions."""
    scalars = {k: each for k, each in ACTIVATIONS.items() if isinstance(each, Scalar)}
    return MappingProxyType({name: function_of(each) for name, each in scalars.items()})
