"""Comprehensions, unpacking, and what can be gone through."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from sympy import Add, S

from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.limits import ITEMS, ROUNDS
from symbp.verification.code.named import fields
from symbp.verification.code.operating import Operating
from symbp.verification.code.values import (
    Frame,
    Instance,
    Open,
    Range,
    Unknown,
    Value,
    Zip,
    number,
)


class GoingThrough(Operating):
    """Comprehensions, unpacking, and what can be gone through."""

    def value_ListComp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Value:
        return [self.value(node.elt) for _ in self._each(node.generators)]

    value_GeneratorExp = value_ListComp
    value_SetComp = value_ListComp

    def value_DictComp(self, node: ast.DictComp) -> Value:
        made: dict[Any, Value] = {}
        for _ in self._each(node.generators):
            key = self.hashable(self.value(node.key))
            if key is not None:
                made[key] = self.value(node.value)
        return made

    def _each(self, generators: list[ast.comprehension]) -> Iterator[None]:
        first, *rest = generators
        given = self.value(first.iter)
        items = self.items(given)
        if items is None and isinstance(given, Range):
            items = [self.new_input(self.source(first.target), (), "counter")]
        elif items is None and isinstance(given, Open):
            items = [Open(f"{given.name}[0]")]
        if items is None or len(items) > ROUNDS:
            self.skipped(self.node)
            raise Unsupported("comprehension")
        outer = self.frame
        self.frame = Frame({}, outer, outer.function)
        try:
            for item in items:
                self.bind(first.target, item, first.target)
                if all(self.truth(self.value(test)) for test in first.ifs):
                    if rest:
                        yield from self._each(rest)
                    else:
                        yield
        finally:
            self.frame = outer

    def bind(self, target: ast.AST, value: Value, node: ast.AST) -> None:
        """Give a loop's variables their values."""
        if isinstance(target, ast.Name):
            self.frame.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part, each in zip(target.elts, self.unpacked(value, target.elts), strict=True):
                self.bind(part, each, node)

    def unpacked(self, value: Value, targets: list[ast.expr]) -> list[Value]:
        """As many values as there are targets."""
        count = len(targets)
        star = next((k for k, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        if isinstance(value, Unknown):
            return [Unknown("unpacked", value.of)] * count
        if isinstance(value, Open) and value.cell is None:
            names = [self.source(t) for t in targets]
            value = [value.items.setdefault(k, Open(n, of=value.of)) for k, n in enumerate(names)]
        found = self.items(value)
        if found is not None and star is not None and len(found) >= count - 1:
            stop = len(found) - (count - star - 1)
            return [*found[:star], found[star:stop], *found[stop:]]
        if found is None or len(found) != count:
            if found is not None:
                self.trouble("unsupported", self.node, what="unpacking")
            return [Unknown("unpacked")] * count
        return found

    def items(self, value: Value) -> list[Value] | None:
        """What going through ``value`` gives, where that is a list; None else."""
        match value:
            case list() | tuple():
                return list(value)
            case dict():
                return [self.plain(key) for key in value]
            case str():
                return list(value)
            case Range():
                return self.counted(value)
            case Instance():
                return fields(value)
        return None

    @staticmethod
    def plain(key: Any) -> Value:
        return key if isinstance(key, (str, bool, tuple)) else number(key)

    def counted(self, given: Range) -> list[Value] | None:
        start, stop = self.whole(given.start), self.whole(given.stop)
        if start is None or stop is None:
            return None
        numbers = range(start, stop, given.step)
        return [number(n) for n in numbers] if len(numbers) <= ITEMS else None

    def summed(self, values: list[Value]) -> Value:
        total: Value = number(S.Zero)
        for value in values:
            total = self.on.each(Add, self.arr(total), self.arr(value))
        return total

    def zipped(self, args: list[Value]) -> Value:
        lists = [self.items(a) for a in args]
        if all(x is not None for x in lists):
            return [tuple(each) for each in zip(*lists, strict=False)]
        if any(isinstance(a, (list, tuple)) for a in args):
            raise Unsupported("zip")
        return Zip(tuple(args))
