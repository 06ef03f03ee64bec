"""Constants, names, lists, dicts and texts that are typed."""

from __future__ import annotations

import ast
from typing import Any

from sympy import Integer, Rational

from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.evaluating import Evaluating
from symbp.verification.code.limits import DIGITS, ITEMS
from symbp.verification.code.values import (
    Builtin,
    Frame,
    Function,
    Module,
    Open,
    Unknown,
    Value,
    Words,
    number,
)
from symbp.verification.code.vocabulary import (
    BUILTINS,
    TYPES,
)


class Displays(Evaluating):
    """Constants, names, lists, dicts and texts that are typed."""

    def value_Constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, (bool, str)) or value is None or value is Ellipsis:
            return value
        if isinstance(value, int):
            if len(str(abs(value))) > DIGITS:
                return self.trouble("big_number", node, most=str(DIGITS))
            return number(Integer(value))
        if (isinstance(value, float) and 1e-60 < abs(value) < 1e60) or value == 0:
            return number(Rational(str(value)))
        return self.trouble("unsupported", node, what="number")

    def value_Name(self, node: ast.Name) -> Value:
        frame: Frame | None = self.frame
        while frame is not None:
            if node.id in frame.names:
                return frame.names[node.id]
            frame = frame.outer
        if node.id in BUILTINS:
            return Builtin(node.id)
        if node.id in TYPES:
            return Unknown("type")
        if node.id in ("__name__", "__file__"):
            return "__main__"
        if node.id in ("np", "numpy", "math"):
            return Module("numpy")
        self.trouble("unknown_name", node, name=node.id)
        self.top.names[node.id] = Open(node.id)
        return self.top.names[node.id]

    def value_Tuple(self, node: ast.Tuple) -> Value:
        return tuple(self._items(node.elts))

    def value_List(self, node: ast.List) -> Value:
        return self._items(node.elts)

    def value_Set(self, node: ast.Set) -> Value:
        return self._items(node.elts)

    def _items(self, nodes: list[ast.expr]) -> list[Value]:
        out: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                given = self.value(node.value)
                out += self.items(given) or []
            else:
                out.append(self.value(node))
        return out

    def value_Dict(self, node: ast.Dict) -> Value:
        made: dict[Any, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                given = self.value(value)
                if isinstance(given, dict):
                    made.update(given)
                continue
            name = self.hashable(self.value(key))
            if name is None:
                continue
            made[name] = self.named(str(name), self.value(value), value)
        return made

    def named(self, name: str, value: Value, node: ast.AST) -> Value:
        """A value that something is called by: ``statements`` gives it a version."""
        return value

    def value_JoinedStr(self, node: ast.JoinedStr) -> Value:
        out, known = "", True
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            text = self.spelled(self.value(inner), inner)
            known = known and text is not None
            out += text or ""
        return out if known and len(out) < ITEMS else Words()

    def value_Lambda(self, node: ast.Lambda) -> Value:
        return Function("lambda", node, self.frame, self.defaults(node.args))

    def defaults(self, args: ast.arguments) -> dict[str, Value]:
        names = [a.arg for a in (*args.posonlyargs, *args.args)]
        found = dict(zip(names[len(names) - len(args.defaults) :], args.defaults, strict=True))
        found |= {
            a.arg: d
            for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)
            if d is not None
        }
        return {name: self.value(node) for name, node in found.items()}

    def value_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        self.frame.names[node.target.id] = value
        return value

    def value_Slice(self, node: ast.Slice) -> Value:
        if self._is_whole(node):
            return slice(None)
        raise Unsupported("slice")

    def value_Starred(self, node: ast.Starred) -> Value:
        raise Unsupported("starred")

    @staticmethod
    def _is_whole(key: ast.AST) -> bool:
        raise NotImplementedError  # another part of the reader has it

    def items(self, value: Value) -> list[Value] | None:
        raise NotImplementedError  # another part of the reader has it
