"""The lines that the derivation of a program consists of, to be looked up by their left sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from sympy import Expr, Integer, preorder_traversal

from symbp.derivation.backprop import Section, backpropagate
from symbp.derivation.names import delta_of
from symbp.equations.axis import KEPT, Index, total
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.nodes import nodes
from symbp.equations.program import Program
from symbp.equations.relocate import places_of
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.notation.scale import scaled
from symbp.verification.paper.chained import chained
from symbp.verification.paper.meanings import USUAL, Meaning


@dataclass(frozen=True)
class Known:
    """All goals that are reached in the derivation of ``program``, with what they come to.

    The derivation of a layer is written out when it is first asked about.
    """

    program: Program
    is_delta_scaled: bool = False  # as the convention's ``delta_scale``
    delta: Meaning = USUAL
    _layers: dict[Expr | None, Lines] = field(default_factory=dict, compare=False, repr=False)
    _reached: dict[Expr, frozenset[Expr]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _sections(self) -> tuple[Section, ...]:
        return backpropagate(self.program)

    def _layer(self, place: Expr | None) -> Lines:
        """The lines of the layer at ``place``; without one, those of the forward pass."""
        if place not in self._layers:
            lines = self._equations(place)
            lines = lines if self.delta.is_usual else map(_unnamed, lines)
            self._layers[place] = Lines.of(self._scaled(lines) if self.is_delta_scaled else lines)
        return self._layers[place]

    def _equations(self, place: Expr | None) -> Iterator[tuple[Expr, Sequence[Expr]]]:
        if place is None:
            for equation in (*self.program.equations, *self.program.facts):
                yield equation.lhs, [equation.rhs]
        for section in self._sections:
            if section.place == place:
                yield from _lines(section)

    @cached_property
    def _nowhere(self) -> Lines:
        """The lines about nothing that has a place, as ∂E/∂R, wherever they are derived."""
        every = (line for section in self._sections for line in _lines(section))
        return Lines.of(line for line in every if not places_of(line[0]))

    @staticmethod
    def _scaled(
        lines: Iterable[tuple[Expr, Sequence[Expr]]],
    ) -> Iterator[tuple[Expr, Sequence[Expr]]]:
        for goal, rights in lines:
            yield goal, [scaled((goal, right))[1] for right in rights]

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        """What the derivation says that ``left`` is, in the letters of ``left``."""
        delta = self._delta(left)
        found: dict[Expr, None] = {}
        if not self.delta.is_usual and is_entry(left) and tensor_of(left).role is Role.DELTA:
            number, slope = self.delta.of(left).as_coeff_Mul()
            return tuple(number * right for right in (*self.rights(slope), slope))
        if delta is not None:
            name, factor = delta
            found = dict.fromkeys(right * factor for right in self.rights(name))
        found |= dict.fromkeys(self._through(left))
        found |= dict.fromkeys(chained(self.program, left, self.rights))
        places = sorted(places_of(left), key=str)
        for place in (None, *places):
            for right in self._layer(place).rights(left):
                found[right] = None
        if not places and isinstance(left, Partial):
            found |= dict.fromkeys(self._nowhere.rights(left))
        return tuple(found)

    def _delta(self, left: Expr) -> tuple[Expr, Expr] | None:
        """δ_j for ∂E/∂u_j, under which name its lines are found, and what it is divided by."""
        unit = self._slope_by(left)
        if unit is None or unit.role is not Role.PREACTIVATION or not self.delta.is_usual:
            return None
        sizes = [axis.size for axis in unit.axes if axis.name == "sample"]
        factor = 1 / sizes[0] if sizes and self.is_delta_scaled else Integer(1)
        return delta_of(unit)[indices_of(left.wrt)], factor

    def _slope_by(self, left: Expr) -> Tensor | None:
        """What E is differentiated by in ``left``."""
        if not isinstance(left, Partial) or not is_entry(left.wrt):
            return None
        return tensor_of(left.wrt) if left.of == self.program.loss else None

    def _through(self, left: Expr) -> Iterator[Expr]:
        """∂E/∂z_j by way of the layer that reads z: Σ_k δ_k w_jk, and with δ_k written out."""
        tensor = self._slope_by(left)
        if tensor is None or tensor.role is not Role.ACTIVATION:
            return
        readers = [tensor_of(equation.lhs) for equation in self.program.users(tensor)]
        if len(readers) != 1 or readers[0].role is not Role.PREACTIVATION:
            return
        (unit,), own = readers, indices_of(left.wrt)
        if not unit.axes:
            return
        k = unit.axes[-1].fresh([i for i in own if isinstance(i, Index)], "k")
        entry = unit[(*own[:-1], k)]
        slope = Partial(entry, left.wrt)
        inner = [right for right in self.rights(slope) if not right.has(Partial)] or [slope]
        outer = Partial(self.program.loss, entry)
        name, factor = self._delta(outer) or (outer, Integer(1))
        for each in (*self.rights(outer), outer, name * factor):
            yield total(each * inner[0], k)

    def says(self, left: Expr, right: Expr) -> bool:
        """Whether ``left = right``, up to spelling, joins two lines of one derivation."""
        sides = {canonical(left), canonical(right)}
        return any(sides <= self._reached_from(start) for start in (left, right))

    def _reached_from(self, start: Expr) -> frozenset[Expr]:
        """The canonical forms of ``start`` and of all that it comes to."""
        if start not in self._reached:
            ends = (start, *self.rights(start))
            self._reached[start] = frozenset(canonical(each) for each in ends)
        return self._reached[start]


def _lines(section: Section) -> Iterator[tuple[Expr, Sequence[Expr]]]:
    """Each goal of a section with what it comes to, the result first."""
    for derivation in section.derivations:
        for inner, _ in derivation.walk():
            yield inner.goal, [step.after for step in reversed(inner.steps)]


def _unnamed(line: tuple[Expr, Sequence[Expr]]) -> tuple[Expr, Sequence[Expr]]:
    """A line with ∂E/∂u in place of δ, which is not what the page calls so."""
    goal, rights = line
    named = [goal, *rights]
    deltas = {e for side in named for e in entries(side) if tensor_of(e).role is Role.DELTA}
    meant = {delta: USUAL.of(delta) for delta in deltas}
    return goal.xreplace(meant), [right.xreplace(meant) for right in rights]


@dataclass(frozen=True)
class Lines:
    """Right sides by the shapes of their left sides."""

    by_shape: Mapping[Expr, Sequence[tuple[Expr, Sequence[Expr]]]]

    @staticmethod
    def of(equations: Iterable[tuple[Expr, Sequence[Expr]]]) -> Lines:
        found: dict[Expr, list[tuple[Expr, Sequence[Expr]]]] = {}
        for goal, rights in equations:
            found.setdefault(shape(goal), []).append((goal, rights))
        return Lines(found)

    def rights(self, left: Expr) -> Iterator[Expr]:
        for goal, rights in self.by_shape.get(shape(left), ()):
            letters = dict(zip(free_letters(goal), free_letters(left), strict=True))
            yield from (renamed(right, letters) for right in rights)


def free_letters(expr: Expr) -> list[Index]:
    """The free indices of ``expr`` in the order in which they stand in it."""
    free = expr.free_symbols
    nodes = (node for node in preorder_traversal(expr) if isinstance(node, Index))
    return list(dict.fromkeys(node for node in nodes if node in free))


@lru_cache(maxsize=KEPT)
def shape(expr: Expr) -> Expr:
    """``expr`` with its free indices called by their positions, whatever their letters were."""
    numbered = {index: index.axis.index(f"#{k}") for k, index in enumerate(free_letters(expr))}
    return canonical(renamed(expr, numbered))


def renamed(expr: Expr, letters: dict[Index, Index]) -> Expr:
    """``expr`` with other free letters; bound ones make way."""
    bound = nodes(expr, Index) - expr.free_symbols
    wanted = set(letters.values())
    taken = [*nodes(expr, Index), *wanted]
    away: dict[Expr, Expr] = {}
    for index in sorted(bound & wanted, key=str):
        away[index] = index.axis.fresh(taken, index.letter)
        taken.append(away[index])
    return expr.xreplace({**away, **letters})
