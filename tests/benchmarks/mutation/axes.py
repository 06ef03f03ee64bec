"""How far each index of a formula runs, and of which layer a quantity is."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.mutation.nodes import (
    Indicator,
    Layer,
    Node,
    Summed,
    Symbol,
    children,
)
from tests.benchmarks.mutation.world import World

VECTORS = {"pre", "act", "delta", "dpre", "dact"}


class Mismatch(Exception):
    """Sizes do not agree: what was written is wrong whatever the values."""


class OutOfRange(Exception):
    """There is no such layer."""


class Undecided(Exception):
    """This evaluator cannot say."""


class Axes:
    """How far each index runs; an index that runs along two axes of different size is a slip."""

    def __init__(self, world: World, l: int) -> None:
        self.world, self.l = world, l
        self.sizes: dict[str, int] = {}
        self.links: list[tuple[str, str]] = []

    def settle(self) -> None:
        for _ in range(2):
            for a, b in self.links:
                for one, other in ((a, b), (b, a)):
                    if one in self.sizes:
                        self.note(other, self.sizes[one])

    def note(self, name: str, size: int) -> None:
        if self.sizes.setdefault(name, size) != size:
            raise Mismatch(name)

    def visit(self, node: Node, scope: Mapping[str, str]) -> None:
        if isinstance(node, Summed):
            scope = {**scope, **{i.name: f"{i.name}#{id(node)}" for i in node.letters}}
            self.visit(node.body, scope)
            return
        if isinstance(node, Symbol):
            self.slots(node, scope)
            return
        if isinstance(node, Indicator) and node.sign == "=":
            a, b = (scope.get(s.glyph, s.glyph) for s in (node.left, node.right))
            self.links.append((a, b))
            return
        for child in children(node):
            self.visit(child, scope)

    def slots(self, node: Symbol, scope: Mapping[str, str]) -> None:
        spec, world = self.world.spec, self.world
        names = [scope.get(i.name, i.name) for i in node.indices]
        role = spec.names[node.glyph]
        if node.sample:
            self.note(scope.get(node.sample.name, node.sample.name), spec.samples)
        if role == "delta" and len(names) == 2 and node.layer is None:
            self.links.append((names[0], names[1]))
            return
        if role in {"loss", "sloss", "D"}:
            sizes = [spec.samples]
        elif role in {"weight", "dweight"}:
            l = layer_of(node, world, self.l)
            sizes = [spec.sizes[l - 1], spec.sizes[l]]
            if spec.order == "to_from":
                sizes.reverse()
        elif role in {"bias", "dbias"}:
            sizes = [spec.sizes[layer_of(node, world, self.l)]]
        elif role in VECTORS | {"target", "pred", "input"}:
            sizes = [spec.sizes[layer_of(node, world, self.l)]]
            if len(names) == 2:
                sizes = [spec.samples, *sizes]
        else:
            sizes = []
        if len(names) > len(sizes):
            raise Undecided(node.glyph)
        for index, name, size in zip(node.indices, names, sizes, strict=False):
            if not index.name.isdigit():
                self.note(name, size)
            elif int(index.name) > size:
                raise Mismatch(index.name)


def layer_of(node: Symbol, world: World, l: int) -> int:
    """The layer of a quantity's array. Raises OutOfRange."""
    role = world.spec.names[node.glyph]
    if role in {"pred", "target"}:
        return world.last
    if role == "input":
        return 0
    if node.layer is None:
        if node.glyph in world.spec.fixed:
            return world.spec.fixed[node.glyph]
        if world.last == 1 and role != "act":
            return 1
        raise Undecided(node.glyph)
    made = place_of(node.layer, world, l)
    if role in {"weight", "bias", "dweight", "dbias"}:
        made += world.spec.shift
    if not (0 if role in {"act", "dact"} else 1) <= made <= world.last:
        raise OutOfRange(str(made))
    return made


def place_of(layer: Layer, world: World, l: int) -> int:
    base = {"l": l, "L": world.last + world.spec.base, r"\ell": l}.get(layer.base)
    if base is None:
        if not layer.base.isdigit():
            raise Undecided(layer.base)
        base = int(layer.base)
    return base + layer.shift - world.spec.base
