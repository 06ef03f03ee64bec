"""The helper functions that a module needs, as text."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from symbp.lowering.arrays import Call, Collect, Overlay, Reduce, Rows, Window, walk
from symbp.targets.numpy.spelling import HELPERS
from symbp.targets.numpy.statements import Body

OPERATIONS = {Window: "windows", Overlay: "overlaid", Collect: "collected"}
"""Operations that are helpers by themselves."""

NEEDS = {"log_softmax": ["log_sum_exp"], "log_not_softmax": ["softmax", "log_sum_exp"]}
"""Helpers that use others."""


def helpers(bodies: Iterable[Body], also: Iterable[str] = ()) -> list[str]:
    """The sources of the functions that ``bodies`` call and NumPy lacks, and of others."""
    values = [assign.value for body in bodies for assign in body.assigns]
    parts = [part for value in values for part in walk(value)]
    called = {part.op for part in parts if isinstance(part, (Call, Reduce, Rows))} & HELPERS
    called |= {name for kind, name in OPERATIONS.items() if any(isinstance(p, kind) for p in parts)}
    called |= {other for name in called for other in NEEDS.get(name, ())} | {*also}
    return [text for name, text in _sources().items() if name in called]


def source(name: str) -> str:
    """The source of one helper."""
    return _sources()[name]


@cache
def _sources() -> dict[str, str]:
    text = files("symbp.targets.numpy").joinpath("helpers.py").read_text(encoding="utf-8")
    lines = text.split("\n")
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
