"""What is assigned, to names, attributes and entries."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from sympy import Expr

from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.foreign import FOREIGN
from symbp.verification.code.forgetting import Forgetting
from symbp.verification.code.machine import BIASES, GRADIENT, LOSSES, RATES, Restart
from symbp.verification.code.named import FIELD
from symbp.verification.code.values import (
    Arr,
    Cell,
    Class,
    Field,
    Instance,
    Module,
    Open,
    Unknown,
    Value,
)
from symbp.verification.code.vocabulary import Lost


def _entry_of(name: str, key: Any) -> str:
    """What an entry of a table is called: ``u[2]``, ``grads['w1']``."""
    return f"{name}[{key!r}]" if isinstance(key, str) else f"{name}[{key}]"


class Assigning(Forgetting):
    """What is assigned, to names, attributes and entries."""

    def do_Assign(self, node: ast.Assign) -> None:
        if self.loops and len(node.targets) == 1 and (same := self._as_change(node)) is not None:
            self.do_AugAssign(same)
            return
        outer, self.own = self.own, self._cells_of(node.targets[0], node.value)
        try:
            value = self.value(node.value)
        finally:
            self.own = outer
        first = node.targets[0]
        is_name = isinstance(first, ast.Name) and isinstance(node.value, ast.Name)
        if is_name and isinstance(value, Cell) and not value.lost and self.bare(value.value):
            self.aliases.append((self.source(first), tensor_of(value.value.body), node))
        for target in node.targets:
            self.assign(target, value, node)
            value = (
                self.value(target) if len(node.targets) > 1 and isinstance(value, Arr) else value
            )

    def _cells_of(self, target: ast.AST, right: ast.AST) -> tuple[Cell, ...]:
        """The arrays that are to be replaced: what reads them here is their own update."""
        if isinstance(target, (ast.Tuple, ast.List)):
            return ()
        if self.source(target) not in self.source(right):
            return ()
        value = self._quietly(target)
        found = value if isinstance(value, (list, tuple)) else [value]
        return tuple(v for v in found if isinstance(v, Cell))

    def _as_change(self, node: ast.Assign) -> ast.AugAssign | None:
        """``x = x + y`` as ``x += y``."""
        target, value = node.targets[0], node.value
        if not isinstance(value, ast.BinOp) or self.source(value.left) != self.source(target):
            return None
        if not isinstance(value.op, (ast.Add, ast.Sub)) or isinstance(
            target, (ast.Tuple, ast.List)
        ):
            return None
        return ast.copy_location(ast.AugAssign(target, value.op, value.right), node)  # type: ignore[arg-type]

    def do_AnnAssign(self, node: ast.AnnAssign) -> None:
        field = self._field(node.value)
        if node.value is not None and field is None:
            self.assign(node.target, self.value(node.value), node)
            field = Field(default=self._quietly(node.target))
        if isinstance(node.target, ast.Name) and self.frame.outer is not None:
            self.frame.names[f"{FIELD}{node.target.id}"] = field

    def _field(self, node: ast.expr | None) -> Field | None:
        """``field(init=False, default_factory=…)`` of a dataclass; None for anything else."""
        function = self._quietly(node.func) if isinstance(node, ast.Call) else None
        if not isinstance(function, Module) or function.name != "dataclasses.field":
            return None
        words = {w.arg: self.value(w.value) for w in node.keywords}  # type: ignore[union-attr]
        known = [words.get(name) for name in ("default", "default_factory")]
        return Field(words.get("init") is not False, *known)

    def assign(self, target: ast.AST, value: Value, node: ast.AST) -> None:
        """Bind what is typed on the left to ``value``."""
        match target:
            case ast.Tuple() | ast.List():
                for part, each in zip(target.elts, self.unpacked(value, target.elts), strict=True):
                    self.assign(part.value if isinstance(part, ast.Starred) else part, each, node)
            case ast.Name():
                names = self.home(target.id)
                names[target.id] = self.named(target.id, value, node, names.get(target.id))
            case ast.Attribute():
                owner = self.value(target.value)
                if isinstance(owner, (Instance, Open)):
                    typed = self.source(target)
                    old = owner.items.get(target.attr)
                    owner.items[target.attr] = self.named(typed, value, node, old)
                elif isinstance(owner, Class):
                    owner.members[target.attr] = value
                else:  # ``x.flat = y``, ``x.shape = n``
                    self.lose(owner)
            case ast.Subscript():
                self._assign_entry(target, value, node)

    def named(self, name: str, value: Value, node: ast.AST, old: Value = None) -> Value:
        """``value`` under a name: an array gets a version and a tensor of its own."""
        if isinstance(value, Cell) and value.node is not None and not value.name:
            value.name = name
            if (
                not value.value.body.free_symbols
                and BIASES.search(name)
                and not GRADIENT.search(name)
            ):
                value.value = self.new_input(
                    name, tuple(i and i.axis for i in value.value.idx), "parameter"
                )
                value.node = None
            return value
        if isinstance(value, Cell) and value.lost:
            return value
        if isinstance(value, Cell) and self.bare(value.value) and name != value.name:
            self.kept.append((name, tensor_of(value.value.body), node))
        if isinstance(value, Open) and value.cell is None and not value.items:
            return Open(name) if value.name in FOREIGN else value
        if isinstance(value, list) and not self.loops and isinstance(node, ast.Assign):
            return self._named_items(name, value, node, old)
        if not isinstance(value, Arr):
            return value
        if not value.rank and value.body.is_Rational:
            if name in self.trained and not RATES.match(name) and not LOSSES.match(name):
                return Cell(self.new_input(name, (), "parameter"), name, len(self.loops))
            right = getattr(node, "value", None)
            plain = isinstance(right, ast.Constant) and not value.body.is_Integer
            if RATES.match(name) or (plain and LOSSES.match(name) is None):
                return Arr((), self.constant(name, value.body).body)
            return value
        before = None
        if isinstance(old, Cell):
            self._restart_if_parameter(old, value, name, node)
            before = old.value
        elif isinstance(old, Open) and old.cell is not None:
            before = old.cell.value
        stored = self.store(name, value, node, before)
        if LOSSES.match(name):
            self.show(name, stored, node)
        if not stored.rank and not entries(stored.body):
            return stored
        return self.new_cell(stored, name, len(self.loops), value.of)

    def _named_items(self, name: str, items: list[Value], node: ast.AST, old: Value) -> Value:
        before = old if isinstance(old, list) and len(old) == len(items) else [None] * len(items)
        for k, item in enumerate(items):
            if isinstance(item, (Arr, Cell)) and not (
                isinstance(item, Arr) and item.body.is_number
            ):
                items[k] = self.named(f"{name}[{k}]", item, node, before[k])
        return items

    def _restart_if_parameter(self, old: Cell, new: Arr, name: str, node: ast.AST) -> None:
        """A constant array that was used before it is changed is a parameter, not a buffer."""
        if old.node is None or not old.used or entries(old.value.body) or self.loops:
            return
        if GRADIENT.search(name):
            return
        key = self.key("zeros", old.node)
        right = getattr(node, "value", node)
        changes = isinstance(node, ast.AugAssign) or name.partition("[")[0] in self.source(right)
        if key not in self.decisions and changes and entries(new.body):
            raise Restart(key, "input")

    def _assign_entry(self, target: ast.Subscript, value: Value, node: ast.AST) -> None:
        owner = self.value(target.value)
        typed = self.source(target)
        match owner:
            case dict() | Open() if isinstance(owner, dict) or (
                owner.cell is None and not self._is_array_key(owner, target.slice)
            ):
                items = owner if isinstance(owner, dict) else owner.items
                self.lose(*getattr(owner, "of", ()))
                key = self.hashable(self.value(target.slice))
                if key is not None:
                    if not isinstance(target.slice, ast.Constant):
                        typed = _entry_of(self.source(target.value), key)
                    items[key] = self.named(typed, value, node, items.get(key))
                else:
                    raise Unsupported("a key that is computed")
            case list():
                place = self.whole(self.arr(self.value(target.slice)))
                if place is None or not -len(owner) <= place < len(owner):
                    raise Unsupported("subscript")
                typed = f"{self.source(target.value)}[{place % len(owner)}]"
                owner[place] = self.named(typed, value, node, owner[place])
            case Cell() | Open():
                cell = owner if isinstance(owner, Cell) else self.opened(owner)
                new = self.arr(value)
                self.changed(cell, target, lambda _: new, node)
            case Unknown():
                self.lose(owner)
                raise Lost
            case _:
                self.lose(owner)
                raise Unsupported("subscript")

    def changed(
        self, cell: Cell, target: ast.Subscript, change: Callable[[Expr], Arr], node: ast.AST
    ) -> None:
        raise NotImplementedError  # another part of the reader has it

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        raise NotImplementedError  # another part of the reader has it
