"""Methods of lists and dicts."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

from symbp.verification.code.limits import ITEMS
from symbp.verification.code.named import fields, fields_of
from symbp.verification.code.sharing import reached
from symbp.verification.code.values import Instance, Unknown, Value, Words


def _place(m: Any, owner: list[Value]) -> str:
    """What the next entry of a list is called: ``z[1]``."""
    match m.node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=given))):
            return f"{m.source(given)}[{len(owner)}]"
    return "appended"


def _append(m: Any, owner: list[Value], args: list[Value]) -> Value:
    if m.loops:
        if any(reached(args[0])):
            owner.append(Unknown("appended", of=(args[0],)))
        return m.trouble("unsupported", m.node, what="a list that grows with the samples")
    value = m.named(_place(m, owner), args[0], m.node)
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


def _told(name: str) -> Callable[..., Value]:
    """What a method of texts says of one that is known; none of these makes it longer."""

    def rule(m: Any, owner: str, args: list[Value]) -> Value:
        return getattr(owner, name)(*args) if all(isinstance(a, str) for a in args) else Words()

    return rule


def _copied(m: Any, owner: Any, args: list[Value]) -> Value:
    return copy.copy(owner)


def _by_field(m: Any, owner: Instance, args: list[Value]) -> Value:
    """A named tuple as a table; Unknown where one of its fields has not got its value."""
    values = fields(owner)
    if values is None:
        return Unknown("_asdict", of=(owner,))
    return dict(zip(fields_of(owner.cls), values, strict=True))


TEXTS = ("lower", "upper", "strip", "removeprefix", "removesuffix", "isdigit")
"""Methods of texts that are what they are of the texts that are known."""

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
    **{("str", name): _told(name) for name in TEXTS},
    ("Instance", "_asdict"): _by_field,
    ("str", "replace"): lambda m, o, a: (
        o.replace(*a[:2]) if all(isinstance(x, str) for x in a) else Words()
    ),
    ("str", "startswith"): lambda m, o, a: (
        o.startswith(a[0]) if isinstance(a[0], str) else Unknown("str")
    ),
}
