"""Where the groups of a function go on the same, from layer to layer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise

from symbp.equations.equation import Equation
from symbp.targets.numpy.numbered import Counted, Passing, Piece, Reading, Text
from symbp.targets.numpy.statements import Group, Said

FEWEST = 4
"""So many layers that are alike are told in a loop."""

NEAR = 6
"""Of so many later groups that look alike one may begin the next layer."""


@dataclass(frozen=True)
class Read:
    """A group in pieces: of each statement the formulas above it, and both sides."""

    group: Group
    head: Text
    said: tuple[tuple[Text, ...], ...]

    @staticmethod
    def of(group: Group, reading: Reading) -> Read:
        return Read(group, reading.code(group.head), tuple(_pieces(s, reading) for s in group.said))

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        return (self.head, *chain.from_iterable(self.said))

    @cached_property
    def counted(self) -> tuple[Counted, ...]:
        return tuple(piece for text in self.texts for piece in text if isinstance(piece, Counted))

    @cached_property
    def passing(self) -> tuple[str, ...]:
        """The names of what is only passed on."""
        return tuple(p.name for text in self.texts for p in text if isinstance(p, Passing))

    @cached_property
    def made(self) -> frozenset[str]:
        """Those that get their values here."""
        return frozenset(each.name for each in self._targets if isinstance(each, Passing))

    @cached_property
    def assigned(self) -> tuple[Counted, ...]:
        """The arrays of layers that get their values here."""
        return tuple(each for each in self._targets if isinstance(each, Counted))

    @property
    def named(self) -> Iterator[Counted]:
        """The arrays of layers that get their names at the beginning of a loop over time."""
        pairs = pairwise(self.head)
        return (one for one, behind in pairs if isinstance(one, Counted) and _is_sign(behind))

    @property
    def _targets(self) -> Iterator[Piece]:
        """The names on the left of each statement."""
        return (piece for *_, target, _ in self.said for piece in target[1::2])

    @property
    def equations(self) -> list[Equation]:
        """Those that the statements follow."""
        return [line.equation for said in self.group.said for line in said.told]

    @cached_property
    def look(self) -> tuple[str, ...]:
        """The texts, whatever the layer is."""
        return tuple(p if isinstance(p, str) else p.look for text in self.texts for p in text)

    @cached_property
    def layer(self) -> int | None:
        """The number of the layer whose value is computed first."""
        return self.assigned[0].number if self.assigned else None


def _is_sign(piece: Piece) -> bool:
    return isinstance(piece, str) and piece.startswith(" = ")


def _pieces(said: Said, reading: Reading) -> tuple[Text, ...]:
    formulas = (reading.formula(line.spelling) for line in said.told)
    return (*formulas, reading.code(said.target), reading.code(said.value))


@dataclass(frozen=True)
class Run:
    """``turns``, each of as many groups; each is ``step`` layers after the one before."""

    start: int
    turns: tuple[Sequence[Read], ...]
    step: int

    @property
    def stop(self) -> int:
        return self.start + sum(map(len, self.turns))

    @cached_property
    def layers(self) -> list[int]:
        """The layers whose values the first turn computes."""
        return [read.layer for read in self.turns[0] if read.layer is not None]

    @property
    def told(self) -> list[tuple[int, list[Equation]]]:
        """The number of each turn's layer, and the equations that it follows."""
        numbers = range(self.layers[0], self.layers[0] + self.step * len(self.turns), self.step)
        equations = [[e for read in turn for e in read.equations] for turn in self.turns]
        return list(zip(numbers, equations, strict=True))

    def cited(self, place: int, group: Group) -> Group:
        """``group``, which is at ``place`` of a turn, with the numbers of all its equations."""
        turns = zip(*(turn[place].group.said for turn in self.turns), strict=True)
        return replace(group, said=tuple(map(_citing, group.said, turns)))

    @cached_property
    def varying(self) -> list[list[bool]]:
        """Which numbers of each group of the first turn are others in the next."""
        return [list(map(bool, _steps(*pair))) for pair in zip(*self.turns[:2], strict=True)]

    @cached_property
    def stems(self) -> frozenset[str]:
        """What is left of names that have another number in each turn."""
        pairs = zip(self.turns[0], self.varying, strict=True)
        told = (each for read, varies in pairs for each in zip(read.counted, varies, strict=True))
        return frozenset(counted.stem for counted, varies in told if varies) - {""}


