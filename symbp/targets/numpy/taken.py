"""How many bytes a trainer's arrays take: a formula of the number of samples, for docstrings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from symbp.lowering.arrays import Call, Name, Named, Ones, Scalar, Value, walk
from symbp.lowering.passes.taking import Room
from symbp.targets.numpy.inplace import BOOL, COMPARING, FLOAT, PLACE
from symbp.targets.numpy.scheduled import Schedule

BYTES = {BOOL: 1, PLACE: 8}
"""What a number of a kind takes that is not of the precision of the parameters."""

MANY, PIECE = 1_000_000, 65_536
"""Vectors of more numbers than MANY are renewed in pieces of so many."""

Shape = tuple[str, ...]

Polynomial = Counter[tuple[str, ...]]
"""How often each product of open sizes is counted: 194 N + 20 is {("N",): 194, (): 20}."""


@dataclass(frozen=True)
class Taken:
    """What the arrays of a schedule take that are made before all steps.

    ``rooms`` are their shapes, borders included; ``constant`` those of arrays of one number;
    ``drawn`` those of random masks and what these are made of, each with its kind.
    """

    schedule: Schedule
    rooms: Mapping[Room, Shape]
    constant: Iterable[Shape]
    drawn: Iterable[tuple[Shape, str]] = ()

    @property
    def numbers(self) -> str:
        """How many numbers of the module's precision."""
        return _text(self._total({FLOAT: 1}))

    @property
    def others(self) -> str:
        """How many bytes for places, and for what is true or false."""
        return _text(self._total(BYTES))

    def peak(self, learnt: int, kept: int) -> str:
        """All bytes: ``learnt`` numbers, their gradients and moments, what is ``kept``, rooms."""
        work = f"{learnt} * (2 + s + w)" if learnt <= MANY else f"{learnt} * (2 + s) + {PIECE} * w"
        numbers = self._total({FLOAT: 1})
        numbers[()] += kept
        return f"b * ({work} + {_text(numbers)}) + {self.others}"

    def _total(self, counted: Mapping[str, int]) -> Polynomial:
        found: Polynomial = Counter()
        for shape, kind in self._arrays():
            for sizes, count in _product(shape).items():
                found[sizes] += counted.get(kind, 0) * count
        return +found

    def _arrays(self) -> Iterator[tuple[Shape, str]]:
        kinds: dict[Named, str] = {}
        for statement in self.schedule.once:
            kinds[statement.target.of] = kind = _kind(statement.value, kinds)
            yield self.schedule.shape(statement.target), kind
        yield from ((shape, room.kind) for room, shape in self.rooms.items())
        yield from ((shape, FLOAT) for shape in self.constant)
        yield from self.drawn


def _kind(value: Value, known: Mapping[Named, str]) -> str:
    """The kind of numbers of something that is the same in every step."""
    if isinstance(value, Call) and value.op in COMPARING:
        return BOOL
    parts = [known.get(p.of, PLACE) if isinstance(p, Name) else p for p in walk(value)]
    is_float = any(part == FLOAT or isinstance(part, (Ones, Scalar)) for part in parts)
    return FLOAT if is_float else PLACE


def _product(shape: Shape) -> Polynomial:
    """The sizes, each a number, a letter or a sum of such, multiplied out."""
    found: Polynomial = Counter({(): 1})
    for size in shape:
        terms = [(int(t), ()) if t.isdigit() else (1, (t,)) for t in size.split(" + ")]
        longer: Polynomial = Counter()
        for sizes, count in found.items():
            for times, own in terms:
                longer[tuple(sorted((*sizes, *own)))] += count * times
        found = longer
    return found


def _text(found: Polynomial) -> str:
    """``194 * N + 20``"""
    ordered = sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))
    return " + ".join(" * ".join([str(count), *sizes]) for sizes, count in ordered) or "0"
