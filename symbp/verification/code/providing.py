"""What a function is given, of the shapes that the program itself says: by functions that make it.

``def random_data(count): … return x, d`` tells what x and d are in ``gradients(params, x, d)``,
and ``init_params()`` which arrays are in ``params``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symbp.verification.code.arrays import Shapes, Unsupported
from symbp.verification.code.loops import Loops
from symbp.verification.code.machine import DATA
from symbp.verification.code.recognise import core, meant
from symbp.verification.code.values import Arr, Cell, Function, Open, Value
from symbp.verification.code.vocabulary import TROUBLES, Lost

LEFT = ("made", "updates", "shown", "kept", "aliases", "taken", "troubles")
"""What reading leaves behind in a machine."""


def provided(reader: Loops, module: ast.Module, entry: str) -> dict[str, Value]:
    """Arguments of the function ``entry`` by their names; those that nothing makes are left out.

    Where one of several is handed over, as by ``*sample``, nobody makes such a thing: then shapes
    are not told, as they would be of some arguments only, but the names in containers are.
    """
    names, is_whole = _called(module, entry)
    wanted = {name for several in names.values() for name in several}
    found: dict[str, Value] = {}
    for maker, returned in _makers(module, wanted):
        function = reader.frame.names.get(maker)
        if maker != entry and isinstance(function, Function):
            values = _result(reader, function, len(returned))
            for name, value in zip(returned, values, strict=False):
                found.setdefault(name, (_like if is_whole else _named)(reader, name, value))
    own = {n: next((found[a] for a in (n, *names[n]) if a in found), None) for n in names}
    return {name: value for name, value in own.items() if value is not None}


def _called(module: ast.Module, entry: str) -> tuple[dict[str, list[str]], bool]:
    """The arguments of a function, and what is handed over for them where it is called.

    And whether that is told of all of them: it is not of ``*sample``.
    """
    (node, *_) = (s for s in module.body if isinstance(s, ast.FunctionDef) and s.name == entry)
    found = {a.arg: [a.arg] for a in node.args.args}
    is_whole = True
    for call in ast.walk(module):
        match call:
            case ast.Call(func=ast.Name(id=name), args=given) if name == entry:
                if any(isinstance(each, ast.Starred) for each in given):
                    is_whole = False
                    continue
                for own, each in zip(found.values(), given, strict=False):
                    whole = each.value if isinstance(each, ast.Subscript) else each  # x[rows]
                    if isinstance(whole, ast.Name) and whole.id not in own:
                        own.append(whole.id)
    return found, is_whole


def _makers(module: ast.Module, wanted: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Functions that give something ``wanted`` and take nothing of it; what they give, by name."""
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name, args=given, body=[*_, ast.Return(value=value)]):
                parts = value.elts if isinstance(value, ast.Tuple) else [value]
                returned = [p.id if isinstance(p, ast.Name) else "" for p in parts]
                taken = {a.arg for a in (*given.args, *given.kwonlyargs)}
                if wanted & set(returned) and not wanted & taken:
                    yield name, returned


def _result(reader: Loops, function: Function, count: int) -> list[Value]:
    """What a function gives, without a trace of how; its numbers are any."""
    before = {name: len(getattr(reader, name)) for name in LEFT}
    versions = reader.versions.copy()
    taken = [a.arg for a in function.node.args.args if a.arg not in function.defaults]
    try:
        given = {name: reader.constant(name, None) for name in taken}
        value = reader.applied(function, [], given, function.node)
    except (Lost, Shapes, Unsupported, *TROUBLES):
        return []
    finally:
        reader.versions = versions
        for name, length in before.items():
            del getattr(reader, name)[length:]
    return list(value) if count > 1 and isinstance(value, tuple) else [value]


def _like(reader: Loops, name: str, value: Value) -> Value | None:
    """Something of the same shape of which no more is known; None where it has none."""
    match value:
        case Cell():
            return _like(reader, name, value.value)
        case Arr() if value.rank:
            dims = tuple(None if i is None else i.axis for i in value.idx)
            arr = reader.new_input(name, dims, "data" if DATA.match(name) else "open")
            return Open(name, Cell(arr, name))
        case dict():
            items = {k: _like(reader, str(k), v) for k, v in value.items()}
            return Open(name, items={k: v for k, v in items.items() if v is not None})
    return None


def _named(reader: Loops, name: str, value: Value) -> Value | None:
    """A container of which no more is known than the names in it; None for all else."""
    if not isinstance(value, dict):
        return None
    return Open(name, items={key: Open(str(key)) for key in value})


def liken(reader: Loops) -> None:
    """Gradients lie along the axes of what they are by, where they are of the same known sizes."""
    axes = reader.on.axes
    inputs = {core(tensor.name): tensor for tensor in reader.kinds}
    for made in reader.made:
        before, along = meant(made.name, inputs), [axis for axis in made.dims if axis is not None]
        if before is None or len(before.axes) != len(along):
            continue
        pairs = list(zip(before.axes, along, strict=True))
        if all(axes.size(a) is not None and axes.size(a) == axes.size(b) for a, b in pairs):
            for own, axis in pairs:
                axes.join(own, axis)
