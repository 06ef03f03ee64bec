"""The network that claims on paper are held against."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr, Integer, Max, Piecewise, Symbol

from symbp.derivation.dependence import Dependence
from symbp.derivation.layer import descent
from symbp.derivation.names import adjoint_of, change_of
from symbp.derivation.step import positions_in
from symbp.equations.axis import Axis, Index, L, Size, l
from symbp.equations.calculus import FunctionSymbol, Opaque, Partial
from symbp.equations.equality import Certificate, compare
from symbp.equations.equation import Equation
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.nodes import nodes
from symbp.equations.program import Program
from symbp.equations.relocate import Places, located, places_of, substitution
from symbp.equations.tensor import (
    PARAMETERS,
    Role,
    Tensor,
    TensorSymbol,
    is_entry,
    tensor_of,
    tensors_in,
)
from symbp.verification.paper.fixed import with_fixed
from symbp.verification.paper.known import Known
from symbp.verification.paper.meanings import USUAL, Meaning
from symbp.verification.paper.sizing import sizes_for

ARGUMENT = Symbol("argument", real=True)
"""The argument in the formula of an activation."""


class NoMeaning(Exception):
    """An expression speaks of something that the network does not have; ``what`` it is."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


UNNAMED = (Role.TARGET, Role.TERM, Role.LOSS, Role.CONSTANT)
"""What E is not differentiated by, or not by a name."""


