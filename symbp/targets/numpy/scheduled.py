"""The schedule of a step: its statements after all passes, and the rooms of their results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from symbp.equations.axis import Axis
from symbp.equations.tensor import Tensor, tensor_of
from symbp.lowering.arrays import Assign, Joined, Name, Named, Slice, Value, names_in, walk
from symbp.lowering.passes.aligned import aligned, outermost
from symbp.lowering.passes.common import common
from symbp.lowering.passes.constant import parted
from symbp.lowering.passes.first import first
from symbp.lowering.passes.flat import flat
from symbp.lowering.passes.gathered import gathered
from symbp.lowering.passes.innermost import innermost
from symbp.lowering.passes.jointly import jointly
from symbp.lowering.passes.passing import passing
from symbp.lowering.passes.picked import picked
from symbp.lowering.passes.pooled import pooled
from symbp.lowering.passes.rectified import rectified
from symbp.lowering.passes.rooms import Room, rooms
from symbp.lowering.passes.scalars import scalars
from symbp.lowering.passes.shifted import shifted
from symbp.lowering.passes.single import single
from symbp.lowering.passes.split import split
from symbp.lowering.passes.stacked import stacked
from symbp.lowering.passes.steps import Sizes, with_counted
from symbp.lowering.passes.strides import strides
from symbp.lowering.passes.sums import sums
from symbp.lowering.passes.tall import tall
from symbp.lowering.passes.turned import turned
from symbp.lowering.passes.wide import wide
from symbp.lowering.schedule import live
from symbp.lowering.updates import after
from symbp.targets.numpy.inplace import Manners
from symbp.targets.numpy.passes import Passes

Pass = Callable[[Sequence[Assign], Sizes], tuple[Assign, ...]]


def _alone(each: Callable[[Sequence[Assign]], tuple[Assign, ...]]) -> Pass:
    """A pass that asks for no sizes."""
    return lambda statements, sizes: each(statements)


PASSES: dict[str, Pass] = {
    "split": split,
    "first": first,
    "pooled": _alone(pooled),
    "jointly": _alone(jointly),
    "shifted": _alone(shifted),
    "rectified": _alone(rectified),
    "picked": _alone(picked),
    "sums": _alone(sums),
    "common": _alone(common),
    "flat": flat,
    "turned": _alone(turned),
    "wide": wide,
    "strides": strides,
    "gathered": gathered,
    "tall": tall,
    "stacked": _alone(stacked),
    "passing": _alone(passing),
    "aligned": _alone(aligned),
    "scalars": _alone(scalars),
}
"""What is done to the statements once each has one operation, in this order."""

BEFORE = {"wide": "gathered"}
"""What is of no use unless another is done later: only copies of windows may go on backwards."""


@dataclass(frozen=True)
class Schedule:
    """The statements of a step, in order, and the rooms of their results.

    ``without`` names the SWITCHES that are off.
    """

    passes: Passes
    without: Collection[str] = ()

    @property
    def once(self) -> tuple[Assign, ...]:
        """What is the same in every step."""
        return self._parted[0]

    @property
    def each(self) -> tuple[Assign, ...]:
        """What a step computes."""
        return self._parted[1]

    @cached_property
    def _parted(self) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
        found: tuple[Assign, ...] = single(self.passes.whole.assigns)
        for name, each in PASSES.items():
            if not {name, BEFORE.get(name)} & {*self.without}:
                found = each(found, with_counted(self.passes.plan.sizes, found))
        return parted(live((*found, *self._written_back), [*self._results, self._loss]))

    @property
    def _loss(self) -> Tensor:
        return tensor_of(self.passes.plan.loss[-1].equation.lhs)

    @property
    def _results(self) -> list[Named]:
        """What has a place of its own: gradients, and what is remembered."""
        states = [tensor for tensor, _ in self.passes.plan.states]
        return [*self.passes.gradients.values(), *states]

    @cached_property
    def sizes(self) -> Sizes:
        """The sizes of all axes but that of the samples."""
        return with_counted(self.passes.plan.sizes, self.each)

    @cached_property
    def kept(self) -> frozenset[Named]:
        """What has a place of its own."""
        return frozenset(self._results)

    @property
    def _written_back(self) -> list[Assign]:
        """The last statements: what is remembered is renewed."""
        computed = {s.target.of: s.target for s in self.passes.whole.assigns}
        states = [tensor for tensor, _ in self.passes.plan.states]
        renewed = [computed[after(tensor)] for tensor in states]
        return [
            Assign(Name(tensor, axes=new.axes), new)
            for tensor, new in zip(states, renewed, strict=True)
        ]

    @cached_property
    def places(self) -> dict[Named, Room]:
        """The room of each result that has no place of its own."""
        placed = {*self._results, *(s.target.of for s in self.once)}
        again = "rooms" not in self.without
        manners = Manners((*self.once, *self.each))
        return rooms(self.each, manners, self.shape, placed, orders=self._orders, again=again)

    @cached_property
    def _orders(self) -> dict[Named, tuple[int, ...]]:
        """The arrays whose axes do not lie in order in memory."""
        ranks = {p.of: len(p.axes) + isinstance(p, Slice) for p in arrays(self.each)}
        found = {
            of: (axis, *(p for p in range(ranks[of]) if p != axis))
            for of, axis in outermost(self.each).items()
            if axis
        }
        if "innermost" in self.without:
            return found
        return found | innermost(self.each, self.sizes)

    def shape(self, value: Value) -> tuple[str, ...]:
        """The sizes of its axes, as numbers where they are known."""
        return tuple("1" if i is None else self._size(i.axis) for i in value.axes)

    def _size(self, axis: Axis) -> str:
        if isinstance(axis, Joined):
            sizes = [self._size(part) for part in axis.parts]
            known = all(size.isdigit() for size in sizes)
            return str(sum(map(int, sizes))) if known else " + ".join(sizes)
        if axis in self.sizes:
            return str(self.sizes[axis])
        return self.passes.names(axis.size)

    @cached_property
    def used(self) -> set[Named]:
        """All that is read."""
        return set[Named]().union(*(names_in(s.value) for part in self._parted for s in part))


def arrays(statements: Sequence[Assign]) -> list[Name | Slice]:
    """All that is written and read, in order, each as often as it is."""
    parts = (part for s in statements for part in (s.target, *walk(s.value)))
    return [part for part in parts if isinstance(part, (Name, Slice))]
