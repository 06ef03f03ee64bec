"""Arrays of a loop that are read or written side by side are parts of one array.

u = x @ w;  v = x @ q;                   ->   p = x @ [w q];  u, v = parts of p;
for t: u[:, t] += a; v[:, t] += b             for t: p[:, t] += [a b]
for t: y += [d[:, t+1] e[:, t+1]] @ R    ->   d, e = parts of p;  for t: y += p[:, t+1] @ R
f = Σ x d;  g = Σ x e                    ->   [f g] = Σ x p
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from symbp.lowering.arrays import (
    Assign,
    Call,
    Cut,
    Empty,
    Join,
    Joined,
    MatMul,
    Name,
    Named,
    Neighbour,
    Slice,
    Temporary,
    Tensordot,
    Value,
    names_in,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.packing import Packing, axis, parts, widened

LABEL = "together"


def together(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, with such arrays as parts of others."""
    known = _Together(list(statements))
    for source in [s.target for s in statements if isinstance(s.value, MatMul)]:
        known.add_side_by_side(source)
    for statement in statements:
        if isinstance(statement.value, Join) and statement.loop is not None:
            known.read_side_by_side(statement)
    for group, whole in known.wholes.items():
        known.multiply_side_by_side(group, whole)
    return tuple(known.statements)


@dataclass
class _Together:
    statements: list[Assign]
    count: int = 0
    wholes: dict[tuple[Named, ...], Name] = field(default_factory=dict)
    """By its parts, an array that they are parts of."""

    # ---- what is added to several arrays is added to one ----------------------------------------

    def add_side_by_side(self, source: Name | Slice) -> None:
        """``u[:, t] += part of source`` for all parts: as one sum, if u can be part of an array."""
        added = [s for s in self.statements if s.adds and _is_cut_of(s.value, source)]
        group = [s.target for s in added]
        at = group[0] if group else None
        if len(added) < 2 or not isinstance(at, Slice) or not self._may_be_one(source, added):
            return
        packing = Packing(self.statements, self._name)
        whole = packing.whole([each.of for each in group])
        if whole is None:
            return
        first, *others = added
        told = dict.fromkeys(s.equation for s in others if s.equation != first.equation)
        total = replace(
            first,
            target=replace(at, of=whole.of, axes=source.axes),
            value=source,
            through=tuple(equation for equation in told if equation),
        )
        self._replace({id(s): [] for s in others} | {id(first): [total]})
        self._define(packing.gone, [*packing.new, *parts(whole, _names(group))])
        self.wholes[tuple(each.of for each in group)] = whole

    def _may_be_one(self, source: Value, added: Sequence[Assign]) -> bool:
        """Whether all parts are added, to as many arrays, which nobody reads too early."""
        cuts = [s.value for s in added]
        places = [p for p, s in enumerate(self.statements) if any(s is each for each in added)]
        early = self.statements[places[0] : places[-1]]
        read = {
            s.target.of
            for s, place in zip(added, places, strict=True)
            for other in early[: place - places[0]]
            if s.target.of in names_in(other.value)
        }
        along = axis(source.axes[-1])
        found = tuple(cut.along for cut in cuts if isinstance(cut, Cut))
        whole = isinstance(along, Joined) and found == along.parts
        apart = len({s.target.of for s in added}) == len(added)
        return whole and apart and not read and len({s.loop for s in added}) == 1

    # ---- what is read side by side lies so ------------------------------------------------------

    def read_side_by_side(self, statement: Assign) -> None:
        """``join([d[:, t + 1] e[:, t + 1]])``: an array at that time, if d and e are made so."""
        assert isinstance(statement.value, Join)
        made = {s.target.of: s.value for s in self.statements if s.loop == statement.loop}
        read = [made.get(getattr(arg, "of", None)) for arg in statement.value.args]
        group = [each for each in read if isinstance(each, Neighbour)]
        if len(group) < len(read) or statement.value.position != len(group[0].axes) - 1:
            return
        names = _names(group)
        if len({(each.position, each.shift) for each in group}) > 1 or not self._is_filled(names):
            return
        at = group[0]
        room = [
            s
            for s in self.statements
            if isinstance(s.value, Empty) and s.target.of in {name.of for name in names}
        ]
        axes = widened([name.axes for name in names])
        whole = Name(self._name(), axes=axes)
        first = Assign(whole, Empty(None, _typed(room[0].value), axes=axes))
        now = replace(at, of=whole.of, axes=statement.target.axes)
        label = "after" if at.shift > 0 else "before"
        name = Name(Temporary(label, 0, whole.of), axes=now.axes)
        self._replace({id(statement): [replace(statement, target=name, value=now)]})
        self._define(room, [first, *parts(whole, names)])
        self.statements = [
            s.computing(renamed(s.value, {statement.target.of: name})) for s in self.statements
        ]
        self.wholes[tuple(name.of for name in names)] = whole

    def _is_filled(self, names: Sequence[Name]) -> bool:
        """Whether each array is room at first, then computed entry by entry, once."""
        written = [[s for s in self.statements if s.target.of == name.of] for name in names]
        return len({name.of for name in names}) == len(names) and all(
            [type(s.value) for s in group] == [Empty, Call]
            and isinstance(group[1].target, Slice)
            and not group[1].adds
            for group in written
        )

    # ---- what is multiplied alike is multiplied at once -----------------------------------------

    def multiply_side_by_side(self, group: tuple[Named, ...], whole: Name) -> None:
        """Products of one array with all parts, where these have the last axis of the result."""
        first, *_ = group
        for statement in list(self.statements):
            product = _with(statement.value, first, whole)
            if product is None or statement.loop is not None:
                continue
            alike = [self._like(product, of, whole) for of in group]
            found = [s for s in alike if s is not None]
            if len(found) < len(group):
                continue
            axes = widened([s.value.axes for s in found])
            name = Name(self._name(), axes=axes)
            told = dict.fromkeys(s.equation for s in found if s.equation)
            made = Assign(name, replace(product, axes=axes), through=tuple(told))
            cuts: Mapping[int, list[Assign]] = {
                id(s): [s.computing(cut)] for s, cut in zip(found, _cuts(name, found), strict=True)
            }
            at = next(p for p, s in enumerate(self.statements) if any(s is f for f in found))
            self._replace(cuts)
            self.statements.insert(at, made)

    def _like(self, product: Value, of: Named, whole: Name) -> Assign | None:
        """The statement that is the same with one part."""
        same = (
            s for s in self.statements if s.loop is None and _with(s.value, of, whole) == product
        )
        return next(same, None)

    # ---- statements -----------------------------------------------------------------------------

    def _name(self) -> Temporary:
        self.count += 1
        return Temporary(LABEL, self.count)

    def _define(self, gone: Sequence[Assign], new: Sequence[Assign]) -> None:
        """``new`` statements where the last of those was that they stand for."""
        *others, last = [s for s in self.statements if any(s is each for each in gone)]
        self._replace({id(s): [] for s in others} | {id(last): list(new)})

    def _replace(self, instead: Mapping[int, list[Assign]]) -> None:
        self.statements = [each for s in self.statements for each in instead.get(id(s), [s])]


