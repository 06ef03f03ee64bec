"""The schedule of a step: its statements after all passes, and the rooms of their results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from symbp.equations.axis import Axis
from symbp.equations.tensor import Tensor, after, tensor_of
from symbp.lowering.arrays import (
    Assign,
    Joined,
    Name,
    Named,
    Neighbours,
    Slice,
    Value,
    names_in,
    walk,
)
from symbp.lowering.passes.aligned import aligned
from symbp.lowering.passes.biased import biased, columns
from symbp.lowering.passes.common import common
from symbp.lowering.passes.constant import parted
from symbp.lowering.passes.first import first
from symbp.lowering.passes.flat import flat
from symbp.lowering.passes.gathered import gathered
from symbp.lowering.passes.innermost import innermost
from symbp.lowering.passes.lying import by_time, lying
from symbp.lowering.passes.passing import passing
from symbp.lowering.passes.picked import counted, picked
from symbp.lowering.passes.pooled import pooled
from symbp.lowering.passes.rectified import rectified
from symbp.lowering.passes.rooms import Room, rooms, wanting
from symbp.lowering.passes.scalars import scalars
from symbp.lowering.passes.single import single
from symbp.lowering.passes.split import split
from symbp.lowering.passes.stacked import stacked
from symbp.lowering.passes.steps import Sizes, looks_through_windows
from symbp.lowering.passes.sums import sums
from symbp.lowering.passes.tall import tall
from symbp.lowering.passes.turned import turned
from symbp.lowering.schedule import live
from symbp.targets.numpy.inplace import Manners
from symbp.targets.numpy.passes import Passes

Pass = Callable[[Sequence[Assign], Passes], tuple[Assign, ...]]


def _alone(each: Callable[[Sequence[Assign]], tuple[Assign, ...]]) -> Pass:
    """A pass that asks for nothing else."""
    return lambda statements, passes: each(statements)


def _sized(each: Callable[[Sequence[Assign], Sizes], tuple[Assign, ...]]) -> Pass:
    """A pass that asks for sizes."""
    return lambda statements, passes: each(statements, passes.plan.sizes)


def _biased(statements: Sequence[Assign], passes: Passes) -> tuple[Assign, ...]:
    return biased(statements, passes.plan.sizes, passes.gradients)


PASSES: dict[str, Pass] = {
    "split": _sized(split),
    "first": _sized(first),
    "pooled": _alone(pooled),
    "rectified": _alone(rectified),
    "picked": _alone(picked),
    "biased": _biased,
    "sums": _sized(sums),
    "common": _alone(common),
    "flat": _sized(flat),
    "turned": _alone(turned),
    "gathered": _sized(gathered),
    "tall": _sized(tall),
    "stacked": _alone(stacked),
    "passing": _alone(passing),
    "aligned": _alone(aligned),
    "scalars": _alone(scalars),
}
"""What is done to the statements once each has one operation, in this order."""

LYING, INNERMOST, ROOMS = "lying", "innermost", "rooms"

ORDERING = (LYING, INNERMOST)
"""How results lie in memory is decided then, and at last their ROOMS."""


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
        return self._settled[0]

    @property
    def each(self) -> tuple[Assign, ...]:
        """What a step computes."""
        return self._settled[1]

    @cached_property
    def _settled(self) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
        return counted(*self._parted, self._orders)

    @cached_property
    def _parted(self) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
        found, _ = self._passed
        return parted(live((*found, *self._written_back), [*self._results, self._loss]))

    @cached_property
    def _passed(self) -> tuple[tuple[Assign, ...], frozenset[str]]:
        """The statements after all passes, and which of these have changed them."""
        found: tuple[Assign, ...] = single(self.passes.whole.assigns)
        changing = set()
        for name, each in PASSES.items():
            before = found
            if name not in self.without:
                found = each(found, self.passes)
            if found != before:
                changing.add(name)
        return found, frozenset(changing)

    @property
    def done(self) -> frozenset[str]:
        """The SWITCHES that made a difference."""
        _, changing = self._passed
        found = {name for name in ORDERING if self._is_ordered(name)}
        if len(set(self.places.values())) < wanting(self.each, self._manners, self._placed):
            found.add(ROOMS)
        return changing | found

    def _is_ordered(self, name: str) -> bool:
        """Whether arrays would lie otherwise in memory without this switch."""
        others = self._ordering({*self.without, name})
        return any(self._orders.get(of, ()) != others.get(of, ()) for of in self.places)

    @property
    def _loss(self) -> Tensor:
        return tensor_of(self.passes.plan.loss[-1].equation.lhs)

    @property
    def _results(self) -> list[Named]:
        """What has a place of its own: gradients, and what is remembered."""
        states = [tensor for tensor, _ in self.passes.plan.states]
        return [*self.passes.gradients.values(), *states]

    @cached_property
    def kept(self) -> frozenset[Named]:
        """What has a place of its own."""
        return frozenset((*self._results, *self.neighbours))

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
        again = ROOMS not in self.without
        orders = self._orders
        return rooms(self.each, self._manners, self.shape, self._placed, orders=orders, again=again)

    @property
    def _placed(self) -> set[Named]:
        """What has a place before a step."""
        return {*self.kept, *(s.target.of for s in self.once)}

    @cached_property
    def _manners(self) -> Manners:
        return Manners((*self.once, *self.each))

    @cached_property
    def _orders(self) -> dict[Named, tuple[int, ...]]:
        """The arrays whose axes do not lie in order in memory."""
        return self._ordering(self.without)

    def _ordering(self, without: Collection[str]) -> dict[Named, tuple[int, ...]]:
        each, sizes = self._parted[1], self.passes.plan.sizes
        if looks_through_windows(each):
            found = {} if INNERMOST in without else innermost(each, sizes)
            return columns(each) | found
        if LYING in without:
            return columns(each) | by_time(each)
        return lying(each, self.kept, columns(each))

    def shape(self, value: Value) -> tuple[str, ...]:
        """The sizes of its axes, as numbers where they are known."""
        return tuple("1" if i is None else self._size(i.axis) for i in value.axes)

    def _size(self, axis: Axis) -> str:
        if isinstance(axis, Joined):
            sizes = [self._size(part) for part in axis.parts]
            known = all(size.isdigit() for size in sizes)
            return str(sum(map(int, sizes))) if known else " + ".join(sizes)
        known_sizes = self.passes.plan.sizes
        if axis in known_sizes:
            return str(known_sizes[axis])
        return self.passes.names(axis.size)

    @cached_property
    def used(self) -> set[Named]:
        """All that is read."""
        found = set[Named]().union(*(names_in(s.value) for part in self._settled for s in part))
        pairs = (of for of in found if isinstance(of, Neighbours))
        return found.union(*((of.first, of.last) for of in pairs))

    @cached_property
    def neighbours(self) -> list[Neighbours]:
        """What is read or written as one array."""
        found = dict.fromkeys(part.of for part in arrays(self._parted[1]))
        return [of for of in found if isinstance(of, Neighbours)]


def arrays(statements: Sequence[Assign]) -> list[Name | Slice]:
    """All that is written and read, in order, each as often as it is."""
    parts = (part for s in statements for part in (s.target, *walk(s.value)))
    return [part for part in parts if isinstance(part, (Name, Slice))]
