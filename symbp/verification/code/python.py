"""Functions of Python's own, on symbolic values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from sympy import Abs

from symbp.verification.code import library, operations
from symbp.verification.code.arrays import Unsupported
from symbp.verification.code.limits import DIGITS
from symbp.verification.code.machine import PAIRS
from symbp.verification.code.values import (
    Arr,
    Class,
    Instance,
    Open,
    Range,
    Super,
    Unknown,
    Value,
    Words,
    Zip,
    number,
)


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


def _set(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    found = _list(m, args, kw, node)
    if isinstance(found, list) and all(isinstance(x, str) for x in found):
        return list(dict.fromkeys(found))
    return found


def _sorted(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    found = _list(m, args, kw, node)
    if isinstance(found, list) and all(isinstance(x, str) for x in found) and not kw:
        return sorted(found)
    return found


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
        if kw.get("key") is not None:
            return _by_key(m, values, kw["key"], node, larger=larger)
        arrs = [m.arr(v) for v in values]
        known = [m.numeric(a) for a in arrs]
        if None not in known:
            return number((max if larger else min)(known))
        out = arrs[0]
        for each in arrs[1:]:
            out = m.on.each(operations.larger if larger else operations.smaller, out, each)
        return out

    return rule


def _by_key(m: Any, values: list[Value], key: Value, node: ast.AST, *, larger: bool) -> Value:
    """The first of ``values`` for which ``key`` gives the largest number, or the smallest."""
    known = [m.numeric(m.arr(m.call(key, [v], {}, node))) for v in values]
    if not known or None in known:
        raise Unsupported("max" if larger else "min")
    return values[known.index((max if larger else min)(known))]


def _some(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    """``any``: whether one of several is true."""
    known = [m.truth(each) for each in m.items(args[0]) or []]
    return True if True in known else Unknown("condition") if None in known or not known else False


def _every(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    """``all``: whether each of several is true."""
    known = [m.truth(each) for each in m.items(args[0]) or []]
    return False if False in known else Unknown("condition") if None in known or not known else True


def _slice(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    """``slice(stop)``, ``slice(start, stop)``: with steps only where these are whole numbers."""
    ends = [None if a is None else m.arr(a) for a in args]
    start, stop, given = [None, *ends, None] if len(ends) == 1 else [*ends, None][:3]
    step = None if given is None else m.whole(given)
    if given is not None and step is None:
        raise Unsupported("slice")
    return slice(start, stop, step)


def _number(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if not args or isinstance(args[0], str):
        return Unknown("number")
    arr = m.arr(args[0])
    return Arr((), arr.body) if not arr.real else arr


def _int(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], str) and args[0].isdecimal() and len(args[0]) <= DIGITS:
        return number(int(args[0]))
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


def _set_attribute(m: Any, args: list[Value], kw: Any, node: ast.AST) -> Value:
    if isinstance(args[0], Instance) and isinstance(args[1], str):
        args[0].items[args[1]] = m.named(args[1], args[2], node)
    elif isinstance(args[0], Open) and isinstance(args[1], str):
        args[0].items[args[1]] = args[2]
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
    "set": _set,
    "sorted": _sorted,
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
    "setattr": _set_attribute,
    "map": _map,
    "super": _super,
    "nothing": _nothing,
    "input": _nothing,
    "open": _nothing,
    "type": _nothing,
    "any": _some,
    "all": _every,
    "callable": _nothing,
    "iter": _list,
    "format": _str,
    "object": _nothing,
    "id": _nothing,
    "pow": library.FUNCTIONS["power"],
    "slice": _slice,
}
