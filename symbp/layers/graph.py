"""Layers joined to a graph: which reads what, and the equations of all of them in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from sympy import Expr, Integer

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.relocate import along, renaming
from symbp.equations.tensor import Role, Tensor, axes_in
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.layers.layer import SAMPLE, Parameter, units
from symbp.layers.placed import Placed

NEAR = 2
"""An axis that is met at places further apart than this has no place of its own."""

NAMES = {
    1: (("unit", "j"),),
    2: (("time", "t"), ("unit", "j")),
    3: (("channel", "c"), ("row", "r"), ("column", "s")),
}
"""What the axes of an input are called, by their number."""


@dataclass(frozen=True)
class Input:
    """What is read: ``shape`` without the samples; ``labels`` is the number of tokens there are."""

    name: str
    shape: tuple[int, ...]
    labels: int | None = None


@dataclass(frozen=True)
class Node:
    """A layer with a name, and the names of what it reads; without any, what stands before it."""

    layer: Any
    reads: tuple[str, ...] = ()
    name: str = ""


def named(node: Node, number: int) -> str:
    """What the node with this number is called."""
    return node.name or f"layer{number}"


@dataclass(frozen=True)
class Graph:
    """All layers at their places. ``outputs`` are the tensors that nodes pass on, by name."""

    inputs: tuple[Tensor, ...]
    placed: tuple[Placed, ...]
    outputs: Mapping[str, Tensor]
    sizes: Mapping[Axis, int]

    @property
    def equations(self) -> tuple[Equation, ...]:
        return tuple(chain.from_iterable(each.equations for each in self.placed))

    @property
    def inference(self) -> tuple[Equation, ...]:
        """The equations that hold when nothing is learnt."""
        found: list[Equation] = []
        for each in self.placed:
            instead = {e.id: e for e in each.inference}
            found += [instead.get(e.id, e) for e in each.equations]
        return tuple(found)

    @property
    def drawn(self) -> tuple[tuple[Tensor, float], ...]:
        """The random masks, each with the chance of a 1."""
        return tuple(chain.from_iterable(each.drawn for each in self.placed))

    @property
    def states(self) -> tuple[tuple[Tensor, float], ...]:
        """What is remembered between steps, each with what it begins with."""
        return tuple(chain.from_iterable(each.states for each in self.placed))

    @property
    def updates(self) -> tuple[Equation, ...]:
        """What becomes of the states in a step."""
        return tuple(chain.from_iterable(each.updates for each in self.placed))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is learnt, each once."""
        found = {p.tensor: p for each in self.placed for p in each.parameters}
        return tuple(found.values())


def input_tensor(given: Input, *, batch: bool, only: bool) -> tuple[Tensor, dict[Axis, int]]:
    """The tensor that is read, and the sizes of its axes; x where it is the ``only`` one."""
    names = NAMES.get(len(given.shape)) or tuple(
        (f"axis{k}", "ijkpqr"[k]) for k in range(len(given.shape))
    )
    if given.labels is not None:
        names = names[: len(given.shape)] if len(given.shape) != 1 else (("time", "t"),)
    place = Integer(0)
    own = tuple(Axis(name, place, letter) for name, letter in names)
    own = tuple(units(place) if axis.name == "unit" else axis for axis in own)
    labels = Axis("token", None, "v") if given.labels is not None else None
    sizes = dict(zip(own, given.shape, strict=True))
    if labels is not None and given.labels is not None:
        sizes[labels] = given.labels
    axes = (SAMPLE, *own) if batch else own
    if only and labels is None:
        return Tensor("z", axes, Role.ACTIVATION, place), sizes
    return Tensor(given.name, axes, Role.INPUT, None, labels), sizes


