"""Functions that carry a derivative back through what another one computes.

``X_backward(dout, cache)`` beside ``out, cache = X_forward(x, w)`` is a product of a vector with a
Jacobian: it gives the derivatives of Σ dout · out by x and w, for any dout.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, S

from symbp.equations.tensor import entries, is_entry, tensor_of
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.loops import Loops
from symbp.verification.code.machine import Restart
from symbp.verification.code.values import Arr, Cell, Class, Function, Instance, Open, Value
from symbp.verification.code.vocabulary import TROUBLES, Lost

BACK = re.compile(r"(?i)_?(backward|backprop|bwd|back|vjp|gradients?|grads?|derivative|bprop)_?")
WAYS = ("forward", "fwd", "forwardprop", "fprop", "")
METHODS = ("forward", "__call__", "fwd")
BACKWARD = ("backward", "bwd", "backprop")
TRAINING = re.compile(r"(?i)(train|fit|main|run)(_|$)")
INCOMING = re.compile(r"(?i)^(d|grad|delta|upstream|g$|dl|up)")


@dataclass(frozen=True)
class Pair:
    """Names of two functions, or of two methods of the class ``owner``."""

    forward: str
    backward: str
    owner: str = ""

    @property
    def entry(self) -> str:
        return f"{self.owner}.{self.backward}" if self.owner else self.backward


def pairs(module: ast.Module) -> list[Pair]:
    """All pairs of a module, by their names."""
    names = [s.name for s in module.body if isinstance(s, ast.FunctionDef)]
    found = [
        Pair(partner, name)
        for name in names
        if BACK.search(name) and (partner := _partner(name, names))
    ]
    for each in module.body:
        if isinstance(each, ast.ClassDef):
            own = [s.name for s in each.body if isinstance(s, ast.FunctionDef)]
            ahead = next((m for m in METHODS if m in own), None)
            behind = next((m for m in BACKWARD if m in own), None)
            if ahead and behind:
                found.append(Pair(ahead, behind, each.name))
    return found


def _partner(name: str, names: list[str]) -> str | None:
    """The function whose name is that of ``name`` but for the way that it goes."""
    match = BACK.search(name)
    assert match is not None
    before, after = name[: match.start()], name[match.end() :]
    for tail in (after, ""):
        for way in WAYS:
            parts = [part for part in (before, way, tail) if part]
            other = "_".join(parts)
            if other in names and other != name:
                return other
    return None


def definitions(module: ast.Module) -> list[ast.stmt]:
    """What a module defines: functions, classes, modules, and plain numbers."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return [s for s in module.body if isinstance(s, kinds) or _is_constant(s)]


def done(module: ast.Module) -> list[ast.stmt]:
    """What a module does besides; what it trains with is meant to be called."""
    known = definitions(module)
    rest = [s for s in module.body if s not in known or TRAINING.match(getattr(s, "name", ""))]
    return [s for s in rest if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)


def follow(reader: Loops, pair: Pair) -> None:
    """Read both functions of ``pair``, the way back for a derivative of which nothing is known."""
    try:
        _Following(reader, pair).follow()
    except (Lost, Shapes, Unsupported, *TROUBLES):
        reader.measured.clear()
        reader.wanted.clear()


