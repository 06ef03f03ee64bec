"""Statements: what is assigned, changed in place, decided and returned."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, S

from symbp.equations.axis import Index, total
from symbp.equations.tensor import entries, is_entry, tensor_of
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.assigning import Assigning
from symbp.verification.code.machine import LOSSES, Restart
from symbp.verification.code.values import (
    Arr,
    Cell,
    Open,
    Unknown,
    Value,
    number,
)
from symbp.verification.code.vocabulary import Lost


def _ends(place: Any) -> list[Expr]:
    """What says where a place is."""
    if isinstance(place, slice):
        return [e.body for e in (place.start, place.stop) if e is not None]
    return [place.body] if isinstance(place, Arr) else []


def _is_any(place: Any) -> bool:
    """Whether only a run tells which place it is, or which ones in a row."""
    return any(entries(end) for end in _ends(place))


class Statements(Assigning):
    """Executes statements on symbolic values."""

    def changed(
        self, cell: Cell, target: ast.Subscript, change: Callable[[Expr], Arr], node: ast.AST
    ) -> None:
        """``cell[…] = change(entry)`` in place."""
        old = cell.value
        if self._is_whole(target.slice):
            idx, (_, b) = self.on.together(old, change(old.body))
            self.renewed(cell, self.store(cell.name, Arr(idx, b.body), node, old))
            return
        old = self.certain(cell)
        places = self.places(old, target.slice)
        looped = {loop.index for loop in self.loops[cell.depth :]}
        if any(looped & end.atoms(Index) for p in places for end in _ends(p)):
            new = self._spread(cell.name, old, places, change, node)
        else:
            if self.partly and any(map(_is_any, places)):
                self.partly[-1].add(cell)
            try:
                new = self.select.put(old, places, change)
            except Unsupported:
                self._single(places)
                raise
        self.renewed(cell, self.store(cell.name, new, node, old))

    def _single(self, places: list[Any]) -> None:
        """Positions whose shape was guessed are single ones where several do not go together.

        ``x[inputs[t]] = 1``: ``inputs[t]`` is a number. Raises ``Restart``.
        """
        for place in places:
            if not isinstance(place, Arr) or not place.rank or not is_entry(place.body):
                continue
            name = self.guesses.get(tensor_of(place.body), "")
            rank = len(tensor_of(place.body).axes) - place.rank
            if name.endswith("]"):  # an item of a list of positions, which is an array of them
                name, rank = name.rpartition("[")[0], rank + 1
            if name and rank > 0 and (f"rank {name}", 0, 0) not in self.decisions:
                raise Restart((f"rank {name}", 0, 0), str(rank))

    def _spread(
        self,
        name: str,
        old: Arr,
        places: list[Any],
        change: Callable[[Expr], Arr],
        node: ast.AST,
    ) -> Arr:
        """An entry for each turn of a loop over samples: all of them at once."""
        old = self.on.fresh(old)
        places = self.select.expanded(old, places)
        names: dict[Any, Any] = {}
        rest: list[Any] = []
        for i, place in zip(old.idx, places, strict=True):
            if isinstance(place, Arr) and i is not None and place.body.is_Symbol:
                if self.select.is_elsewhere(place.body, i):
                    return self._landed(old, places, change(old.body), entries(old.body))
                self.on.axes.join(i.axis, place.body.axis)
                names[place.body] = i
            elif isinstance(place, slice) and place == slice(None):
                rest.append(i)
            else:
                return self._landed(old, places, change(old.body), entries(old.body))
        value = change(old.body)
        body = self.select._fitted(value, rest, old)
        over = [
            loop.index
            for loop in self.loops
            if body.has_free(loop.index) and loop.index not in names
        ]
        if over:
            raise Unsupported("an entry in a loop")
        stored = self.store(name or "entry", Arr(tuple(rest), body), node)
        return Arr(old.idx, stored.body.xreplace(names))

    def _landed(self, old: Arr, places: list[Any], value: Arr, before: Any) -> Arr:
        """What every turn puts at a place of its own; only zeros were there before."""
        if before or old.body != 0:
            raise Unsupported("an entry in a loop")
        return Arr(old.idx, self.turned(self.select.collected(old, places, value)))

    def turned(self, arr: Arr) -> Expr:
        """The entry of what all turns of the loops around give together."""
        over = [loop.index for loop in self.loops if arr.body.has_free(loop.index)]
        return total(arr.body, *over)

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        right = self.value(node.value)
        target = node.target
        if isinstance(target, ast.Subscript):
            owner = self.value(target.value)
            if isinstance(owner, (Cell,)) or (isinstance(owner, Open) and owner.cell is not None):
                cell = owner if isinstance(owner, Cell) else self.opened(owner)
                if not self._is_whole(target.slice):
                    new = self.arr(right)
                    if self.loops[cell.depth :] and isinstance(node.op, (ast.Add, ast.Sub)):
                        self._gather(cell, node, new)
                        return
                    self.changed(
                        cell, target, lambda old: self._operated(node, Arr((), old), new), node
                    )
                    return
        outer, self.own = self.own, self._cells_of(target, target)
        try:
            current = self._current(target)
            if isinstance(current, Open) and current.cell is None:
                current = self.opened(current)
            if isinstance(current, Open):
                current = current.cell
            if isinstance(current, Cell):
                if isinstance(right, Unknown):
                    self._lost(current, node)
                    return
                self._change(current, self.source(target), node, self.arr(right))
                return
            self.assign(target, self.operated(type(node.op), current, right, node), node)
            if isinstance(current, Arr) and current.rank:
                self.lose(current)
        finally:
            self.own = outer

    def _current(self, target: ast.AST) -> Value:
        return self.value(target)

    def _lost(self, cell: Cell, node: ast.AST) -> None:
        """An array that was changed by something that is not known."""
        self.trouble("unsupported", node, what="changed by an unknown value")
        cell.lost = True
        self.lose(cell)

    @staticmethod
    def certain(cell: Cell) -> Arr:
        """What is to be changed in place. Raises ``Lost`` where it is not known any more."""
        if cell.lost:
            raise Lost
        return cell.value

    def _operated(self, node: ast.AugAssign, left: Arr, right: Arr) -> Arr:
        value = self.operated(type(node.op), left, right, node)
        return self.arr(value)

    def _change(self, cell: Cell, name: str, node: ast.AugAssign, right: Arr) -> None:
        """``cell op= right`` in place, for all who refer to it."""
        loops = self.loops[cell.depth :]
        if loops:
            self._accumulate(cell, node, right)
            return
        old = self.certain(cell)
        new = self._operated(node, old, right)
        if old.rank and not self._keeps_shape(old, new):
            self._narrowed(old, new)
            raise Shapes(self.on.said(old), self.on.said(right))
        self._restart_if_parameter(cell, new, name, node)
        if not old.rank:
            target = node.target
            self.assign(target, new, node)
            return
        self.renewed(cell, self.store(name, new, node, old))
        cell.name = cell.name or name

    def _narrowed(self, old: Arr, new: Arr) -> None:
        """An argument has a dimension of one entry where what is made of it must have one.

        ``db += dh`` with db (h, 1) and dh made of ``h_before``: that is (h, 1), too. Data have as
        many samples as they like, and of b that is guessed, too, nothing is sure. Raises
        ``Restart``.
        """
        is_guess = any(tensor_of(e) in self.guesses for e in entries(old.body))
        if old.rank != new.rank or is_guess:
            return
        pairs = zip(old.idx, new.idx, strict=True)
        open_ = {self.on.axes.find(j.axis) for i, j in pairs if i is None and j is not None}
        states = ((t, name) for t, name in self.guesses.items() if self.kinds.get(t) != "data")
        for tensor, name in states:
            for place, axis in enumerate(tensor.axes):
                here = self.on.axes.find(axis)
                if here in open_ and self.on.axes.size(here) is None:
                    raise Restart((f"one {name}", place, 0), "1")

    @staticmethod
    def _keeps_shape(old: Arr, new: Arr) -> bool:
        return old.rank == new.rank and all(
            j is None or i is not None for i, j in zip(old.idx, new.idx, strict=True)
        )

    def _accumulate(self, cell: Cell, node: ast.AugAssign, right: Arr) -> None:
        loop = self.loops[-1]
        deep = self.loops[cell.depth :]
        if not isinstance(node.op, (ast.Add, ast.Sub)) or any(cell in each.read for each in deep):
            raise Restart(self.key("loop", deep[0].node), "once")
        sign = -1 if isinstance(node.op, ast.Sub) else 1
        loop.added.setdefault(cell, []).append((number(sign).body, right, node))

    def _gather(self, cell: Cell, node: ast.AugAssign, right: Arr) -> None:
        """``x[i] += y`` in each turn of a loop."""
        target = node.target
        assert isinstance(target, ast.Subscript)
        like = Arr(cell.value.idx, S.Zero)
        places = self.places(like, target.slice)
        if any(isinstance(p, Arr) and p.condition is not None for p in places):
            raise Unsupported("an entry in a loop")
        fresh = self.on.fresh(like)
        added = self.select.collected(fresh, places, right)
        self._accumulate(cell, node, added)

    def settle_loop(self, node: ast.AST) -> None:
        """What a loop over samples added up becomes a Σ over its index."""
        loop = self.loops.pop()
        for cell, terms in loop.added.items():
            deeper = self.loops[cell.depth :]
            parts = [Arr(t.idx, sign * self.on.sum_of(t.body, loop.index)) for sign, t, _ in terms]
            where = terms[0][2]
            if deeper:
                self.loops[-1].added.setdefault(cell, []).extend(
                    (number(1).body, p, where) for p in parts
                )
                continue
            if cell.lost:
                continue
            value = cell.value
            try:
                for part in parts:
                    value = self.on.each(Add, value, part)
            except Shapes as wrong:
                self.trouble("shapes", where, left=wrong.left, right=wrong.right)
                self._lost(cell, where)
                continue
            self.renewed(cell, self.store(cell.name, value, where, cell.value))
            if LOSSES.match(cell.name):
                self.show(cell.name, cell.value, node)
        for name, value in self.frame.names.items():
            arr = value.value if isinstance(value, Cell) and not value.lost else value
            if isinstance(arr, Arr) and arr.body.has_free(loop.index):
                self.frame.names[name] = self._of_last_turn(arr, loop.index, name)

    def _of_last_turn(self, arr: Arr, index: Index, name: str) -> Value:
        """What a loop leaves behind: the value at the last position."""
        if len(self.loops) or not isinstance(arr.body, Expr):
            return Unknown("of the last turn")
        last = self.on.axes.find(index.axis).size - 1
        return Cell(Arr(arr.idx, arr.body.xreplace({index: last})), name)
