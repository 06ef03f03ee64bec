"""Backpropagation: one section a layer, last layer first, each kind of layer derived once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from sympy import Expr

from symbp.derivation.compact import compact, inner_stages
from symbp.derivation.dependence import Dependence
from symbp.derivation.layer import LayerDerivation, adjoint_id, derive_layer
from symbp.derivation.moves.solve import Solve
from symbp.derivation.names import adjoint_of
from symbp.derivation.outline import Outline, Outlines, elsewhere
from symbp.derivation.shared import derive_shared, shared
from symbp.derivation.stages import stages
from symbp.derivation.step import Derivation
from symbp.derivation.unroll import GIVEN, spoken, unrolled
from symbp.derivation.window import Window, in_general, window, window_between
from symbp.equations.equation import Equation
from symbp.equations.nodes import written
from symbp.equations.program import Program
from symbp.equations.relocate import Places, substitution, tensor_at
from symbp.equations.tensor import Role, Tensor, is_entry, tensor_of


@dataclass(frozen=True)
class Section:
    """The derivations for the layer at ``place``, by way of those for its kind at ``l``."""

    place: Expr
    kind: LayerDerivation
    home: dict[Expr, Expr]
    """From the places of the kind to those of this section; empty where they are the same."""

    @property
    def is_shared(self) -> bool:
        """Whether it is about a parameter that several equations use, and no layer."""
        return self.kind.around.unit not in self.kind.around.program.definitions

    @property
    def is_last(self) -> bool:
        return not self.kind.around.cuts

    @cached_property
    def rename(self) -> dict[str, str]:
        """Ids of the kind's derivations -> those of this section's."""
        names = [d.id for top in self.kind.derivations for d, _ in top.walk()]
        names += [u for top in self.kind.derivations for _, s in top.walk() for u in s.uses]
        return {name: _renamed(name, self._numbers) for name in names}

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {written(old): written(new) for old, new in self.home.items()}

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """All derivations of this layer in the order of reading."""
        found = self.kind.derivations
        if self.home:
            atoms = substitution(_expressions(found), self.home)
            found = tuple(d.relocated(atoms, self.rename) for d in found)
        names = spoken(_expressions(found))
        return tuple(d.relocated(names, {}) for d in found) if names else found

    @cached_property
    def results(self) -> tuple[Equation, ...]:
        """What code computes: δ, then the gradients by way of δ."""
        wanted = self.derived
        names = spoken(side for e in wanted for side in (e.lhs, e.rhs))
        if names:
            wanted = [Equation(e.id, e.lhs.xreplace(names), e.rhs.xreplace(names)) for e in wanted]
        return tuple(sorted(wanted, key=lambda e: e.id.startswith("grad.")))

    @cached_property
    def derived(self) -> list[Equation]:
        """The same, with other times still called by names of their own."""
        adjoint = adjoint_id(self.kind.around.unit)
        wanted = [
            d.equation for d in self.kind.derivations if d.id == adjoint or d.id.startswith("grad.")
        ]
        if self.home:
            atoms = substitution((side for e in wanted for side in (e.lhs, e.rhs)), self.home)
            wanted = [
                Equation(
                    _renamed(e.id, self._numbers), e.lhs.xreplace(atoms), e.rhs.xreplace(atoms)
                )
                for e in wanted
            ]
        return wanted


def backpropagate(program: Program) -> tuple[Section, ...]:
    """The sections of ``program``, last layer first."""
    kinds = _Kinds()
    compacts = _Kinds()
    known: dict[Tensor, Equation] = {}
    out = []
    dependence = Dependence(unrolled(program))
    units = stages(dependence)
    several = shared(dependence, units)
    outlines = Outlines(dependence)
    for unit in units:
        outline = None if several else outlines.of(unit)
        section = kinds.again(unit, outline)
        if section is None:
            general, home = in_general(window(dependence, unit, several.keys()))
            key = (general.program.equations, general.unit, general.elsewhere)
            section = kinds.section(unit, outline, key, home, partial(derived, general))
        assert section is not None
        out.append(section)
        known |= {tensor_of(e.lhs): e for e in section.derived if is_entry(e.lhs)}
        if (shorter := _shorter(outlines, unit, known, compacts)) is not None:
            out.append(shorter)
    for parameter, uses in several.items():
        around = window_between(dependence, parameter, uses)
        kind = LayerDerivation(around, derive_shared(around))
        out.append(Section(parameter.place, kind, {}))
    return tuple(out)


@dataclass
class _Kinds:
    """The derivations of each kind of layer, made once; None where there turned out to be none."""

    made: dict[object, LayerDerivation | None] = field(default_factory=dict)
    outlined: dict[Outline, tuple[LayerDerivation | None, tuple[Expr, ...]]] = field(
        default_factory=dict
    )

    def knows(self, outline: Outline | None) -> bool:
        return outline in self.outlined

    def again(self, unit: Tensor, outline: Outline | None) -> Section | None:
        """The section of ``unit``, if a window that looks like its own has been derived."""
        if outline not in self.outlined:
            return None
        kind, places = self.outlined[outline]
        return None if kind is None else Section(unit.place, kind, elsewhere(places, unit.place))

    def nothing(self, outline: Outline | None) -> None:
        """Remember that there is no derivation for windows that look like this one."""
        if outline is not None:
            self.outlined[outline] = None, ()

    def section(
        self,
        unit: Tensor,
        outline: Outline | None,
        key: object,
        home: dict[Expr, Expr],
        make: Callable[[], LayerDerivation | None],
    ) -> Section | None:
        """The section of ``unit``, by what ``make`` gives unless it is known under ``key``."""
        if key not in self.made:
            self.made[key] = make()
        kind = self.made[key]
        if outline is not None:
            self.outlined[outline] = (kind, tuple(home))
        return None if kind is None else Section(unit.place, kind, home)


def _shorter(
    outlines: Outlines, unit: Tensor, known: Mapping[Tensor, Equation], found: _Kinds
) -> Section | None:
    """The compact form of an adjoint that has been derived in stages, if it has one."""
    dependence = outlines.dependence
    inner = inner_stages(dependence, unit)
    outline = outlines.of(unit, inner)
    if found.knows(outline):
        return found.again(unit, outline)
    if not inner and Solve()(known[adjoint_of(unit)].rhs) is None:
        found.nothing(outline)
        return None
    general, home = in_general(window(dependence, unit, inner=inner))
    back = {new: old for old, new in home.items()}
    moved = tuple(tensor_at(t, back) for t in inner)
    key = (general.program.equations, general.unit)

    def make() -> LayerDerivation | None:
        return compact(general, moved, _at(known, unit, inner, back))

    return found.section(unit, outline, key, home, make)


def _at(
    known: Mapping[Tensor, Equation], unit: Tensor, inner: Sequence[Tensor], places: Places
) -> dict[Tensor, Equation]:
    """The adjoints of ``unit`` and of ``inner`` stages, none of which is held fixed, elsewhere."""
    adjoints = [known[adjoint_of(t)] for t in (unit, *inner)]
    fixed = spoken((e.rhs for e in adjoints), (GIVEN,))
    free = {old: new for old, new in fixed.items() if tensor_of(new) in inner}
    plain = [replace(e, rhs=e.rhs.xreplace(free)) for e in adjoints]
    atoms = substitution((side for e in plain for side in (e.lhs, e.rhs)), places)
    moved = (Equation(e.id, e.lhs.xreplace(atoms), e.rhs.xreplace(atoms)) for e in plain)
    return {tensor_of(e.lhs): e for e in moved}


def backpropagate_windows(windows: Iterable[Program]) -> tuple[Section, ...]:
    """The sections of a network whose depth is left open, from one program a kind of layer."""
    out = []
    for program in windows:
        dependence = Dependence(program)
        unit = next(t for t in program.definitions if t.role is Role.PREACTIVATION)
        around = window(dependence, unit)
        out.append(Section(unit.place, derived(around), {}))
    return tuple(out)


def derived(around: Window) -> LayerDerivation:
    """The derivation of one kind of layer."""
    return LayerDerivation(around, derive_layer(around))


def _expressions(derivations: Iterable[Derivation]) -> Iterable[Expr]:
    for derivation in derivations:
        for inner, step in derivation.walk():
            yield from (inner.goal, step.before, step.after, *step.facts.values())


def _renamed(name: str, moved: dict[str, str]) -> str:
    """``delta@l + 1`` -> ``delta@3``, in each part of ``dz@l/du@l``."""
    parts = (part.partition("@") for part in name.split("/"))
    return "/".join(f"{stem}{at}{moved.get(place, place)}" for stem, at, place in parts)