@dataclass
class Memory:
    """What was found out about expressions: the lines of a page share most of theirs.

    ``moved`` and ``placed`` are by expression and layer, ``instances`` by what is spoken of.
    """

    moved: dict[tuple[Expr, int], Expr] = field(default_factory=dict)
    placed: dict[tuple[Any, int], Any] = field(default_factory=dict)
    instances: dict[tuple[frozenset[Expr], frozenset[Expr]], tuple[Places, ...]] = field(
        default_factory=dict
    )
    compared: dict[tuple[Expr, ...], Certificate] = field(default_factory=dict)
    held: dict[tuple[Expr, ...], bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Stack:
    """``forward`` equations of layers 1 … ``depth``, by which claims about any l are judged.

    ``formulas`` are the activations by place, in ``ARGUMENT``; None where one is no function of
    one unit, as softmax. ``sizes_given`` are those of a network whose sizes are given; they
    matter only to claims that number units.
    """

    forward: Program
    depth: int
    formulas: Mapping[int, Expr | None] = field(default_factory=dict)
    sizes_given: Mapping[Axis, int] = field(default_factory=dict)
    is_delta_scaled: bool = False  # as the convention's ``delta_scale``
    first: int = 0  # how the writer calls layer 0, as the convention's ``first``
    more: tuple[Equation, ...] = ()  # what else has a name, as the loss of one sample
    delta: Meaning = USUAL
    functions: Mapping[str, Expr] = field(default_factory=dict)  # by their letters, in ARGUMENT
    _memory: Memory = field(default_factory=Memory, init=False, compare=False, repr=False)

    @cached_property
    def program(self) -> Program:
        """The forward equations, and what every δ and Δw is by definition."""
        tensors = self.tensors
        deltas = [
            Equation(f"{name.name}@{name.place}", name.entry, self.meant(name.entry))
            for name in (adjoint_of(u) for u in tensors if u.role is Role.PREACTIVATION)
        ]
        bars = [
            Equation(f"{name.name}@{name.place}", name.entry, Partial(self.forward.loss, t.entry))
            for t, name in ((t, adjoint_of(t)) for t in tensors if self._has_bar(t))
        ]
        changes = [
            Equation(f"d{p.name}@{p.place}", change_of(p).entry, descent(self.forward, p.entry))
            for p in tensors
            if p.role in PARAMETERS
        ]
        named = {tensor_of(e.lhs) for e in self.more if is_entry(e.lhs)}
        own = [e for e in (*deltas, *bars, *changes) if tensor_of(e.lhs) not in named]
        every = (*self.forward.equations, *own, *self.more)
        return Program(every, self.forward.facts, derived=bool(named))

    @staticmethod
    def _has_bar(tensor: Tensor) -> bool:
        """Whether the slope of E by a tensor may be called by a name, other than δ."""
        return tensor.role not in (Role.PREACTIVATION, *UNNAMED)

    def meant(self, delta: Expr) -> Expr:
        """What an entry of δ is."""
        sizes = [axis.size for axis in tensor_of(delta).axes if axis.name == "sample"]
        slope = self.delta.of(delta)
        return sizes[0] * slope if sizes and self.is_delta_scaled else slope

    @cached_property
    def tensors(self) -> tuple[Tensor, ...]:
        """All quantities of the forward pass."""
        return (*self.forward.inputs, *self.forward.definitions)

    @cached_property
    def dependence(self) -> Dependence:
        """What is computed from what."""
        return Dependence(self.forward)

    @cached_property
    def known(self) -> Known:
        return Known(self.forward, self.is_delta_scaled, self.delta)

    @cached_property
    def _all(self) -> frozenset[Tensor]:
        return frozenset((*self.program.inputs, *self.program.definitions))

    def computes(self, entry: Expr) -> bool:
        """Whether the network says what ``entry`` becomes, as of a running mean."""
        return is_entry(entry) and any(tensor_of(entry) == tensor_of(e.lhs) for e in self.more)

    # ---- places ---------------------------------------------------------------------------------

    def instances(self, *exprs: Expr) -> tuple[Places, ...]:
        """The places that l may stand for where all of ``exprs`` make sense, most inner first."""
        atoms = frozenset().union(*(located(expr) for expr in exprs))
        applied = frozenset().union(*(nodes(expr, Opaque) for expr in exprs))
        known = self._memory.instances
        if (atoms, applied) not in known:
            known[atoms, applied] = tuple(self._instances(atoms, applied))
        return known[atoms, applied]

    def _instances(self, atoms: frozenset[Expr], applied: frozenset[Expr]) -> Iterator[Places]:
        is_general = any(place.has(l) for place in places_of(*atoms))
        for here in self._order() if is_general else (self.depth,):
            is_there = all(self._is_there(self._moved(atom, here)) for atom in atoms)
            if is_there and all(self._is_applied(each, here) for each in applied):
                yield {l: Integer(here), L: Integer(self.depth)}

    def _order(self) -> list[int]:
        """Hidden layers with layers on both sides first, the last layer last."""
        inner = list(range(1, self.depth))
        middle = [p for p in inner if p > 1]
        return [*middle, *(p for p in inner if p == 1), self.depth]

    def _moved(self, atom: Expr, here: int) -> Expr:
        """``atom`` where l is ``here`` and L the last layer."""
        known = self._memory.moved
        if (atom, here) not in known:
            at = {l: Integer(here), L: Integer(self.depth)}
            places = {place: place.subs(at) for place in places_of(atom)}
            known[atom, here] = substitution([atom], places).get(atom, atom)
        return known[atom, here]

    def _is_there(self, atom: Expr) -> bool:
        """Whether the network has what ``atom`` names; what has no place is everywhere."""
        if not isinstance(atom, TensorSymbol):
            return True
        return atom.tensor in self._all or atom.tensor.place is None

    def _is_applied(self, applied: Opaque, here: int) -> bool:
        """Whether a layer has a function of single units, as softmax is none."""
        moved = applied.xreplace({a: self._moved(a, here) for a in located(applied)})
        place = self._place(moved.symbol, moved.argument)
        return place is None or self.formulas.get(place) is not None

    def knows(self, *exprs: Expr) -> bool:
        """Whether it has all that bears no place: targets and losses of one sample or of many."""
        unplaced = (tensor for tensor in tensors_in(*exprs) if tensor.place is None)
        return all(tensor in self._all for tensor in unplaced)

    def at(self, expr: Expr, places: Places) -> Expr:
        """``expr`` at concrete places, with known activations written out. Raises NoMeaning."""
        return self._at(expr, int(places[l]))

    def _at(self, expr: Any, here: int) -> Any:
        """The same of any part of an expression: lines of one layer share most of theirs."""
        known = self._memory.placed
        if (expr, here) not in known:
            known[expr, here] = self._put(expr, here)
        return known[expr, here]

    def _put(self, expr: Any, here: int) -> Any:
        match expr:
            case Index() | Size() | FunctionSymbol():
                return self._moved(expr, here)
            case TensorSymbol():
                moved = self._moved(expr, here)
                if moved.tensor not in self._all:
                    raise NoMeaning(moved.tensor.name)
                return moved
            case Partial() if not is_entry(expr.wrt):
                raise NoMeaning("slope")
        args = [self._at(arg, here) for arg in expr.args]
        match expr:
            case Opaque():
                return self._applied(*args)
            case Max():
                return larger(*args)
        is_same = all(new is old for new, old in zip(args, expr.args, strict=True))
        return expr if is_same else expr.func(*args)

    def _applied(self, symbol: FunctionSymbol, argument: Expr, order: Expr) -> Expr:
        """A function of one unit, as a formula where it is known."""
        place = self._place(symbol, argument)
        formula = self.functions.get(symbol.label, self.formulas.get(place or 0))
        if formula is None and place is None:
            return Opaque(symbol, argument, order)
        if formula is None:
            raise NoMeaning("function")
        slope = formula.diff(ARGUMENT, order) if order else formula
        return slope.xreplace({ARGUMENT: argument})

    @staticmethod
    def _place(symbol: FunctionSymbol, argument: Expr) -> int | None:
        """The layer whose activation is meant: as said, or that of what it is applied to."""
        if symbol.place is not None:
            return int(symbol.place)
        places = [tensor.place for tensor in tensors_in(argument)]
        numbers = [int(place) for place in places if place is not None and place.is_Integer]
        return max(numbers, default=None)

    # ---- comparing ------------------------------------------------------------------------------

    def compare(self, left: Expr, right: Expr, places: Places) -> Certificate:
        """Whether two expressions are equal, with l at one place. Raises NoMeaning.

        Where several paths lead from one quantity to another, a slope may be that along one.
        """
        sides = self.at(left, places), self.at(right, places)
        if self._is_branched:
            direct = tuple(with_fixed(side, self.dependence) for side in sides)
            if direct != sides and (found := self._compared(direct)).holds:
                return found
        return self._compared(sides)

    def holds(self, left: Expr, right: Expr, places: Places) -> bool:
        """Whether ``compare`` finds them equal: a guess that fails needs no witness."""
        sides = self.at(left, places), self.at(right, places)
        known = self._memory.held
        if sides not in known:
            known[sides] = self._holds(sides)
        return known[sides]

    def _holds(self, sides: tuple[Expr, ...]) -> bool:
        direct = sides
        if self._is_branched:
            direct = tuple(with_fixed(side, self.dependence) for side in sides)
        return any(self._certified(each, is_shown=False).holds for each in {direct: 0, sides: 0})

    @cached_property
    def _is_branched(self) -> bool:
        """Whether something is read by several equations."""
        return any(len(self.dependence.users(tensor)) > 1 for tensor in self.tensors)

    def _compared(self, sides: tuple[Expr, ...]) -> Certificate:
        known = self._memory.compared
        if sides not in known:
            known[sides] = self._certified(sides, is_shown=True)
        return known[sides]

    def _certified(self, sides: tuple[Expr, ...], *, is_shown: bool) -> Certificate:
        if sides in self._memory.compared:
            return self._memory.compared[sides]
        sizes = sizes_for(self.sizes_given, sides)
        within, (left, right) = positions_in(sides[0]), sides
        return compare(left, right, self.program, sizes=sizes, within=within, is_shown=is_shown)

    def says(self, left: Expr, right: Expr, places: Places) -> bool:
        """Whether the derivation itself contains this line. Raises NoMeaning."""
        return self.known.says(self.at(left, places), self.at(right, places))

    def print(self, expr: Expr) -> Hashable:
        """What equal expressions share: their values at one point, over their free indices."""
        instances = self.instances(expr)
        if not instances:
            return None
        try:
            placed = self.at(expr, instances[0])
            sizes = sizes_for(self.sizes_given, [placed])
            _, (value,) = fingerprint(self.program, placed, seed=1, sizes=sizes)
        except (NoMeaning, NoPoint, NotImplementedError, ArithmeticError, LookupError, ValueError):
            return None
        indices = tuple(sorted(value.indices, key=str))
        return (tuple(map(str, indices)), tuple(value.along(indices).ravel().tolist()))

    def sizes(self) -> Mapping[str, int]:
        """The sizes at the point of ``print``."""
        evaluator, _ = fingerprint(self.program, self.program.loss, seed=1)
        return {axis.key: n for axis, n in evaluator.sizes.items()}

    # ---- the right line -------------------------------------------------------------------------

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        """The right sides that the derivation gives ``left``, the final result first."""
        instances = self.instances(left)
        if not instances:
            return ()
        places = instances[0]
        found = sorted(
            self.known.rights(self.at(left, places)), key=lambda e: len(nodes(e, Partial))
        )
        back = _back(places, left)
        return tuple(right.xreplace(substitution([right], back)) for right in found)


def larger(*values: Expr) -> Expr:
    """The largest of several values in cases: of 0 and u it is u where u > 0."""
    first, *others = sorted(values, key=lambda value: value == 0)
    for other in others:
        first = Piecewise((first, first > other), (other, True))
    return first


def _back(places: Places, left: Expr) -> Places:
    """From numbers to the general places in which ``left`` speaks."""
    spoken = places_of(left)
    for letter in (l, L):
        if any(place.has(letter) for place in spoken):
            here = places[letter]
            return {Integer(int(here) + k): letter + k for k in (-2, -1, 0, 1, 2)}
    return {}
