"""Operators and comparisons."""

from __future__ import annotations

import ast

from sympy import Not as LogicalNot

from symbp.equations.axis import Size
from symbp.equations.tensor import entries, tensor_of
from symbp.verification.code import operations
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.displays import Displays
from symbp.verification.code.limits import ITEMS
from symbp.verification.code.values import (
    Arr,
    Open,
    Unknown,
    Value,
    Words,
    number,
)
from symbp.verification.code.vocabulary import (
    BITWISE,
    OPERATORS,
    RELATIONS,
    WHOLE,
    Lost,
)

LEARNING = {
    **dict.fromkeys(("train", "training", "learn"), True),
    **dict.fromkeys(("test", "testing", "eval", "predict", "inference"), False),
}
"""What a layer is asked to do, where nobody says what."""


class Operating(Displays):
    """Operators and comparisons."""

    def value_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        return self.operated(type(node.op), left, right, node)

    def operated(self, kind: type[ast.AST], left: Value, right: Value, node: ast.AST) -> Value:
        if isinstance(left, (str, Words)) or isinstance(right, (str, Words)):
            return self._text(kind, left, right, node)
        if (joined := self._lists(kind, left, right)) is not None:
            return joined
        a, b = self.arr(left), self.arr(right)
        if kind in BITWISE:
            return self.on.logic(operations.LOGIC[BITWISE[kind]], a, b)
        if kind in WHOLE:
            x, y = self.numeric(a), self.numeric(b)
            if x is None and kind is ast.FloorDiv and (parts := self._divided(a, b)) is not None:
                return parts
            if x is None or y is None or y == 0:
                return Unknown("whole")
            return number((x / y).as_numer_denom() and (x // y if kind is ast.FloorDiv else x % y))
        name = OPERATORS.get(kind)
        if name is None:
            raise Unsupported(kind.__name__)
        if name == "matmul":
            return self.on.matmul(a, b)
        if name == "divide" and self.numeric(b) == 0:
            raise Unsupported("division by zero")
        return operations.binary(self, name, a, b, node)

    def _divided(self, a: Arr, b: Arr) -> Arr | None:
        """How many parts a size has: it is one that can be cut into whole ones."""
        if a.rank or b.rank or not a.body.atoms(Size):
            return None
        known = {e: k for e in entries(a.body) if (k := self.known.get(tensor_of(e)))}
        for entry in set(entries(a.body)) - set(known):
            known[entry] = self.settled_number(Arr((), entry), 1)
        size = a.body.xreplace(known)
        if size.free_symbols - size.atoms(Size):
            return None
        return Arr((), self.on.axes.divided(size, self.settled_number(b, 2)))

    def _text(self, kind: type[ast.AST], left: Value, right: Value, node: ast.AST) -> Value:
        if kind is ast.Add and isinstance(left, str) and isinstance(right, str):
            return left + right if len(left) + len(right) < ITEMS else Words()
        if kind is ast.Mod:
            for item in right if isinstance(right, tuple) else [right]:
                self.show(self.source(node), item, node)
            if isinstance(left, str) and "%d" in left and left.count("%") == 1:
                known = self.spelled(right, node)
                return left.replace("%d", known) if known is not None else Words()
        return Words()

    def _lists(self, kind: type[ast.AST], left: Value, right: Value) -> Value:
        if not isinstance(left, (list, tuple)) and not isinstance(right, (list, tuple)):
            return None
        if kind is ast.Add and type(left) is type(right):
            return left + right if len(left) + len(right) <= ITEMS else None
        if kind is ast.Mult:
            many, times = (left, right) if isinstance(left, (list, tuple)) else (right, left)
            count = self.whole(self.arr(times)) if isinstance(times, Arr) else None
            if count is not None and 0 <= count * len(many) <= ITEMS:
                return many * count
        return None

    def value_UnaryOp(self, node: ast.UnaryOp) -> Value:
        given = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            known = self.truth(given)
            return Unknown("condition") if known is None else not known
        arr = self.arr(given)
        if isinstance(node.op, ast.USub):
            return self.on.each(lambda x: -x, arr)
        if isinstance(node.op, ast.Invert):
            return self.on.logic(LogicalNot, arr)
        return arr

    def value_BoolOp(self, node: ast.BoolOp) -> Value:
        stop = isinstance(node.op, ast.Or)
        value: Value = not stop
        unknown = False
        for part in node.values:
            value = self.value(part)
            known = self.truth(value)
            if known is stop:
                return value
            unknown = unknown or known is None
        return Unknown("condition") if unknown else value

    def value_Compare(self, node: ast.Compare) -> Value:
        left = self.value(node.left)
        for op, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            value = self.compared(type(op), left, right)
            if len(node.ops) == 1:
                return value
            if not isinstance(value, bool):
                return Unknown("condition")
            if not value:
                return False
            left = right
        return True

    def compared(self, kind: type[ast.AST], left: Value, right: Value) -> Value:
        if kind in (ast.Is, ast.IsNot) or left is None or right is None:
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return Unknown("condition")
            same = left is right
            return same if kind in (ast.Is, ast.Eq) else not same
        if kind in (ast.In, ast.NotIn):
            return self._contains(left, right, kind is ast.In)
        if isinstance(left, (str, bool)) and isinstance(right, (str, bool)):
            return (left == right) is (kind is ast.Eq)
        if isinstance(left, tuple) and isinstance(right, tuple):
            raise Lost
        for mine, other in ((left, right), (right, left)):
            if isinstance(mine, (str, Words)) and not isinstance(other, str):
                if isinstance(other, Arr):
                    return kind is ast.NotEq
                if isinstance(other, Open) and other.cell is None and isinstance(mine, str):
                    is_learning = LEARNING.get(mine.lower())  # what has a way back is learning
                    if is_learning is not None:
                        return is_learning is (kind is ast.Eq)
                raise Lost
        return operations.related(self, RELATIONS[kind], self.arr(left), self.arr(right))

    def _contains(self, left: Value, right: Value, wanted: bool) -> Value:
        key = self.hashable(left)
        if isinstance(right, dict) and key is not None:
            return (key in right) is wanted
        if isinstance(right, (list, tuple)) and key is not None:
            return (key in [self.hashable(v) for v in right]) is wanted
        if isinstance(right, str) and isinstance(left, str):
            return (left in right) is wanted
        raise Lost

    def value_IfExp(self, node: ast.IfExp) -> Value:
        known = self.truth(self.value(node.test))
        if known is not None:
            return self.value(node.body if known else node.orelse)
        self.skipped(node)
        return Unknown("condition")
