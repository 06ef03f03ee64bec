"""Where the reading of a program begins: its own top level, or functions that nobody calls."""

from __future__ import annotations

import ast
import re
from typing import Any

from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.limits import Budget
from symbp.verification.code.loops import Loops
from symbp.verification.code.machine import Halt, Restart
from symbp.verification.code.named import fields_of
from symbp.verification.code.numbers import trained
from symbp.verification.code.pairing import definitions, follow, pairs
from symbp.verification.code.providing import liken, provided
from symbp.verification.code.shortening import WHOLE, shortenable, shortened
from symbp.verification.code.values import Cell, Class, Function, Hints, Instance, Open, Value
from symbp.verification.code.vocabulary import TROUBLES, Lost
from symbp.verification.text import Text

TRAINING = re.compile(r"(?i)train|fit|step|learn|sgd|optimi|descent|main|run|model$|iterate")
GRADIENTS = re.compile(r"(?i)back|grad|deriv")
CHECKS = re.compile(r"(?i)check|test|numeric|approx|adagrad")
"""Functions that look at gradients and give none."""
ORDER = (
    re.compile(r"(?i)init"),
    re.compile(r"(?i)forward|predict|feed|propagate$|output|infer"),
    re.compile(r"(?i)loss|cost|error|objective|entropy"),
    re.compile(r"(?i)back|grad|deriv|delta"),
    re.compile(r"(?i)update|apply|step"),
)
"""What is called first where nobody calls it: the order of a training step."""


def run_all(
    text: Text, module: Any, hints: Hints, decisions: dict[Any, str], budget: Budget, *, last: bool
) -> Loops:
    """Read the whole module, and then what it defines and does not call."""
    reader = Loops(text, hints, decisions, budget)
    if WHOLE not in decisions:
        reader.shorter = shortenable(module, "" if hints.is_pair else hints.entry)
    module = shortened(module, decisions)
    reader.trained = trained(module)
    body = [s for s in module.body if not _is_command(s)] if hints.entry else module.body
    try:
        if hints.is_pair:
            reader.run(definitions(module))
            follow(reader, next(p for p in pairs(module) if p.entry == hints.entry))
            return reader
        reader.run(body)
        if not reader.updates or hints.entry:
            _call_the_rest(reader, module, hints)
        if hints.entry:
            liken(reader)
    except Halt:
        pass
    except Restart as found:
        if last:
            reader.trouble("unsupported", module, what=found.choice)
        else:
            raise
    except RecursionError:
        reader.trouble("too_deep", module)
    return reader


def gradient_functions(module: ast.Module) -> list[str]:
    """The functions of a module that by their names give gradients, the last first."""
    names = [s.name for s in module.body if isinstance(s, ast.FunctionDef)]
    return [n for n in reversed(names) if GRADIENTS.search(n) and not CHECKS.search(n)]


def has_command_line(module: ast.Module) -> bool:
    """Whether a program reads what it is to do from its command line."""
    names = (a.name for n in module.body if isinstance(n, ast.Import) for a in n.names)
    return "argparse" in names


