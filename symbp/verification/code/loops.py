"""Loops: over layers they are unrolled, over samples they become a Σ, over epochs one is enough."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis, Size
from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.carrying import carried
from symbp.verification.code.leaving import Leave
from symbp.verification.code.limits import ROUNDS
from symbp.verification.code.machine import PAIRS, Loop, Restart
from symbp.verification.code.shortening import KEY
from symbp.verification.code.sizes import LAYERS
from symbp.verification.code.statements import Statements
from symbp.verification.code.values import (
    Arr,
    Cell,
    Instance,
    Open,
    Range,
    Unknown,
    Value,
    Yielded,
    Zip,
    number,
)

MOST_LAYERS, MOST_STATEMENTS = 20, 3
"""What a loop that makes layers has at most."""


class Loops(Statements):
    def do_While(self, node: ast.While) -> Leave | None:
        if self.truth(self._quietly(node.test)) is False:
            return self.run(node.orelse)
        left = self._once(node.body)
        for target in _filled_in_turns(node):
            self.forget(target)
        return left

    def _once(self, body: list[ast.stmt]) -> Leave | None:
        """One turn in place of all: what each turn fills a part of is not known behind them."""
        self.partly.append(set())
        try:
            left = self.run(body)
        finally:
            self.lose(*self.partly.pop())
        return left if left is not None and left.how == "return" else None

    def do_For(self, node: ast.For) -> Leave | None:
        if (nested := _nested(node)) is not None:
            return self.do_For(nested)
        given = self.value(node.iter)
        if isinstance(given, Range):
            return self._over_range(node, given)
        if isinstance(given, (Arr, Cell, Zip)) or (
            isinstance(given, Open) and given.cell is not None
        ):
            return self._over_rows(node, given)
        items = self.items(given)
        if items is not None:
            return self._unrolled(node, items)
        is_data = isinstance(node.iter, ast.Name) and PAIRS.search(node.iter.id)
        if isinstance(given, Unknown) and not is_data and not self._is_of_inputs(node.iter):
            self.forget(node.target)
            if given.of:
                self.bind(node.target, given, node)
        else:
            self._open_targets(node.target, given)
        return self._once(node.body)

    def _is_of_inputs(self, node: ast.AST) -> bool:
        """Whether all arrays in an expression are given, so that its parts are as good as given."""
        values = [self._quietly(n) for n in ast.walk(node) if isinstance(n, ast.Name)]
        if any(isinstance(v, (list, tuple, dict, Instance, Unknown)) for v in values):
            return False
        cells = [v for v in values if isinstance(v, Cell)]
        return not any(c.lost for c in cells) and all(self.is_input(c.value) for c in cells)

    def _open_targets(self, target: ast.AST, given: Value) -> None:
        of = given.of if isinstance(given, (Open, Unknown, Yielded)) else (given,)
        for each in ast.walk(target):
            if isinstance(each, ast.Name):
                self.frame.names[each.id] = Open(each.id, of=of)

    def _unrolled(self, node: ast.For, items: list[Value]) -> Leave | None:
        if len(items) > ROUNDS:
            self.trouble("too_many_steps", node, most=str(ROUNDS))
            items = items[:1]
        for item in items:
            self.bind(node.target, item, node)
            left = self.run(node.body)
            if left is not None and left.how == "break":
                break
            if left is not None and left.how in ("return", "raise"):
                return left
        return None

    # ------------------------------------------------------------ ranges

    def _over_range(self, node: ast.For, given: Range) -> Leave | None:
        name = node.target.id if isinstance(node.target, ast.Name) else ""
        uses = _uses(node.body, name)
        choice = self.decisions.get(self.key("loop", node))
        stop = self.whole(given.stop)
        is_placed = {"slice", "index"} <= uses
        if ("slice" in uses and not is_placed) or (not uses and not _grows(node, stop)):
            return self._general(node, name)
        if choice != "once" and self.hands_on(node.body):
            self._shorten(node, stop)
            return self._turns(node, given, name)
        axis = self._sample_axis(node, given, name, is_placed=is_placed)
        if axis is not None:
            return self._general(node, name) if choice == "once" else self._summed(node, name, axis)
        return self._turns(node, given, name)

    def _turns(self, node: ast.For, given: Range, name: str) -> Leave | None:
        """One turn after the other."""
        self.settle(given)
        items = self.counted(given)
        if items is None or len(items) > ROUNDS:
            return self._general(node, name)
        return self._unrolled(node, items)

    def _shorten(self, node: ast.For, stop: int | None) -> None:
        """Of many turns a few stand for all. Raises ``Restart`` where that is not decided yet."""
        if stop is not None and stop in self.shorter:
            raise Restart((KEY, stop, 0), str(self.shorter[stop]))
        for (kind, count, _), few in self.decisions.items():
            if kind == KEY and str(stop) == few:
                self.trouble("shortened", node, count=str(count), few=few)

    def hands_on(self, body: list[ast.stmt]) -> bool:
        """Whether turns are about more than their own position: about what was before.

        What training changes is no state: of samples that come one by one, one is enough.
        """
        names = carried(body)
        values = [self._quietly(ast.parse(name, mode="eval").body) for name in names]
        return bool(names) and not any(
            isinstance(v, Cell) and not v.lost and self.bare(v.value) and self.is_trained(v.value)
            for v in values
        )

    def is_trained(self, arr: Arr) -> bool:
        """Whether an array is what training changes."""
        tensor = tensor_of(arr.body)
        return self.kinds.get(self.roots.get(tensor, tensor)) == "parameter"

    def settle(self, given: Range) -> None:
        """A number of layers or of times that nobody says is taken to be a small one."""
        for end in (given.start, given.stop):
            for size in self.on.axes.current(end.body).atoms(Size):
                self.on.axes.pin(size.axis, LAYERS)
            for entry in entries(end.body):
                tensor = entry.tensor
                if self.kinds.get(tensor) == "rate":
                    self.known.setdefault(tensor, number(LAYERS).body)

    def _general(self, node: ast.For, name: str) -> Leave | None:
        """One turn, for a position that is not known."""
        if name:
            self.frame.names[name] = self.new_input(name, (), "counter")
        else:
            self._open_targets(node.target, None)
        return self._once(node.body)

    def _sample_axis(
        self, node: ast.For, given: Range, name: str, *, is_placed: bool
    ) -> Axis | None:
        """The axis that a loop runs over, where its variable is a place in an array.

        Where ``is_placed``, it is a place and where a window begins.
        """
        if self.numeric(given.start) != 0 or given.step != 1:
            return None
        length = self.on.axes.current(given.stop.body).expand()
        if is_placed or _is_of_sizes(length):
            return self.on.dimension(length)
        found = given.stop.body.axis if isinstance(given.stop.body, Size) else None
        for part in node.body:
            for each in ast.walk(part):
                if isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name):
                    place = _place_of(each.slice, name)
                    value = self.frame.names.get(each.value.id)
                    outer = self.frame.outer
                    while value is None and outer is not None:
                        value, outer = outer.names.get(each.value.id), outer.outer
                    cell = value.cell if isinstance(value, Open) else value
                    if place is None or not isinstance(cell, Cell) or place >= cell.value.rank:
                        continue
                    index = cell.value.idx[place]
                    if index is not None and entries(cell.value.body):
                        found = found or index.axis
        return found

    # ------------------------------------------------------------ samples

    def _summed(self, node: ast.For, name: str, axis: Axis) -> Leave | None:
        index = self.on.axes.index(axis)
        return self._turn(node, index, {name: Arr((), index)})

    def _turn(self, node: ast.For, index: Any, names: dict[str, Value]) -> Leave | None:
        counters = {
            n.target.id
            for s in node.body
            for n in ast.walk(s)
            if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
        }
        counters |= {
            n.targets[0].id
            for s in node.body
            for n in ast.walk(s)
            if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
        }
        for counter in counters:
            value = self.frame.names.get(counter)
            if isinstance(value, Arr) and not value.rank:
                self.frame.names[counter] = Cell(value, counter, len(self.loops))
        self.loops.append(Loop(index, node))
        depth = len(self.loops)
        self.frame.names |= names
        left = None
        try:
            left = self._once(node.body)
        finally:
            if len(self.loops) == depth:
                self.settle_loop(node)
        return left

    def _over_rows(self, node: ast.For, given: Value) -> Leave | None:
        """``for x, y in zip(X, Y)``: the rows at one position."""
        parts = given.parts if isinstance(given, Zip) else (given,)
        arrs = [self.arr(p) for p in parts if not isinstance(p, Range)]
        axes = [a.idx[0].axis for a in arrs if a.rank and a.idx[0] is not None]
        if not axes or len(arrs) != len(parts):
            raise Unsupported("a loop over entries")
        for other in axes[1:]:
            self.on.axes.join(axes[0], other)
        once = self.decisions.get(self.key("loop", node)) == "once"
        position = (
            self.new_input("sample", (), "counter")
            if once
            else Arr((), self.on.axes.index(axes[0]))
        )
        rows: list[Value] = [
            self.view(part, self.select.taken(a, [position]), (position,))
            for part, a in zip(parts, arrs, strict=True)
        ]
        value: Value = tuple(rows) if isinstance(given, Zip) and len(rows) > 1 else rows[0]
        if isinstance(given, Zip) and given.counted:
            value = (position, value)
        if once:
            self.bind(node.target, value, node)
            return self._once(node.body)
        self.bind(node.target, value, node)
        return self._turn(node, position.body, {})


def _filled_in_turns(node: ast.While) -> Iterator[ast.Subscript]:
    """What a loop gives values at places that it counts itself: ``x[k] = …`` where k += 1."""
    inside = [n for statement in node.body for n in ast.walk(statement)]
    changed = [n.target for n in inside if isinstance(n, ast.AugAssign)]
    counted = {target.id for target in changed if isinstance(target, ast.Name)}
    given = [t for n in inside if isinstance(n, ast.Assign) for t in n.targets]
    for target in (*given, *changed):
        if isinstance(target, ast.Subscript) and any(_mentions(target.slice, c) for c in counted):
            yield target


def _nested(node: ast.For) -> ast.For | None:
    """``for i, j in np.ndindex(m, n)`` as one loop in the other; None for any other loop."""
    match node:
        case ast.For(
            target=ast.Tuple(elts=names),
            iter=ast.Call(func=ast.Attribute(attr="ndindex"), args=counts),
            orelse=[],
        ) if len(names) == len(counts) and not any(isinstance(c, ast.Starred) for c in counts):
            body = node.body
            for name, count in zip(reversed(names), reversed(counts), strict=True):
                called = ast.copy_location(ast.Name("range", ast.Load()), count)
                turns = ast.copy_location(ast.Call(called, [count], []), count)
                body = [ast.copy_location(ast.For(name, turns, body, []), name)]
            return body[0] if isinstance(body[0], ast.For) else None
    return None


def _uses(body: list[ast.stmt], name: str) -> set[str]:
    """How a loop's variable is used: in a "slice", as a place or in a key ("index")."""
    found = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Slice) and _mentions(node, name):
                found.add("slice")
            elif isinstance(node, ast.Subscript) and _mentions(node.slice, name):
                found.add("slice" if _has_slice(node.slice, name) else "index")
            elif isinstance(node, ast.Call) and _is_key(node) and _mentions(node, name):
                found.add("index")
            elif (
                isinstance(node, ast.JoinedStr) and _mentions(node, name) and len(node.values) <= 3
            ):
                inside = [v.value for v in node.values if isinstance(v, ast.Constant)]
                if all(len(str(v)) <= 4 for v in inside):
                    found.add("index")
            elif _is_append(node) and _mentions(node, name):
                found.add("index")
    return found


def _is_of_sizes(length: Expr) -> bool:
    """Whether a number is made of several sizes, as H − K + 1 is."""
    sizes = length.atoms(Size)
    return bool(sizes) and not isinstance(length, Size) and length.free_symbols <= sizes


def _has_slice(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Slice) and _mentions(n, name) for n in ast.walk(node))


def _is_append(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == "append"


def _is_key(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "str"


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def _place_of(key: ast.AST, name: str) -> int | None:
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    for place, part in enumerate(parts):
        if isinstance(part, ast.Name) and part.id == name:
            return place
    return None


def _grows(node: ast.For, stop: int | None) -> bool:
    """Whether a loop does no more than fill a list, as one that makes layers does."""
    appends = [n for s in node.body for n in ast.walk(s) if isinstance(n, ast.Attribute)]
    changes = [n for s in node.body for n in ast.walk(s) if isinstance(n, ast.AugAssign)]
    few = stop is not None and stop <= MOST_LAYERS and len(node.body) <= MOST_STATEMENTS
    return few and not changes and any(n.attr == "append" for n in appends)
