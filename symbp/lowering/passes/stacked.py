"""Several small products in a loop are one larger product, of matrices that stand side by side.

for t: a = h @ r; b = h @ s          ->   R = [r s];    for t: c = h @ R; a, b = parts of c
for t: y += d @ r; y += e @ s        ->   R = [r; s];   for t: y += [d e] @ R
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    Cut,
    Join,
    Joined,
    MatMul,
    Name,
    Named,
    Temporary,
    Value,
    names_in,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.numbers import is_leaf

LABEL = "stacked"


def stacked(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, those of loops with as few products as there can be."""
    uses = Counter(of for each in statements for of in names_in(each.value))
    stacker = _Stacker(uses)
    out: list[Assign] = []
    for loop, group in groupby(statements, key=attrgetter("loop")):
        inside = list(group)
        out += inside if loop is None else stacker.loop(inside)
    return tuple(out)


@dataclass
class _Stacker:
    uses: Counter[Named]
    before: list[Assign] = field(default_factory=list)
    count: int = 0

    def loop(self, inside: list[Assign]) -> list[Assign]:
        """The statements of a loop, and what is put together in front of it."""
        own = {statement.target.of for statement in inside}
        self.before = []
        inside = self._added_up(inside, own)
        inside = self._of_one(inside, own)
        return [*self.before, *inside]

    # ---- products with the same matrix on the left ----------------------------------------------

    def _of_one(self, inside: list[Assign], own: Collection[Named]) -> list[Assign]:
        lefts: dict[Value, list[Assign]] = {}
        for statement in inside:
            if _is_product(statement, own):
                lefts.setdefault(statement.value.parts[0], []).append(statement)
        several = {left: group for left, group in lefts.items() if len(group) > 1}
        instead: dict[Named, Value] = {}
        out: list[Assign] = []
        for statement in inside:
            group = several.get(statement.value.parts[0]) if _is_product(statement, own) else None
            if group is None:
                out.append(statement.computing(renamed(statement.value, instead)))
            elif statement is group[0]:
                out.append(self._side_by_side(group, instead))
        return out

    def _side_by_side(self, group: Sequence[Assign], instead: dict[Named, Value]) -> Assign:
        first, left = group[0], group[0].value.parts[0]
        axes = [_axis(each.value.axes[1]) for each in group]
        whole = Joined.of(axes).index()
        rights = tuple(each.value.parts[1] for each in group)
        right = self._put(first, Join(rights, 1, axes=(rights[0].axes[0], whole)))
        name = self._name((first.value.axes[0], whole))
        for place, each in enumerate(group):
            part = Cut(name, 1, tuple(axes[:place]), axes[place], axes=each.value.axes)
            instead[each.target.of] = part
        return replace(first, target=name, value=MatMul((left, right), axes=name.axes))

    # ---- products that are added up -------------------------------------------------------------

    def _added_up(self, inside: list[Assign], own: Collection[Named]) -> list[Assign]:
        places = {id(statement): place for place, statement in enumerate(inside)}
        products = (s for s in inside if _is_product(s, own))
        made = {s.target.of: s for s in products if self.uses[s.target.of] == 1}
        sums: dict[Named, list[Assign]] = {}
        for statement in inside:
            product = made.get(getattr(statement.value, "of", None))
            if statement.adds and product is not None:
                sums.setdefault(statement.target.of, []).append(product)
        out = list(inside)
        for target, group in sums.items():
            late = {s.target.of for s in inside[places[id(group[0])] :]}
            early = [p for p in group if not names_in(p.value.parts[0]) & late]
            if len(early) > 1:
                out = list(self._summed(out, target, early))
        return out

    def _summed(
        self, inside: Sequence[Assign], target: Named, group: Sequence[Assign]
    ) -> Iterator[Assign]:
        """The statements, with one product where the first of ``group`` was."""
        gone = {each.target.of for each in group}
        lefts = tuple(each.value.parts[0] for each in group)
        rights = tuple(each.value.parts[1] for each in group)
        whole = Joined.of([_axis(left.axes[1]) for left in lefts]).index()
        for statement in inside:
            if statement is group[0]:
                right = self._put(statement, Join(rights, 0, axes=(whole, rights[0].axes[1])))
                left = self._name((lefts[0].axes[0], whole))
                yield replace(statement, target=left, value=Join(lefts, 1, axes=left.axes))
                yield statement.computing(MatMul((left, right), axes=statement.value.axes))
            elif statement.target.of in gone:
                continue
            elif statement.adds and statement.target.of == target:
                summand = getattr(statement.value, "of", None)
                if summand not in gone or summand == group[0].target.of:
                    yield statement
            else:
                yield statement

    # ---- what is put together -------------------------------------------------------------------

    def _put(self, owner: Assign, value: Join) -> Name:
        """A name for what is joined before the loop."""
        name = self._name(value.axes)
        self.before.append(replace(owner, target=name, value=value, loop=None))
        return name

    def _name(self, axes: tuple[object, ...]) -> Name:
        self.count += 1
        return Name(Temporary(LABEL, self.count), axes=axes)  # type: ignore[arg-type]


def _is_product(statement: Assign, own: Collection[Named]) -> bool:
    """Whether a matrix of this time is multiplied by one that is there before the loop."""
    value = statement.value
    if not isinstance(value, MatMul) or statement.adds:
        return False
    left, right = value.args
    return (
        isinstance(statement.target, Name)
        and isinstance(statement.target.of, Temporary)
        and len(left.axes) == len(right.axes) == 2
        and is_leaf(left)
        and is_leaf(right)
        and not names_in(right) & set(own)
    )


def _axis(index: object) -> Axis:
    axis = getattr(index, "axis", None)
    assert isinstance(axis, Axis)
    return axis
