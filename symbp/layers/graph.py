"""Layers joined to a graph: which reads what, and the equations of all of them in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from sympy import Expr, Integer

from symbp.equations.axis import Axis
from symbp.equations.equation import Equation
from symbp.equations.relocate import along, renaming
from symbp.equations.tensor import Role, Tensor, axes_in
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.layers.again import Putting
from symbp.layers.layer import SAMPLE, Parameter, units
from symbp.layers.placed import Placed
from symbp.layers.sharing import sharing

NEAR = 2
"""An axis that is met at places further apart than this has no place of its own."""

NAMES = {
    1: (("unit", "j"),),
    2: (("time", "t"), ("unit", "j")),
    3: (("channel", "c"), ("row", "r"), ("column", "s")),
}
"""What the axes of an input are called, by their number."""


MASKS = {1: (("time", "t"),), 2: (("time", "t"), ("seen", "s"))}
"""The same of a mask: of each time, and of what each time sees."""


@dataclass(frozen=True)
class Input:
    """What is read: ``shape`` without the samples; ``labels`` is the number of tokens there are.

    A ``mask`` holds 1 where something counts, and 0 elsewhere.
    """

    name: str
    shape: tuple[int, ...]
    labels: int | None = None
    mask: bool = False


@dataclass(frozen=True)
class Node:
    """A layer with a name, and the names of what it reads; without any, what stands before it.

    ``share`` names a layer whose parameters it uses, their weights ``transposed`` if it says so.
    """

    layer: Any
    reads: tuple[str, ...] = ()
    name: str = ""
    share: str = ""
    transposed: bool = False


@dataclass(frozen=True)
class End:
    """What compares the outputs of the layers ``reads``; declared at ``path``."""

    layer: Any
    reads: tuple[str, ...]
    path: tuple[str | int, ...]


@dataclass(frozen=True)
class Graph:
    """All layers at their places. ``outputs`` are the tensors that nodes pass on, by name.

    ``ends`` stand behind the layers, and pass nothing on.
    """

    inputs: tuple[Tensor, ...]
    placed: tuple[Placed, ...]
    outputs: Mapping[str, Tensor]
    sizes: Mapping[Axis, int]
    ends: tuple[Placed, ...] = ()

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


def input_tensor(
    given: Input, *, batch: bool, only: bool, first: bool = True
) -> tuple[Tensor, dict[Axis, int]]:
    """The tensor that is read, and the sizes of its axes; x where it is the ``only`` one.

    The axes of those that are not the ``first`` bear their names.
    """
    names = NAMES.get(len(given.shape)) or tuple(
        (f"axis{k}", "ijkpqr"[k]) for k in range(len(given.shape))
    )
    if given.mask:
        names = MASKS.get(len(given.shape), names)
    if given.labels is not None:
        names = names[: len(given.shape)] if len(given.shape) != 1 else (("time", "t"),)
    place = Integer(0)
    own = tuple(Axis(name, place, letter) for name, letter in names)
    own = tuple(units(place) if axis.name == "unit" else axis for axis in own)
    labels = Axis("token", None, "v") if given.labels is not None else None
    if not first:
        own = tuple(replace(axis, name=f"{axis.name}_{given.name}") for axis in own)
        labels = labels and replace(labels, name=f"{labels.name}_{given.name}")
    sizes = dict(zip(own, given.shape, strict=True))
    if labels is not None and given.labels is not None:
        sizes[labels] = given.labels
    axes = (SAMPLE, *own) if batch else own
    if given.mask:
        return Tensor(given.name, axes, Role.MASK), sizes
    if only and labels is None:
        return Tensor("z", axes, Role.ACTIVATION, place), sizes
    return Tensor(given.name, axes, Role.INPUT, None, labels), sizes


def inputs_of(given: Any) -> tuple[Input, ...]:
    """What is read, from a number of units, a shape, or inputs with names."""
    match given:
        case int(size):
            return (Input("x", (size,)),)
        case (Input(), *_):
            return tuple(given)
    return (Input("x", tuple(given or ())),)


def nodes_of(layers: Iterable[Any]) -> tuple[Node, ...]:
    """Every layer as a node."""
    return tuple(each if isinstance(each, Node) else Node(each) for each in layers)


@dataclass
class _Joining:
    tensors: dict[str, Tensor] = field(default_factory=dict)
    sizes: dict[Axis, int] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    ends: list[Placed] = field(default_factory=list)
    same: dict[Axis, Axis] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    owners: dict[str, Placed] = field(default_factory=dict)
    putting: Putting = field(default_factory=Putting)
    broken: dict[str, None] = field(default_factory=dict)
    """The names of nodes that could not be placed; what reads them is not judged."""

    def leader(self, axis: Axis) -> Axis:
        while (above := self.same.get(axis, axis)) != axis:
            axis = above
        return axis

    def add(self, node: Node, number: int, before: str) -> None:
        names = node.reads or (before,)
        own = node.name or f"layer{number}"
        faults = list(self._wrong_names(node, names))
        if own in self.tensors or own in self.broken:
            faults.append(fault("node_again", "name", given=own))
        self.faults += [f.under("layers", number - 1) for f in faults]
        if faults or node.layer is None or self.broken.keys() & {*names, node.share}:
            self.broken[own] = None
            return
        try:
            placed = self.put(node.layer, number, names)
            if node.share:
                owner = self.owners[node.share]
                placed = sharing(placed, owner, transposed=node.transposed)
            self.know(placed)
        except SpecErrors as wrong:
            self.faults += [f.under("layers", number - 1) for f in wrong.faults]
            self.broken[own] = None
            return
        self.placed.append(placed)
        self.owners[own] = placed
        self.tensors[own] = placed.output

    def end(self, end: End, number: int) -> None:
        """Put what compares outputs behind all layers."""
        known = tuple(dict.fromkeys((*self.tensors, *self.broken)))
        wrong = [name for name in end.reads if name not in known]
        for name in wrong:
            facts = {"given": name, "meant": meant(name, known), "known": known}
            self.faults.append(fault("loss_from", *end.path, "from", **facts))
        if wrong or self.broken.keys() & set(end.reads):
            return
        try:
            placed = self.put(end.layer, number, end.reads)
            self.know(placed)
        except SpecErrors as errors:
            self.faults += [f.under(*end.path) for f in errors.faults]
            return
        self.ends.append(placed)

    def put(self, layer: Any, number: int, names: Sequence[str]) -> Placed:
        """``layer`` at the place ``number``, reading what ``names`` name."""
        reads = [self.tensors[name] for name in names]
        shapes = [tuple(self.sizes.get(a) for a in t.axes) for t in reads]
        return self.putting(layer, Integer(number), reads, shapes)

    def know(self, placed: Placed) -> None:
        self.sizes.update(placed.sizes)
        for group in placed.merged:
            self.merge(group)

    def _wrong_names(self, node: Node, names: Sequence[str]) -> Iterator[Fault]:
        known = tuple(dict.fromkeys((*self.tensors, *self.broken)))
        for name in names:
            if name not in known:
                yield _unknown("from", name, known)
        layers = tuple(dict.fromkeys((*self.owners, *self.broken)))
        if node.share and node.share not in layers:
            yield _unknown("share", node.share, layers)
        if node.transposed and not node.share:
            yield fault("transposed_alone", "transposed")

    def merge(self, group: Sequence[Axis]) -> None:
        first, *others = map(self.leader, group)
        for other in others:
            if other == first:
                continue
            a, b = self.sizes.get(first), self.sizes.get(other)
            if a != b:
                code = "axes_samples" if None in (a, b) else "axes_differ"
                raise SpecErrors([fault(code, "from", given=a, wanted=b)])
            self.same[other] = first


def _unknown(key: str, name: str, known: tuple[str, ...]) -> Fault:
    return fault("unknown_node", key, given=name, meant=meant(name, known), known=known)


def join(
    inputs: Sequence[Input],
    nodes: Sequence[Node],
    ends: Sequence[End] = (),
    *,
    batch: bool = True,
) -> Graph:
    """The graph of ``nodes``. Raises SpecErrors with all that does not fit, located by layer."""
    joining = _Joining()
    read = []
    for k, each in enumerate(inputs):
        only = len(inputs) == 1
        tensor, sizes = input_tensor(each, batch=batch, only=only, first=k == 0)
        read.append(tensor)
        joining.tensors[each.name] = tensor
        joining.sizes.update(sizes)
    before = inputs[-1].name
    for number, node in enumerate(nodes, 1):
        joining.add(node, number, before)
        before = node.name or f"layer{number}"
    for number, end in enumerate(ends, len(nodes) + 1):
        joining.end(end, number)
    if joining.faults or joining.broken:
        raise SpecErrors(joining.faults)
    return _renamed(
        Graph(
            tuple(read),
            tuple(joining.placed),
            joining.tensors,
            joining.sizes,
            tuple(joining.ends),
        ),
        {axis: joining.leader(axis) for axis in joining.same},
    )


def _renamed(graph: Graph, same: Mapping[Axis, Axis]) -> Graph:
    """``graph`` with one axis for those that are one, which has no place if it is met far off."""
    axes = dict(same)
    met: dict[Axis, set[int]] = {}
    for each in (*graph.placed, *graph.ends):
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
    compared = chain.from_iterable(each.equations for each in graph.ends)
    everything = chain(graph.equations, graph.updates, graph.inference, compared)
    atoms = renaming((side for e in everything for side in (e.lhs, e.rhs)), axes)
    return Graph(
        tuple(along(t, axes) for t in graph.inputs),
        tuple(_moved(each, axes, atoms) for each in graph.placed),
        {name: along(t, axes) for name, t in graph.outputs.items()},
        {axes.get(axis, axis): size for axis, size in graph.sizes.items()},
        tuple(_moved(each, axes, atoms) for each in graph.ends),
    )


def _axes(placed: Placed) -> Iterable[Axis]:
    """The axes of a layer: as its tensors have them, whose indices have the right letters."""
    tensors = (placed.output, *(p.tensor for p in placed.parameters))
    sides = (side for e in placed.equations for side in (e.lhs, e.rhs))
    return set(chain.from_iterable(t.axes for t in tensors)).union(*map(axes_in, sides))


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
        shared={name: along(tensor, axes) for name, tensor in placed.shared.items()},
        sizes={axes.get(axis, axis): size for axis, size in placed.sizes.items()},
    )