def _citing(said: Said, turns: Sequence[Said]) -> Said:
    """A statement of several layers: a formula has all the numbers that it has in them."""
    several = zip(*(each.told for each in turns), strict=True)
    numbers = ("), (".join(dict.fromkeys(line.number for line in lines)) for lines in several)
    pairs = zip(said.told, numbers, strict=True)
    return replace(said, told=tuple(replace(line, number=n, note="") for line, n in pairs))


def _steps(one: Read, other: Read) -> list[int]:
    return [b.number - a.number for a, b in zip(one.counted, other.counted, strict=True)]


def runs(reads: Sequence[Read], allowed: Collection[str] | None) -> Iterator[Run]:
    """The layers that are alike, where all that varies is in ``allowed`` arrays, if any may not."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, read in enumerate(reads):
        places.setdefault(read.look, []).append(place)
    start = 0
    while start + FEWEST <= len(reads):
        alike = [place for place in places[reads[start].look] if place > start]
        run = _run(reads, start, alike[:NEAR], allowed)
        if run is not None:
            yield run
        start = start + 1 if run is None else run.stop


def _run(
    reads: Sequence[Read], start: int, alike: Iterable[int], allowed: Collection[str] | None
) -> Run | None:
    """The layers that are alike from ``start`` on; a turn stays as near to one as it can.

    At one of the places ``alike`` the next one begins.
    """
    for later in alike:
        steps = set(_steps(reads[start], reads[later])) - {0}
        if len(steps) != 1:
            continue
        (step,) = steps
        period = later - start
        stop = later + _length(reads, start, period, step)
        begins = range(start, min(later, stop - FEWEST * period + 1))
        far = {begin: _far(reads[begin : begin + period]) for begin in begins}
        for begin in sorted(begins, key=lambda b: (far[b], -((stop - b) // period), b)):
            run = _cut(reads, begin, stop, period, step)
            if _may(reads, run, allowed):
                return run
    return None


def _cut(reads: Sequence[Read], start: int, stop: int, period: int, step: int) -> Run:
    """As many whole turns as there are between two places."""
    begins = range(start, stop - period + 1, period)
    return Run(start, tuple(reads[begin : begin + period] for begin in begins), step)


def _length(reads: Sequence[Read], start: int, period: int, step: int) -> int:
    """So many groups, one after the other, come again ``period`` later, ``step`` layers on."""
    known: dict[int, list[bool]] = {}
    for place in range(start, len(reads) - period):
        one, other = reads[place], reads[place + period]
        if one.look != other.look:
            return place - start
        steps = _steps(one, other)
        varies = list(map(bool, steps))
        if set(steps) - {0, step} or known.setdefault((place - start) % period, varies) != varies:
            return place - start
    return len(reads) - period - start


def _far(turn: Sequence[Read]) -> int:
    """How far apart the layers of a turn are."""
    layers = [read.layer for read in turn if read.layer is not None]
    return max(layers, default=0) - min(layers, default=0)


def _may(reads: Sequence[Read], run: Run, allowed: Collection[str] | None) -> bool:
    """Whether no turn needs what another passes on, and all else can be found by number."""
    if not run.layers or (allowed is not None and run.stems - set(allowed)):
        return False
    others = (*reads[: run.start], *reads[run.stop :])
    seen = {name for read in others for name in read.passing}
    first = [name for read in run.turns[0] for name in read.passing]
    for turn in run.turns:
        names = [name for read in turn for name in read.passing]
        own = frozenset[str]().union(*(read.made for read in turn))
        pairs = set(zip(first, names, strict=True))
        is_clear = len(pairs) == len(set(first)) == len(set(names))
        if not is_clear or own & seen or any(a != b and b not in own for a, b in pairs):
            return False
        seen |= own
    return True
