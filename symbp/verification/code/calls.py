"""Calls: of functions that the program defines, and of those of Python and NumPy."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence
from typing import Any

from sympy import Abs

from symbp.equations.axis import Size, Total
from symbp.verification.code import library
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.expressions import Expressions, Lost
from symbp.verification.code.limits import CALLS, ITEMS
from symbp.verification.code.machine import PAIRS, RATES
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

NONLINEAR = frozenset({*library.UNARY, "maximum", "where", "softmax", "clip"})
GENERATORS = frozenset({"default_rng", "RandomState", "Generator", "PCG64", "get_state"})
LOADERS = frozenset(
    {
        "load",
        "loadtxt",
        "read_csv",
        "genfromtxt",
        "load_iris",
        "load_digits",
        "make_moons",
        "make_blobs",
        "make_circles",
        "load_data",
        "fetch_openml",
        "fit_transform",
        "transform",
        "train_test_split",
        "get_dummies",
        "to_numpy",
        "load_mnist",
        "loadmat",
    }
)


class Calls(Expressions):
    """Evaluates calls. ``called`` remembers which functions of the program were."""

    def value_Call(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        args: list[Value] = []
        for each in node.args:
            if isinstance(each, ast.Starred):
                args += self.items(self.value(each.value)) or [Unknown("starred")]
            else:
                args.append(self._input(function, each))
        kw: dict[str, Value] = {}
        for word in node.keywords:
            value = self.value(word.value)
            if word.arg is not None:
                kw[word.arg] = value
            elif isinstance(value, dict):
                kw |= {str(k): v for k, v in value.items()}
        if isinstance(function, (Function, Class)) and len(args) == len(node.args):
            args = [self.argument(a, n) for a, n in zip(args, node.args, strict=True)]
        return self.call(function, args, kw, node)

    def _input(self, function: Value, node: ast.expr) -> Value:
        """What a function of NumPy is applied to, called what was typed.

        It is a node of the network, as u is in ``np.tanh(x @ w + b)``.
        """
        if (
            not isinstance(function, Builtin)
            or not function.numeric
            or function.name not in NONLINEAR
        ):
            return self.value(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._input(function, node.operand)
            return self.on.each(lambda x: -x, self.arr(inner))
        value = self.value(node)
        if isinstance(value, Arr) and value.rank and value.body.has(Total):
            return self.argument(value, node)
        return value

    def argument(self, value: Value, node: ast.AST) -> Value:
        """An array that is computed where it is handed over gets the name that was typed there."""
        if not isinstance(value, Arr) or not self.on or not value.body.free_symbols:
            return value
        if not value.rank and all(isinstance(s, Size) for s in value.body.free_symbols):
            return value
        stored = self.store(self.source(node), value, node)
        return (
            stored
            if stored is value and not value.rank
            else Cell(stored, self.source(node), len(self.loops))
        )

    def call(
        self, function: Value, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        match function:
            case Unknown():
                raise Lost
            case Function():
                return self.applied(function, args, kw, node)
            case Class():
                return self.made_of(function, args, kw, node)
            case Instance():
                for name in ("__call__", "forward"):
                    try:
                        member = function.cls.find(name)
                    except KeyError:
                        continue
                    return self.call(self.bound(member, function, function.cls), args, kw, node)
                raise Unsupported("call")
            case Builtin():
                return self.builtin(function, args, kw, node)
            case str() if function in library.FUNCTIONS:  # a type
                return self.builtin(Builtin(function, numeric=True), args, kw, node)
            case Module():
                return self._foreign(function, node)
            case Open():
                return self._opaque(function, args, node)
        raise Unsupported("call")

    def _foreign(self, function: Module, node: ast.AST) -> Value:
        last = function.name.rpartition(".")[2]
        if last in ("OrderedDict", "defaultdict"):
            return {}
        if last in GENERATORS:
            return Module("numpy")
        if last in LOADERS or not function.name.startswith("numpy"):
            return Open(last)
        raise Unsupported(function.name.partition(".")[2] or last)

    def _opaque(self, function: Open, args: list[Value], node: ast.AST) -> Value:
        return self.trouble("unsupported", node, what=function.name)

    # ------------------------------------------------------------ the program's own

    def applied(
        self, function: Function, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        if self.depth >= CALLS:
            raise Unsupported("recursion")
        self.called.add(id(function.node))
        outer = self.frame
        given = [function.self, *args] if function.self is not None else args
        self.frame = Frame(self.parameters(function, given, kw), function.outer, function.name)
        self.depth += 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body)
            if function.owner is not None:
                self.frame.names.setdefault("__class__", function.owner)
            return self.body(function.node.body)
        finally:
            self.last_names = self.frame.names
            self.frame = outer
            self.depth -= 1

    @property
    def called(self) -> set[int]:
        found: set[int] = self.__dict__.setdefault("_called", set())
        return found

    def body(self, statements: list[ast.stmt]) -> Value:
        """What a function with these statements returns."""
        raise NotImplementedError

    def parameters(
        self, function: Function, args: Sequence[Value], kw: dict[str, Value]
    ) -> dict[str, Value]:
        spec = function.node.args
        names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
        bound: dict[str, Value] = dict(function.defaults)
        bound |= dict(zip(names, args, strict=False))
        known = {*names, *(a.arg for a in spec.kwonlyargs)}
        bound |= {k: v for k, v in kw.items() if k in known}
        if spec.vararg:
            bound[spec.vararg.arg] = tuple(args[len(names) :])
        if spec.kwarg:
            bound[spec.kwarg.arg] = {k: v for k, v in kw.items() if k not in known}
        for name in known:
            bound.setdefault(name, Open(name))
        for name, value in bound.items():
            if (
                RATES.match(name)
                and isinstance(value, Arr)
                and not value.rank
                and value.body.is_Rational
            ):
                bound[name] = self.constant(name, value.body)
        return bound

    def made_of(self, cls: Class, args: list[Value], kw: dict[str, Value], node: ast.AST) -> Value:
        made = Instance(cls)
        self.called.add(id(cls))
        try:
            init = cls.find("__init__")
        except KeyError:
            names = [n for n in cls.members if n.startswith("@")]
            fields = [n[1:] for n in names]
            made.items |= dict(zip(fields, args, strict=False)) | kw
            return made
        self.call(self.bound(init, made, init.owner or cls), args, kw, node)
        return made

    # ------------------------------------------------------------ Python's and NumPy's

    def builtin(
        self, function: Builtin, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        name, owner = function.name, function.self
        if owner is None and not function.numeric and name in PYTHON:
            return PYTHON[name](self, args, kw, node)
        match owner:
            case list() | tuple() | dict() | str() | Words():
                return self.method(owner, name, args, kw, node)
            case Open() if owner.cell is None and name in (
                "items",
                "values",
                "keys",
                "get",
                "append",
            ):
                return self.method(owner.items, name, args, kw, node)
            case Arr() | Cell() | Open():
                if name not in library.METHODS:
                    raise Unsupported(f".{name}")
                if name == "fill" and isinstance(owner, Cell):
                    owner.value = Arr(owner.value.idx, self.arr(args[0]).body)
                    return None
                args = [owner, *args]
        rule = library.FUNCTIONS.get(name)
        if rule is None:
            raise Unsupported(name)
        if any(isinstance(a, Unknown) for a in args[:2]):
            raise Lost
        return rule(self, args, kw, node)

    def method(
        self, owner: Any, name: str, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        rule = METHODS.get((type(owner).__name__, name))
        if rule is None:
            if isinstance(owner, (str, Words)):
                for a in (*args, *kw.values()):
                    self.spelled(a, node)
                return Words()
            raise Unsupported(f".{name}")
        return rule(self, owner, args)

    def printed(self, args: list[Value], kw: dict[str, Value], node: ast.AST) -> Value:
        nodes = node.args if isinstance(node, ast.Call) else []
        for value, each in zip(args, nodes, strict=False):
            self.show(self.source(each), value, each)
        return None


def _len(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    given = args[0]
    if isinstance(given, (list, tuple, dict, str)):
        return number(len(given))
    if isinstance(given, Open) and given.cell is None and given.items:
        return number(len(given.items))
    found = m.items(given)
    if found is not None:
        return number(len(found))
    named = getattr(given, "name", "")
    if (
        isinstance(given, Open)
        and given.cell is None
        and (library_name(named) or PAIRS.search(named))
    ):
        return m.constant(f"len({given.name})", None)
    shape = m.on.shape(m.arr(given))
    if not shape:
        raise Unsupported("len")
    return number(shape[0])


def library_name(name: str) -> bool:
    """Whether a container is called so, rather than an array."""
    return name.rstrip("s").endswith(
        ("param", "cache", "grad", "layer", "weight", "bias", "parameter", "ze", "activation")
    )


def _range(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    ends = [m.arr(a) for a in args]
    if len(ends) == 1:
        return Range(number(0), ends[0])
    step = 1 if len(ends) == 2 else m.whole(ends[2])
    if not step:
        return Range(ends[0], m.constant("stop", None), 1)
    return Range(ends[0], ends[1], step)


def _enumerate(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    items = m.items(args[0])
    if items is None:
        parts = args[0].parts if isinstance(args[0], Zip) else (args[0],)
        return Zip(parts, counted=True)
    start = m.whole(m.arr(args[1])) if len(args) > 1 else 0
    return [(number(k + (start or 0)), item) for k, item in enumerate(items)]


def _reversed(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    given = args[0]
    if isinstance(given, Range):
        m.settle(given)
    items = m.items(given)
    if items is None:
        raise Unsupported("reversed")
    return items[::-1]


def _list(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if not args:
        return []
    items = m.items(args[0])
    return args[0] if items is None else items


def _dict(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    made: dict[Any, Value] = {}
    if args and isinstance(args[0], dict):
        made |= args[0]
    elif args and isinstance(args[0], list):
        made |= {m.hashable(k): v for k, v in args[0]}
    return made | kw


def _sum(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    items = m.items(args[0])
    return (
        m.on.reduced("sum", m.arr(args[0]), [0]) if items is None else m.summed([*items, *args[1:]])
    )


def _best(larger: bool) -> Callable[..., Value]:
    def rule(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
        values = args if len(args) > 1 else (m.items(args[0]) or args)
        arrs = [m.arr(v) for v in values]
        known = [m.numeric(a) for a in arrs]
        if None not in known:
            return number((max if larger else min)(known))
        out = arrs[0]
        for each in arrs[1:]:
            out = m.on.each(library.larger if larger else library.smaller, out, each)
        return out

    return rule


def _number(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if not args or isinstance(args[0], str):
        return Unknown("number")
    arr = m.arr(args[0])
    return Arr((), arr.body) if not arr.real else arr


def _int(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    arr = m.arr(args[0])
    known = m.numeric(arr)
    return number(int(known)) if known is not None else Arr((), arr.body)


def _str(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    text = m.spelled(args[0], node) if args else ""
    return Words() if text is None else text


def _isinstance(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], Instance) and isinstance(args[1], Class):
        return _inherits(args[0].cls, args[1])
    if isinstance(args[0], Instance) and isinstance(args[1], tuple):
        return any(isinstance(c, Class) and _inherits(args[0].cls, c) for c in args[1])
    return Unknown("isinstance")


def _inherits(cls: Class, base: Class) -> bool:
    return cls is base or any(_inherits(c, base) for c in cls.bases)


def _has(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], Instance) and isinstance(args[1], str):
        try:
            return args[1] in args[0].items or args[0].cls.find(args[1]) is not None
        except KeyError:
            return False
    return Unknown("hasattr")


def _get(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], Instance) and isinstance(args[1], str):
        if args[1] in args[0].items:
            return args[0].items[args[1]]
        try:
            return m.bound(args[0].cls.find(args[1]), args[0], args[0].cls)
        except KeyError:
            return args[2] if len(args) > 2 else Unknown("getattr")
    return Unknown("getattr")


def _set(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], Instance) and isinstance(args[1], str):
        args[0].items[args[1]] = m.named(args[1], args[2], node)
    return None


def _map(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    lists = [m.items(a) for a in args[1:]]
    if any(x is None for x in lists):
        raise Unsupported("map")
    return [m.call(args[0], list(each), {}, node) for each in zip(*lists, strict=False)]


def _abs(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    return m.on.each(Abs, m.arr(args[0]))


def _super(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    owner, frame = m.frame.names.get("__class__"), m.frame.names
    first = next(iter(frame.values()), None)
    mine = frame.get("self", first)
    if not isinstance(owner, Class) or not isinstance(mine, Instance):
        raise Unsupported("super")
    return Super(mine, owner)


def _nothing(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    return Unknown("nothing")


def _bool(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    known = m.truth(args[0])
    return Unknown("condition") if known is None else known


def _print(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    return m.printed(args, kw, node)


PYTHON: dict[str, Callable[..., Value]] = {
    "print": _print,
    "len": _len,
    "range": _range,
    "enumerate": _enumerate,
    "zip": lambda m, a, k, n: m.zipped(a),
    "reversed": _reversed,
    "list": _list,
    "tuple": lambda m, a, k, n: tuple(x) if isinstance(x := _list(m, a, k, n), list) else x,
    "set": _list,
    "sorted": _list,
    "dict": _dict,
    "sum": _sum,
    "max": _best(True),
    "min": _best(False),
    "abs": _abs,
    "float": _number,
    "int": _int,
    "round": _number,
    "str": _str,
    "repr": _str,
    "bool": _bool,
    "isinstance": _isinstance,
    "hasattr": _has,
    "getattr": _get,
    "setattr": _set,
    "map": _map,
    "super": _super,
    "nothing": _nothing,
    "input": _nothing,
    "open": _nothing,
    "type": _nothing,
    "any": _nothing,
    "all": _nothing,
    "callable": _nothing,
    "iter": _list,
    "format": _str,
    "object": _nothing,
    "id": _nothing,
    "pow": library.FUNCTIONS["power"],
    "slice": lambda m, a, k, n: slice(None),
}


def _append(m: Any, owner: list[Value], args: list[Value]) -> Value:
    if m.loops:
        return m.trouble("unsupported", m.node, what="a list that grows with the samples")
    value = m.named("appended", args[0], m.node)
    m.show("appended", value, m.node)
    if len(owner) < ITEMS:
        owner.append(value)
    return None


def _insert(m: Any, owner: list[Value], args: list[Value]) -> Value:
    place = m.whole(m.arr(args[0]))
    if place is not None and len(owner) < ITEMS:
        owner.insert(place, m.named("inserted", args[1], m.node))
    return None


def _pop(m: Any, owner: list[Value], args: list[Value]) -> Value:
    place = m.whole(m.arr(args[0])) if args else -1
    return owner.pop(place) if owner and place is not None else Unknown("pop")


def _reverse(m: Any, owner: list[Value], args: list[Value]) -> Value:
    owner.reverse()


def _extend(m: Any, owner: list[Value], args: list[Value]) -> Value:
    owner += m.items(args[0]) or []


def _lookup(m: Any, owner: dict[Any, Value], args: list[Value]) -> Value:
    return owner.get(m.hashable(args[0]), args[1] if len(args) > 1 else None)


def _update(m: Any, owner: dict[Any, Value], args: list[Value]) -> Value:
    owner |= args[0] if args and isinstance(args[0], dict) else {}


def _setdefault(m: Any, owner: dict[Any, Value], args: list[Value]) -> Value:
    return owner.setdefault(m.hashable(args[0]), args[1] if len(args) > 1 else None)


def _copied(m: Any, owner: Any, args: list[Value]) -> Value:
    return copy.copy(owner)


METHODS: dict[tuple[str, str], Callable[..., Value]] = {
    ("list", "append"): _append,
    ("list", "insert"): _insert,
    ("list", "pop"): _pop,
    ("list", "reverse"): _reverse,
    ("list", "extend"): _extend,
    ("list", "copy"): _copied,
    ("dict", "items"): lambda m, o, a: [(m.plain(k), v) for k, v in o.items()],
    ("dict", "values"): lambda m, o, a: list(o.values()),
    ("dict", "keys"): lambda m, o, a: [m.plain(k) for k in o],
    ("dict", "get"): _lookup,
    ("dict", "update"): _update,
    ("dict", "copy"): _copied,
    ("dict", "setdefault"): _setdefault,
    ("str", "lower"): lambda m, o, a: o.lower(),
    ("str", "replace"): lambda m, o, a: (
        o.replace(*a[:2]) if all(isinstance(x, str) for x in a) else Words()
    ),
    ("str", "startswith"): lambda m, o, a: (
        o.startswith(a[0]) if isinstance(a[0], str) else Unknown("str")
    ),
}
