"""What values are used as: arrays, numbers, keys, conditions."""

from __future__ import annotations

import ast
from typing import Any

from symbp.equations.axis import Axis, Size
from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code import making
from symbp.verification.code.arguments import argument
from symbp.verification.code.arrays import Shapes, Unsupported, truth
from symbp.verification.code.axes import Unequal
from symbp.verification.code.limits import ITEMS, RANK
from symbp.verification.code.machine import Machine
from symbp.verification.code.values import (
    Arr,
    Builtin,
    Cell,
    Class,
    Function,
    Instance,
    Module,
    Open,
    Range,
    Unknown,
    Value,
    Words,
    number,
)
from symbp.verification.code.vocabulary import (
    Lost,
)


class Evaluating(Machine):
    """What values are used as: arrays, numbers, keys, conditions."""

    def value(self, node: ast.AST) -> Value:
        """The value of an expression; ``Unknown`` where it is not followed."""
        self.spend(node)
        rule = getattr(self, f"value_{type(node).__name__}", None)
        if rule is None:
            return self.trouble("unsupported", node, what=type(node).__name__)
        outer, self.node = self.node, node
        try:
            return rule(node)
        except Lost:
            return Unknown("lost")
        except Shapes as wrong:
            return self.trouble("shapes", node, left=wrong.left, right=wrong.right)
        except Unequal:
            return self.trouble("shapes", node, left="?", right="?")
        except Unsupported as what:
            return self.trouble("unsupported", node, what=str(what))
        finally:
            self.node = outer

    def arr(self, value: Value) -> Arr:
        """``value`` as an array. Raises ``Lost`` for what is unknown."""
        match value:
            case Arr():
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

    def out(self, value: Arr, kw: Any, node: ast.AST) -> Value:
        """The result of a function that may be told where to put it."""
        target = kw.get("out")
        if isinstance(target, Cell):
            target.value = self.store(target.name or "out", value, node)
            target.lost = False
            return target
        return value

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
