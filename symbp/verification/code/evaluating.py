"""What values are used as: arrays, numbers, keys, conditions."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from symbp.equations.axis import Axis, Size
from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code import making
from symbp.verification.code.arguments import argument
from symbp.verification.code.arrays import Shapes, Unsupported, truth
from symbp.verification.code.axes import Unequal
from symbp.verification.code.limits import ITEMS, RANK
from symbp.verification.code.machine import Machine
from symbp.verification.code.sharing import reached
from symbp.verification.code.values import (
    Arr,
    Builtin,
    Cell,
    Class,
    Frame,
    Function,
    Instance,
    Module,
    Open,
    Part,
    Range,
    Unknown,
    Value,
    Words,
    number,
)
from symbp.verification.code.vocabulary import BUILTINS, Lost
from symbp.verification.code.writing import CALLING, CHANGING, READING, READING_METHODS, is_numeric


class Evaluating(Machine):
    """What values are used as: arrays, numbers, keys, conditions."""

    def value(self, node: ast.AST) -> Value:
        """The value of an expression; ``Unknown`` where it is not followed."""
        self.spend(node)
        rule = getattr(self, f"value_{type(node).__name__}", None)
        if rule is None:
            self.skipped(node)
            return self.trouble("unsupported", node, what=type(node).__name__)
        outer, self.node = self.node, node
        try:
            return rule(node)
        except (Lost, Shapes, Unequal, Unsupported) as what:
            return self.unread(what, node)
        finally:
            self.node = outer

    def unread(self, what: Exception, node: ast.AST) -> Unknown:
        """The value of ``node``, where ``what`` came of following it."""
        match what:
            case Lost():
                return Unknown("lost")
            case Shapes():
                return self.trouble("shapes", node, left=what.left, right=what.right)
            case Unequal():
                return self.trouble("shapes", node, left="?", right="?")
        return self.trouble("unsupported", node, what=str(what))

    def skipped(self, node: ast.AST) -> None:
        """What is not followed may call functions, which may change what is named for them."""
        inside = list(ast.walk(node))
        calls = [n for n in inside if isinstance(n, ast.Call) and not self._is_reading(n)]
        gone_through = [n.iter for n in inside if isinstance(n, (ast.For, ast.comprehension))]
        for call in calls:
            parts = (n for each in (call, *gone_through) for n in ast.walk(each))
            names = {n.id for n in parts if isinstance(n, ast.Name)}
            found = (self.found(name) for name in names)
            self.perhaps(call, *(v for v in found if not isinstance(v, Function)))

    def _is_reading(self, call: ast.Call) -> bool:
        """Whether a call is of a function that is known, and changes nothing that it is given."""
        match call.func:
            case ast.Name(id=name):
                owner, last = self.found(name), name
                if owner is None:
                    return name in BUILTINS - CALLING
            case ast.Attribute(value=ast.Name(id=name), attr=last):
                owner = self.found(name)
            case _:
                return False
        if owner is None or isinstance(owner, (Arr, Cell)):  # None: of what is gone through
            return last in READING_METHODS
        if isinstance(owner, Module) and owner.name.partition(".")[0] in READING:
            return True
        is_out = any(word.arg in ("out", None) for word in call.keywords)
        return is_numeric(owner) and last not in CHANGING and not is_out

    def found(self, name: str) -> Value:
        """What ``name`` stands for here; None for one that nothing is called by."""
        frame: Frame | None = self.frame
        while frame is not None and name not in frame.names:
            frame = frame.outer
        return None if frame is None else frame.names[name]

    def view(self, owner: Value, arr: Value, places: tuple[Any, ...] | None = None) -> Value:
        """``arr``, whose entries are those of ``owner``, at ``places`` where these are told."""
        cell = owner.cell if isinstance(owner, Open) else owner
        if isinstance(arr, (list, tuple)):
            return type(arr)(self.view(owner, each) for each in arr)
        if not isinstance(arr, Arr) or not arr.rank:
            return arr
        is_cell = isinstance(cell, Cell)
        of = (Part(cell, places, cell.changes),) if is_cell else tuple(reached(cell))
        return replace(arr, of=of)

    def arr(self, value: Value) -> Arr:
        """``value`` as an array. Raises ``Lost`` for what is unknown."""
        match value:
            case Arr():
                if any(part.is_stale for part in value.of):
                    raise Lost
                return value
            case Cell():
                return self.read(value, self.node)
            case Open():
                return self.read(self.opened(value))
            case bool():
                return number(int(value))
            case Unknown() | Words():
                raise Lost
            case list() | tuple():
                return self.arr(self.literal(value, self.node))
            case Range():
                if self.numeric(value.start) == 0 and value.step == 1:
                    return self.arr(making.arange(self, [value.stop], {}, self.node))
        raise Unsupported(type(value).__name__)

    def literal(self, value: Value, node: ast.AST) -> Value:
        """Lists of numbers as an array of data: its values are forgotten, its shape is not."""
        if not isinstance(value, (list, tuple)):
            return self.arr(value)
        if not value:
            raise Unsupported("an empty array")
        shape: list[int] = []
        level: list[Value] = [value]
        while all(isinstance(v, (list, tuple)) for v in level):
            shape.append(len(level[0]))
            if len(shape) > RANK:
                raise Unsupported("rank")
            if any(len(v) != shape[-1] for v in level) or len(level) > ITEMS:
                raise Unsupported("a ragged array")
            level = [item for v in level for item in v]
            if not level:
                raise Unsupported("an empty array")
        if any(isinstance(v, Unknown) for v in level):
            raise Lost
        if not all(isinstance(v, (Arr, Cell, bool)) for v in level):
            raise Unsupported("an array of objects")
        arrs = [self.arr(v) for v in level]
        if len(arrs) == 1 and not arrs[0].rank:
            return Arr((None,) * len(shape), arrs[0].body)
        used = {self.kinds.get(tensor_of(e)) for a in arrs for e in entries(a.body)}
        if not used <= {"data", "literal", "random"} or any(a.rank for a in arrs):
            raise Unsupported("an array put together")
        dims = tuple(None if n == 1 else self.on.axes.fresh(n) for n in shape)
        return self.new_input("data", dims, "literal")

    def constant_array(self, idx: tuple[Any, ...], body: Any, node: ast.AST) -> Value:
        """zeros, ones: a buffer to be filled, or a parameter before its first step."""
        choice = self.decisions.get(self.key("zeros", node))
        if choice == "input":
            return self.new_input("zeros", tuple(i and i.axis for i in idx), "random")
        return Cell(Arr(idx, body), "", depth=len(self.loops), node=node)

    def as_size(self, arr: Arr) -> Size:
        """A number that is not known, as the size of an axis of its own."""
        body = arr.body
        axis = self._axes_of_numbers.get(body)
        if axis is None:
            axis = self._axes_of_numbers[body] = self.on.axes.fresh()
        return axis.size

    @property
    def _axes_of_numbers(self) -> dict[Any, Axis]:
        found: dict[Any, Axis] = self.__dict__.setdefault("_numbers", {})
        return found

    def truth(self, value: Value) -> bool | None:
        """Whether a condition holds; None where only a run tells."""
        match value:
            case bool() | None:
                return bool(value)
            case str() | list() | tuple() | dict():
                return bool(value)
            case Arr() | Cell():
                known = self.numeric(self.arr(value))
                return None if known is None else bool(known != 0)
            case Function() | Class() | Instance() | Module() | Builtin():
                return True
        return None

    def put(self, target: Value, value: Arr, chosen: Value, node: ast.AST) -> Value:
        """``value`` where a function is told to put it: where ``chosen``, if that is given.

        What is left of a buffer of zeros is no matter.
        """
        if isinstance(target, Open) and target.cell is None:
            made = self.store(target.name, value, node)
            target.cell = self.new_cell(made, target.name, 0, tuple(reached(*target.of)))
            return target
        cell = target.cell if isinstance(target, Open) else target
        if not isinstance(cell, Cell):
            self.lose(cell)
            return replace(value, of=tuple(reached(cell)))
        if isinstance(chosen, Unknown):
            raise Lost
        if chosen is not None and chosen is not True and entries(cell.value.body):
            if cell.lost:
                raise Lost
            value = self.on.where(self.arr(chosen), value, cell.value)
        self.renewed(cell, self.store(cell.name or "out", value, node))
        return target

    def astype(self, given: Value, args: Any, kw: Any, node: ast.AST) -> Value:
        """The same entries, which are numbers from now on, or booleans."""
        arr, kind = self.arr(given), argument(args, kw, 0, "dtype")
        if "bool" in getattr(kind, "name", str(kind)):
            return self.on.boolean(arr.idx, truth(arr))
        return Arr(arr.idx, arr.body)

    def hashable(self, value: Value) -> Any:
        """A key of a dict; None where it is not known."""
        match value:
            case bool() | str():
                return value
            case Arr():
                return self.numeric(value)
            case tuple():
                keys = tuple(self.hashable(v) for v in value)
                return None if None in keys else keys
        return None

    def spelled(self, value: Value, node: ast.AST) -> str | None:
        """``str(value)`` of what is known; a scalar that is computed is shown."""
        if isinstance(value, str):
            return value
        if isinstance(value, Arr) and (known := self.whole(value)) is not None:
            return str(known)
        self.show(self.source(node), value, node)
        return None

    def show(self, name: str, value: Value, node: ast.AST) -> None:
        """Remember a scalar that a person gets to see."""
        arr = value.value if isinstance(value, Cell) else value
        is_known = isinstance(arr, Arr) and not (isinstance(value, Cell) and value.lost)
        if is_known and not arr.real and not self.loops:
            kinds = [self.kinds.get(tensor_of(e)) for e in entries(arr.body)]
            if any(kind not in ("rate", "counter") for kind in kinds):
                self.shown.append((name, arr.body, node))
