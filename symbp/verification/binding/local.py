"""Little worlds of scalars: what holds where E(u, v), u(x, y) and v(x, y) are all that is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy import Add, Integer

from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor
from symbp.notation.convention import Convention
from symbp.notation.formula import Sign
from symbp.notation.notation import Notation
from symbp.notation.presets import JP_UZ
from symbp.notation.scope import Scope
from symbp.verification.binding.peek import name_of, parts, peek
from symbp.verification.statement import Remark

TOKEN = re.compile(r"\\?[^\W\d_]+|[(),]|\S")
NAME = re.compile(r"\\?[^\W\d_]+")
MOST = 12
"""Names in one world."""


@dataclass(frozen=True)
class Local:
    """``program`` has each name as a scalar that depends, in a way left open, on others.

    ``lines`` are those on which the page says so; ``notation`` and ``scope`` read its names.
    """

    program: Program
    notation: Notation
    scope: Scope
    names: tuple[str, ...]
    lines: tuple[int, ...]

    def covers(self, text: str) -> bool:
        """Whether ``text`` speaks of nothing but the names of this world, bare as they are."""
        signs = [p for p in parts(peek(text)) if isinstance(p, Sign)]
        return bool(signs) and all(
            name_of(s) in self.names and not (s.indices or s.place) for s in signs
        )


def local_worlds(remarks: Iterable[Remark]) -> tuple[Local, ...]:
    """A world for each line that says what depends on what."""
    by_line: dict[int, list[Remark]] = {}
    for remark in remarks:
        if remark.kind == "depends":
            by_line.setdefault(remark.at.line, []).append(remark)
    found = (local_world(several) for several in by_line.values())
    return tuple(world for world in found if world is not None)


def local_world(remarks: Iterable[Remark]) -> Local | None:
    """The world of which ``remarks`` say what depends on what; None where they say nothing usable.

    E(x(y)) says that E depends on x, and x on y. What depends on itself is not usable.
    """
    lines: list[int] = []
    uses: dict[str, list[str]] = {}
    for remark in remarks:
        if remark.kind == "depends":
            lines.append(remark.at.line)
            for name, others in _dependences(remark.facts.get("formula", "")):
                known = uses.setdefault(name, [])
                known += [other for other in others if other not in known]
    order = _in_order(uses)
    if not order or len(order) > MOST:
        return None
    tensors = {name: Tensor(f"name{k}") for k, name in enumerate(order)}
    equations = tuple(
        Equation(tensors[name].name, tensors[name][()], _open(tensors, name, uses[name]))
        for name in order
        if uses.get(name)
    )
    convention = Convention(
        "local", JP_UZ.glyphs, {tensor.name: name for name, tensor in tensors.items()}
    )
    return Local(
        Program(equations),
        Notation(convention, Integer(1)),
        Scope(tuple(tensors.values())),
        tuple(order),
        tuple(dict.fromkeys(lines)),
    )


def _open(tensors: dict[str, Tensor], name: str, others: list[str]) -> Add:
    """A sum of functions left open, one of each argument: all slopes are independent."""
    return Add(
        *(
            Opaque(
                FunctionSymbol(f"{tensors[name].name} of {tensors[other].name}"), tensors[other][()]
            )
            for other in others
        )
    )


def _dependences(formula: str) -> Iterator[tuple[str, list[str]]]:
    """``E: [x]`` and ``x: [y]`` in ``E(x(y))``."""
    stack: list[tuple[str, list[str]]] = []
    previous = ""
    for found in TOKEN.findall(formula.replace("$", "")):
        name = ""
        if found in OPENING and previous:
            stack.append((previous, []))
        elif found in CLOSING and stack:
            yield stack.pop()
        elif NAME.fullmatch(found):
            name = _glyph(found)
            if stack:
                stack[-1][1].append(name)
        elif found not in BETWEEN:
            return  # an index or a place: this is about the network
        previous = name


OPENING, CLOSING, BETWEEN = ("(",), (")",), (",",)


def _glyph(token: str) -> str:
    sides = peek(token)
    return name_of(sides[0]) if sides and isinstance(sides[0], Sign) else token


def _in_order(uses: dict[str, list[str]]) -> list[str]:
    """Every name after those it depends on; empty where one depends on itself."""
    found: list[str] = []
    names = list(dict.fromkeys([*uses, *(other for others in uses.values() for other in others)]))
    while len(found) < len(names):
        ready = [n for n in names if n not in found and set(uses.get(n, ())) <= set(found)]
        if not ready:
            return []
        found += ready
    return found