def _is_command(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":`` runs what the command line asks for."""
    return isinstance(statement, ast.If) and any(
        isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(statement.test)
    )


def _call_the_rest(reader: Loops, module: ast.Module, hints: Hints) -> None:
    pool: dict[str, Value] = {}
    names = reader.frame.names
    roots = [
        v for v in names.values() if isinstance(v, (Function, Class)) and not _was_called(reader, v)
    ]
    if hints.entry:
        roots = [v for v in roots if v.name == hints.entry] or roots
        pool |= provided(reader, module, hints.entry)
    roots = _uncalled(module, roots) or roots
    training = [v for v in roots if isinstance(v, Function) and TRAINING.search(v.name)]
    for each in training:
        _call(reader, each, pool)
    if reader.updates:
        return
    rest = [v for v in roots if v not in training and not _was_called(reader, v)]
    for each in sorted((v for v in rest if isinstance(v, Function)), key=_rank):
        _call(reader, each, pool)
    for cls in (v for v in rest if isinstance(v, Class)):
        _use(reader, cls, pool)
    for each in list(names.values()):
        if isinstance(each, Instance) and not reader.updates:
            _methods(reader, each, pool)


def _was_called(reader: Loops, value: Function | Class) -> bool:
    return (id(value.node) if isinstance(value, Function) else id(value)) in reader.called


def _uncalled(module: ast.Module, roots: list[Function | Class]) -> list[Function | Class]:
    """Those that no other definition mentions."""
    mentioned: dict[str, set[str]] = {}  # by which definitions, "" for what is none
    for statement in module.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                mentioned.setdefault(node.id, set()).add(getattr(statement, "name", ""))
    return [root for root in roots if mentioned.get(root.name, set()) <= {root.name}]


def _rank(function: Function) -> int:
    return next((k for k, pattern in enumerate(ORDER) if pattern.search(function.name)), len(ORDER))


def _use(reader: Loops, cls: Class, pool: dict[str, Value]) -> None:
    """An instance whose sizes are not known, and its methods in the order of a step."""
    try:
        made = reader.made_of(cls, [], {}, ast.Module([], []))
    except (Lost, Shapes, Unsupported, *TROUBLES):
        return
    _methods(reader, made, pool)


def _methods(reader: Loops, made: Instance, pool: dict[str, Value]) -> None:
    members = _members(made.cls)
    methods = [
        m for m in members.values() if isinstance(m, Function) and not m.name.startswith("__")
    ]
    methods = [m for m in methods if m.kind == "" and not _was_called(reader, m)]
    training = [m for m in methods if TRAINING.search(m.name)]
    methods = [m for m in methods if m in training or _rank(m) < len(ORDER)]
    inner = {name for m in methods for name in _used_of_self(m)}
    methods = [m for m in methods if m.name not in inner] or methods
    for each in [*training, *sorted((m for m in methods if m not in training), key=_rank)]:
        if reader.updates:
            return
        if _was_called(reader, each):
            continue
        _call(reader, reader.bound(each, made, each.owner or made.cls), pool)


def _used_of_self(method: Function) -> set[str]:
    """What a method uses of its own instance: other methods, which need not be called again."""
    nodes = (n for n in ast.walk(method.node) if isinstance(n, ast.Attribute))
    return {n.attr for n in nodes if isinstance(n.value, ast.Name) and n.attr != method.name}


def _members(cls: Class) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for base in cls.bases:
        found |= _members(base)
    return found | cls.members


def _call(reader: Loops, function: Function, pool: dict[str, Value]) -> None:
    """Call with arguments of which nothing is known but what others called by the same name."""
    spec = function.node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    if function.self is not None:
        names = names[1:]
    said = {a.arg: a.annotation for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    for n in names:
        if n not in pool and n not in function.defaults:
            pool[n] = _unknown(reader, n, said[n])
    given = {n: pool[n] for n in names if n in pool}
    try:
        value = reader.applied(function, [], given, function.node)
    except (Lost, Shapes, Unsupported, *TROUBLES):
        return
    _remember(reader, function, value, pool)


def _unknown(reader: Loops, name: str, said: ast.expr | None) -> Value:
    """An argument of which nothing is known but what it is ``said`` to be: what has fields."""
    cls = reader.found(said.id) if isinstance(said, ast.Name) else None
    if isinstance(cls, Class) and (fields := fields_of(cls)):
        return Instance(cls, {field: Open(field) for field in fields})
    return Open(name)


def _remember(reader: Loops, function: Function, value: Value, pool: dict[str, Value]) -> None:
    for name, each in reader.last_names.items():
        if isinstance(each, (Cell, dict)) and not name.startswith("_"):
            pool.setdefault(name, each)
            if isinstance(pool[name], Open) and pool[name].cell is None and not pool[name].items:
                pool[name] = each
    returns = [n for n in ast.walk(function.node) if isinstance(n, ast.Return)]
    if not returns or returns[-1].value is None:
        return
    node = returns[-1].value
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    values = value if isinstance(value, tuple) and len(value) == len(nodes) else [value]
    for each_node, each in zip(nodes, values, strict=False):
        if isinstance(each_node, ast.Name):
            pool[each_node.id] = each
