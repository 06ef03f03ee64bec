"""The values of expressions of a program."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from sympy import Add, Expr, Integer, Rational, S
from sympy import Not as LogicalNot

from symbp.equations.axis import Axis, Size
from symbp.equations.tensor import entries, is_entry, tensor_of
from symbp.verification.code import library, making, operations, shaping
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.axes import Unequal
from symbp.verification.code.limits import DIGITS, ITEMS, RANK, ROUNDS
from symbp.verification.code.machine import DATA, PAIRS, Machine, Restart
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
    Range,
    Super,
    Unknown,
    Value,
    Words,
    Zip,
    number,
)

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}
RELATIONS: dict[type[ast.AST], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
WHOLE: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.FloorDiv: lambda a, b: (a / b).floor() if hasattr(a / b, "floor") else a // b,
    ast.Mod: lambda a, b: a % b,
}
BITWISE: dict[type[ast.AST], str] = {ast.BitAnd: "logical_and", ast.BitOr: "logical_or"}
ARRAY_ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype"})
BUILTINS = frozenset(
    {
        "print",
        "len",
        "range",
        "enumerate",
        "zip",
        "reversed",
        "list",
        "tuple",
        "dict",
        "set",
        "sum",
        "min",
        "max",
        "abs",
        "float",
        "int",
        "str",
        "round",
        "isinstance",
        "hasattr",
        "getattr",
        "setattr",
        "sorted",
        "map",
        "filter",
        "any",
        "all",
        "pow",
        "bool",
        "type",
        "super",
        "repr",
        "iter",
        "next",
        "callable",
        "format",
        "divmod",
        "id",
        "input",
        "open",
        "object",
        "slice",
    }
)
TYPES = frozenset(
    {
        "Exception",
        "ValueError",
        "NotImplementedError",
        "TypeError",
        "RuntimeError",
        "AssertionError",
        "KeyError",
        "IndexError",
        "staticmethod",
        "classmethod",
        "property",
        "bytes",
        "complex",
    }
)


class Lost(Exception):
    """What is needed is not known, as was told before."""


TROUBLES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
)


class Expressions(Machine):
    """Evaluates; what is not followed becomes ``Unknown``, and so does what depends on it."""

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

    # ------------------------------------------------------------ what a value is used as

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
            return target
        return value

    def astype(self, given: Value, args: Any, kw: Any, node: ast.AST) -> Value:
        return self.arr(given)

    # ------------------------------------------------------------ leaves

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

    def value_JoinedStr(self, node: ast.JoinedStr) -> Value:
        out, known = "", True
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            text = self.spelled(self.value(inner), inner)
            known = known and text is not None
            out += text or ""
        return out if known and len(out) < ITEMS else Words()

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
        if isinstance(arr, Arr) and not arr.real and not self.loops:
            kinds = [self.kinds.get(tensor_of(e)) for e in entries(arr.body)]
            if any(kind not in ("rate", "counter") for kind in kinds):
                self.shown.append((name, arr.body, node))

    # ------------------------------------------------------------ operators

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
        return Unknown("condition")

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

    # ------------------------------------------------------------ comprehensions

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
        if isinstance(value, Open) and value.cell is None:
            names = [self.source(t) for t in targets]
            value = [value.items.setdefault(k, Open(n)) for k, n in enumerate(names)]
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

    # ------------------------------------------------------------ attributes

    def value_Attribute(self, node: ast.Attribute) -> Value:
        owner = self.value(node.value)
        name = node.attr
        match owner:
            case Unknown():
                raise Lost
            case Module():
                return self._of_module(owner, name)
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
                return Builtin("nothing")
            case Class():
                try:
                    return owner.find(name)
                except KeyError:
                    raise Lost from None
            case Open() if owner.cell is None and name not in ARRAY_ATTRIBUTES | library.METHODS:
                if name in ("items", "values", "keys", "append", "get", "update"):
                    return Builtin(name, owner)
                return owner.items.setdefault(name, Open(name))
            case Arr() | Cell() | Open():
                return self._of_array(owner, name)
            case list() | dict() | tuple() | str() | Words():
                return Builtin(name, owner)
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
            return self.trouble("unknown_name", node, name=name)
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
        if name == "T":
            return self.on.transposed(self.arr(owner))
        return Builtin(name, owner)

    # ------------------------------------------------------------ entries

    def value_Subscript(self, node: ast.Subscript) -> Value:
        return self.entry_of(self.value(node.value), node)

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
                given = self.arr(owner)
                return self.select.taken(given, self.places(given, node.slice))
            case Instance():
                return Unknown("item")
            case Module():  # np.c_[…], np.r_[…]
                return Unknown("module")
            case Builtin():
                parts = self.value(node.slice)
                return library.FUNCTIONS[owner.name](self, [parts], {}, node)
        raise Unsupported("subscript")

    def _is_array_key(self, owner: Open, key: ast.AST) -> bool:
        """Whether what stands between the brackets says that ``owner`` is an array."""
        if isinstance(key, (ast.Slice, ast.Tuple)):
            return True
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return False
        return DATA.match(owner.name) is not None and not owner.items

    @staticmethod
    def _is_whole(key: ast.AST) -> bool:
        return isinstance(key, ast.Slice) and (key.lower, key.upper, key.step) == (None, None, None)

    def _of_list(self, owner: Any, node: ast.Subscript) -> Value:
        if isinstance(node.slice, ast.Slice):
            ends = [
                None if e is None else self.whole(self.arr(self.value(e)))
                for e in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            return owner[slice(*ends)]
        place = self.whole(self.arr(self.value(node.slice)))
        if place is None or not -len(owner) <= place < len(owner):
            raise Unsupported("subscript")
        return owner[place]

    def places(self, arr: Arr, key: ast.AST) -> list[Any]:
        """What stands between the brackets of an array."""
        nodes = key.elts if isinstance(key, ast.Tuple) else [key]
        out: list[Any] = []
        for each in nodes:
            if isinstance(each, ast.Slice):
                out.append(self._slice(arr, len(out), each))
                continue
            value = self.value(each)
            if value is None or value is Ellipsis:
                out.append(value)
                continue
            if isinstance(value, tuple) and len(nodes) == 1:
                out += [self._place(v) for v in value]
                continue
            out.append(self._place(value))
        return out

    def _place(self, value: Value) -> Any:
        if isinstance(value, (slice, type(None))):
            return value
        arr = self.arr(value)
        if arr.rank > 1 and None not in arr.idx and arr.condition is None and is_entry(arr.body):
            tensor = self.origin(tensor_of(arr.body))
            key = (f"rank {tensor.name}", 0, 0)
            if self.kinds.get(tensor) in ("data", "open") and key not in self.decisions:
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
            if known[2] is not None and known[2] != 1:
                raise Unsupported("a slice with steps")
            size = self.on.axes.size(i.axis) if place < arr.rank and (i := arr.idx[place]) else None
            if (
                known[0] in (None, 0)
                and known[1] is not None
                and size is not None
                and known[1] >= size
            ):
                return slice(None)
            if known[:2] == [None, None]:
                return slice(None)
            if known[0] in (None, 0) and known[1] is not None:
                return self.rows(f"{self.source(node)} of {place}", known[1])
            return slice(*(None if k is None else number(k) for k in known[:2]))
        if known[0] in (None, 0) and ends[1] is not None and isinstance(ends[1].body, Size):
            return slice(None)
        return self.rows(self.source(node))

    def rows(self, typed: str, count: Expr | None = None) -> Arr:
        """Positions that a run chooses, the same wherever the same is typed."""
        found: dict[str, Arr] = self.__dict__.setdefault("_rows", {})
        if typed not in found:
            known = int(count) if count is not None and count.is_Integer and count > 0 else None
            axis = self.on.axes.fresh(known)
            found[typed] = self.new_input(typed, (axis,), "counter")
        return found[typed]

    def value_Slice(self, node: ast.Slice) -> Value:
        if self._is_whole(node):
            return slice(None)
        raise Unsupported("slice")

    def value_Starred(self, node: ast.Starred) -> Value:
        raise Unsupported("starred")

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