class _Following:
    def __init__(self, reader: Loops, pair: Pair) -> None:
        self.reader, self.pair = reader, pair
        self.given: dict[str, Value] = {}

    def follow(self) -> None:
        forward, backward = self._functions()
        names = _arguments(forward)
        self.given = {n: self._argument(forward, n) for n in names}
        made = self.reader.applied(forward, [], self.given, forward.node)
        pool = {**self.reader.last_names, **self.given}
        outs = self._outputs(forward, made, backward)
        incoming = self._incoming(backward, outs, pool)
        back = self.reader.applied(backward, [], incoming, backward.node)
        self._returned(backward, back, names)

    def _argument(self, function: Function, name: str) -> Value:
        """An argument of which nothing is known but its name, or its default."""
        default = function.defaults.get(name)
        if isinstance(default, (bool, str, Arr)):
            return default
        return Open(name)

    def _functions(self) -> tuple[Function, Function]:
        names = self.reader.frame.names
        if not self.pair.owner:
            found = names.get(self.pair.forward), names.get(self.pair.backward)
        else:
            cls = names.get(self.pair.owner)
            if not isinstance(cls, Class):
                raise Lost
            made = self.reader.made_of(cls, [], {}, ast.Module([], []))
            assert isinstance(made, Instance)
            self.instance = made
            members = (cls.find(self.pair.forward), cls.find(self.pair.backward))
            found = tuple(self.reader.bound(m, made, cls) for m in members)
        ahead, behind = found
        if not isinstance(ahead, Function) or not isinstance(behind, Function):
            raise Lost
        return ahead, behind

    def _outputs(
        self, forward: Function, made: Value, backward: Function
    ) -> list[tuple[str, Value]]:
        """What the forward pass gives, what it only keeps for the way back left out."""
        values = list(made) if isinstance(made, tuple) else [made]
        nodes = _returned_nodes(forward, len(values))
        wanted = _arguments(backward)
        self.kept: list[Value] = []
        outs = []
        for node, value in zip(nodes, values, strict=True):
            name = node.id if isinstance(node, ast.Name) else ""
            is_array = isinstance(value, (Arr, Cell)) or (isinstance(value, Open) and value.cell)
            if is_array and name not in wanted and entries(self.reader.arr(value).body):
                outs.append((name, value))
            else:
                self.kept.append(value)
        if not outs:
            raise Lost
        return outs

    def _incoming(
        self, backward: Function, outs: list[tuple[str, Value]], pool: dict[str, Value]
    ) -> dict[str, Value]:
        """Arguments of the way back: derivatives by ``outs``, and what forward has left."""
        given: dict[str, Value] = {}
        open_: list[str] = []
        rest = list(outs)
        arguments = _arguments(backward)
        for name in arguments:
            own = next((o for o in rest if o[0] and _is_of(name, o[0])), None)
            if own is not None:
                rest.remove(own)
                given[name] = self._measured(name, own[1])
            elif name in pool:
                given[name] = pool[name]
            else:
                open_.append(name)
        first = [n for n in open_ if INCOMING.match(n)] or open_[:1]
        if len(rest) == len(outs) and first and first[0] == (open_ or [""])[0]:
            given[first[0]] = self._measured(first[0], rest.pop(0)[1])
            open_.remove(first[0])
        if not self.reader.measured:
            raise Lost
        return given | dict(zip(open_, self.kept, strict=False))

    def _measured(self, name: str, out: Value) -> Value:
        """A derivative by ``out`` that may be anything."""
        reader = self.reader
        arr = reader.on.fresh(reader.arr(out))
        stored = reader.new_input(name, tuple(i and i.axis for i in arr.idx), "data")
        product = reader.on.each(lambda a, b: a * b, stored, arr)
        reader.measured.append(reader.on.sum_of(product.body, *product.real))
        return Cell(stored, name)

    def _returned(self, backward: Function, back: Value, names: list[str]) -> None:
        """The derivatives that are given back, each with what it is by."""
        if back is not None:
            values = list(back) if isinstance(back, tuple) else [back]
            nodes = _returned_nodes(backward, len(values))
            if isinstance(back, dict):
                values = list(back.values())
                nodes = [ast.Name(str(key), ast.Load()) for key in back]
            for place, (node, value) in enumerate(zip(nodes, values, strict=True)):
                name = node.id if isinstance(node, ast.Name) else ""
                other = names[place] if place < len(names) else ""
                self._wanted(name, other, value, node)
        if self.pair.owner:
            for name, value in list(self.instance.items.items()):
                if isinstance(name, str) and name not in names:
                    self._wanted(name, "", value, backward.node)

    def _wanted(self, name: str, other: str, value: Value, node: ast.AST) -> None:
        """``value`` is called ``name``, or stands where ``other`` does among the arguments."""
        if not isinstance(value, (Arr, Cell)):
            return
        source = self._source(name) if name else None
        if source is None and not (name and len(name) > 2 and not name.endswith(other)):
            source = (
                self.given.get(other) if not name or _is_of(name, other) or name == "dx" else None
            )
        tensor = self._tensor(source)
        if tensor is None:
            return
        arr = self.reader.arr(value)
        self._ranked(tensor, arr)
        if not self.reader.bare(arr):
            if not entries(arr.body):
                return
            arr = self.reader.store(name or f"d{other}", arr, node)
        if is_entry(arr.body):
            self.reader.wanted.append((tensor, tensor_of(arr.body), node))

    def _ranked(self, tensor: Any, arr: Arr) -> None:
        """An argument of which nobody says how many dimensions it has, has those of its derivative.

        Raises ``Restart``.
        """
        reader = self.reader
        name = reader.guesses.get(tensor)
        if name is None or not arr.rank or (f"rank {name}", 0, 0) in reader.decisions:
            return
        rank = len(tensor.axes)
        is_row = arr.rank == 2 and arr.idx[0] is None
        if arr.rank != rank:
            raise Restart((f"rank {name}", 0, 0), "row" if is_row else str(arr.rank))

    def _source(self, name: str) -> Value:
        """What ``name`` is the derivative by: an argument, or an attribute."""
        pool: dict[Any, Value] = dict(self.given)
        if self.pair.owner:
            pool = {**self.instance.items, **pool}
        return next((v for k, v in pool.items() if isinstance(k, str) and _is_of(name, k)), None)

    def _tensor(self, source: Value) -> Any:
        cell = source.cell if isinstance(source, Open) else source
        if not isinstance(cell, Cell) or cell.lost:
            return None
        body = cell.value.body
        return tensor_of(body) if is_entry(body) and self.reader.is_input(cell.value) else None


def _is_of(gradient: str, name: str) -> bool:
    """Whether ``gradient`` is what the derivative by ``name`` is called."""
    plain = gradient.lower().replace("_", "")
    wanted = name.lower().replace("_", "")
    made = (f"d{wanted}", f"grad{wanted}", f"{wanted}grad", f"dl{wanted}", f"dld{wanted}")
    return bool(wanted) and plain in (*made, f"g{wanted}", f"delta{wanted}", f"ded{wanted}")


def _arguments(function: Function) -> list[str]:
    spec = function.node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    return names[1:] if function.self is not None else names


def _returned_nodes(function: Function, count: int) -> list[ast.AST]:
    """What is typed for each value that a function returns."""
    found = [n.value for n in _returns(function.node) if n.value is not None]
    if found:
        last = found[-1]
        nodes = list(last.elts) if isinstance(last, ast.Tuple) and count > 1 else [last]
        if len(nodes) == count:
            return list(nodes)
    return [ast.Constant(None)] * count


def _returns(node: ast.AST) -> Iterator[ast.Return]:
    """The ``return``s of a function, those of functions in it left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _returns(child)


def measure(terms: list[Expr]) -> Expr:
    """Σ dout · out over all that comes out."""
    return Add(*terms) if terms else S.Zero
