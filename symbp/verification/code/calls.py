"""Calls: of functions that the program defines, and of those of Python and NumPy."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from symbp.equations.axis import Size, Total
from symbp.verification.code import library, operations
from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.axes import Unequal
from symbp.verification.code.expressions import Expressions
from symbp.verification.code.limits import CALLS
from symbp.verification.code.machine import RATES
from symbp.verification.code.methods import METHODS
from symbp.verification.code.named import fields_of, named_tuple
from symbp.verification.code.python import PYTHON
from symbp.verification.code.sharing import reached
from symbp.verification.code.sizes import LAYERS, is_list_of_sizes
from symbp.verification.code.stacking import add_at
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
    Unknown,
    Value,
    Words,
    Yielded,
)
from symbp.verification.code.vocabulary import TROUBLES, Lost
from symbp.verification.code.writing import may_view, out_of, perhaps_written, written

NONLINEAR = frozenset({*operations.UNARY, "maximum", "where", "softmax", "clip"})
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


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function yields, itself and not one that is defined in it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(each)
    return False


class Calls(Expressions):
    """Evaluates calls. ``called`` remembers which functions of the program were."""

    def value_Call(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        args: list[Value] = []
        for each in node.args:
            if isinstance(each, ast.Starred):
                items = self.items(self.value(each.value))
                args += [Unknown("starred")] if items is None else items
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
        try:
            return self.call(function, args, kw, node)
        except (Lost, Shapes, Unsupported, Unequal) as what:
            made = self.unread(what, node)
            if may_view(function, args, kw):
                return replace(made, of=(function, *args, *kw.values()))
            return made

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
        if stored is value and not value.rank:
            return stored
        return self.new_cell(stored, self.source(node), len(self.loops), value.of)

    def call(
        self, function: Value, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        """What a function returns. What it may have changed is unknown where it is not followed."""
        try:
            return self._followed(function, args, kw, node)
        except (Lost, Shapes, Unsupported, Unequal, *TROUBLES):
            self.lose(*written(function, args, kw))
            self.perhaps(node, *perhaps_written(function, args, kw))
            raise

    def _followed(
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
                return self._foreign(function, args, kw, node)
            case Open():
                return self._opaque(function, args, kw, node)
        raise Unsupported("call")

    def _foreign(
        self, function: Module, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        last = function.name.rpartition(".")[2]
        if function.name == "numpy.at" and self._is_adding(node):
            return add_at(self, args, {}, node)
        if last == "namedtuple":
            return named_tuple(self, args)
        if last in ("OrderedDict", "defaultdict"):
            return {}
        if last in GENERATORS:
            return Module("numpy")
        if last in LOADERS:
            return Open(last)
        if function.name.startswith("numpy"):
            raise Unsupported(function.name.partition(".")[2] or last)
        given = tuple(perhaps_written(function, args, kw))
        if self.perhaps(node, *given) and self._is_of_parameters(given):
            return Unknown(last, of=given)
        return Open(last, of=given)

    def _is_of_parameters(self, values: Sequence[Value]) -> bool:
        """Whether something among ``values`` is what training changes, or is made of that."""
        learnt = {"parameter", "open"}
        cells = (part.cell for part in reached(*values))
        kinds = (self.kinds.get(t) for cell in cells for t in self._sources(cell.value))
        return bool(learnt & set(kinds))

    @staticmethod
    def _is_adding(node: ast.AST) -> bool:
        """Whether a call is that of ``np.add.at``."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="add"))):
                return True
        return False

    def _opaque(
        self, function: Open, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        if function.name in LOADERS and not args:  # df.to_numpy()
            return Open(function.name)
        named = self.frame.names.values() if function.name in ("exec", "eval") else ()
        given = (function, *args, *kw.values(), *named)
        self.perhaps(node, *given)
        return replace(self.trouble("unsupported", node, what=function.name), of=given)

    # ------------------------------------------------------------ the program's own

    def applied(
        self, function: Function, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        if self.depth >= CALLS:
            raise Unsupported("recursion")
        self.called.add(id(function.node))
        if not function.is_known:
            self.perhaps(node, *args, *kw.values())
        outer = self.frame
        given = [function.self, *args] if function.self is not None else args
        self.frame = Frame(self.parameters(function, given, kw), function.outer, function.name)
        self.depth += 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body)
            if function.owner is not None:
                self.frame.names.setdefault("__class__", function.owner)
            value = self.body(function.node.body)
            return Yielded((*given, *kw.values())) if is_generator(function.node) else value
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
            given = bound[name]
            is_open = isinstance(given, Open) and given.cell is None and not given.items
            if is_open and is_list_of_sizes(name, function.node):
                bound[name] = [self.constant(f"{name}[{k}]", None) for k in range(LAYERS + 1)]
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
            return self._filled(made, args, kw, node)
        self.call(self.bound(init, made, init.owner or cls), args, kw, node)
        return made

    def _filled(
        self, made: Instance, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        """A named tuple or an instance of a dataclass."""
        fields = fields_of(made.cls)
        given = [name for name, field in fields.items() if field.is_argument]
        made.items |= dict(zip(given, args, strict=False)) | kw
        if not made.cls.is_known:
            made.items["@"] = [*args, *kw.values()]
        for name, field in fields.items():
            if name not in made.items and field.factory is not None:
                made.items[name] = self.call(field.factory, [], {}, node)
            elif name not in made.items and field.default is not None:
                made.items[name] = field.default
        try:
            after = made.cls.find("__post_init__")
        except KeyError:
            return made
        self.call(self.bound(after, made, after.owner or made.cls), [], {}, node)
        return made

    # ------------------------------------------------------------ Python's and NumPy's

    def builtin(
        self, function: Builtin, args: list[Value], kw: dict[str, Value], node: ast.AST
    ) -> Value:
        name, owner = function.name, function.self
        if owner is None and not function.numeric and name in PYTHON:
            return PYTHON[name](self, args, kw, node)
        match owner:
            case list() | tuple() | dict() | str() | Words() | Instance():
                return self.method(owner, name, args, kw, node)
            case Open() if owner.cell is None and name in (
                "items",
                "values",
                "keys",
                "get",
                "append",
            ):
                return self.method(owner.items, name, args, kw, node)
            case Unknown():
                raise Lost
            case Arr() | Cell() | Open():
                if name not in library.METHODS:
                    raise Unsupported(f".{name}")
                if name == "fill":
                    return self._filled_with(owner, args, node)
                args = [owner, *args]
        rule = library.FUNCTIONS.get(name)
        if rule is None:
            raise Unsupported(name)
        if any(isinstance(a, Unknown) for a in args[:2]):
            raise Lost
        target = out_of(name, args, kw)
        value = rule(self, args, {k: v for k, v in kw.items() if k != "out"}, node)
        if target is not None:
            return self.put(target, self.arr(value), kw.get("where"), node)
        if may_view(function, args, kw) and args:
            return self.view(args[0], value)
        return replace(value, of=()) if isinstance(value, Arr) and value.of else value

    def _filled_with(self, owner: Value, args: list[Value], node: ast.AST) -> None:
        cell = self.opened(owner) if isinstance(owner, Open) else owner
        if not isinstance(cell, Cell):
            raise Unsupported("fill")
        self.lose(cell)
        self.renewed(cell, Arr(cell.value.idx, self.arr(args[0]).body))

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
