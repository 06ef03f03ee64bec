"""Loops over many times whose number is typed: a smaller one stands for it wherever it is typed.

What is right for 20 times in a program that says 20 wherever it means them is so for 3 times, too.
A program that also types 19, or 40, may mean the same 20 by it, and is left as it is.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

FEW = 3
"""Turns that are followed at least in place of many: a first, a last, and one between them."""
MANY = 8
"""As many turns, and more, are shortened."""
KEY = "short"
"""What such a decision of the reader begins with."""
WHOLE = ("whole", 0, 0)
"""The decision that nothing is shortened."""


def shortenable(module: ast.Module, entry: str) -> Mapping[int, int]:
    """The numbers that may be others, and which: whole ones that no other one is made of.

    Where only the function ``entry`` is read, numbers in functions that it does not reach, nor the
    top level, are no matter.
    """
    typed = set(_typed(module if not entry else _reached(module, entry)))
    few = next(n for n in count(FEW) if n not in typed)
    return {n: few for n in typed if n >= MANY and not any(_depends(m, n) for m in typed - {n})}


def lengthened(
    decisions: Mapping[tuple[str, int, int], str],
) -> dict[tuple[str, int, int], str] | None:
    """``decisions`` with all loops as they are typed; None where none was shortened."""
    rest = {key: choice for key, choice in decisions.items() if key[0] != KEY}
    return {**rest, WHOLE: ""} if len(rest) < len(decisions) else None


def shortened(module: ast.Module, decisions: Mapping[tuple[str, int, int], str]) -> ast.Module:
    """``module`` with the numbers that were decided in place of others."""
    instead = {number: int(few) for (kind, number, _), few in decisions.items() if kind == KEY}
    return _Instead(instead).visit(copy.deepcopy(module)) if instead else module


def _reached(module: ast.Module, entry: str) -> ast.Module:
    """What ``entry`` is read with: the top level, and all functions that are mentioned there."""
    functions = {s.name: s for s in module.body if isinstance(s, ast.FunctionDef)}
    given = (ast.FunctionDef, ast.If)  # what is to be done with them is a matter of the top level
    found: list[ast.stmt] = [s for s in module.body if not isinstance(s, given)]
    found.append(functions[entry])
    for statement in found:
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        found += [functions.pop(name) for name in sorted(names & set(functions))]
    return ast.Module(found, [])


def _typed(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield node.value


def _depends(other: int, number: int) -> bool:
    """Whether ``other`` may have been worked out from ``number``."""
    return abs(other - number) == 1 or (other > number and other % number == 0)


class _Instead(ast.NodeTransformer):
    def __init__(self, numbers: Mapping[int, int]) -> None:
        self.numbers = numbers

    def visit_Constant(self, node: ast.Constant) -> Any:
        value = node.value
        if type(value) is int and value in self.numbers:
            return ast.copy_location(ast.Constant(self.numbers[value]), node)
        return node
