"""The values of expressions of a program."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.tensor import entries, is_entry, tensor_of
from symbp.verification.code import library, operations, shaping, strides
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.axes import Unequal
from symbp.verification.code.foreign import FOREIGN
from symbp.verification.code.going_through import GoingThrough
from symbp.verification.code.machine import DATA, PAIRS, Restart
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
    Super,
    Unknown,
    Value,
    Words,
    number,
)
from symbp.verification.code.vocabulary import (
    ARRAY_ATTRIBUTES,
    Lost,
)
from symbp.verification.code.writing import READING_METHODS

UFUNCS = frozenset({*operations.UNARY, *operations.BINARY, *operations.LOGIC})
SAME = frozenset({("multiply", "outer")})
"""Methods of those that are functions of NumPy by the same name."""


class Expressions(GoingThrough):
    """Evaluates; what is not followed becomes ``Unknown``, and so does what depends on it."""

    def value_Attribute(self, node: ast.Attribute) -> Value:
        owner = self.value(node.value)
        name = node.attr
        match owner:
            case Unknown():
                is_read = name in READING_METHODS and owner.of
                return Builtin(name, owner) if is_read else Unknown("lost", owner.of)
            case Module():
                return self._of_module(owner, name)
            case Builtin(self=None) if owner.name in UFUNCS and (owner.name, name) not in SAME:
                return Module(f"numpy.{name}" if name == "at" else f"numpy.{owner.name}.{name}")
            case Builtin(self=None):  # np.random is called, or has members
                return self._of_module(Module("numpy"), name)
            case Instance():
                return self._of_instance(owner, name, node)
            case Super():
                for base in owner.owner.bases:
                    try:
                        return self.bound(base.find(name), owner.self, base)
                    except KeyError:
                        continue
                return Builtin("nothing") if owner.owner.is_known else Unknown(name, (owner.self,))
            case Class():
                try:
                    return owner.find(name)
                except KeyError:
                    raise Lost from None
            case Open() if owner.name in FOREIGN and name == "values":  # of a table
                return owner.items.setdefault(name, Open(name, owner=owner))
            case Open() if owner.cell is None and name not in ARRAY_ATTRIBUTES | library.METHODS:
                if name in ("items", "values", "keys", "append", "get", "update"):
                    return Builtin(name, owner)
                return owner.items.setdefault(name, Open(name, owner=owner))
            case Arr() | Cell() | Open():
                return self._of_array(owner, name)
            case list() | dict() | tuple() | str() | Words():
                return Builtin(name, owner)
            case Builtin():
                return replace(self.trouble("unsupported", node, what=f".{name}"), of=(owner,))
        raise Unsupported(f".{name}")

    def _of_module(self, owner: Module, name: str) -> Value:
        if name in library.CONSTANTS:
            return library.CONSTANTS[name]
        if name in library.FUNCTIONS:
            return Builtin(name, numeric=True)
        return Module(f"{owner.name}.{name}")

    def _of_instance(self, owner: Instance, name: str, node: ast.AST) -> Value:
        if name in owner.items:
            return owner.items[name]
        try:
            member = owner.cls.find(name)
        except KeyError:
            if name == "__class__":
                return owner.cls
            if name == "_asdict":
                return Builtin(name, owner)
            return replace(self.trouble("unknown_name", node, name=name), of=(owner,))
        return self.bound(member, owner, owner.cls)

    def bound(self, member: Value, owner: Instance, cls: Class) -> Value:
        if not isinstance(member, Function) or member.kind == "staticmethod":
            return member
        made = Function(
            member.name, member.node, member.outer, member.defaults, owner, member.owner or cls
        )
        return self.call(made, [], {}, member.node) if member.kind == "property" else made

    def call(
        self, function: Value, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        raise NotImplementedError

    def _of_array(self, owner: Value, name: str) -> Value:
        if name in ("shape", "ndim", "size", "dtype"):
            if isinstance(owner, Open) and owner.cell is None and name == "shape":
                self.opened(owner, self._asked(owner))
            used = owner.used if isinstance(owner, Cell) else False
            arr = self.arr(owner) if not isinstance(owner, Cell) else owner.value
            if isinstance(owner, Cell):
                owner.used = used
            match name:
                case "shape":
                    return tuple(number(s) for s in self.on.shape(arr))
                case "ndim":
                    return number(arr.rank)
                case "size":
                    return shaping.size_of(self, [arr], {}, self.node)
            return "float64"
        if name == "strides":
            return strides.strides_of(self, self.arr(owner))
        if name == "T":
            return self.view(owner, self.on.transposed(self.arr(owner)))
        return Builtin(name, owner)

    def _asked(self, owner: Open) -> int | None:
        """As many dimensions as names are given to: ``N, T, D = x.shape``."""
        match self.statement:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Attribute(attr="shape")):
                return len(names)
        return None

    def value_Subscript(self, node: ast.Subscript) -> Value:
        owner = self.value(node.value)
        try:
            return self.entry_of(owner, node)
        except (Lost, Shapes, Unequal, Unsupported) as what:
            of = () if any(map(self._is_choosing, ast.walk(node.slice))) else (owner,)
            return replace(self.unread(what, node), of=of)

    def entry_of(self, owner: Value, node: ast.Subscript) -> Value:
        match owner:
            case Unknown() | Words():
                raise Lost
            case dict():
                key = self.hashable(self.value(node.slice))
                if key is None:
                    raise Lost
                if key not in owner:
                    return self.trouble("unknown_name", node, name=str(key))
                return owner[key]
            case list() | tuple() | str():
                return self._of_list(owner, node)
            case Range():
                return self._of_list(self.items(owner) or [], node)
            case Open() if (
                owner.cell is None
                and PAIRS.search(owner.name)
                and isinstance(node.slice, ast.Slice)
            ):
                return owner
            case Open() if owner.cell is None and not self._is_array_key(owner, node.slice):
                key = self.hashable(self.value(node.slice))
                if key is None:
                    raise Lost
                name = key if isinstance(key, str) else f"{owner.name}[{key}]"
                return owner.items.setdefault(key, Open(name))
            case Arr() | Cell() | Open():
                if self._is_whole(node.slice):
                    return owner
                given = self._array(owner, node.slice)
                places = self.places(given, node.slice)
                taken = self.select.taken(given, places)
                if not self._are_ranges(places, node.slice):
                    return replace(taken, of=())
                return self.view(owner, taken, self._told(places, node.slice))
            case Instance():
                return Unknown("item")
            case Module():  # np.c_[…], np.r_[…]
                return Unknown("module")
            case Builtin() if owner.name not in library.FUNCTIONS:  # a type: dict[str, float]
                return Unknown("type")
            case Builtin():
                parts = self.value(node.slice)
                return library.FUNCTIONS[owner.name](self, [parts], {}, node)
        raise Unsupported("subscript")

    def _array(self, owner: Value, key: ast.AST) -> Arr:
        """``owner``, which has as many dimensions as are asked for, where nothing else says."""
        parts = key.elts if isinstance(key, ast.Tuple) else [key]
        count = sum(not isinstance(p, ast.Constant) or p.value is not None for p in parts)
        if isinstance(owner, Open) and owner.cell is None:
            self.opened(owner, count)
        arr = self.arr(owner)
        if count > arr.rank and any(tensor_of(e) in self.guesses for e in entries(arr.body)):
            raise Unsupported("an array of another rank")
        return arr

    def _is_array_key(self, owner: Open, key: ast.AST) -> bool:
        """Whether what stands between the brackets says that ``owner`` is an array."""
        if isinstance(key, (ast.Slice, ast.Tuple)):
            return True
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return False
        if isinstance(key, ast.Name):
            place = self.frame.names.get(key.id)
            if isinstance(place, Arr) and place.body.atoms(Index):  # a turn of a loop
                return True
        is_decided = (f"rank {owner.name}", 0, 0) in self.decisions
        return is_decided or (DATA.match(owner.name) is not None and not owner.items)

    @staticmethod
    def _is_whole(key: ast.AST) -> bool:
        return isinstance(key, ast.Slice) and (key.lower, key.upper, key.step) == (None, None, None)

    def _of_list(self, owner: Any, node: ast.Subscript) -> Value:
        if isinstance(node.slice, ast.Slice):
            ends = [
                None if e is None else self.whole(self.arr(self.value(e)))
                for e in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            typed = (node.slice.lower, node.slice.upper, node.slice.step)
            if any(e is None and t is not None for e, t in zip(ends, typed, strict=True)):
                raise Unsupported("subscript")
            return owner[slice(*ends)]
        place = self.whole(self.arr(self.value(node.slice)))
        if place is None or not -len(owner) <= place < len(owner):
            raise Unsupported("subscript")
        return owner[place]

    @staticmethod
    def _told(places: list[Any], key: ast.AST) -> tuple[Any, ...] | None:
        """``places`` with the ends that are typed; None where an axis is added or left out."""
        nodes = key.elts if isinstance(key, ast.Tuple) else [key]
        is_plain = all(isinstance(place, (Arr, slice)) for place in places)
        if not is_plain or len(nodes) != len(places):
            return None
        told = []
        for node, place in zip(nodes, places, strict=True):
            match node:
                case ast.Slice(lower=None, upper=ast.Constant(value=int(stop)), step=None):
                    told.append(slice(None, number(stop)))
                case _:
                    told.append(place)
        return tuple(told)

    def _is_choosing(self, node: ast.AST) -> bool:
        """Whether something between brackets chooses entries, which are copied then."""
        value = self.found(node.id) if isinstance(node, ast.Name) else None
        arr = value.value if isinstance(value, Cell) else value
        is_several = isinstance(arr, list) or (isinstance(arr, Arr) and arr.rank > 0)
        return is_several or isinstance(node, (ast.Compare, ast.List))

    @staticmethod
    def _are_ranges(places: list[Any], key: ast.AST) -> bool:
        """Whether what is typed gives a view: no list of positions is there, and no condition."""
        nodes = key.elts if isinstance(key, ast.Tuple) else [key]
        typed = nodes if len(nodes) == len(places) else [key] * len(places)
        return all(
            isinstance(node, ast.Slice) or not isinstance(place, Arr) or not place.rank
            for node, place in zip(typed, places, strict=True)
        )

    def places(self, arr: Arr, key: ast.AST) -> list[Any]:
        """What stands between the brackets of an array."""
        nodes = key.elts if isinstance(key, ast.Tuple) else [key]
        out: list[Any] = []
        for each in nodes:
            if isinstance(each, ast.Slice):
                out.append(self._slice(arr, len(out), each))
                continue
            if isinstance(each, ast.Starred):
                out += [self.place(v) for v in self.items(self.value(each.value)) or []]
                continue
            value = self.value(each)
            if value is None or value is Ellipsis:
                out.append(value)
                continue
            if isinstance(value, tuple) and len(nodes) == 1:
                out += [self.place(v) for v in value]
                continue
            out.append(self.place(value))
        return out

    def place(self, value: Value) -> Any:
        if isinstance(value, (slice, type(None))):
            return value
        arr = self.arr(value)
        if arr.rank > 1 and None not in arr.idx and arr.condition is None and is_entry(arr.body):
            tensor = self.origin(tensor_of(arr.body))
            key = (f"rank {tensor.name}", 0, 0)
            is_guess = tensor in self.guesses
            if is_guess and self.kinds[tensor] in ("data", "open") and key not in self.decisions:
                raise Restart(key, "1")  # an array of positions: labels
        known = self.numeric(arr)
        return number(known) if known is not None and known.is_Integer else arr

    def _slice(self, arr: Arr, place: int, node: ast.Slice) -> Any:
        ends = [
            None if e is None else self.arr(self.value(e))
            for e in (node.lower, node.upper, node.step)
        ]
        known = [None if e is None else self.numeric(e) for e in ends]
        if all(e is None or k is not None for e, k in zip(ends, known, strict=True)):
            step = None if known[2] in (None, 1) else self.whole(ends[2])  # type: ignore[arg-type]
            size = self.on.axes.size(i.axis) if place < arr.rank and (i := arr.idx[place]) else None
            if step is not None or (size is not None and self.is_learnt(arr)):
                first, last = (None if k is None else number(k) for k in known[:2])
                return slice(first, last, step)
            if (
                known[0] in (None, 0)
                and known[1] is not None
                and size is not None
                and known[1] >= size
            ):
                return slice(None)
            if known[:2] == [None, None]:
                return slice(None)
            if known[0] in (None, 0) and known[1] is not None and known[1] != 1:
                return self.rows(f"{self.source(node)} of {place}", known[1])
            if known[1] is None and known[0] is not None and known[0] > 0 and size is None:
                return self._rest(known[0], place, node)
            return slice(*(None if k is None else number(k) for k in known[:2]))
        if (exact := self._between(arr, place, ends)) is not None:
            return exact
        return self.rows(self.source(node))

    def _between(self, arr: Arr, place: int, ends: list[Arr | None]) -> slice | None:
        """Ends that are counted in sizes, and in the turns of a loop; None for other ends."""
        axis = i.axis if place < arr.rank and (i := arr.idx[place]) else None
        if ends[2] is not None or axis is None:
            return None
        bodies = [self.position(e) for e in ends[:2] if e is not None]
        if any(b.free_symbols - b.atoms(Size, Index) for b in bodies):
            return None
        first, last = (None if e is None else Arr((), self.position(e)) for e in ends[:2])
        is_first = first is None or first.body == 0
        if is_first and last is not None and isinstance(last.body, Size):
            same = self.on.axes.find(last.body.axis) == self.on.axes.find(axis)
            if same or not self._is_inner(last.body.axis):
                return slice(None)
        return slice(first, last)

    def _is_inner(self, axis: Axis) -> bool:
        """Whether another dimension than that of samples is so long: that of a parameter."""
        here = self.on.axes.find(axis)
        return any(
            self.on.axes.find(a) == here
            for tensor, kind in self.kinds.items()
            if kind in ("parameter", "open") and len(tensor.axes) > 1
            for a in tensor.axes
        )

    def position(self, where: Arr) -> Expr:
        """A place on an axis, with the numbers that are known in it."""
        body = self.on.axes.current(where.body)
        known = {e: k for e in entries(body) if (k := self.known.get(tensor_of(e))) is not None}
        body = body.xreplace(known)
        if body.atoms(Index):  # the step of a window: two, where nobody says it
            rest = {e: self.settled_number(Arr((), e), 2) for e in entries(body)}
            body = body.xreplace(rest)
        return body.expand()

    def _rest(self, start: Expr, place: int, node: ast.Slice) -> Any:
        """``[start:]`` of as many as a run has; one, where that is what it meets."""
        key = self.key(f"rest of {place}", node)
        if self.decisions.get(key) == "1":
            return slice(number(start), number(start + 1))
        rows = self.rows(f"{self.source(node)} of {place}")
        self.tails[rows.idx[0].axis] = key  # type: ignore[union-attr]
        return rows

    def rows(self, typed: str, count: Expr | None = None) -> Arr:
        """Positions that a run chooses, the same wherever the same is typed."""
        found: dict[str, Arr] = self.__dict__.setdefault("_rows", {})
        if typed not in found:
            known = int(count) if count is not None and count.is_Integer and count > 0 else None
            axis = self.on.axes.fresh(known)
            found[typed] = self.new_input(typed, (axis,), "counter")
        return found[typed]
