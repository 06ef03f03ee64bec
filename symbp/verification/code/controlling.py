"""Definitions, imports, branches, and how statements follow one another."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.axes import Unequal
from symbp.verification.code.calls import Calls
from symbp.verification.code.leaving import Leave
from symbp.verification.code.values import (
    Arr,
    Cell,
    Class,
    Frame,
    Function,
    Module,
    Open,
    Unknown,
    Value,
)
from symbp.verification.code.vocabulary import TROUBLES, Lost
from symbp.verification.code.writing import READING


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


class Controlling(Calls):
    """Definitions, imports, branches, and how statements follow one another."""

    def body(self, statements: list[ast.stmt]) -> Value:
        left = self.run(statements)
        return left.value if left is not None and left.how == "return" else None

    def run(self, statements: Sequence[ast.stmt]) -> Leave | None:
        """One statement after the other; what one of them fails at does not stop the rest."""
        for node in statements:
            self.spend(node)
            rule = getattr(self, f"do_{type(node).__name__}", None)
            if rule is None:
                self.trouble("unsupported", node, what=type(node).__name__)
                self.skipped(node)
                self.forget(node)
                continue
            outer, self.node, self.statement = self.node, node, node
            try:
                left = rule(node)
            except (Lost, Shapes, Unsupported, Unequal, *TROUBLES) as what:
                self._failed(what, node)
                left = None
            finally:
                self.node = outer
            if left is not None:
                return left
        return None

    def _failed(self, what: Exception, node: ast.stmt) -> None:
        """What ``node`` gives a value has one that is not known."""
        match what:
            case Lost():
                pass
            case Shapes():
                self.trouble("shapes", node, left=what.left, right=what.right)
            case Unsupported() | Unequal():
                self.trouble("unsupported", node, what=str(what))
            case _:
                self.trouble("unsupported", node, what=type(what).__name__)
        if hasattr(node, "body"):
            self.skipped(node)
        self.forget(node)

    def forget(self, node: ast.AST) -> None:
        raise NotImplementedError  # another part of the reader has it

    def do_FunctionDef(self, node: ast.FunctionDef) -> None:
        kinds = [self.source(d) for d in node.decorator_list]
        kind = next((k for k in kinds if k in ("staticmethod", "classmethod", "property")), "")
        made = Function(node.name, node, self.frame, self.defaults(node.args), kind=kind)
        made.is_known = not any(map(self._is_replacing, node.decorator_list))
        self.frame.names[node.name] = made

    do_AsyncFunctionDef = do_FunctionDef

    def _is_replacing(self, decorator: ast.expr) -> bool:
        """Whether a decorator comes from another file, and may make any function of one."""
        value = self._quietly(decorator.func if isinstance(decorator, ast.Call) else decorator)
        package = value.name.partition(".")[0] if isinstance(value, Module) else "numpy"
        return package not in READING | {"abc", "functools", "numba", "numpy"}

    def do_ClassDef(self, node: ast.ClassDef) -> None:
        found = [self._quietly(n) for n in node.bases]
        bases = tuple(b for b in found if isinstance(b, Class))
        is_known = not any(isinstance(b, (Module, Open)) for b in found)
        is_known = is_known and all(b.is_known for b in bases)
        inner = Frame({}, self.frame, node.name)
        outer, self.frame = self.frame, inner
        try:
            self.run(node.body)
        finally:
            self.frame = outer
        made = Class(node.name, bases, inner.names, is_known)
        for member in inner.names.values():
            if isinstance(member, Function):
                member.owner = made
                member.outer = self.frame
        self.frame.names[node.name] = made

    def _quietly(self, node: ast.AST) -> Value:
        count = len(self.troubles)
        try:
            return self.value(node)
        except TROUBLES:
            return Unknown("trouble")
        finally:
            del self.troubles[count:]

    def do_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.frame.names[name] = self._module(alias.name)

    def do_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            home = self._module(node.module or "")
            self.frame.names[alias.asname or alias.name] = self._of_module(home, alias.name)

    @staticmethod
    def _module(name: str) -> Module:
        known = name.partition(".")[0] in ("numpy", "math", "scipy", "cupy", "jax", "random")
        return Module("numpy" if known else name)

    def do_Global(self, node: ast.Global) -> None:
        self.frame.globals |= set(node.names)

    do_Nonlocal = do_Global

    def do_Pass(self, node: ast.Pass) -> None:
        return None

    def do_Assert(self, node: ast.Assert) -> None:
        self.skipped(node)

    do_Delete = do_Pass

    def do_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def do_Return(self, node: ast.Return) -> Leave:
        value = None if node.value is None else self.value(node.value)
        if node.value is not None:
            self.frame.returned.append(node)
            self.show(f"{self.frame.function}()", value, node)
        return Leave("return", value)

    def do_Break(self, node: ast.Break) -> Leave:
        return Leave("break")

    def do_Continue(self, node: ast.Continue) -> Leave:
        return Leave("continue")

    def do_Raise(self, node: ast.Raise) -> Leave:
        return Leave("raise")

    def do_Try(self, node: ast.Try) -> Leave | None:
        return self.run(node.body) or self.run(node.orelse) or self.run(node.finalbody)

    def do_With(self, node: ast.With) -> Leave | None:
        for item in node.items:
            value = self._quietly(item.context_expr)
            if isinstance(value, Unknown) and value.of:
                self.trouble("unsupported", item.context_expr, what=self.source(item.context_expr))
            if item.optional_vars is not None:
                is_open = isinstance(value, Unknown) and not value.of  # as ``open(path)`` is
                self._enter(item.optional_vars, Open("") if is_open else value, node)
        return self.run(node.body)

    def _enter(self, target: ast.AST, value: Value, node: ast.AST) -> None:
        """``with … as target``: what is opened, or made ready."""
        if isinstance(value, Open) and not value.name and isinstance(target, ast.Name):
            value = Open(target.id)
        self.assign(target, value, node)

    def assign(self, target: ast.AST, value: Value, node: ast.AST) -> None:
        raise NotImplementedError  # another part of the reader has it

    def do_If(self, node: ast.If) -> Leave | None:
        known = self.truth(self._quietly(node.test))
        if known is not None:
            return self.run(node.body if known else node.orelse)
        if not node.orelse and self._begins(node.body):
            return self.run(node.body)
        for branch in (node.body, node.orelse):
            if branch and self._harmless(branch):
                left = self.run(branch)
                if left is not None and left.how == "return" and not node.orelse:
                    return None
            elif branch and not all(
                isinstance(s, (ast.Raise, ast.Return, ast.Break, ast.Continue)) for s in branch
            ):
                self.trouble("branch", node.test)
                if branch is node.body and node.orelse:
                    return self.run(branch)
        return None

    def _begins(self, branch: list[ast.stmt]) -> bool:
        """Whether a branch gives a name its first value: then it is taken at first."""
        names = [n.id for s in branch for n in ast.walk(s) if _is_stored(n)]  # type: ignore[attr-defined]
        is_left = any(isinstance(s, (ast.Return, ast.Raise, ast.Break)) for s in branch)
        bound = [name in self.frame.names for name in names]
        return self.frame.outer is None and not is_left and any(bound) and not all(bound)

    def _harmless(self, branch: list[ast.stmt]) -> bool:
        """Whether a branch that is perhaps not taken changes nothing that was there before."""
        for statement in branch:
            for node in ast.walk(statement):
                if isinstance(
                    node, (ast.AugAssign, ast.Return, ast.Break, ast.Continue, ast.Raise)
                ):
                    return False
                if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(
                    node.ctx, ast.Store
                ):
                    return False
                name = node.id if isinstance(node, ast.Name) else ""
                stored = isinstance(getattr(node, "ctx", None), ast.Store)
                if stored and isinstance(self.frame.names.get(name), (Cell, Open, Arr)):
                    return False
        return True
