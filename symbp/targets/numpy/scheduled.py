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
from symbp.lowering.passes.again import again
from symbp.lowering.passes.ahead import ahead
from symbp.lowering.passes.aligned import aligned
from symbp.lowering.passes.biased import biased, columns
from symbp.lowering.passes.common import common
from symbp.lowering.passes.constant import parted
from symbp.lowering.passes.first import first
from symbp.lowering.passes.flat import flat
from symbp.lowering.passes.gathered import gathered
from symbp.lowering.passes.innermost import innermost
from symbp.lowering.passes.jointly import jointly
from symbp.lowering.passes.logs import logs
from symbp.lowering.passes.lying import Order, by_time, lying
from symbp.lowering.passes.passing import passing
from symbp.lowering.passes.picked import counted, picked
from symbp.lowering.passes.pooled import pooled
from symbp.lowering.passes.rectified import rectified
from symbp.lowering.passes.rooms import rooms, wanting
from symbp.lowering.passes.scalars import scalars
from symbp.lowering.passes.shifted import shifted
from symbp.lowering.passes.single import single
from symbp.lowering.passes.split import split
from symbp.lowering.passes.stacked import stacked
from symbp.lowering.passes.steps import Sizes, looks_through_windows, with_counted
from symbp.lowering.passes.strides import strides
from symbp.lowering.passes.sums import sums
from symbp.lowering.passes.taking import Room
from symbp.lowering.passes.tall import tall
from symbp.lowering.passes.together import together
from symbp.lowering.passes.turned import turned
from symbp.lowering.passes.turns import Turns, turns
from symbp.lowering.passes.wide import wide
from symbp.lowering.schedule import live
from symbp.targets.numpy.inplace import Manners
from symbp.targets.numpy.passes import Passes

Pass = Callable[[Sequence[Assign], Passes], tuple[Assign, ...]]


def _alone(each: Callable[[Sequence[Assign]], tuple[Assign, ...]]) -> Pass:
    """A pass that asks for nothing else."""
    return lambda statements, passes: each(statements)


def _sized(each: Callable[[Sequence[Assign], Sizes], tuple[Assign, ...]]) -> Pass:
    """A pass that asks for sizes."""
    return lambda statements, passes: each(statements, with_counted(passes.plan.sizes, statements))


def _biased(statements: Sequence[Assign], passes: Passes) -> tuple[Assign, ...]:
    return biased(statements, passes.plan.sizes, passes.gradients)


PASSES: dict[str, Pass] = {
    "split": _sized(split),
    "first": _sized(first),
    "pooled": _alone(pooled),
    "jointly": _alone(jointly),
    "shifted": _alone(shifted),
    "rectified": _alone(rectified),
    "picked": _alone(picked),
    "logs": _sized(logs),
    "biased": _biased,
    "sums": _sized(sums),
    "common": _alone(common),
    "flat": _sized(flat),
    "turned": _alone(turned),
    "wide": _sized(wide),
    "strides": _sized(strides),
    "gathered": _sized(gathered),
    "tall": _sized(tall),
    "passing": _alone(passing),
    "again": _alone(again),
    "ahead": _alone(ahead),
    "stacked": _alone(stacked),
    "together": _alone(together),
    "aligned": _alone(aligned),
    "scalars": _sized(scalars),
}
"""What is done to the statements once each has one operation, in this order."""

BEFORE = {"wide": "gathered"}
"""What is of no use unless another is done later: only copies of windows may go on backwards."""

INNERMOST, LYING, ROOMS, LAYERS = "innermost", "lying", "rooms", "layers"
"""What is decided about their results, then."""


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
            if not {name, BEFORE.get(name)} & {*self.without}:
                found = each(found, self.passes)
            if found != before:
                changing.add(name)
        return found, frozenset(changing)

    @cached_property
    def done(self) -> frozenset[str]:
        """The SWITCHES that made a difference."""
        _, changing = self._passed
        placed = self.places.keys()
        found = {
            INNERMOST: bool(placed & self._innermost.keys()),
            LYING: any(
                self._before.get(of) != self._lying[of] for of in placed & self._lying.keys()
            ),
            ROOMS: len(set(self.places.values())) < self._wanting_rooms,
            LAYERS: bool(self.turns),
        }
        return changing | {name for name, is_seen in found.items() if is_seen}

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
        return rooms(
            self.each,
            self._manners,
            self.shape,
            self._placed,
            orders=self._orders,
            again=again,
            turns=self.turns,
        )

    @cached_property
    def turns(self) -> list[Turns]:
        """The layers that are alike, one after the other."""
        return [] if LAYERS in self.without else turns(self.each, self.passes.runs)

    @property
    def _wanting_rooms(self) -> int:
        """How many rooms there would be if none were used again."""
        return wanting(self.each, self._manners, self._placed)

    @property
    def _placed(self) -> set[Named]:
        """What has a place before a step."""
        return {*self.kept, *(s.target.of for s in self.once)}

    @cached_property
    def _manners(self) -> Manners:
        return Manners((*self.once, *self.each), self.passes.plan.sizes)

    @property
    def _orders(self) -> dict[Named, Order]:
        """The arrays whose axes do not lie in order in memory."""
        return self._before | self._lying | self._innermost

    @cached_property
    def _before(self) -> dict[Named, Order]:
        """The orders that statements were written for: of columns, and of what loops go through."""
        _, each = self._parted
        return columns(each) | by_time(each)

    @cached_property
    def _lying(self) -> dict[Named, Order]:
        """The orders in which products see matrices."""
        _, each = self._parted
        if LYING in self.without or looks_through_windows(each):
            return {}
        return lying(each, self.kept, self._before)

    @cached_property
    def _innermost(self) -> dict[Named, Order]:
        """The orders in which windows see runs of memory."""
        _, each = self._parted
        if INNERMOST in self.without or not looks_through_windows(each):
            return {}
        return innermost(each, self.sizes)

    @cached_property
    def sizes(self) -> Sizes:
        """The sizes of all axes but that of the samples."""
        _, each = self._parted
        return with_counted(self.passes.plan.sizes, each)

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
