"""A layer as the text of its forward equations, and those equations at a place of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from sympy import Expr

from symbp.activations.activation import Scalar, U, constant
from symbp.activations.table import ACTIVATIONS
from symbp.equations.axis import LETTERS, Axis
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, indices_of, tensor_of
from symbp.errors import Fault, SpecErrors, fault
from symbp.formulas.meaning import Scope, Shape
from symbp.formulas.numbers import error
from symbp.formulas.syntax import (
    Operation,
    Reference,
    Rest,
    Stated,
    parse_entry,
    parse_equation,
)
from symbp.layers.layer import Initialiser, Parameter
from symbp.layers.placed import Placed

ROLES = MappingProxyType({"u": Role.PREACTIVATION, "z": Role.ACTIVATION})
LEARNT = MappingProxyType({"w": Role.WEIGHT})
"""The roles of tensors that go by the names of the field; others have none."""

T = TypeVar("T")

NOBODY = "..."
"""What the letters of indices that a layer does not name begin with."""


@dataclass(frozen=True)
class Forward:
    """What a layer says of itself, in the language of ``formulas``.

    ``reads`` are the tensors that come in, as entries: ``x[..., i]``. ``parameters`` maps entries
    of what is learnt to how it begins, ``sizes`` letters to the sizes of the axes that are new
    here, ``constants`` names to chosen numbers. The last equation defines what goes on, unless
    ``output`` names it.

    ``drawn`` maps entries to the chance of 1 with which each is drawn, 0 otherwise, for every step.
    ``states`` maps entries of what is remembered between steps to the number that it begins with,
    and ``updates`` say what becomes of them, from what was computed in a step. ``inference`` are
    the equations that hold instead of those of the same names when nothing is learnt.
    """

    reads: tuple[str, ...]
    equations: tuple[str, ...]
    sizes: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, str | Initialiser] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    output: str | None = None
    drawn: Mapping[str, float] = field(default_factory=dict)
    states: Mapping[str, float] = field(default_factory=dict)
    updates: tuple[str, ...] = ()
    inference: tuple[str, ...] = ()


def put(forward: Forward, place: Expr, reads: Sequence[Tensor]) -> Placed:
    """``forward`` at ``place``, reading ``reads``.

    Raises SpecErrors, located by equation and column, for whatever does not fit.
    """
    if len(reads) != len(forward.reads):
        wanted, given = len(forward.reads), len(reads)
        raise SpecErrors([fault("layer_reads", "from", given=given, wanted=wanted)])
    return _Placing(forward, place, tuple(reads)).placed()


@dataclass
class _Placing:
    forward: Forward
    place: Expr
    incoming: tuple[Tensor, ...]

    def placed(self) -> Placed:
        faults: list[Fault] = []
        stated = list(_each(self.forward.equations, parse_equation, faults, "equations"))
        updates = list(_each(self.forward.updates, parse_equation, faults, "updates"))
        instead = list(_each(self.forward.inference, parse_equation, faults, "inference"))
        entries, drawn, states = (
            list(_each(getattr(self.forward, key), parse_entry, faults, key))
            for key in ("parameters", "drawn", "states")
        )
        _stop(faults)
        self.scope = Scope({}, functions=_functions())
        self._read()
        for entry in (*entries, *drawn, *states):
            self.scope.declare(_shape(entry, self.scope.rest))
        self._define(stated, faults)
        for each in (*updates, *instead):
            self.scope.typed(each.left)
            self.scope.typed(each.right)
        _stop(faults)
        sizes = self._sized()
        learnt = tuple(map(self._learnt, entries, self.forward.parameters.values()))
        masks = self._kept(drawn, self.forward.drawn.values(), Role.DRAWN)
        kept = self._kept(states, self.forward.states.values(), Role.STATE)
        constants = {
            Tensor(name, (), Role.CONSTANT, self.place): value
            for name, value in self.forward.constants.items()
        }
        self.scope.numbers = {t.name: t[()] for t in constants}
        for each in dict.fromkeys(s.left.name for s in stated):
            self.scope.tensors[each] = self._tensor(
                each, ROLES.get(each.partition("_")[0], Role.OTHER)
            )
        equations = tuple(self._equations(stated, faults, "equations"))
        inference = tuple(self._equations(instead, faults, "inference"))
        renewed = tuple(map(_renewed, self._equations(updates, faults, "updates")))
        _stop(faults)
        output = self.scope.tensors[self.forward.output or stated[-1].left.name]
        merged = tuple(self.scope.types.merged())
        return Placed(
            self.place,
            equations,
            output,
            learnt,
            constants,
            sizes,
            merged,
            masks,
            kept,
            renewed,
            inference,
        )

    def _kept(
        self, entries: Sequence[Reference], numbers: Iterable[float], role: Role
    ) -> tuple[tuple[Tensor, float], ...]:
        """What is drawn or remembered, each with its number."""
        found = []
        for entry, number in zip(entries, numbers, strict=True):
            tensor = self._tensor(entry.name, role)
            self.scope.tensors[entry.name] = tensor
            found.append((tensor, number))
        return tuple(found)

    def _read(self) -> None:
        """Hold the entries that a layer reads against the tensors that come in."""
        scope = self.scope
        rests: list[str] = []
        for tensor, text in zip(self.incoming, self.forward.reads, strict=True):
            entry = parse_entry(text)
            named = [s for s in entry.slots or () if not isinstance(s, Rest)]
            free = len(tensor.axes) - len(named)
            dots = any(isinstance(s, Rest) for s in entry.slots or ())
            if free < 0 or (free and not dots):
                facts = {"given": len(tensor.axes), "wanted": len(named), "name": text}
                raise SpecErrors([fault("layer_axes", **facts)])
            rest = tuple(f"{NOBODY}{k}" for k in range(free))
            if dots and len(rest) > len(rests):
                rests = list(rest)
            letters: list[str] = []
            for slot in entry.slots or ():
                letters += rest if isinstance(slot, Rest) else [slot.token.text]
            labels = f"{entry.name} labels" if tensor.labels else None
            scope.declare(Shape(entry.name, tuple(letters), labels))
            scope.tensors[entry.name] = tensor
            for letter, axis in zip(letters, tensor.axes, strict=True):
                scope.types.runs(letter, axis)
            if tensor.labels:
                scope.types.runs(f"{entry.name} labels", tensor.labels)
        scope.rest = tuple(rests)
        own = {letter for shape in scope.shapes.values() for letter in shape.slots}
        own |= set(self.forward.sizes)
        scope.names = _letters([(r, scope.types.axis(r)) for r in rests], own)

    def _define(self, stated: Sequence[Stated], faults: list[Fault]) -> None:
        """Make known what the equations define, and along which axes their letters run."""
        scope = self.scope
        for k, each in enumerate(stated):
            if each.left.name not in scope.shapes:
                scope.declare(Shape(each.left.name, tuple(_expanded(each.left, scope.rest))))
            elif each.left.name in scope.tensors:
                faults.append(fault("equation_input", "equations", k, given=each.left.name))
        for k, each in enumerate(stated):
            try:
                scope.typed(each.left)
                scope.typed(each.right)
            except SpecErrors as wrong:
                faults += [f.under("equations", k) for f in wrong.faults]

    def _sized(self) -> dict[Axis, int]:
        """The axes that are new here."""
        sizes: dict[Axis, int] = {}
        for letter, size in self.forward.sizes.items():
            known = self.scope.types.axis(letter)
            if known is None:
                axis = Axis(letter, self.place, letter)
                self.scope.types.runs(letter, axis)
                sizes[axis] = size
        return sizes

    def _tensor(self, name: str, role: Role) -> Tensor:
        axes = []
        for k, letter in enumerate(self.scope.shapes[name].slots):
            axis = self.scope.types.axis((name, k))
            if axis is None:
                raise SpecErrors([fault("equation_size", given=letter, name=name)])
            axes.append(axis)
        return Tensor(name, tuple(axes), role, self.place)

    def _learnt(self, entry: Reference, begins: str | Initialiser) -> Parameter:
        tensor = self._tensor(entry.name, LEARNT.get(entry.name, Role.PARAMETER))
        self.scope.tensors[entry.name] = tensor
        how = begins if isinstance(begins, Initialiser) else Initialiser(begins)
        return Parameter(tensor, how)

    def _equations(
        self, stated: Sequence[Stated], faults: list[Fault], key: str
    ) -> Iterator[Equation]:
        for k, each in enumerate(stated):
            try:
                left, right = self.scope.sides(each)
            except SpecErrors as wrong:
                faults += [f.under(key, k) for f in wrong.faults]
                continue
            yield Equation(f"{each.left.name}@{self.place}", left, right)


def _each(
    texts: Iterable[str], parse: Callable[[str], T], faults: list[Fault], key: str
) -> Iterator[T]:
    """What ``parse`` makes of each text; what is wrong is noted under ``key``."""
    for k, text in enumerate(texts):
        try:
            yield parse(text)
        except SpecErrors as wrong:
            faults += [f.under(key, k) for f in wrong.faults]


def _stop(faults: Sequence[Fault]) -> None:
    if faults:
        raise SpecErrors(faults)


def _renewed(equation: Equation) -> Equation:
    """The equation of a state, which defines what it is in the next step: v'."""
    tensor = tensor_of(equation.lhs)
    after = replace(tensor, name=f"{tensor.name}'")
    return Equation(equation.id, after[indices_of(equation.lhs)], equation.rhs)


def _shape(entry: Reference, rest: tuple[str, ...]) -> Shape:
    return Shape(entry.name, tuple(_expanded(entry, rest)))


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
        names[key] = free[0]
    return names


@cache
def _functions() -> Mapping[str, Callable[[Expr], Expr]]:
    """The activations of one variable, as functions."""
    found = {}
    for name, each in ACTIVATIONS.items():
        if isinstance(each, Scalar):
            own = {constant(key): value for key, value in each.constants}
            formula = each.formula.xreplace(own)
            found[name] = lambda x, f=formula: f.xreplace({U: x})
    return MappingProxyType(found)
