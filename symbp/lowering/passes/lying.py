"""In which order the axes of arrays lie in memory: so that products see matrices, and copy nothing.

o[n, h, t, d] lies as n, t, h, d where Σ_hd w[h, d, j] o[n, h, t, d] reads it: then rows are n, t.
What a loop goes through lies together at each time, and so does what is computed from it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from symbp.lowering.arrays import (
    Assign,
    At,
    Call,
    Copy,
    Cut,
    Element,
    Expand,
    MatMul,
    Name,
    Named,
    Pick,
    Places,
    Reduce,
    Slice,
    Tensordot,
    Transpose,
    Value,
    Window,
    walk,
)
from symbp.lowering.passes.numbers import VIEWS, is_leaf

Order = tuple[int, ...]
"""The axis that is the first in memory, the second, …"""


def by_time(statements: Sequence[Assign]) -> dict[Named, Order]:
    """The orders of the arrays that loops go through: what belongs to one time lies together."""
    found: dict[Named, Order] = {}
    for statement in statements:
        for part in (statement.target, *walk(statement.value)):
            if isinstance(part, Slice):
                others = (p for p in range(len(part.axes) + 1) if p != part.position)
                found[part.of] = (part.position, *others)
    return found


def lying(
    statements: Sequence[Assign],
    kept: Collection[Named] = (),
    given: Mapping[Named, Order] = MappingProxyType({}),
) -> dict[Named, Order]:
    """The arrays whose axes do not lie in order; what is ``kept`` has a place of its own.

    Some orders are ``given``.
    """
    known = _Orders(statements, kept, given)
    known.look_ahead()
    known.go_through()
    return {of: order for of, order in known.found.items() if list(order) != sorted(order)}


@dataclass
class _Orders:
    statements: Sequence[Assign]
    kept: Collection[Named]
    given: Mapping[Named, Order]
    wishes: dict[Named, Order] = field(default_factory=dict)
    found: dict[Named, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.made = {s.target.of for s in self.statements}
        self.found = {**self.given, **by_time(self.statements)}
        self.fixed = frozenset(self.found)

    # ---- what readers wish ----------------------------------------------------------------------

    def look_ahead(self) -> None:
        """From the last statement to the first: in which order each array is read best."""
        for statement in reversed(self.statements):
            value, order = statement.value, self._wished(statement.target)
            if isinstance(value, Transpose) and isinstance(value.arg, Tensordot):
                value = value.arg
            if isinstance(value, Tensordot):
                self._wish_for_matrices(value)
            elif isinstance(value, MatMul):
                if order and _is_rows_by_matrix(value):
                    self._wish(value.args[0], order)
            elif isinstance(value, Pick) and order:
                self._wish(value.args[1], order_of_labels(value, order) or ())
            elif order and _is_entrywise(value):
                for arg in _parts(value):
                    self._wish(arg, order)

    def _wished(self, array: Value) -> Order:
        of = getattr(array, "of", None) if isinstance(array, Name) else None
        return self.found.get(of) or self.wishes.get(of, ())

    def _wish(self, view: Value, order: Order) -> None:
        """That what is looked at lies as the view is read."""
        if len(view.axes) != len(order):
            return
        while isinstance(view, Transpose):
            order = tuple(view.order[p] for p in order)
            view = view.arg
        if isinstance(view, Name) and None not in view.axes:
            self.wishes.setdefault(view.of, order)

    def _wish_for_matrices(self, value: Tensordot) -> None:
        """One side follows the other in the order of what meets."""
        for side in (0, 1):
            array, other = value.args[side], value.args[1 - side]
            if not isinstance(array, Name):
                continue
            pairs = list(zip(value.meeting[side], value.meeting[1 - side], strict=True))
            guide = self._wished(other)
            if guide:
                pairs.sort(key=lambda pair: guide.index(pair[1]))
            met = tuple(own for own, _ in pairs)
            rest = tuple(p for p in range(len(array.axes)) if p not in met)
            last = len(array.axes) - 1
            self._wish(array, (*rest, *met) if met[-1] == last else (*met, *rest))

    # ---- how they come to lie -------------------------------------------------------------------

    def go_through(self) -> None:
        """From the first statement to the last: results lie as what they are made of."""
        for statement in self.statements:
            of = statement.target.of
            if of in self.fixed or of in self.kept or not isinstance(statement.target, Name):
                continue
            order = self._order(statement)
            if order:
                self.found[of] = order
        self._follow()

    def _order(self, statement: Assign) -> Order:
        value, wish = statement.value, self.wishes.get(statement.target.of, ())
        rank = len(statement.target.axes)
        match value:
            case Tensordot():
                return self._of_matrices(value)
            case Transpose(arg=Tensordot() as product, order=order):
                inner = self._of_matrices(product) or tuple(range(rank))
                return tuple(order.index(p) for p in inner)
            case MatMul(args=(a, _)) if _is_rows_by_matrix(value):
                return self._seen(a)
            case MatMul():
                return wish if wish[-1:] in ((rank - 1,), (rank - 2,)) else ()
            case Reduce(arg=arg, positions=positions, keep=keep):
                order = self._seen(arg)
                return order if keep else _without(order, positions)
            case Window(arg=arg) if len(arg.axes) == rank:
                return self._seen(arg)
            case At():
                return ()
            case Places(args=(_,)):
                return wish
            case Pick():
                return wish if wish and order_of_labels(value, wish) else ()
        if not _is_entrywise(value):
            return ()
        whole = [arg for arg in _parts(value) if len(arg.axes) == rank]
        orders = [order for arg in whole if (order := self._seen(arg))]
        given = not any(self._is_ours(arg) for arg in whole)
        return orders[0] if orders else wish if given else ()

    def _of_matrices(self, value: Tensordot) -> Order:
        """What is left of both sides, as it lies there."""
        count, order = 0, []
        for arg, met in zip(value.args, value.meeting, strict=True):
            rest = [p for p in range(len(arg.axes)) if p not in met]
            lies = self._seen(arg) or tuple(range(len(arg.axes)))
            order += [count + rest.index(p) for p in lies if p in rest]
            count += len(rest)
        return tuple(order)

    def _seen(self, view: Value) -> Order:
        """In which order the axes of a view lie: () where that is not known."""
        if isinstance(view, Name):
            return self.found.get(view.of, ())
        if isinstance(view, Transpose):
            order = self._seen(view.arg) or tuple(range(len(view.axes)))
            return tuple(view.order.index(p) for p in order)
        if isinstance(view, Element):
            return _without(self._seen(view.arg), (view.position,))
        if isinstance(view, Expand):
            old = [p for p in range(len(view.axes)) if p not in view.new]
            order = self._seen(view.arg)
            return (*(old[p] for p in order), *view.new) if order else ()
        return self._seen(view.arg) if isinstance(view, Cut) else ()

    def _is_ours(self, view: Value) -> bool:
        while isinstance(view, VIEWS):
            view = view.arg
        return isinstance(view, (Name, Slice)) and view.of in self.made

    def _follow(self) -> None:
        """What is computed from nothing but given arrays lies as what it is read beside."""
        first = {s.target.of: s.value for s in self.statements if s.loop is None}
        for statement in self.statements:
            order = self.found.get(statement.target.of)
            if order is None or not isinstance(statement.target, Name):
                continue
            for arg in _parts(statement.value) if _is_entrywise(statement.value) else ():
                if not isinstance(arg, Name) or arg.of in self.found or arg.of in self.kept:
                    continue
                own = first.get(arg.of)
                if own is None:
                    continue
                made = any(map(self._is_ours, _parts(own)))
                if _is_entrywise(own) and not made and len(arg.axes) == len(order):
                    self.found[arg.of] = order


def order_of_labels(value: Pick, order: Order) -> Order | None:
    """The order of the labels' axes, where the result has that, and all else stands where it is."""
    count = value.position + len(value.args[1].axes)
    beside = (*order[: value.position], *order[count:])
    if beside != tuple(p for p in range(len(order)) if not value.position <= p < count):
        return None
    return tuple(p - value.position for p in order[value.position : count])


def _is_rows_by_matrix(value: MatMul) -> bool:
    a, b = value.args
    return len(a.axes) > 2 and len(b.axes) == 2


def _is_entrywise(value: Value) -> bool:
    return isinstance(value, (Call, Copy)) or is_leaf(value)


def _parts(value: Value) -> tuple[Value, ...]:
    """What an operation reads entry by entry."""
    return (value,) if is_leaf(value) else value.parts


def _without(order: Order, positions: Collection[int]) -> Order:
    left = [p for p in order if p not in positions]
    return tuple(sorted(left).index(p) for p in left)
