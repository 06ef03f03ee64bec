"""What a statement that is not followed would have changed: its value is not known any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symbp.verification.code.controlling import Controlling
from symbp.verification.code.values import Arr, Instance, Open, Unknown, Value

LOST = Unknown("lost")


class Forgetting(Controlling):
    """Takes away values that may be others by now; to keep them would prove what is wrong."""

    def forget(self, node: ast.AST) -> None:
        """What gets a new value has one that is not known; arrays are lost where they change."""
        changed = {id(n.target) for n in ast.walk(node) if isinstance(n, ast.AugAssign)}
        for target in _targets(node):
            is_changed = id(target) in changed
            if is_changed and not isinstance(target, ast.Subscript):
                self.lose(self._quietly(target))
            match target:
                case ast.Name():
                    self.home(target.id)[target.id] = LOST
                case ast.Attribute():
                    owner = self._quietly(target.value)
                    if isinstance(owner, (Instance, Open)):
                        owner.items[target.attr] = LOST
                    else:
                        self.lose(owner)
                case ast.Subscript():
                    self._forget_entry(target, is_changed=is_changed)

    def _forget_entry(self, target: ast.Subscript, *, is_changed: bool) -> None:
        """Any entry may be another one where it is not known which was changed."""
        owner = self._quietly(target.value)
        items = owner.items if isinstance(owner, Open) and owner.cell is None else owner
        if not isinstance(items, (dict, list)):
            self._lose_whole(target.value)
            return
        if isinstance(owner, Open):
            self.lose(*owner.of)
        if is_changed:
            self.lose(items)
        if isinstance(items, dict):
            key = self.hashable(self._quietly(target.slice))
            items |= dict.fromkeys(items if key is None else [key], LOST)
        else:
            items[:] = [LOST] * len(items)

    def _lose_whole(self, owner: ast.AST) -> None:
        """The array that ``owner`` is, or that it is a part or another view of, as x of ``x.T``."""
        if isinstance(owner, (ast.Name, ast.Attribute, ast.Subscript)):
            self.lose(self._quietly(owner))
            if isinstance(owner, ast.Name) and isinstance(self._quietly(owner), Arr):
                self.home(owner.id)[owner.id] = LOST
        match owner:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                self._lose_whole(inner)

    def home(self, name: str) -> dict[str, Value]:
        """The names among which ``name`` is bound."""
        if name in self.frame.globals:
            frame = self.frame
            while frame.outer is not None:
                frame = frame.outer
                if name in frame.names:
                    return frame.names
            return frame.names
        return self.frame.names


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement binds or changes, those in its body among it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Store):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _targets(child)
