"""What needs nothing of its loop is computed before it, for all times at once.

for t: δ[:, t] = ō z[:, t] (1 − z[:, t])   ->   a = z (1 − z);  for t: δ[:, t] = ō a[:, t]

What only goes into one product is a factor of that: with ō = h̄ z₂[:, t] above, a = z₂ z (1 − z).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from symbp.lowering.arrays import (
    Assign,
    Axes,
    Call,
    Name,
    Named,
    Slice,
    Temporary,
    Value,
    walk,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.numbers import is_number

LABEL = "ahead"


def ahead(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with fewer of them in loops."""
    uses = Counter(part.of for s in statements for part in walk(s.value) if isinstance(part, Name))
    count = 0
    out: list[Assign] = []
    for loop, group in groupby(statements, key=attrgetter("loop")):
        inside = list(group)
        if loop is not None:
            found = _Ahead(inside, uses, count)
            inside, count = [*found.before, *found.rest], found.count
        out += inside
    return tuple(out)


@dataclass
class _Ahead:
    """The statements of a loop: those ``before`` it, and the ``rest``."""

    inside: Sequence[Assign]
    uses: Counter[Named]
    count: int
    before: list[Assign] = field(default_factory=list)
    rest: list[Assign] = field(default_factory=list)
    gone: set[Named] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own = {s.target.of for s in self.inside}
        self.early: dict[Named, Value] = {}
        """For names of the loop that are known before it, what they are at its time."""
        self.factors = self._found_factors()
        for statement in self.inside:
            self._add(statement)
        self.rest = [s for s in self.rest if s.target.of not in self.gone]

    def _found_factors(self) -> dict[Named, Assign]:
        """The products that are read once, by a product."""
        read = {
            part.of
            for s in self.inside
            if _is_product(s.value) and not s.adds
            for part in s.value.parts
            if isinstance(part, Name) and self.uses[part.of] == 1
        }
        named = (s for s in self.inside if isinstance(s.target, Name) and not s.adds)
        return {s.target.of: s for s in named if s.target.of in read and _is_product(s.value)}

    def _add(self, statement: Assign) -> None:
        statement = statement.computing(renamed(statement.value, self.early))
        value, target = statement.value, statement.target
        is_work = isinstance(target, Name) and isinstance(target.of, Temporary)
        if is_work and isinstance(value, Call) and not statement.adds and self._is_early(value):
            self.early[target.of] = self._computed(statement, value)
            return
        if _is_product(value) and target.of not in self.factors:
            statement = self._sorted(statement)
        self.rest.append(statement)

    # ---- what is known before the loop ----------------------------------------------------------

    def _is_early(self, value: Value, rank: int | None = None) -> bool:
        """Whether all that is read is there before the loop: one array of its time at least."""
        rank = len(value.axes) if rank is None else rank
        if type(value) is Slice:
            return value.of not in self.own and len(value.axes) == rank
        if not isinstance(value, Call) or is_number(value):
            return False
        parts = [part for part in value.parts if not is_number(part)]
        return all(self._is_early(part, rank) for part in parts)

    def _computed(self, owner: Assign, value: Call) -> Slice:
        """What it is at the time of the loop, from an array for all times."""
        at = next(part for part in walk(value) if type(part) is Slice)
        self.count += 1
        axes = _with_time(value.axes, at)
        whole = Name(Temporary(LABEL, self.count), axes=axes)
        self.before.append(
            replace(owner, target=whole, value=_for_all_times(value, axes), loop=None)
        )
        return replace(at, of=whole.of, axes=value.axes)

    # ---- products: what is known first ----------------------------------------------------------

    def _sorted(self, statement: Assign) -> Assign:
        """A product of what is known only then and of one factor that is known before."""
        value, through = statement.value, dict[Assign, None]()
        factors = self._factors(value, through)
        early = [each for each in factors if self._is_early(each) and each.axes == value.axes]
        late = [each for each in factors if each not in early]
        if len(early) < 2 or not late:
            return statement
        self.gone |= {each.target.of for each in through}
        known: Value = early[0]
        for each in early[1:]:
            known = self._computed(statement, Call((known, each), "mul", axes=value.axes))
        told = dict.fromkeys(each.equation for each in through if each.equation)
        others = tuple(each for each in told if each != statement.equation)
        statement = replace(statement, through=others)
        first, *more = late
        for each in more:
            self.count += 1
            name = Name(Temporary(LABEL, self.count), axes=value.axes)
            product = Call((first, each), "mul", axes=value.axes)
            self.rest.append(replace(statement, target=name, value=product, adds=False))
            first, statement = name, replace(statement, through=())
        return statement.computing(Call((first, known), "mul", axes=value.axes))

    def _factors(self, value: Value, through: dict[Assign, None]) -> list[Value]:
        """The factors of a product, ``through`` others that only go into it."""
        known = self.factors.get(value.of) if isinstance(value, Name) else None
        if known is not None:
            through[known] = None
            value = renamed(known.value, self.early)
        if known is not None or _is_product(value):
            return [each for part in value.parts for each in self._factors(part, through)]
        return [value]


def _is_product(value: Value) -> bool:
    return isinstance(value, Call) and value.op == "mul" and bool(value.axes)


def _with_time(axes: Axes, at: Slice) -> Axes:
    return (*axes[: at.position], at.along, *axes[at.position :])


def _for_all_times(value: Value, axes: Axes) -> Value:
    if type(value) is Slice:
        return Name(value.of, axes=_with_time(value.axes, value))
    if isinstance(value, Call) and value.axes:
        return replace(value, args=tuple(_for_all_times(a, axes) for a in value.args), axes=axes)
    return value