@dataclass
class _Joining:
    tensors: dict[str, Tensor] = field(default_factory=dict)
    sizes: dict[Axis, int] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    same: dict[Axis, Axis] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    """The names of nodes that pass nothing on, for what is wrong with them or before them."""
    faults: list[Fault] = field(default_factory=list)

    def leader(self, axis: Axis) -> Axis:
        while (above := self.same.get(axis, axis)) != axis:
            axis = above
        return axis

    def add(self, node: Node, number: int, before: str) -> None:
        names, own = node.reads or (before,), named(node, number)
        unknown = [name for name in names if name not in (*self.tensors, *self.failed)]
        for name in unknown:
            known = tuple(self.tensors)
            facts = {"given": name, "meant": meant(name, known), "known": known}
            self.faults.append(fault("unknown_node", "layers", number - 1, "from", **facts))
        if unknown or self.failed.intersection(names):
            self.failed.add(own)
            return
        reads = [self.tensors[name] for name in names]
        shapes = [tuple(self.sizes.get(a) for a in t.axes) for t in reads]
        try:
            placed = node.layer.put(Integer(number), reads, shapes)
            self.sizes.update(placed.sizes)
            for group in placed.merged:
                self.merge(group)
        except SpecErrors as wrong:
            self.faults += [f.under("layers", number - 1) for f in wrong.faults]
            self.failed.add(own)
            return
        self.placed.append(placed)
        self.tensors[own] = placed.output

    def merge(self, group: Sequence[Axis]) -> None:
        first, *others = map(self.leader, group)
        for other in others:
            if other == first:
                continue
            a, b = self.sizes.get(first), self.sizes.get(other)
            if a != b:
                raise SpecErrors([fault("axes_differ", "from", given=a, wanted=b)])
            self.same[other] = first


def join(inputs: Sequence[Input], nodes: Sequence[Node], *, batch: bool = True) -> Graph:
    """The graph of ``nodes``. Raises SpecErrors with all that does not fit, located by layer."""
    joining = _Joining()
    read = []
    for each in inputs:
        tensor, sizes = input_tensor(each, batch=batch, only=len(inputs) == 1)
        apart = {
            axis: replace(axis, name=f"{axis.name} of {each.name}")
            for axis, size in sizes.items()
            if joining.sizes.get(axis, size) != size
        }
        read.append(along(tensor, apart))
        joining.tensors[each.name] = read[-1]
        joining.sizes.update({apart.get(axis, axis): size for axis, size in sizes.items()})
    before = inputs[-1].name
    for number, node in enumerate(nodes, 1):
        joining.add(node, number, before)
        before = named(node, number)
    if joining.faults:
        raise SpecErrors(joining.faults)
    return _renamed(
        Graph(tuple(read), tuple(joining.placed), joining.tensors, joining.sizes),
        {axis: joining.leader(axis) for axis in joining.same},
    )


def _renamed(graph: Graph, same: Mapping[Axis, Axis]) -> Graph:
    """``graph`` with one axis for those that are one, which has no place if it is met far off."""
    axes = dict(same)
    met: dict[Axis, set[int]] = {}
    for each in graph.placed:
        for axis in _axes(each):
            met.setdefault(axes.get(axis, axis), set()).add(int(each.place))
    taken: dict[str, int] = {}
    for axis, places in met.items():
        if axis.place is None or max(places) - int(axis.place) <= NEAR:
            continue
        count = taken[axis.name] = taken.get(axis.name, 0) + 1
        wide = Axis(axis.name if count == 1 else f"{axis.name}{count}", None, axis.letter)
        axes = {old: wide if new == axis else new for old, new in axes.items()}
        axes[axis] = wide
    if not axes:
        return graph
    everything = chain(graph.equations, graph.updates, graph.inference)
    atoms = renaming((side for e in everything for side in (e.lhs, e.rhs)), axes)
    return Graph(
        tuple(along(t, axes) for t in graph.inputs),
        tuple(_moved(each, axes, atoms) for each in graph.placed),
        {name: along(t, axes) for name, t in graph.outputs.items()},
        {axes.get(axis, axis): size for axis, size in graph.sizes.items()},
    )


def _axes(placed: Placed) -> Iterable[Axis]:
    tensors = {placed.output, *(p.tensor for p in placed.parameters)}
    sides = (side for e in placed.equations for side in (e.lhs, e.rhs))
    return set(chain.from_iterable(map(axes_in, sides))).union(*(t.axes for t in tensors))


def _moved(placed: Placed, axes: Mapping[Axis, Axis], atoms: Mapping[Expr, Expr]) -> Placed:
    def moved(equations: Iterable[Equation]) -> tuple[Equation, ...]:
        return tuple(
            Equation(e.id, e.lhs.xreplace(atoms), e.rhs.xreplace(atoms)) for e in equations
        )

    return replace(
        placed,
        equations=moved(placed.equations),
        updates=moved(placed.updates),
        inference=moved(placed.inference),
        drawn=tuple((along(t, axes), number) for t, number in placed.drawn),
        states=tuple((along(t, axes), number) for t, number in placed.states),
        output=along(placed.output, axes),
        parameters=tuple(replace(p, tensor=along(p.tensor, axes)) for p in placed.parameters),
        sizes={axes.get(axis, axis): size for axis, size in placed.sizes.items()},
    )