def _is_cut_of(value: Value, source: Value) -> bool:
    is_last = isinstance(value, Cut) and value.position == len(value.axes) - 1
    return is_last and isinstance(source, Name) and value.parts == (source,)


def _with(value: Value, of: Named, whole: Name) -> Value | None:
    """A product with ``of`` last, with another array in its place."""
    if not isinstance(value, (Tensordot, MatMul)):
        return None
    left, right = value.args
    if not isinstance(right, Name) or right.of != of or of in names_in(left):
        return None
    if isinstance(value, Tensordot) and len(right.axes) - 1 in value.meeting[1]:
        return None
    return replace(value, args=(left, replace(right, of=whole.of)))


def _cuts(name: Name, found: Sequence[Assign]) -> list[Cut]:
    position = len(name.axes) - 1
    axes = [axis(s.value.axes[-1]) for s in found]
    return [
        Cut(name, position, tuple(axes[:place]), axes[place], axes=s.value.axes)
        for place, s in enumerate(found)
    ]


def _names(group: Sequence[Name | Slice]) -> list[Name]:
    """The whole arrays of which these are single times."""
    return [
        Name(
            at.of,
            axes=(*at.axes[: at.position], at.along, *at.axes[at.position :])
            if isinstance(at, Slice)
            else at.axes,
        )
        for at in group
    ]


def _typed(value: Value) -> Named:
    assert isinstance(value, Empty)
    return value.typed
